"""A policy that leaves nothing is said once for each tenant, with what each filter took, wherever it comes from."""

from __future__ import annotations

import pytest

from routecomp.checker import Options, check
from routecomp.compiler import compile
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.memory import Memory
from routecomp.recompiler import Compiled, recompile
from routecomp.sql.names import DEFAULT
from tests.check.project import DEFAULTS, MODELS, PREFERENCES, TODAY, at, findings, project

FEATURES = "features:\n  chat: {models: {good: primary}, fallback: [fair]}\n  mail: {models: {fair: primary}}\n"
AUTO = "targets:\n  auto: {candidates: all}\n"
TARGETS = "targets:\n  auto: {candidates: all}\n  eu: {candidates: {stacks: [eu]}, min_quality: 0.5}\n"


def left(tenants: str, **more: str) -> list[Diagnostic]:
    """Return the findings of a project with these tenants; of any other rule there are none."""
    files = {"routes_features": FEATURES, "routes_targets": TARGETS, "policies_tenants": "tenants:\n" + tenants, **more}
    found = findings(**files)
    assert {diagnostic.rule for diagnostic in found} <= {"RC404"}, found
    return found


@pytest.mark.parametrize(
    ("policy", "place", "routes"),
    [
        ("stacks: [us]", "stacks", "feature `mail` (stacks 1), target `eu` (stacks 2)"),
        (
            "stacks: [eu], banned_providers: [beta]",
            "banned_providers",
            "feature `chat` (bans 1, stacks 1), feature `mail` (bans 1), target `auto` (bans 2, stacks 1), "
            "target `eu` (bans 2)",
        ),
        ("banned_models: [fair]", "banned_models", "feature `mail` (bans 1), target `eu` (bans 1, quality 1)"),
        ("min_quality: 0.8", "min_quality", "feature `mail` (quality 1), target `eu` (quality 2)"),
        (
            "min_quality: 0.95",
            "min_quality",
            "feature `chat` (quality 2), feature `mail` (quality 1), target `auto` (quality 3), "
            "target `eu` (quality 2)",
        ),
        (
            "banned_models: [good], fallback_enabled: false",
            "banned_models",
            "feature `chat` (bans 1, fallback_enabled 1)",
        ),
    ],
)
def test_what_leaves_nothing(policy: str, place: str, routes: str) -> None:
    """One finding, at the field that took most models, names each route and what each filter took."""
    (finding,) = left(f"  acme: {{{policy}}}\n")
    assert finding.message == f"no model is left for tenant `acme` on {routes}"
    assert at(finding) == place


@pytest.mark.parametrize(
    "policy",
    [
        "stacks: [eu, us]",
        "stacks: [eu]",
        "banned_models: [poor]",
        "min_quality: 0.7",
        "fallback_enabled: false",
        "preset: cost_first",
    ],
)
def test_what_leaves_something(policy: str) -> None:
    """Narrow policies under which each route has a model are silent."""
    assert left(f"  acme: {{{policy}}}\n") == []


def test_a_threshold_and_a_floor_of_the_dial() -> None:
    """Compliance counts, and where nobody declares a floor the dial's `good` does."""
    models = MODELS.replace("quality: 0.7,", "quality: 0.7, compliance: 0.6,")
    (finding,) = left("  acme: {compliance_veto_threshold: 0.7}\n", routes_models=models)
    assert "feature `mail` (compliance 1)" in finding.message
    dial = PREFERENCES.replace("good: 0.50", "good: 0.45")
    (finding,) = left(
        "  acme: {banned_providers: [alpha], banned_models: [fair]}\n", routes_targets=AUTO, policies_preferences=dial
    )
    assert "target `auto` (bans 2, quality 1)" in finding.message


