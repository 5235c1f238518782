"""What `check --reach` finds is so for every request: asked of the resolver, and of the comparison of two tables."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from routecomp.checker import Options, check
from routecomp.cli.output.report import proof_required
from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.model.project import Entry, Program
from routecomp.parse.edit import key_removal, replace_node
from routecomp.parse.tree import Mapping as MappingNode
from routecomp.parse.tree import Sequence
from routecomp.review.analysis.claims.table import Table
from routecomp.review.analysis.compare import Moved, compare_tables
from routecomp.review.analysis.explore import Budget
from routecomp.review.analysis.reach.find import find_reach
from routecomp.review.analysis.reach.outages import lost_answers
from routecomp.review.analysis.reach.views import Views
from routecomp.review.diff.decisions.compiled_side import CompiledSide, open_gates
from routecomp.rules.lookup import policies
from routecomp.runtime.resolver import Router
from routecomp.source.edits import apply_edits
from tests.properties.compare import TODAY, Case, shown
from tests.properties.strategies import Seeded, program_files
from tests.review.analysis.requests import Boundaries
from tests.rule_fixtures import files as rule_files

PROGRAMS = 12
CLAMPS = """\
preferences:
  default: balanced
  floors: {{good: 0.65, low: 0.60, high: {}}}
  dial: {{quality: +0.20, balanced: 0, cost: -0.10}}
  clamp: [low, high]
  gate_env: PREFERENCE_LIVE
