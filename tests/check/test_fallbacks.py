"""A fallback that can never answer is said: a repeat is an error, a model that is barred a warning."""

from __future__ import annotations

import pytest

from tests.check.project import DEFAULTS, MODELS, at, findings, fixed, ids, project


def feature(fallback: str, rest: str = "", models: str = "good: primary, fair: shadow") -> str:
    """A feature `chat` with this fallback, in flow style."""
    return f"features:\n  chat:\n    models: {{{models}}}\n    fallback: {fallback}\n{rest}"


@pytest.mark.parametrize(
    ("fallback", "repeated"),
    [
        ("[fair]", []),
        ("[fair, poor]", []),
        ("[good]", ["good"]),
        ("[fair, good]", ["good"]),
        ("[fair, fair]", ["fair"]),
        ("[fair, poor, fair]", ["fair"]),
        ("[fair, fair, fair]", ["fair", "fair"]),
        ("[good, good]", ["good", "good"]),
        ("[poor, poor, good, 'poor']", ["poor", "good", "'poor'"]),
        ("\n      - fair\n      - fair   # again", ["fair"]),
    ],
)
def test_repeats(fallback: str, repeated: list[str]) -> None:
    """Each place of the primary, and each further place of a model, is one finding at that place."""
    found = findings(routes_features=feature(fallback))
    assert [diagnostic.rule for diagnostic in found] == ["RC325"] * len(repeated)
    assert [at(diagnostic) for diagnostic in found] == repeated


def test_consequences_are_silent() -> None:
    """A model that is retired twice, or unknown twice, is what those rules say; with two primaries none is its own."""
    assert ids(routes_features=feature("[fair, fair]", models="good: primary, fair: retired")) == ["RC306", "RC306"]
    assert ids(routes_features=feature("[good]", models="good: primary, fair: primary")) == ["RC303"]
    assert ids(routes_features=feature("[fair]", models="good: shadow, fair: shadow")) == ["RC303"]


def test_the_repeat_of_one_feature_is_none_of_another() -> None:
    """Lists are judged one by one."""
    two = feature("[fair]") + "  mail: {models: {fair: primary}, fallback: [good]}\n"
    assert ids(routes_features=two) == []


@pytest.mark.parametrize(
    ("fallback", "left"),
    [
        ("[good, fair]", "    fallback: [fair]\n"),
        ("[fair, good]", "    fallback: [fair]\n"),
        ("[fair, fair]", "    fallback: [fair]\n"),
        ("[good]", ""),
        ("\n      - fair\n      - good\n      - poor", "    fallback: \n      - fair\n      - poor\n"),
        ("\n      - fair\n      - good   # ours", "    fallback: \n      - fair\n        # ours\n"),
    ],
)
def test_the_fix_takes_out_the_repeat(fallback: str, left: str) -> None:
    """The fix takes out the repeat alone, with its key where nothing else is left; it is an unsafe one."""
    files = project(routes_features=feature(fallback))
    (finding,) = findings(routes_features=feature(fallback))
    assert finding.fix is not None
    assert not finding.fix.is_safe
    after = fixed(files)["routes/features.yaml"].decode()
    assert after == "features:\n  chat:\n    models: {good: primary, fair: shadow}\n" + left


@pytest.mark.parametrize(
    ("rest", "models", "reason"),
    [
        ("", MODELS.replace("poor: {", "poor: {active: false, "), "it is inactive"),
        ("    min_quality: 0.5\n", MODELS, "its quality 0.40 lies below the feature's floor 0.50"),
        ("    min_quality: 0.4\n", MODELS, ""),
        ("", MODELS.replace("poor: {", "poor: {listed: false, "), ""),
    ],
)
def test_a_fallback_that_cannot_serve(rest: str, models: str, reason: str) -> None:
    """An inactive one, and one below the feature's floor, is a warning at its place; an unlisted one serves."""
    found = findings(routes_features=feature("[fair, poor]", rest), routes_models=models)
    assert [(diagnostic.rule, at(diagnostic)) for diagnostic in found] == ([("RC407", "poor")] if reason else [])
    assert all(reason in diagnostic.message for diagnostic in found)


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("banned_providers: [beta]", "the default policy bans it"),
        ("banned_models: [fair]", "the default policy bans it"),
        ("stacks: [us]", "the default policy does not allow its stack"),
        ("compliance_veto_threshold: 0.95", "its compliance lies below the default policy's threshold"),
    ],
)
def test_a_fallback_that_nobody_may_use(policy: str, reason: str) -> None:
    """What the default policy bars can never serve, unless the policy of a tenant lets it."""
    models = MODELS.replace("fair: {", "fair: {compliance: 0.9, ")
    defaults = DEFAULTS.replace("model: fair}", f"model: good, policy: {{{policy}}}}}")
    files = {"routes_features": feature("[fair]"), "routes_models": models, "routes_defaults": defaults}
    (finding,) = findings(**files)
    assert finding.rule == "RC407"
    assert finding.message.endswith(reason)
    assert ids(**files, policies_tenants="tenants:\n  open: {}\n") == []
    (finding,) = findings(**files, policies_tenants=f"tenants:\n  closed: {{{policy}}}\n")
    assert finding.message.endswith(f"{reason}, and no tenant may use it")


def test_a_dead_fallback_is_waived_where_it_stands() -> None:
    """Until the day the model comes back."""
    models = MODELS.replace("poor: {", "poor: {active: false, ")
    waiver = '   # routecomp:allow RC407 until=2026-12-31 reason="down for repairs"'
    assert ids(routes_features=feature(f"[poor]{waiver}"), routes_models=models) == []
