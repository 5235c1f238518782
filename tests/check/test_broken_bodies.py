"""What cannot be read is said once, and nothing that refers to it is blamed."""

from __future__ import annotations

import pytest

from tests.check.project import DEFAULTS, MODELS, PREFERENCES, PROVIDERS, checked, findings, ids, project

FULL = {
    "routes_features": "features:\n  chat:\n    models: {good: primary, fair: {status: shadow, sample: 0.1}}\n"
    "    fallback: [fair]\n    then: auto\n    min_quality: 0.5\n",
    "routes_targets": "targets:\n  auto: {aliases: [router/auto], candidates: all}\n"
    "  eu: {candidates: {stacks: [eu]}}\n"
    "  hosts: {candidates: {logical: any}}\n  two: {candidates: {models: [good, fair]}}\n",
    "routes_models": MODELS.replace("good: {", "good: {logical_slug: any, "),
    "routes_defaults": "defaults:\n  model: fair\n  routes: {chat: fair}\n"
    "  policy: {preset: cost_first, stacks: [us, eu]}\n"
    "scoring:\n  cost: {best: 0, worst: 75}\n  latency_ms: {best: 0, worst: 10000}\n",
    "policies_presets": "presets:\n  cost_first: {preferred_providers: [beta]}\n",
    "policies_tenants": "tenants:\n  acme: {preset: cost_first, banned_models: [poor], preferred_providers: [alpha]}\n",
    "policies_preferences": PREFERENCES.replace("0.85", "0.65"),
    "experiments_e": "experiments:\n  e:\n    public_model_id: x/y\n    status: active\n    variants:\n"
    "      a: {weight: 0.5, versions: [{version: 1, model: good}]}\n"
    "      b: {weight: 0.5, versions: [{version: 1, model: fair}]}\n",
}


def test_the_project_is_clean() -> None:
    """What the tests below break in one place."""
    assert ids(**FULL) == []


BROKEN_BODIES = {
    "a provider": ("routes_providers", PROVIDERS.replace("stack: us", "stack: 'not one'")),
    "every provider": ("routes_providers", PROVIDERS.replace("adapter: openai", "adapter: ''")),
    "a model": ("routes_models", FULL["routes_models"].replace("quality: 0.9", "quality: high")),
    "a feature": ("routes_features", FULL["routes_features"].replace("min_quality: 0.5", "min_quality: half")),
    "a target": ("routes_targets", FULL["routes_targets"].replace("candidates: all", "candidates: everything")),
    "a preset": ("policies_presets", FULL["policies_presets"].replace("[beta]", "beta: 1")),
    "a tenant": ("policies_tenants", FULL["policies_tenants"].replace("preset: cost_first", "preset: '!'")),
    "defaults": ("routes_defaults", FULL["routes_defaults"].replace("model: fair", "modle: fair")),
    "scoring": ("routes_defaults", FULL["routes_defaults"].replace("best: 0, worst: 75", "worst: 75")),
    "preferences": ("policies_preferences", FULL["policies_preferences"].replace("default: balanced", "default: even")),
    "an experiment": ("experiments_e", FULL["experiments_e"].replace("status: active", "status: running")),
    "a model that is no mapping": ("routes_models", FULL["routes_models"] + "  extra: [1, 2]\n"),
    "a model that is null": ("routes_models", FULL["routes_models"] + "  extra:\n"),
}


@pytest.mark.parametrize(("name", "text"), BROKEN_BODIES.values(), ids=BROKEN_BODIES)
def test_a_broken_body_does_not_cascade(name: str, text: str) -> None:
    """Only findings of the broken body itself: references to it resolve, and nothing is judged by what is not known."""
    assert text != FULL.get(name)
    found = findings(**FULL | {name: text})
    assert found
    path = name.replace("_", "/", 1) + ".yaml"
    assert {one.span.path for one in found if one.span} == {path}
    assert {one.rule[:3] for one in found} == {"RC1"}


@pytest.mark.parametrize("name", [*FULL, "routes_providers"])
@pytest.mark.parametrize(
    "broken",
    [b"\tx: [", b"", b"\xff", b"- a\n", b"just text\n"],
    ids=["syntax", "empty", "not UTF-8", "a list", "a text"],
)
def test_a_file_that_cannot_be_read_does_not_cascade(name: str, broken: bytes) -> None:
    """What stood in the file is not missed: neither its sections nor the names it declared."""
    found = checked(project(**FULL | {name: broken})).diagnostics
    assert {one.span.path for one in found if one.span} == {name.replace("_", "/", 1) + ".yaml"}
    assert all(one.span for one in found)
    assert {one.rule[:3] for one in found} == {"RC1"}


@pytest.mark.parametrize("name", [*FULL, "routes_providers"])
@pytest.mark.parametrize(
    ("old", "new"), [(":\n", ": [x]\n"), (":\n", ": 5\n"), (":\n", ":\n\nzzz:\n")], ids=["list", "text", "null"]
)
def test_a_section_of_the_wrong_shape_does_not_cascade(name: str, old: str, new: str) -> None:
    """A section that is a list, a text or null declares nobody can say what."""
    text = (FULL | {"routes_providers": PROVIDERS})[name]
    section = text.split(":", 1)[0]
    found = findings(**FULL | {name: f"{section}{new}" + ("  {}\n" if "zzz" in new else "")})
    assert found
    assert all(one.span is None or one.span.path == name.replace("_", "/", 1) + ".yaml" for one in found), found
    assert {one.rule for one in found} <= {"RC114", "RC120", "RC203", "RC205"}


