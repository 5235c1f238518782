"""Call names of a whole project: they collide, they are compared, and names that callers really send reach a target."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from routecomp.checker import Options
from routecomp.comparer import diff
from routecomp.compiler import compile
from routecomp.model.call_names import is_covered, pattern_of
from routecomp.review.base.base import Base
from routecomp.runtime.resolver import Router
from tests.check.project import MODELS, findings, project

CASE = Path(__file__).parents[3] / "shared" / "cases" / "names-callers-send"
OPTIONS = Options(today=date(2026, 11, 20))
TARGET = "targets: {auto: {candidates: all}}\n"


def with_names(target: str = "", feature: str = "", model: str = "") -> dict[str, bytes]:
    """Return a project with aliases of a target, a feature and a model."""
    return project(
        routes_models=MODELS.replace("good: {", f"good: {{aliases: [{model}], "),
        routes_targets=f"targets: {{auto: {{candidates: all, aliases: [{target}]}}, other: {{candidates: all}}}}\n",
        routes_features=f"features: {{chat: {{models: {{good: primary}}, aliases: [{feature}]}}}}\n",
    )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("x", "x", ""), "alias `x` of feature `chat` has the name of alias `x` of target `auto`"),
        (("", "x", "x"), "alias `x` of model `good` has the name of alias `x` of feature `chat`"),
        (("", "good", ""), "alias `good` of feature `chat` has the name of model `good`"),
        (("'a*', 'a*'", "", ""), "pattern `a*` of target `auto` stands twice"),
    ],
)
def test_collisions(names: tuple[str, str, str], message: str) -> None:
    """Aliases of everything share one namespace."""
    assert [item.message for item in compile(with_names(*names), OPTIONS).checked.diagnostics] == [message]


def test_equal_patterns_of_two_targets() -> None:
    """A name that begins so would have two targets."""
    texts = "targets: {a: {candidates: all, aliases: ['x/*']}, b: {candidates: all, aliases: ['x/*', 'x/y*']}}\n"
    (found,) = findings(routes_targets=texts)
    assert (found.rule, found.message) == ("RC214", "pattern `x/*` of target `b` is the pattern `x/*` of target `a`")


def test_features_and_tenants_are_no_call_names() -> None:
    """Their slugs are free: an alias may be called as one, a feature's own too."""
    assert compile(with_names("acme", "chat"), OPTIONS).table is not None


def test_a_pattern_that_is_covered() -> None:
    """Longer patterns for each letter, and the beginning itself declared, leave a pattern nothing."""
    letters = [chr(code) for code in range(33, 127) if code != ord("*")]
    longer = [f"a{letter}*" for letter in [*letters, " "]]
    assert is_covered("a*", ["a*", *longer], {"a"})
    assert not is_covered("*", ["*", *(f"{letter}*" for letter in letters)], set())  # the empty name reaches it
    assert not is_covered("a*", ["a*", *longer], set())  # `a` itself reaches it
    assert not is_covered("a*", ["a*", *longer[1:]], {"a"})
    assert not is_covered("a*", ["a*", "b*"], {"a"})
    deeper = [pattern for pattern in longer if pattern != "ax*"] + [f"ax{letter}*" for letter in [*letters, " "]]
    assert is_covered("a*", ["a*", *deeper], {"a", "ax"})
    assert not is_covered("a*", ["a*", *deeper], {"a"})


def test_the_longest_pattern() -> None:
    """Whatever their order."""
    assert pattern_of("openai/gpt-5", ["*", "openai/gpt*", "openai/*"]) == "openai/gpt*"
    assert pattern_of("open", ["openai/*"]) is None


@pytest.mark.parametrize(
    ("before", "after", "severity", "names"),
    [
        (("x", "", ""), ("", "x", ""), {"breaking", "behavioural"}, {"x"}),
        (("", "x", ""), ("", "", "x"), {"breaking", "behavioural"}, {"x"}),
        (("", "x", ""), ("'x*'", "", ""), {"breaking", "behavioural"}, {"x", "x*"}),
        (("'x*'", "", ""), ("", "", ""), {"breaking"}, {"x*"}),
        (("'x*'", "", ""), ("'x*', x1", "", ""), {"behavioural"}, set()),
        (("'x*'", "", ""), ("'x*'", "xy", ""), {"behavioural"}, {"xy"}),
    ],
)
def test_diff(before: tuple[str, str, str], after: tuple[str, str, str], severity: set[str], names: set[str]) -> None:
    """An alias that goes is breaking; decisions are compared for each name that leads elsewhere, and for no other."""
    difference = diff(with_names(*after), OPTIONS, Base("base", "base:", with_names(*before))).difference
    assert difference is not None
    assert {row.severity.value for row in difference.rows} == severity
    assert {row.what for row in difference.rows} == {"aliases"}
    assert {group.name for group in difference.decisions.groups} == names


def test_a_project_without_the_new_names_has_the_old_table() -> None:
    """No section and no word in `requires`; with them, an older resolver is told."""
    plain, named = (compile(files, OPTIONS).table for files in (with_names("x/y"), with_names("'x/*'", "f 1", "m:1")))
    assert plain is not None
    assert named is not None
    assert plain.content["requires"] == []
    assert not {"feature_aliases", "model_aliases", "patterns", "unanswered"} & plain.content.keys()
    assert named.content["format"] == "2.1"
    assert named.content["requires"] == ["feature.aliases", "model.aliases", "target.patterns"]
    assert named.fallback["requires"] == []


@pytest.mark.skipif(not CASE.exists(), reason="../shared/cases is absent")
def test_names_that_callers_send() -> None:
    """A case from the field: names with a colon, capital letters and dots reach the target they are aliases of."""
    files = {path.relative_to(CASE).as_posix(): path.read_bytes() for path in CASE.rglob("*.yaml")}
    compilation = compile(files, OPTIONS)
    assert compilation.table is not None, compilation.checked.diagnostics
    router = Router.from_bytes(compilation.table.data)
    for name, target in json.loads(compilation.table.data)["aliases"].items():
        decision = router.resolve(model=name)
        assert (decision.status, decision.route_name, decision.reasons) == ("ok", target, ("alias",))