def test_what_nothing_clears_without_a_floor_is_said_once() -> None:
    """`floors.good` may be above all of a route's models: one finding says so, and none of a tenant without a floor."""
    dial = PREFERENCES.replace("good: 0.50", "good: 0.80")
    tenants = "  acme: {}\n  zeta: {min_quality: 0.60}\n"
    (finding,) = left(
        tenants, routes_targets="targets:\n  cheap: {candidates: {models: [fair]}}\n", policies_preferences=dial
    )
    assert finding.message == (
        "no model is left on feature `mail`, target `cheap` where no floor is set: none clears `floors.good` (0.80)"
    )
    assert at(finding) == "good"
    both = "  acme: {}\n  zeta: {min_quality: 0.60, stacks: [us]}\n"
    first, second = left(both, routes_targets=AUTO, policies_preferences=dial)
    assert "where no floor is set" in first.message
    assert second.message == "no model is left for tenant `zeta` on feature `mail` (stacks 1)"


def test_one_finding_for_each_tenant_and_one_for_a_preset() -> None:
    """Each tenant that writes the field has its own finding; what a preset does is said once, with their names."""
    assert len(left("  a: {stacks: [us]}\n  b: {stacks: [us]}\n  c: {stacks: [eu]}\n")) == 2
    presets = "presets:\n  cost_first: {stacks: [us]}\n"
    (finding,) = left("  a: {preset: cost_first}\n  b: {preset: cost_first}\n  c: {}\n", policies_presets=presets)
    assert "for tenants `a`, `b` by preset `cost_first` on feature `mail`" in finding.message
    assert finding.span is not None
    assert finding.span.path == "policies/presets.yaml"


def test_many_routes_are_counted() -> None:
    """A finding names a few routes and counts the others."""
    features = "features:\n" + "".join(f"  f{n}: {{models: {{fair: primary}}}}\n" for n in range(9))
    (finding,) = left("  acme: {stacks: [us]}\n", routes_features=features, routes_targets=AUTO)
    assert finding.message.endswith("feature `f3` (stacks 1) and 5 more")


def test_the_default_policy() -> None:
    """Its floor may leave nothing too; a primary that it bars is what RC401 says, and nothing more."""
    high, us = (DEFAULTS.replace("fair}", f"fair, policy: {{{own}}}}}") for own in ("min_quality: 0.8", "stacks: [us]"))
    (finding,) = left("  acme: {min_quality: 0}\n", routes_defaults=high)
    assert finding.message.startswith("no model is left under the default policy on feature `mail` (quality 1)")
    mail = "features:\n  mail: {models: {fair: primary}}\n"
    assert [diagnostic.rule for diagnostic in findings(routes_features=mail, routes_defaults=us)] == ["RC401"]


def test_unknown_names_are_said_by_their_own_rules() -> None:
    """A stack, a preset or a target that nobody declares leaves what a tenant may use unknown."""
    for tenants in ("tenants:\n  a: {stacks: [mars]}\n", "tenants:\n  a: {preset: mine, stacks: [us]}\n"):
        rules = {diagnostic.rule for diagnostic in findings(routes_features=FEATURES, policies_tenants=tenants)}
        assert len(rules) == 1
        assert "RC404" not in rules


def test_a_waiver_silences_it_where_it_stands() -> None:
    """As every warning, until a day."""
    waiver = '# routecomp:allow RC404 until=2026-12-31 reason="never writes mail"'
    assert left(f"  acme:\n    stacks: [us]   {waiver}\n") == []


def test_a_waiver_stands_above_the_name_too() -> None:
    """The tenant's name is as good a place as the field that took most."""
    waiver = '  # routecomp:allow RC404 until=2026-12-31 reason="never writes mail"\n'
    fields = ("    banned_models: [poor]\n", "    stacks: [eu]\n", "    banned_providers: [beta]\n")
    assert left(f"{waiver}  acme:\n{''.join(fields)}") == []
    (finding,) = left(f"  acme:\n{''.join(fields)}")
    assert len(finding.labels) > 0
    for place in (1, 2):  # both took models
        lines = [waiver + field if place == index else field for index, field in enumerate(fields)]
        assert left("  acme:\n" + "".join(lines)) == []