"""
PRESET = "tenants: {{acme: {{preset: quality_first}}}}\npresets: {{quality_first: {{min_quality: {}}}}}"
SHUT = CLAMPS.format("0.80").replace("  gate_env: PREFERENCE_LIVE\n", "")


def random_case(seed: int) -> Case:
    return Case.of(program_files(Seeded(seed)))


def reached_by_asking(case: Case, dice: random.Random) -> set[str]:
    """The models in the answers to many calls: each name and tenant, with any one model left, and at boundaries."""
    router, table = Router.from_bytes(case.table), case.parsed_table
    boundaries = Boundaries([table])
    models = list(table["models"])
    reached: set[str] = set()

    def ask(request: Mapping[str, Any]) -> None:
        decision = router.resolve(**request)
        reached.update(decision.chain, decision.shadows, [decision.model] if decision.model else [])

    names = [("feature", name) for name in boundaries.features] + [("model", name) for name in boundaries.names]
    for argument, name in names:
        for tenant in boundaries.tenants:
            for left in dice.sample(models, min(3, len(models))):
                others = [slug for slug in models if slug != left]
                ask({argument: name, "tenant": tenant, "min_quality": 0, "unavailable": others, "unit": left})
    for slug in models:
        for tenant in boundaries.tenants:
            ask({"model": slug, "tenant": tenant})
    for _ in range(300):
        ask(boundaries.request(dice))
    return reached


def check_unreached(case: Case, findings: list[Diagnostic], dice: random.Random) -> None:
    table = case.parsed_table
    unreached = {finding.message.split("`")[1] for finding in findings if finding.rule == "RC831"}
    reached = reached_by_asking(case, dice)
    assert not unreached & reached, shown(case.files)
    listed = {slug for slug, model in table["models"].items() if model["active"] and model["listed"]}
    named = {table["defaults"]["model"], *table["defaults"]["routes"].values()}
    assert listed - unreached - named <= reached, shown(case.files)


def check_dead_fallbacks(case: Case, dice: random.Random) -> int:
    """No call of a feature without a `min_quality` of its own gets a fallback that RC407 calls dead."""
    router, boundaries = Router.from_bytes(case.table), Boundaries([case.parsed_table])
    models = list(case.parsed_table["models"])
    findings = [each for each in check(case.files, Options(TODAY)).diagnostics if each.rule == "RC407"]
    for finding in findings:
        slug, feature = finding.message.split("`")[1:4:2]
        only = {"feature": feature, "unavailable": [other for other in models if other != slug]}
        for tenant in boundaries.tenants:
            for preference in (None, "quality", "balanced", "cost"):
                plain = {name: value for name, value in boundaries.request(dice).items() if name != "min_quality"}
                for request in (only, plain | {"feature": feature}):
                    decision = router.resolve(**request | {"tenant": tenant, "preference": preference})
                    assert slug not in decision.chain, f"{finding.message}\n{request}\n{shown(case.files)}"
    return len(findings)


def check_outages(case: Case) -> None:
    """Each provider is taken down, for every feature and every tenant that may fall back."""
    router, table = Router.from_bytes(case.table), case.parsed_table
    views = Views(case.program, Table(case.table, case.fallback), Budget())
    lost = {
        (provider, feature, caller)
        for provider, (callers, _) in lost_answers(views).items()
        for feature, names in callers.items()
        for caller in names
    }
    asked = set()
    for provider in table["providers"]:
        for feature in {*table["features"], *table["defaults"]["routes"]}:
            for tenant in (None, *table["tenants"]):
                policy = table["policies"][table["tenants"][tenant] if tenant else table["defaults"]["policy"]]
                plain = router.resolve(feature=feature, tenant=tenant)
                down = router.resolve(feature=feature, tenant=tenant, unavailable=[provider])
                is_down = down.status != "ok" or table["models"][down.model]["provider"] == provider
                if policy["fallback"] and plain.status == "ok" and is_down:
                    asked.add((provider, feature, tenant))
    assert lost == asked, shown(case.files)


def without(case: Case, finding: Diagnostic) -> bytes | None:
    """The table of a program without what a finding says changes nothing; None where that is no valid program."""
    program = case.program
    assert finding.span is not None
    place = (finding.span.path, finding.span.start)
    for entry, edit in _edits(program):
        if (edit[0].path, edit[0].start) == place:
            files = dict(case.files)
            path = entry.path
            files[path] = apply_edits(files[path].decode(), [edit[1]]).encode()
            try:
                return Case.of(files).table
            except AssertionError:  # another rule needs it
                return None
    return None


def unclamped(case: Case, finding: Diagnostic) -> bytes:
    """The table with one side of the clamp open."""
    table = json.loads(case.table)
    is_upper = "upper clamp" in finding.message
    table["preferences"]["clamp_bp"][is_upper] = 10_000 if is_upper else 0
    return json.dumps(table).encode()


def _edits(program: Program) -> list[tuple[Entry[Any], Any]]:
    """Each place that may be found to be idle, and the edit that takes it out."""
    edits: list[tuple[Entry[Any], Any]] = []
    for entry, fields, path in policies(program):
        body = entry.node_at(*path) if path else entry.node
        if not isinstance(body, MappingNode):
            continue
        for field in ("banned_providers", "banned_models", "preferred_providers"):
            items = body.get(field)
            if getattr(fields, field) and isinstance(items, Sequence):
                texts = [item.span.file.text[item.span.start : item.span.end] for item in items.items]
                for place, item in enumerate(items.items):
                    left = [text for number, text in enumerate(texts) if number != place]
                    edits.append((entry, (item.span, replace_node(items, f"[{', '.join(left)}]"))))
        if fields.min_quality is not None:
            edits.append((entry, (entry.span(*path, "min_quality"), key_removal(body, "min_quality"))))
    routes: list[Entry[Any]] = [*program.features.values(), *program.targets.values()]
    for route in routes:
        if route.body.min_quality is not None:
            edits.append((route, (route.span("min_quality"), key_removal(route.node, "min_quality"))))
    if (preferences := program.preferences) is not None:
        for word in ("quality", "balanced", "cost"):
            dial = preferences.node_at("dial", word)
            edits.append((preferences, (dial.span, replace_node(dial, "0"))))
    return [(entry, edit) for entry, edit in edits if edit[1] is not None]


def check_idle(case: Case, findings: list[Diagnostic]) -> int:
    """Whatever is found to change nothing is taken out, and the two tables are compared for every request."""
    compared = 0
    for finding in findings:
        if finding.rule not in ("RC833", "RC834", "RC835") or "no `gate_env`" in finding.message:
            continue
        after = unclamped(case, finding) if " clamp `" in finding.message else without(case, finding)
        if after is not None:
            comparison = compare_tables(case.table, after)
            moves = [moved for moved in comparison.moved if not gives_way(finding, moved)]
            assert comparison.is_proven
            assert not moves, f"{finding.message}\n{moves[0].request}\n{shown(case.files)}"
            compared += 1
    return compared


def gives_way(finding: Diagnostic, moved: Moved) -> bool:
    """Whether nothing moves but what is said where the dial gives way: a reason, or which filter left nothing."""
    if "position" not in finding.message or "preference" not in moved.request:
        return False
    move = moved.move
    said = {*move.left, *move.entered}
    return move.change == "refusal" or (move.change == "said" and said <= {"preference_relaxed"})


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_findings_are_true_and_complete(seed: int) -> None:
    case, dice = random_case(1500 + seed), random.Random(seed)
    findings = find_reach(case.program)
    with open_gates(CompiledSide(case.table)):
        check_unreached(case, findings, dice)
        check_outages(case)
        check_dead_fallbacks(case, dice)
    check_idle(case, findings[:12])


ROUTES = Path(__file__).parents[2] / "rules" / "RC835-dial-idle" / "good"


def found(**files: str) -> list[str]:
    """Rule and message of what is found in the good example of RC835 with further files, reach alone."""
    sources = rule_files(ROUTES) | {f"{path.replace('_', '/', 1)}.yaml": text.encode() for path, text in files.items()}
    checked = check(sources, Options(TODAY, reach=True))
    of_reach = [each for each in checked.diagnostics if each.rule.startswith("RC83")]
    assert checked.program is not None, checked.diagnostics
    return [f"{each.rule} {each.message}" for each in of_reach]


@pytest.mark.parametrize(
    ("files", "messages"),
    [
        ({"policies_all": "tenants: {acme: {min_quality: 0.65}}"}, ["RC834 `min_quality` 0.65 of tenant `acme`"]),
        ({"policies_all": "tenants: {acme: {min_quality: 0.80}}"}, []),
        (
            {"policies_all": PRESET.format("0.60")},
            [],
        ),
        (
            {"policies_all": PRESET.format("0.65")},
            ["RC834 `min_quality` 0.65 of preset `quality_first`"],
        ),
        ({"policies_all": "presets: {quality_first: {min_quality: 0.65}}"}, []),
        (
            {"policies_all": "tenants: {acme: {banned_providers: [mistral], stacks: [us], min_quality: 0.86}}"},
            [
                "RC832 an outage of provider `anthropic`",
                "RC833 the ban on `mistral` changes no decision under tenant `acme`: its models are barred by `stacks`",
            ],
        ),
        (
            {"policies_all": "tenants: {acme: {preferred_providers: [mistral], banned_providers: [mistral]}}"},
            [
                "RC832 an outage of provider `anthropic` leaves 1 feature without an answer: `support-chat` for tenant "
                "`acme`",
                "RC833 the preferred provider `mistral` changes no decision under tenant `acme`: its models are barred "
                "by other bans",
            ],
        ),
        ({"policies_preferences": CLAMPS.format("0.99")}, ["RC835 the upper clamp `high` (0.99) changes no decision"]),
        ({"policies_preferences": SHUT}, ["RC835 no position of the dial changes an answer"]),
    ],
)
def test_planted_causes_are_found(files: dict[str, str], messages: list[str]) -> None:
    everything = found(**files)
    assert len(everything) == len(messages), everything
    for message in messages:
        assert any(each.startswith(message) for each in everything), everything


BANS = b"""\
defaults: {model: claude-opus-4-7, policy: {banned_providers: [mistral]}}
scoring:
  cost: {best: 0, worst: 75.00}
  latency_ms: {best: 0, worst: 10000}
