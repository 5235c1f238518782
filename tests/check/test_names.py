"""References, duplicates and the one namespace: said once, where they stand, with what was meant."""

from __future__ import annotations

import re

import pytest

from routecomp.diagnostics.diagnostic import Diagnostic
from tests.check.project import MODELS, SCALES, at, findings, ids, project

TARGETS = "targets:\n  auto: {aliases: [router/auto], candidates: all}\n"


def test_a_name_in_two_files_shows_both_places() -> None:
    """The later one, by path, is the finding; the first one is its label."""
    found = findings(policies_a="tenants: {acme: {}}\n", policies_b="tenants: {globex: {}, acme: {}}\n")
    assert [(one.rule, str(one.span)) for one in found] == [("RC201", "policies/b.yaml:1:23")]
    assert [str(label.span) for label in found[0].labels] == ["policies/a.yaml:1:11"]


def test_a_name_three_times() -> None:
    """Every further place is a finding of its own, and each points at the first."""
    found = findings(
        policies_a="tenants: {acme: {}}\n", policies_b="tenants: {acme: {}}\n", policies_c="tenants: {acme: {}}\n"
    )
    assert [(one.rule, str(one.span)) for one in found] == [
        ("RC201", "policies/b.yaml:1:11"),
        ("RC201", "policies/c.yaml:1:11"),
    ]
    assert {str(label.span) for one in found for label in one.labels} == {"policies/a.yaml:1:11"}


def test_the_same_name_in_two_sections_is_two_names() -> None:
    """Tenants, providers, features and presets have namespaces of their own."""
    assert (
        ids(
            policies_a="tenants: {alpha: {}, good: {}, balanced: {}}\n",
            routes_features="features: {good: {models: {good: primary}}}\n",
        )
        == []
    )


def test_a_once_section_in_two_files() -> None:
    """The second one is the finding."""
    found = findings(routes_z="scoring: {cost: {best: 0, worst: 1}, latency_ms: {best: 0, worst: 1}}\n")
    assert [(one.rule, str(one.span)) for one in found] == [("RC204", "routes/z.yaml:1:1")]


COLLISIONS = {
    "target and model": ("targets: {good: {candidates: all}}", "target `good` has the name of model `good`"),
    "target and logical model": (
        "targets: {any-fair: {candidates: all}}",
        "target `any-fair` has the name of logical model `any-fair`",
    ),
    "alias and model": (
        "targets: {auto: {aliases: [good], candidates: all}}",
        "alias `good` of target `auto` has the name of model `good`",
    ),
    "alias and own target": (
        "targets: {auto: {aliases: [auto], candidates: all}}",
        "alias `auto` of target `auto` has the name of target `auto`",
    ),
    "alias and later target": (
        "targets: {auto: {aliases: [zoom], candidates: all}, zoom: {candidates: all}}",
        "alias `zoom` of target `auto` has the name of target `zoom`",
    ),
    "alias twice": (
        "targets: {auto: {aliases: [x/y, x/y], candidates: all}}",
        "alias `x/y` of target `auto` stands twice",
    ),
    "aliases of two targets": (
        "targets: {auto: {aliases: [x], candidates: all}, zoom: {aliases: [x], candidates: all}}",
        "alias `x` of target `zoom` has the name of alias `x` of target `auto`",
    ),
    "logical model and model": (
        "models: {extra: {logical_slug: good, provider: alpha, quality: 1, price: {input: 1, "
        "output: 1}, latency_ms: 1, context_window: 1}}",
        "logical model `good` has the name of model `good`",
    ),
}


@pytest.mark.parametrize(("more", "message"), COLLISIONS.values(), ids=COLLISIONS)
def test_collisions(more: str, message: str) -> None:
    """Whatever two kinds of thing share a name, the finding says which, and shows both."""
    found = findings(
        routes_models=MODELS.replace("fair: {", "fair: {logical_slug: any-fair, "), routes_more=more + "\n"
    )
    assert [(one.rule, one.message) for one in found] == [("RC214", message)]
    assert len(found[0].labels) == 1
    assert found[0].labels[0].span != found[0].span


def experiment(slug: str, public: str, status: str = "draft") -> str:
    """An experiment without variants."""
    return f"  {slug}: {{public_model_id: {public}, status: {status}, variants: {{}}}}\n"


@pytest.mark.parametrize("public", ["good", "auto", "router/auto"])
def test_public_model_ids_collide_too(public: str) -> None:
    """Even a draft's: it is to be called by that name."""
    found = findings(routes_targets=TARGETS, experiments_e="experiments:\n" + experiment("e", public))
    assert [(one.rule, at(one)) for one in found] == [("RC214", public)]


def test_what_may_share_a_name() -> None:
    """Several experiments one public id, several models one logical slug."""
    assert (
        ids(
            routes_models=MODELS.replace(": {provider", ": {logical_slug: any, provider"),
            experiments_e="experiments:\n" + experiment("a", "x/y") + experiment("b", "x/y"),
        )
        == []
    )


