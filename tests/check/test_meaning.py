"""The rules that weigh what declarations mean together, at their edges."""

from __future__ import annotations

import pytest

from tests.check.project import MODELS, PREFERENCES, SCALES, at, findings, ids


def split_tenants(extra: int = 0) -> str:
    """A tenant for every split of 100 hundredths over three weights, `extra` hundredths on top of the first."""
    lines = ["tenants:"]
    for quality in range(101):
        for latency in range(101 - quality):
            weights = (quality + extra, latency, 100 - quality - latency)
            shown = [f"{part // 100}.{part % 100:02d}" for part in weights]
            lines.append(
                f"  t-{quality}-{latency}: {{weights: {{quality: {shown[0]}, latency: {shown[1]}, cost: {shown[2]}}}}}"
            )
    return "\n".join(lines) + "\n"


def test_all_5151_splits_of_two_decimals_add_up() -> None:
    """Weights are added exactly: every split that adds up to 1.00 is accepted (204 fail when added as floats)."""
    text = split_tenants()
    assert text.count("weights") == 5151
    assert ids(policies_tenants=text) == []


@pytest.mark.parametrize("extra", [1, -1])
def test_no_neighbour_of_a_split_adds_up(extra: int) -> None:
    """One hundredth more or less is refused, for every split that leaves room for it."""
    text = split_tenants(extra)
    if extra > 0:
        kept = [line for line in text.split("\n") if "1.01" not in line]
        assert ids(policies_tenants="\n".join(kept)) == ["RC301"] * 5150
    else:
        kept = [line for line in text.split("\n") if "-1." not in line]
        assert ids(policies_tenants="\n".join(kept)) == ["RC301"] * 5050


def test_weights_of_presets_and_of_the_default_policy_are_added() -> None:
    """Wherever weights are declared they are added, and the message says whose they are."""
    wrong = "weights: {quality: 0.4, latency: 0.3, cost: 0.2}"
    found = findings(
        policies_presets=f"presets: {{cost_first: {{{wrong}}}}}",
        routes_defaults=f"defaults: {{model: fair, policy: {{{wrong}}}}}\n" + SCALES,
    )
    assert [one.message for one in found] == [
        "weights of preset `cost_first` add up to 0.90, not 1.00",
        "weights of the default policy add up to 0.90, not 1.00",
    ]
    assert found[0].help == "raise one of the three by 0.10"


THIRDS = (
    "experiments:\n  e: {{public_model_id: x, status: draft, variants: "
    "{{a: {{weight: {}}}, b: {{weight: {}}}, c: {{weight: {}}}}}}}\n"
)


def test_variant_weights_add_up_exactly() -> None:
    """Four decimals, added from the text: 0.3333 three times is one slot short."""
    assert ids(experiments_e=THIRDS.format("0.3333", "0.3333", "0.3334")) == []
    found = findings(experiments_e=THIRDS.format("0.3333", "0.3333", "0.3333"))
    assert [one.message for one in found] == ["variant weights of experiment `e` add up to 0.9999, not 1"]
    assert found[0].help == "raise one of them by 0.0001"


FEATURE = "features:\n  chat:\n    models: {{good: {}, fair: {}, poor: {}}}\n"


def test_three_primaries_are_all_shown() -> None:
    """The finding stands at the second primary and names every other one."""
    found = findings(routes_features=FEATURE.format("primary", "primary", "{status: primary}"))
    assert [one.rule for one in found] == ["RC303"]
    assert [(label.span.line, label.span.column) for label in found[0].labels] == [(3, 20), (3, 59)]
    assert [label.span.text for label in found[0].labels] == ["primary", "primary"]
    assert at(found[0]) == "primary"


def test_no_primary_names_the_candidates() -> None:
    """Without a primary the remedy names the shadows it could be."""
    found = findings(routes_features=FEATURE.format("shadow", "retired", "shadow"))
    assert [(one.rule, one.help) for one in found] == [("RC303", "make one of its shadows primary: `good`, `poor`")]
    found = findings(routes_features="features:\n  chat:\n    models: {}\n")
    assert [(one.rule, one.help) for one in found] == [("RC303", "give one model the status primary")]


@pytest.mark.parametrize(("floor", "wrong"), [("0.9", []), ("0.9001", ["RC305"]), ("0.8999", [])])
def test_a_primary_may_stand_on_its_floor(floor: str, wrong: list[str]) -> None:
    """Quality equal to the floor clears it."""
    assert ids(routes_features=f"features: {{chat: {{models: {{good: primary}}, min_quality: {floor}}}}}\n") == wrong


def test_the_floor_of_a_policy_or_target_is_not_the_features_own() -> None:
    """Only the feature's own floor binds its primary at compile time."""
    assert (
        ids(
            routes_features="features: {chat: {models: {poor: primary}, then: auto}}\n",
            routes_targets="targets: {auto: {candidates: all, min_quality: 0.8}}\n",
            policies_tenants="tenants: {acme: {min_quality: 0.9}}\n",
        )
        == []
    )