"""


def test_a_model_that_every_policy_bars_is_shown_with_its_variants() -> None:
    files = rule_files(ROUTES) | {"routes/defaults.yaml": BANS}
    files["routes/features.yaml"] = b"features: {support-chat: {models: {claude-opus-4-7: primary}, then: auto}}"
    files["experiments/all.yaml"] = json.dumps(
        {
            "experiments": {
                "trial": {
                    "public_model_id": "trial",
                    "status": "active",
                    "variants": {
                        name: {"weight": 0.5, "versions": [{"version": 1, "model": model}]}
                        for name, model in (("control", "claude-opus-4-7"), ("b", "mistral-3"))
                    },
                }
            }
        }
    ).encode()
    findings = [each for each in check(files, Options(TODAY, reach=True)).diagnostics if each.rule == "RC831"]
    assert [each.message.split("`")[1] for each in findings] == ["mistral-3", "mistral-3-large", "mistral-3-small"]
    assert "every policy bars it (bans)" in findings[0].message
    assert [label.span.path for label in findings[0].labels] == ["experiments/all.yaml"]


WAIVED = b"""\
targets:
  auto:
    candidates: all
    min_quality: 0.50  # routecomp:allow RC834 until=2027-01-01 reason="for models to come"
"""


def test_findings_are_waived_and_waivers_judged_only_where_reach_is_proven() -> None:
    files = rule_files(ROUTES.parents[1] / "RC834-floor-idle" / "bad") | {"routes/targets.yaml": WAIVED}
    needless = files | {"routes/targets.yaml": WAIVED.replace(b"0.50", b"0.65")}
    for reach, sources, rules in ((True, files, []), (False, needless, []), (True, needless, ["RC125"])):
        assert [each.rule for each in check(sources, Options(TODAY, reach=reach)).diagnostics] == rules


def test_over_the_bound_nothing_is_said_to_be_proven() -> None:
    case = Case.of(rule_files(ROUTES.parent / "bad"))
    (finding,) = find_reach(case.program, views=3)
    assert finding.rule == "RC836"
    assert "nothing is proven" in finding.message
    assert proof_required([finding])[0].severity == Severity.ERROR


def test_the_living_example_is_proven_and_its_findings_change_nothing() -> None:
    root = Path(__file__).parents[3]
    case = Case.of(rule_files(root))
    findings = find_reach(case.program)
    with open_gates(CompiledSide(case.table)):
        check_outages(case)
    assert "RC836" not in {finding.rule for finding in findings}
    assert {finding.rule for finding in findings} >= {"RC831", "RC832", "RC833", "RC834"}


def test_a_fallback_that_the_dial_lets_serve_is_not_dead() -> None:
    files = rule_files(ROUTES)
    feature = """features: {support-chat: {models: {mistral-3: primary}, min_quality: 0.70,
      fallback: [claude-opus-4-7, claude-haiku-4-7, mistral-3-small]}}"""
    files["routes/features.yaml"] = feature.encode()
    findings = [each.message for each in check(files, Options(TODAY)).diagnostics if each.rule == "RC407"]
    assert [message.split("`")[1] for message in findings] == ["mistral-3-small"]
    assert check_dead_fallbacks(Case.of(files), random.Random(1)) == 1


@pytest.mark.parametrize(("status", "unreached"), [("{status: shadow, sample: 0.01}", 0), ("retired", 1)])
def test_a_shadow_alone_reaches_a_model(status: str, unreached: int) -> None:
    files = rule_files(ROUTES.parents[1] / "RC831-model-unreached" / "bad")
    models = f"{{mistral-3: primary, claude-opus-4-7: {status}}}"
    files["routes/features.yaml"] = (
        f"features: {{support-chat: {{models: {models}, fallback: [claude-haiku-4-7]}}}}".encode()
    )
    rules = [each.rule for each in check(files, Options(TODAY, reach=True)).diagnostics]
    assert rules == ["RC831"] * unreached
