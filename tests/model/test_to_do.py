"""A plain `TODO` is one finding for each value that is still to be said, and nothing follows from it."""

from __future__ import annotations

import pytest

from tests.check.project import MODELS, PROVIDERS, at, findings, ids

PLACES: dict[str, tuple[str, str, str]] = {
    "a number": ("routes_models", "quality: 0.7", "quality: TODO"),
    "a whole number": ("routes_models", "latency_ms: 900", "latency_ms: TODO"),
    "a number within a mapping": ("routes_models", "output: 4}", "output: TODO}"),
    "a mapping": ("routes_models", "price: {input: 1, output: 4}", "price: TODO"),
    "a reference": ("routes_models", "provider: beta, quality: 0.7", "provider: TODO, quality: 0.7"),
    "a name upstream": (
        "routes_models",
        "provider: beta, quality: 0.7",
        "provider_model_name: TODO, provider: beta, quality: 0.7",
    ),
    "a word": ("routes_providers", "beta: {adapter: openai", "beta: {adapter: TODO"),
    "a URL": ("routes_providers", "base_url: https://beta.example", "base_url: TODO"),
    "a path": (
        "routes_providers",
        "https://beta.example, chat_path: /v1/chat",
        "https://beta.example, chat_path: TODO",
    ),
}
TEXTS = {"routes_models": MODELS, "routes_providers": PROVIDERS}


def changed(*places: str) -> dict[str, str]:
    texts = dict(TEXTS)
    for place in places:
        name, old, new = PLACES[place]
        assert old in texts[name]
        texts[name] = texts[name].replace(old, new, 1)
    return texts


@pytest.mark.parametrize("place", PLACES)
def test_each_is_one_finding_at_its_place(place: str) -> None:
    (finding,) = findings(**changed(place))
    assert finding.rule == "RC126"
    assert at(finding) == "TODO"
    assert finding.help.startswith("write ")


def test_several_in_one_body_are_several_findings() -> None:
    assert ids(**changed("a number", "a whole number", "a number within a mapping", "a URL")) == ["RC126"] * 4


def test_another_mistake_beside_it_is_told_too() -> None:
    texts = changed("a number")
    texts["routes_models"] = texts["routes_models"].replace("latency_ms: 900", "latency: 900")
    assert ids(**texts) == ["RC112", "RC126"]


def test_what_reads_a_model_is_not_judged_by_what_it_does_not_say() -> None:
    texts = changed("a number", "a number within a mapping")
    features = "features:\n  chat: {models: {fair: primary}, min_quality: 0.5}\n"
    assert ids(routes_features=features, **texts) == ["RC126", "RC126"]


def test_a_quoted_one_and_free_text_are_texts() -> None:
    models = MODELS.replace(
        "{provider: beta, quality: 0.7", '{description: TODO, provider_model_name: "TODO", provider: beta, quality: 0.7'
    )
    assert ids(routes_models=models) == []