def test_one_low_quality_is_one_finding() -> None:
    """It counts the tenants and names a few; each may be waived for itself, and other causes are their own."""
    models = MODELS.replace("quality: 0.7,", "quality: 0.07,")
    tenants = "".join(f"  t{n}:\n    min_quality: 0.{60 + n}\n" for n in range(8))
    banned = "  zeta: {banned_models: [fair]}\n"
    first, other = left(tenants + banned, routes_models=models, routes_targets=AUTO)
    assert first.message.startswith("no model is left for tenant `t0` on feature `mail` (quality 1)")
    assert first.message.endswith(
        "(and so for 7 others: " + ", ".join(f"tenant `t{n}`" for n in range(1, 6)) + " and 2 more)"
    )
    assert "`zeta`" in other.message
    waiver = '   # routecomp:allow RC404 until=2026-12-31 reason="never writes mail"\n'
    waived = tenants.replace("  t0:\n", f"  t0:{waiver}").replace("0.61\n", f"0.61{waiver}")
    (first,) = left(waived, routes_models=models, routes_targets=AUTO)
    assert "for tenant `t2` on" in first.message
    assert "5 others" in first.message


def test_one_model_switched_off_is_one_finding() -> None:
    """A fallback and the only candidate of a target: who is off is said once; two models are two."""
    models = MODELS.replace("good: {", "good: {active: false, ").replace("poor: {", "poor: {active: false, ")
    features = "features:\n  mail: {models: {fair: primary}, fallback: [good]}\n"
    targets = "targets:\n  best: {candidates: {models: [good]}}\n"
    (finding,) = findings(routes_models=models, routes_features=features, routes_targets=targets)
    assert finding.rule == "RC407"
    assert finding.message.endswith("it is inactive (and so for 1 other: target `best`)")
    features = features.replace("[good]", "[poor]")
    both = findings(routes_models=models, routes_features=features, routes_targets=targets)
    assert sorted(diagnostic.rule for diagnostic in both) == ["RC402", "RC407"]


def test_compiling_again_finds_it_too() -> None:
    """After a tenant alone changed, what it leaves on a feature is found; a change that bars nothing stays quick."""

    def of(policy: str) -> dict[str, bytes]:
        return project(routes_features=FEATURES, policies_tenants=f"tenants:\n  acme: {{{policy}}}\n")

    options, memory = Options(TODAY), Memory()
    check(of("stacks: [eu]"), options, memory=memory)
    made = compile(of("stacks: [eu]"), options)
    assert not made.checked.diagnostics
    before = Compiled.of(of("stacks: [eu]"), memory.kept, made.artifacts)
    assert "policies/tenants.yaml" in before.tenants
    assert recompile(of("stacks: [us]"), options, before, (), DEFAULT) is None
    again = recompile(of("stacks: [eu, us]"), options, before, (), DEFAULT)
    assert again is not None
    assert again.artifacts == compile(of("stacks: [eu, us]"), options).artifacts


@pytest.mark.parametrize("preferences", ["", PREFERENCES])
@pytest.mark.parametrize(
    ("target", "models", "message", "place"),
    [
        (
            "{candidates: all, min_quality: 0.95}",
            MODELS,
            "no candidate of target `auto` clears its floor (0.95), so every call is rejected; the best has quality "
            "0.90",
            "0.95",
        ),
        (
            "{candidates: {models: [fair]}, min_quality: 0.7001}",
            MODELS,
            "no candidate of target `auto` clears its floor (0.7001), so every call is rejected; the best has quality "
            "0.70",
            "0.7001",
        ),
        (
            "{candidates: {models: [good]}}",
            MODELS.replace("good: {", "good: {listed: false, "),
            "target `auto` has no active, listed candidate",
            "candidates",
        ),
        (
            "{candidates: {stacks: [us]}, min_quality: 0.95}",
            MODELS.replace("good: {", "good: {active: false, "),
            "target `auto` has no active, listed candidate",
            "candidates",
        ),
    ],
)
def test_a_target_that_serves_nobody(preferences: str, target: str, models: str, message: str, place: str) -> None:
    """It is one finding, at its floor or its candidates, with the dial or without; no tenant is blamed for it."""
    (finding,) = findings(
        routes_models=models,
        routes_targets=f"targets:\n  auto: {target}\n",
        policies_tenants="tenants:\n  acme: {min_quality: 0.6}\n  zeta: {stacks: [us, eu]}\n",
        **({"policies_preferences": preferences} if preferences else {}),
    )
    assert (finding.rule, finding.message) == ("RC402", message)
    assert at(finding) == place


