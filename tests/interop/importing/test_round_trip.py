"""What the export to LiteLLM writes, the import reads back: the same first choice of every name, at the same URL."""

from __future__ import annotations

from pathlib import Path

from routecomp.interop.litellm.read import read_litellm
from routecomp.runtime.resolver import Router
from tests.cli.transcripts import in_process
from tests.interop.importing.project import imported, router

ROOT = Path(__file__).parents[3]


def test_the_living_example_comes_back(tmp_path: Path) -> None:
    exported = tmp_path / "exported.yaml"
    ran = in_process(["export", "litellm", "--allow-loss", "--output", str(exported), "--root", str(ROOT)], tmp_path)
    assert ran.code == 0, ran
    made = imported(tmp_path, exported.read_bytes())
    assert made.project.missing == []
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
