"""Near words that mean something else: no fix writes one for the other, and the suggestion says how they differ."""

from __future__ import annotations

import pytest

from routecomp.model.opposites import FIGURES, difference
from routecomp.model.suggest import suggestion, typo_of
from tests.check.project import MODELS, checked, findings, project

APART = [
    ("max_output_tokens", "min_output_tokens"),
    ("maxOutputTokens", "min_output_tokens"),
    ("maxoutputtokens", "min_output_tokens"),
    ("max-output-tokens", "min_output_tokens"),
    ("mxa_output_tokens", "min_output_tokens"),
    ("max_ouput_tokens", "min_output_tokens"),
    ("min_input_tokens", "min_output_tokens"),
    ("max_quality", "min_quality"),
    ("inactive", "active"),
    ("Inactive", "active"),
    ("in_active", "active"),
    ("inactve", "active"),
    ("active", "inactive"),
    ("deactive", "active"),
    ("nonactive", "active"),
    ("non-active", "active"),
    ("not_active", "active"),
    ("unlisted", "listed"),
    ("dislisted", "listed"),
    ("unarchived", "archived"),
    ("unpaused", "paused"),
    ("incompleted", "completed"),
    ("unretired", "retired"),
    ("fallback_disabled", "fallback_enabled"),
    ("fallbackDisabled", "fallback_enabled"),
    ("no_pause", "on_pause"),
    ("off_pause", "on_pause"),
    ("last_version", "first_version"),
    ("input_ratio", "output_ratio"),
    ("window_ms", "window_s"),
    ("windowMs", "window_s"),
    ("windowms", "window_s"),
    ("window_m", "window_s"),
    ("window", "window_s"),
    ("cooloff_ms", "cooloff_s"),
    ("cooloffs", "cooloff_s"),
    ("latency_s", "latency_ms"),
    ("latency_us", "latency_ms"),
    ("latency", "latency_ms"),
    ("max_daily_eur", "max_daily_usd"),
    ("max_daily_usd", "max_daily_eur"),
    ("fallback_cost_penalty_bp", "fallback_cost_penalty_pct"),
    ("min_quality2", "min_quality"),
    ("variant2", "variant1"),
    ("allow_https", "allow_http"),
]
SLIPS = [
    ("qualty", "quality"),
    ("min_qualiti", "min_quality"),
    ("minQuality", "min_quality"),
    ("mim_output_tokens", "min_output_tokens"),
    ("min_output_token", "min_output_tokens"),
    ("min_ouput_tokens", "min_output_tokens"),
    ("latncy_ms", "latency_ms"),
    ("widow_s", "window_s"),
    ("discription", "description"),
    ("actve", "active"),
    ("reactive", "active"),
    ("lsited", "listed"),
    ("fallback_enable", "fallback_enabled"),
    ("fallback_cost_penalti_pct", "fallback_cost_penalty_pct"),
    ("prefered_providers", "preferred_providers"),
    ("banned_provider", "banned_providers"),
    ("on_pasue", "on_pause"),
    ("ouput_ratio", "output_ratio"),
    ("Cheapest", "cheapest"),
    ("primay", "primary"),
    ("weigths", "weights"),
]


@pytest.mark.parametrize(("written", "known"), APART)
def test_words_of_another_meaning_are_never_written(written: str, known: str) -> None:
    """There is no fix, and whatever is suggested names the difference."""
    assert typo_of(written, [known, "else"]) is None
    assert difference(written, known)
    assert "did you mean" not in suggestion(written, [known]) or difference(written, known) == FIGURES


@pytest.mark.parametrize(("written", "known"), SLIPS)
def test_slips_of_one_word_are_suggested(written: str, known: str) -> None:
    """A slip that changes no meaning is corrected, as an unsafe fix."""
    assert difference(written, known) == ""
    assert suggestion(written, [known, "else"]) == f"did you mean `{known}`?"


WRONG = {
    "a key of a model": {"routes_models": MODELS.replace("good: {", "good: {min_input_tokens: 4096, ")},
    "a switch turned round": {"routes_models": MODELS.replace("good: {", "good: {inactive: true, ")},
    "a switch unlisted": {"routes_models": MODELS.replace("good: {", "good: {unlisted: true, ")},
    "a unit": {"routes_resilience": "resilience: {window_ms: 60000}\n"},
    "a currency": {
        "routes_features": "features: {f: {models: {good: primary, fair: {status: shadow, sample: 0.1, "
        "max_daily_eur: 5}}}}\n"
    },
    "a tenant's switch": {"policies_x": "tenants: {a: {fallback_disabled: true}}\n"},
}


@pytest.mark.parametrize("texts", WRONG.values(), ids=WRONG)
def test_no_project_gets_such_a_fix(texts: dict[str, str]) -> None:
    """The finding has words alone."""
    diagnostics = findings(**texts)
    assert [(d.rule, d.fix) for d in diagnostics] == [("RC112", None)]
    turned = diagnostics[0].help.startswith("write `") and diagnostics[0].help.endswith(": false`")
    assert "is not" in diagnostics[0].help or "it has" in diagnostics[0].help or turned
    assert "did you mean" not in diagnostics[0].help


def test_every_rename_is_unsafe() -> None:
    """Keys, words and sections: a near name is a guess."""
    files = project(
        policies_x="tenants: {a: {min_qualty: 0.5}, b: {objective: cheepest}}\n", policies_y="presetts: {}\n"
    )
    fixes = [d.fix for d in checked(files).diagnostics if d.fix is not None]
    assert len(fixes) == 3
    assert not any(fix.is_safe for fix in fixes)