def default_policy(policy: str) -> dict[str, str]:
    """A feature whose primary is `good` (provider alpha, stack us) under a default policy."""
    return {
        "routes_models": MODELS.replace("good: {", "good: {logical_slug: any-good, compliance: 0.6, "),
        "routes_features": "features: {chat: {models: {good: primary}}}\n",
        "routes_defaults": f"defaults:\n  model: fair\n  policy: {policy}\n" + SCALES,
    }


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("{banned_providers: [alpha]}", "it bans provider `alpha`"),
        ("{banned_models: [good]}", "it is banned"),
        ("{banned_models: [any-good]}", "it bans logical model `any-good`"),
        ("{stacks: [eu]}", "its stack is `us`, not `eu`"),
        ("{compliance_veto_threshold: 0.61}", "its compliance 0.60 lies below 0.61"),
    ],
)
def test_the_default_policy_permits_every_primary(policy: str, reason: str) -> None:
    """Each of the permission filters is looked at, and the place that says so is named."""
    found = findings(**default_policy(policy))
    assert [one.message for one in found] == [
        f"the default policy does not permit primary `good` of feature `chat`: {reason}"
    ]
    assert found[0].labels[-1].span.path == "routes/defaults.yaml"


@pytest.mark.parametrize(
    ("policy", "wrong"),
    [
        ("{}", []),
        ("{banned_providers: [beta]}", ["RC404"]),  # the default model is of that provider
        ("{banned_models: [poor]}", []),
        ("{stacks: [us]}", ["RC404"]),
        ("{compliance_veto_threshold: 0.6}", []),
        ("{min_quality: 1}", ["RC404"]),
    ],
)
def test_what_the_default_policy_permits(policy: str, wrong: list[str]) -> None:
    """Bounds are inclusive, and floors are a demand, not a permission: one that nothing reaches is another rule's."""
    assert ids(**default_policy(policy)) == wrong


def test_a_preset_of_the_default_policy_counts() -> None:
    """A ban may come from the declared preset; the label says where."""
    texts = default_policy("{preset: cost_first}")
    found = findings(**texts, policies_presets="presets:\n  cost_first: {banned_providers: [beta, alpha]}\n")
    assert [one.rule for one in found] == ["RC401"]
    assert found[0].labels[0].span.path == "policies/presets.yaml"
    assert found[0].labels[0].span.text == "alpha"


def test_unlisted_primaries_are_permitted() -> None:
    """`listed` does not count for a feature that names the model."""
    texts = default_policy("{}")
    texts["routes_models"] = texts["routes_models"].replace("good: {", "good: {listed: false, ")
    assert ids(**texts) == []


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("clamp: [good, frontier]", "clamp: [good, good]", ["RC324"]),
        ("clamp: [good, frontier]", "clamp: [frontier, good]", ["RC308"]),
        ("frontier: 0.85", "frontier: 0.50", []),
        ("quality: +0.10", "quality: 0", []),
        ("quality: +0.10", "quality: -0.01", ["RC310"]),
        ("cost: -0.10", "cost: 0.0001", ["RC310"]),
        ("balanced: 0,", "balanced: 0.0001,", ["RC309"]),
        ("balanced: 0,", "balanced: -0.5,", ["RC309"]),
        ("balanced: 0,", "balanced: -0.000,", []),
        ("good: 0.50", "decent: 0.50", ["RC213"]),
        ("clamp: [good, frontier]", "clamp: [god, frontier]", ["RC213"]),
        ("default: balanced", "default: quality", ["RC309"]),
    ],
)
def test_the_dial(old: str, new: str, wrong: list[str]) -> None:
    """Clamp, deltas and floors, each at the bound and beyond it."""
    assert PREFERENCES.count(old) == 1
    assert ids(policies_preferences=PREFERENCES.replace(old, new)) == wrong


def test_the_dial_turns_around_its_default() -> None:
    """`quality` and `cost` are compared with the default, whichever that is; `balanced` may then lie anywhere."""
    text = PREFERENCES.replace("default: balanced", "default: quality").replace("quality: +0.10", "quality: 0")
    assert ids(policies_preferences=text.replace("balanced: 0,", "balanced: 0.2,")) == []
    assert ids(policies_preferences=text.replace("cost: -0.10", "cost: 0.1")) == ["RC310"]


@pytest.mark.parametrize(
    ("cost", "wrong"),
    [
        ("{best: 0, worst: 0.000001}", ["RC406"]),
        ("{best: 1, worst: 1}", ["RC311"]),
        ("{best: 1.000001, worst: 1}", ["RC311"]),
    ],
)
def test_scales(cost: str, wrong: list[str]) -> None:
    """A scale has a width, exactly measured; what lies beyond a scale without one is not said."""
    text = f"defaults: {{model: fair}}\nscoring: {{cost: {cost}, latency_ms: {{best: 1999, worst: 2000}}}}\n"
    assert ids(routes_defaults=text) == wrong