EVERYWHERE = {
    "routes_features": "features: {f: {models: {good: primary, gone: shadow}, fallback: [fair, gone], then: gone}}\n",
    "routes_targets": "targets: {t: {candidates: {models: [gone]}}, u: {candidates: {stacks: [gone]}}, "
    "v: {candidates: {logical: gone}}}\n",
    "routes_defaults": "defaults: {model: gone, routes: {a: gone}, policy: {preset: gone, banned_providers: [gone], "
    "banned_models: [gone], preferred_providers: [gone], stacks: [gone]}}\n" + SCALES,
    "policies_presets": "presets: {gone: {}, cost_first: {banned_providers: [gone]}}\n",
    "policies_tenants": "tenants: {a: {preset: gone, banned_models: [gone], stacks: [us, gone]}}\n",
    "experiments_e": "experiments: {e: {public_model_id: x, status: completed, winner: gone, variants: "
    "{v: {weight: 1, versions: [{version: 1, model: gone}]}}}}\n",
}


def test_every_reference_is_looked_at_and_said_once() -> None:
    """A name nobody declares is one finding for each kind of name, which counts its places; no later rule says it."""
    found = findings(**EVERYWHERE)
    assert sorted(one.rule for one in found) == ["RC206", "RC207", "RC208", "RC209", "RC210", "RC211", "RC212"]
    assert {at(one) for one in found} == {"gone"}
    counted = counts(found)
    assert len(found) + sum(counted) == sum(text.count("gone") for text in EVERYWHERE.values())
    shown = [str(label.span) for one in found for label in one.labels]
    assert len(shown) == len(set(shown)) == sum(min(count, 5) for count in counted)


def counts(found: list[Diagnostic]) -> list[int]:
    """Return how many other places each finding counts."""
    return [int(match[1]) if (match := re.search(r"and so in (\d+) other", one.message)) else 0 for one in found]


def test_stacks_are_unknown_only_where_every_provider_is_known() -> None:
    """A model's provider that nobody declares may be the one with the stack: it alone is said, and counted."""
    models = MODELS.replace("provider: beta, quality: 0.4", "provider: gone, quality: 0.4")
    found = findings(**EVERYWHERE, routes_models=models)
    assert sorted(one.rule for one in found) == ["RC206", "RC207", "RC208", "RC209", "RC211", "RC212"]
    stacks = 3
    assert len(found) + sum(counts(found)) == sum(text.count("gone") for text in EVERYWHERE.values()) - stacks + 1


def test_what_was_meant() -> None:
    """The nearest name is offered; among few names, all; a name of another kind is recognised."""
    texts = {"routes_targets": TARGETS, "routes_models": MODELS.replace("fair: {", "fair: {logical_slug: any-fair, ")}

    def help(feature: str) -> str:
        found = findings(**texts, routes_features=f"features: {{f: {{models: {{good: primary}}, {feature}}}}}\n")
        assert len(found) == 1
        return found[0].help

    assert help("fallback: [fiar]") == "did you mean `fair`?"
    assert help("fallback: [elsewhere]") == "declare it under `models:`, or name one of: fair, good, poor"
    assert help("fallback: [any-fair]") == "`any-fair` is a logical model; name one of its hosts: `fair`"
    assert help("fallback: [auto]") == "`auto` is a target; name one model here"
    assert help("then: aut") == "did you mean `auto`?"


def test_bans_take_logical_slugs() -> None:
    """`banned_models` names models and logical models; nothing else does."""
    models = MODELS.replace("fair: {", "fair: {logical_slug: any-fair, ")
    assert ids(routes_models=models, policies_t="tenants: {a: {banned_models: [fair, any-fair]}}\n") == []
    assert ids(routes_models=models, policies_t="tenants: {a: {banned_models: [any-fiar]}}\n") == ["RC207"]


def test_sections_in_wrong_folders_are_read_all_the_same() -> None:
    """Only the place is wrong: what refers to them, and what is wrong inside them, is said or not as ever."""
    files = project(
        policies_models=MODELS.replace("good", "best"),
        routes_tenants="tenants: {a: {min_quality: 2}}\n",
        routes_features="features: {f: {models: {best: primary}}}\n",
    )
    from tests.check.project import checked

    found = checked(files).diagnostics
    assert [(one.rule, at(one)) for one in found if one.rule != "RC201"] == [
        ("RC202", "models"),
        ("RC202", "tenants"),
        ("RC117", "2"),
    ]


def test_many_unknown_names_among_many() -> None:
    """Ten thousand models and a thousand wrong names: each is found; only the first few are guessed at."""
    models = (
        "models:\n"
        + "".join(
            f"  model-{n}: {{provider: alpha, quality: 0.5, price: {{input: 1, output: 1}}, latency_ms: 1, "
            "context_window: 1}\n"
            for n in range(2_000)
        )
        + MODELS.removeprefix("models:\n")
    )
    bans = ", ".join(f"modle-{n}" for n in range(1_000))
    found = findings(routes_models=models, policies_t=f"tenants: {{a: {{banned_models: [{bans}]}}}}\n")
    assert [one.rule for one in found] == ["RC207"] * 1_000
    assert sum("did you mean" in one.help for one in found) == 20
