"""What the export to LiteLLM writes, the import reads back: the same first choice of every name, at the same URL."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from routecomp.interop.litellm.read import read_litellm
from routecomp.runtime.resolver import Router
from tests.cli.transcripts import in_process
from tests.interop.importing.project import ANY, imported, router

ROOT = Path(__file__).parents[3]
FILE = """\
model_list:
- {model_name: gpt, litellm_params: {model: openai/gpt-4o-mini, api_key: os.environ/A_KEY, weight: 3}}
- {model_name: gpt, litellm_params: {model: openai/gpt-4o, api_key: os.environ/A_KEY, weight: 1, rpm: 100}}
- {model_name: lb, litellm_params: {model: azure/a, api_base: "https://a.openai.azure.com", weight: 1, order: 2}}
- {model_name: lb, litellm_params: {model: azure/b, api_base: "https://b.openai.azure.com", weight: 1, order: 1}}
- {model_name: lb, litellm_params: {model: azure/c, api_base: "https://c.openai.azure.com", weight: 2, order: 1}}
- {model_name: lb-hosts, litellm_params: {model: groq/llama-3.1-8b-instant}}
- {model_name: big one, litellm_params: {model: anthropic/claude-sonnet-4-5, max_parallel_requests: 3, timeout: 20}}
- {model_name: small, litellm_params: {model: openai/gpt-4.1-nano, temperature: 0.2}}
- {model_name: "own-*", litellm_params: {model: openai/gpt-4.1}}
router_settings:
  fallbacks: [{"big one": [lb, small]}, {small: [gpt]}]
  model_group_alias: {fast: small, large: "big one", both: lb}
  num_retries: 2
"""
NAMES = ("gpt", "gpt-1", "gpt-2", "lb", "lb-1", "lb-hosts", "big one", "small", "own-x", "fast", "large", "both", "no")


def test_the_living_example_comes_back(tmp_path: Path) -> None:
    exported = tmp_path / "exported.yaml"
    ran = in_process(["export", "litellm", "--allow-loss", "--output", str(exported), "--root", str(ROOT)], tmp_path)
    assert ran.code == 0, ran
    made = imported(tmp_path, exported.read_bytes())
    assert made.project.missing == []
    assert made.report.lost == ()
    config = read_litellm([exported]).config
    assert config is not None
    aliases = config.router_settings.get("model_group_alias")
    names = {*config.groups(), *(aliases.fields if aliases is not None else ())}
    before, after = Router((ROOT / "generated" / "routing_table.json").read_bytes()), router(made)
    alike = 0
    for name in names:
        own, back = before.resolve(model=name, request_id="r"), after.resolve(model=name, request_id="r")
        if own.status == "unknown_model":
            own = before.resolve(feature=name, request_id="r")
        if own.route == "experiment":  # its units are dealt by a salt that LiteLLM has no word for
            assert back.status == "ok"
            continue
        assert (own.status, own.upstream_model, own.url) == (back.status, back.upstream_model, back.url), name
        alike += len(own.chain) == len(back.chain)
    assert alike >= 0.95 * len(names)


def answers(table: Router, name: str) -> list[tuple[object, ...]]:
    """Return what a name comes to for many calls: the chains with how each of their models is called, and how often."""
    counts: Counter[tuple[object, ...]] = Counter()
    for call in range(600):
        decision = table.resolve(model=name, request_id=f"r{call}")
        counts[decision.status, decision.upstream_model, decision.url, decision.chain] += 1
    return sorted(((*key, round(count / 120)) for key, count in counts.items()), key=str)


def test_a_whole_program_comes_back(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(FILE)
    (tmp_path / "f.csv").write_bytes(ANY)
    routers, exports = [], []
    for name, source in (("one", "config.yaml"), ("two", "one.yaml"), ("three", "two.yaml")):
        ran = in_process(["import", "litellm", source, "--into", name, "--figures", "f.csv"], tmp_path)
        assert (ran.code, " 0 lost" in ran.out) == (0, True), ran
        assert in_process(["compile", "--root", name], tmp_path).code == 0
        asked = ["export", "litellm", "--allow-loss", "--root", name, "--output", f"{name}.yaml"]
        assert in_process(asked, tmp_path).code == 0
        exports.append((tmp_path / f"{name}.yaml").read_text())
        routers.append(Router((tmp_path / name / "generated/routing_table.json").read_bytes()))
    for name in NAMES:
        assert answers(routers[1], name) == answers(routers[0], name), name
    models = [set(yaml_models(tmp_path / name)) for name in ("one", "two", "three")]
    assert models[0] == models[1] == models[2]
    assert exports[2] == exports[1]


def yaml_models(root: Path) -> list[str]:
    """Return the slugs of the models of a project."""
    return [
        line.strip()[:-1]
        for line in (root / "routes/models.yaml").read_text().splitlines()
        if line.startswith("  ") and line[2] not in " #" and line.endswith(":")
    ]


def test_models_that_two_groups_deal_otherwise_stay_apart(tmp_path: Path) -> None:
    rows = [("a", "x", 1), ("a", "y", 1), ("b", "x", 1), ("b", "y", 3), ("c", "x", 2), ("c", "y", 2)]
    text = "model_list:\n" + "".join(
        f"- {{model_name: {name}, litellm_params: {{model: openai/{model}, weight: {weight}}}, "
        f"model_info: {{routecomp: {{slug: {model}, quality: 0.5, latency_ms: 100}}}}}}\n"
        for name, model, weight in rows
    )
    made = imported(tmp_path, text)
    assert len(made.project.models) == 4
    table = router(made)
    for name, share in (("a", 0.5), ("b", 0.75), ("c", 0.5)):
        counts = Counter(table.resolve(model=name, request_id=f"r{call}").upstream_model for call in range(400))
        assert abs(counts["y"] / 400 - share) < 0.1