def test_a_target_that_just_clears_its_floor() -> None:
    """A floor as high as the best candidate is served."""
    target = "targets:\n  auto: {candidates: {models: [fair]}, min_quality: 0.7}\n"
    assert findings(routes_targets=target) == []


RUNGS = [
    ("{model: fair, policy: {banned_models: [fair]}}", "banned_models", "default model `fair` (bans 1)"),
    ("{model: fair, policy: {banned_providers: [beta]}}", "banned_providers", "default model `fair` (bans 1)"),
    ("{model: fair, policy: {stacks: [us]}}", "stacks", "default model `fair` (stacks 1)"),
    (
        "{model: good, routes: {tone: fair, mood: poor}, policy: {banned_models: [fair, poor]}}",
        "banned_models",
        "config route `fair` of `tone` (bans 1), config route `poor` of `mood` (bans 1)",
    ),
]


@pytest.mark.parametrize(("defaults", "place", "rungs"), RUNGS)
def test_what_the_default_policy_bars_of_defaults(defaults: str, place: str, rungs: str) -> None:
    """A default model or config route that the default policy bars answers nobody without a tenant."""
    (finding,) = findings(routes_defaults=DEFAULTS.replace("{model: fair}", defaults))
    assert (finding.rule, at(finding)) == ("RC404", place)
    assert finding.message == f"no model is left under the default policy on {rungs}"


def test_one_ban_is_one_finding() -> None:
    """A target and the default model that the same field empties stand in one finding."""
    defaults = DEFAULTS.replace("{model: fair}", "{model: fair, policy: {stacks: [us]}}")
    (finding,) = findings(routes_defaults=defaults, routes_targets=TARGETS)
    assert finding.message == (
        "no model is left under the default policy on target `eu` (stacks 2), default model `fair` (stacks 1)"
    )


def test_a_preset_that_bars_the_default_model() -> None:
    """The finding is at the preset's line, and may be waived at `defaults` too."""
    presets = "presets:\n  balanced:\n    stacks: [us]\n"
    (finding,) = findings(policies_presets=presets)
    assert (at(finding), finding.message[-40:]) == ("stacks", "policy on default model `fair` (stacks 1)"[-40:])
    assert finding.span is not None
    assert finding.span.path == "policies/presets.yaml"
    waiver = '# routecomp:allow RC404 until=2026-12-31 reason="no call is without tenant"\n'
    assert findings(policies_presets=presets, routes_defaults=waiver + DEFAULTS) == []
    assert findings(policies_presets=presets.replace("    stacks", "    " + waiver + "    stacks")) == []


def test_a_preset_floor_is_shown_where_it_stands() -> None:
    """What the default policy inherits is the preset's."""
    (finding,) = findings(policies_presets="presets: {balanced: {min_quality: 0.95}}\n", routes_targets=AUTO)
    assert (at(finding), finding.message) == (
        "min_quality",
        "no model is left under the default policy on target `auto` (quality 3)",
    )


def test_a_default_model_that_is_not_active() -> None:
    """It is said once, at the first of its places; beside an error it waits."""
    models = MODELS.replace("poor: {", "poor: {active: false, ")
    defaults = DEFAULTS.replace("{model: fair}", "{model: poor, routes: {tone: poor}}")
    (finding,) = findings(routes_models=models, routes_defaults=defaults)
    assert finding.rule == "RC404"
    assert finding.message == (
        "default model `poor` is not active, so that it answers no call "
        "(and so for 1 other: config route `poor` of `tone`)"
    )
    assert at(finding) == "poor"
    features = "features: {chat: {models: {good: primary}, fallback: [poor]}}\n"
    (finding,) = findings(routes_models=models, routes_defaults=defaults, routes_features=features)
    assert "and so for 2 others" in finding.message  # the fallback is out of reach by the same switch
    assert findings(routes_models=models) == []