def test_samples_and_caps() -> None:
    """A cap may be left out, not the sample; and neither stands on a primary or a retired model."""
    rows = "features: {{chat: {{models: {{good: primary, fair: {}}}}}}}\n"
    for row in (
        "{status: shadow, sample: 0.0001}",
        "{status: shadow, sample: 1, max_daily_usd: 0}",
        "{status: shadow}",
    ):
        assert ids(routes_features=rows.format(row)) == []
    assert ids(routes_features=rows.format("{status: shadow, max_daily_usd: 1}")) == ["RC307"]
    assert ids(routes_features=rows.format("{status: retired, sample: 0.1, max_daily_usd: 1}")) == ["RC307"]
    assert ids(routes_features=rows.format("{status: shadow, sample: 0}")) == ["RC117"]


def test_weights_a_tenant_reads_from_a_cheapest_preset_are_used() -> None:
    """A preset's weights are not unused while some tenant ranks by score with them."""
    preset = "presets: {cost_first: {objective: cheapest, weights: {quality: 0.1, latency: 0.1, cost: 0.8}}}\n"
    assert ids(policies_presets=preset) == ["RC323"]
    assert ids(policies_presets=preset, policies_tenants="tenants: {a: {preset: cost_first}}\n") == ["RC323"]
    assert (
        ids(policies_presets=preset, policies_tenants="tenants: {a: {preset: cost_first, objective: weighted}}\n") == []
    )


def test_a_tenant_under_a_cheapest_preset_reads_no_weights() -> None:
    """The effective objective decides, and the label says whose it is."""
    found = findings(
        policies_presets="presets: {cost_first: {objective: cheapest}}\n",
        policies_tenants="tenants: {a: {preset: cost_first, weights: {quality: 1, latency: 0, cost: 0}}}\n",
    )
    assert [one.rule for one in found] == ["RC323"]
    assert [label.text for label in found[0].labels] == ["the objective of preset `cost_first`"]


def test_targets_and_the_upper_clamp() -> None:
    """Active, listed candidates count, whichever way they are chosen; a target without any is warned of too."""
    targets = (
        "targets:\n  all: {candidates: all}\n  us: {candidates: {stacks: [us]}}\n  eu: {candidates: {stacks: [eu]}}\n"
        "  host: {candidates: {logical: any-good}}\n  two: {candidates: {models: [fair, poor]}}\n"
    )
    models = MODELS.replace("good: {", "good: {logical_slug: any-good, ")

    def warned(models: str) -> list[str]:
        found = findings(routes_models=models, routes_targets=targets, policies_preferences=PREFERENCES)
        assert {one.rule for one in found} == {"RC402"}
        return [one.message.split("`")[1] for one in found]

    assert warned(models) == ["eu", "two"]
    assert warned(models.replace("good: {", "good: {listed: false, ")) == ["all", "us", "eu", "host", "two"]
    assert warned(models.replace("good: {", "good: {active: false, ")) == ["all", "us", "eu", "host", "two"]
    assert ids(routes_models=models, routes_targets=targets) == []


def test_the_upper_clamp_is_inclusive() -> None:
    """Quality equal to the clamp clears it."""
    target = "targets: {eu: {candidates: {stacks: [eu]}}}\n"
    assert ids(routes_targets=target, policies_preferences=PREFERENCES.replace("0.85", "0.7")) == []
    assert ids(routes_targets=target, policies_preferences=PREFERENCES.replace("0.85", "0.7001")) == ["RC402"]


@pytest.mark.parametrize(
    ("feature", "wrong"),
    [
        ("{models: {good: primary}}", ["RC403"]),
        ("{models: {fair: primary}}", []),
        ("{models: {good: primary}, fallback: [fair]}", []),
        ("{models: {good: primary}, then: auto}", []),
        ("{models: {good: primary}, then: us}", ["RC403"]),
        ("{models: {good: primary, fair: shadow}}", ["RC403"]),
        ("{models: {good: primary, fair: retired}, then: auto}", ["RC403"]),
    ],
)
def test_config_routes_and_chains(feature: str, wrong: list[str]) -> None:
    """The chain is the primary, the fallback and what `then` ranks without the feature's retired models."""
    assert (
        ids(
            routes_features=f"features: {{chat: {feature}}}\n",
            routes_targets="targets: {auto: {candidates: all}, us: {candidates: {stacks: [us]}}}\n",
            routes_defaults="defaults: {model: good, routes: {chat: fair, undeclared: poor}}\n" + SCALES,
        )
        == wrong
    )


@pytest.mark.parametrize("clamp", ["[good, frontier]", "[top, high]", "[0.50, 0.85]"])
def test_a_clamp_without_any_floor(clamp: str) -> None:
    """Whatever it names, the finding says what to write."""
    text = PREFERENCES.replace("{good: 0.50, frontier: 0.85}", "{}").replace("[good, frontier]", clamp)
    found = findings(policies_preferences=text)
    assert {each.rule for each in found} == {"RC213"}
    assert all("floors" in each.help or "good" in each.help for each in found)