def test_a_misspelt_section_does_not_cascade() -> None:
    """Its bodies are there, under a wrong word: one finding."""
    assert ids(**FULL | {"routes_models": FULL["routes_models"].replace("models:", "modles:")}) == ["RC203"]


@pytest.mark.parametrize(
    ("name", "old", "new", "rules"),
    [
        ("routes_defaults", "stacks: [us, eu]", "stacks: [eu, europ]", ["RC210"]),
        ("routes_models", "fair: {provider: beta", "fair: {provider: betta", ["RC206"]),
        ("routes_targets", "stacks: [eu]", "stacks: [europ]", ["RC210"]),
        ("routes_targets", "logical: any", "logical: ani", ["RC211"]),
        ("routes_targets", "models: [good, fair]", "models: [goood]", ["RC207"]),
        ("routes_features", "then: auto", "then: autom", ["RC208"]),
        ("policies_preferences", "clamp: [good, frontier]", "clamp: [good, frontir]", ["RC213"]),
        ("policies_tenants", "preset: cost_first", "preset: cost_frst", ["RC209"]),
    ],
)
def test_an_unknown_name_does_not_cascade(name: str, old: str, new: str, rules: list[str]) -> None:
    """What cannot be judged without knowing who was meant is not judged."""
    assert FULL[name].count(old) == 1
    assert ids(**FULL | {name: FULL[name].replace(old, new)}) == rules


def test_one_slip_in_the_weights_of_variants_is_one_finding() -> None:
    """Slots are not held against weights that do not add up."""
    text = (
        FULL["experiments_e"]
        .replace("a: {weight: 0.5,", "a: {weight: 0.4, slots: [[0, 4999]],")
        .replace("b: {weight: 0.5,", "b: {weight: 0.5, slots: [[5000, 9999]],")
    )
    assert ids(**FULL | {"experiments_e": text}) == ["RC302"]


def test_missing_sections() -> None:
    """Without defaults and scoring both are missed, once each, at no place."""
    found = findings(routes_defaults="resilience: {failures: 3}\n")
    assert [(one.rule, one.span) for one in found] == [("RC205", None), ("RC205", None)]
    assert ids(routes_defaults="resilience: {}\n") == ["RC205", "RC205"]


def test_an_empty_project_and_one_file_of_nothing() -> None:
    """No files at all lack two sections; a file that cannot be read may hold them."""
    assert [one.rule for one in checked({}).diagnostics] == ["RC205", "RC205"]
    assert [one.rule for one in checked({"routes/a.yaml": b""}).diagnostics] == ["RC111"]


def test_a_broken_provider_hides_its_stack_alone() -> None:
    """Unknown providers are still unknown; stacks are not judged, since the broken one's is not known."""
    assert ids(
        routes_providers=PROVIDERS.replace("stack: us", "stack: 'not one'"),
        routes_models=MODELS.replace("provider: beta", "provider: gamma"),
        policies_t="tenants: {a: {stacks: [mars], banned_providers: [alpha]}}\n",
    ) == ["RC118", "RC206"]


def test_every_finding_of_a_body_at_once() -> None:
    """Eight things wrong with one model are eight findings, each at its place."""
    found = findings(
        routes_more="models:\n  New:\n    provider: x\n  extra:\n    provider: Alpha\n    quality: 1.5\n"
        "    price: {input: '5', output: 1e1, cached: 1}\n    latency_ms: 12.5\n"
        "    context_window: 0\n    listed: yes\n    colour: red\n    capabilities: tools\n"
    )
    assert [(one.rule, one.span.line) for one in found if one.span] == [
        ("RC118", 2),
        ("RC118", 5),
        ("RC117", 6),
        ("RC115", 7),
        ("RC115", 7),
        ("RC112", 7),
        ("RC116", 8),
        ("RC117", 9),
        ("RC115", 10),
        ("RC112", 11),
        ("RC120", 12),
    ]


def test_many_findings_of_one_file_are_counted() -> None:
    """A file with thousands of broken bodies shows a thousand findings and says how many bodies more there are."""
    text = "tenants:\n" + "".join(f"  t-{n}: {{min_quality: 5}}\n" for n in range(3_000))
    found = findings(policies_tenants=text)
    assert len(found) == 1_001
    assert [one.message for one in found if one.rule == "RC120"] == [
        "and 2,000 more bodies of this file cannot be read"
    ]


def test_no_rule_raises_when_sections_are_gone() -> None:
    """Each file of the project left out in turn: findings, never an exception."""
    texts: dict[str, str | bytes] = {"routes_providers": PROVIDERS, "routes_defaults": DEFAULTS, **FULL}
    for name in texts:
        files = project(**{other: text for other, text in texts.items() if other != name})
        files.pop(name.replace("_", "/", 1) + ".yaml", None)
        checked(files)
