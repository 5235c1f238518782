"""One mistake in the living example is one finding: its cause. Two mistakes are two."""

from __future__ import annotations

import random
from datetime import date

import pytest

from routecomp.checker import Options, check
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.rule import Scope
from routecomp.model.memory import Memory
from routecomp.rules.registry import rules
from tests.check.mistakes import KINDS, Drawer, Files, Mistake
from tests.check.rule_mistakes import MISTAKES
from tests.seeds import FRESH

DRAWER = Drawer()
OPTIONS = Options(date(2026, 11, 30))
SEED = 20261130
FEW, MANY = 6, 250
"""Draws of each kind in an ordinary run, and in a long one."""


def _remembered() -> Memory:
    """Read the example once: a mistake changes one file or two."""
    memory = Memory()
    assert check(DRAWER.files, OPTIONS, memory=memory).diagnostics == []
    return memory


MEMORY = _remembered()


def findings(files: Files) -> list[Diagnostic]:
    """What is found in a project that is the example but for a few files."""
    diagnostics = check(files, OPTIONS, memory=Memory(MEMORY.kept)).diagnostics
    # Waivers that are not needed any more are each a line of their own to take away.
    return [d for d in diagnostics if d.rule != "RC125"] or diagnostics[:1]


def said(mistake: Mistake, diagnostics: list[Diagnostic], seed: object) -> str:
    """What is printed of a mistake with the wrong number of findings."""
    return "\n".join([f"seed {seed}: {mistake.what}", *(f"  {d.rule} {d.span} {d.message}" for d in diagnostics)])


def draw(kind: str, seed: object, count: int) -> None:
    """Draw mistakes of one kind; each is one finding, or none where it may be no mistake."""
    chance = random.Random(f"{seed} {kind}")
    for _ in range(count):
        mistake = DRAWER.draw(chance, kind)
        diagnostics = findings(mistake.files)
        # A line that is gone with its waiver uncovers all that the waiver covered.
        is_one = len(diagnostics) == 1 or {f"allow {d.rule} " in mistake.what for d in diagnostics} == {True}
        # A legal change may break several promises.
        is_one = is_one or {d.rule for d in diagnostics} == {"RC801"}
        assert is_one or (not mistake.is_sure and not diagnostics), said(mistake, diagnostics, seed)


@pytest.mark.parametrize("rule", MISTAKES)
def test_a_mistake_of_each_rule(rule: str) -> None:
    """One mistake for each rule over a project is a finding of that rule alone, at its place."""
    mistake = MISTAKES[rule]
    text = DRAWER.texts.get(mistake.path, "")
    assert text.count(mistake.old) == 1 or not mistake.old
    changed = text.replace(mistake.old, mistake.new) if mistake.old else mistake.new
    diagnostics = findings({**DRAWER.files, mistake.path: changed.encode("utf-8", "surrogateescape")})
    assert [d.rule for d in diagnostics] == [rule], [(d.rule, str(d.span), d.message) for d in diagnostics]
    span = diagnostics[0].span
    assert (span is None) == (rule == "RC205")
    assert mistake.where is None or (span is not None and span.text == mistake.where)
    assert span is None or span.path == mistake.path or rule in ELSEWHERE


def test_every_rule_has_its_mistake() -> None:
    """All rules over a project but the warnings that a tenant's policy may share with others."""
    known = {rule for rule in rules(Scope.TEXT, Scope.PROJECT) if rule[2] in "1234"}
    others = {"RC402", "RC404", "RC405", "RC406", "RC407", "RC408", "RC409", "RC411", "RC421", "RC431", "RC432"}
    assert known - MISTAKES.keys() <= {"RC215", "RC217"} | others


ELSEWHERE = {"RC304", "RC401"}
"""Rules that point to the feature, where the mistake stands in a model or in the default policy."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_mistake_is_one_finding(kind: str) -> None:
    """Mistakes of each kind, the same in every run."""
    draw(kind, SEED, FEW)


def test_fresh_mistakes() -> None:
    """Mistakes with a seed of this run's own, which a failure prints."""
    seed = FRESH
    print(f"seed {seed}")
    for kind in KINDS:
        draw(kind, seed, 1)


@pytest.mark.hard
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_mistakes(kind: str) -> None:
    """Many mistakes of each kind, with a seed of this run's own."""
    seed = FRESH
    print(f"seed {seed}")
    draw(kind, seed, MANY)


INDEPENDENT = ("typo_in_key", "typo_in_reference", "typo_in_word", "delete_required")
"""Kinds that leave every name declared, so that nothing about another file becomes unknown."""


def pairs(seed: object, count: int) -> None:
    """Draw two mistakes in different files; each is found."""
    chance = random.Random(f"{seed} pairs")
    for _ in range(count):
        one = DRAWER.draw(chance, chance.choice(INDEPENDENT))
        other = DRAWER.draw(chance, chance.choice(INDEPENDENT))
        if one.path == other.path or "routes/providers.yaml" in (one.path, other.path):
            continue  # the stack of a provider that cannot be read is not known
        files = {**one.files, other.path: other.files[other.path]}
        diagnostics = findings(files)
        assert sorted({d.span.path for d in diagnostics if d.span}) == sorted((one.path, other.path)), (
            f"{one.what} and {said(other, diagnostics, seed)}"
        )
        assert len(diagnostics) == 2, f"{one.what} and {said(other, diagnostics, seed)}"


def test_two_mistakes_are_two_findings() -> None:
    """Silence is for consequences only."""
    pairs(SEED, 60)
    pairs(FRESH, 20)


def test_a_logical_model_is_known_though_its_only_model_cannot_be_read() -> None:
    """A name that is misspelt is told beside the model that lacks a key; the right name is not."""
    path, provider = "routes/models/zai.yaml", "  glm-4.5-air:\n    provider: zai\n"
    bans = "policies/tenants/regulated.yaml"
    zai, tenants = DRAWER.texts[path], DRAWER.texts[bans]
    assert zai.count(provider) == 1
    assert tenants.count("- any-glm-4.5-air\n") == 1
    unread = {**DRAWER.files, path: zai.replace(provider, "  glm-4.5-air:\n").encode()}
    assert [d.rule for d in findings(unread)] == ["RC113"]
    misspelt = tenants.replace("- any-glm-4.5-air\n", "- ayn-glm-4.5-air\n").encode()
    ban = findings({**unread, bans: misspelt})
    assert sorted(d.rule for d in ban) == ["RC113", "RC207"]
    assert [d.help for d in ban if d.rule == "RC207"] == ["did you mean `any-glm-4.5-air`?"]


@pytest.mark.hard
def test_thousands_of_pairs() -> None:
    """Many pairs, with a seed of this run's own."""
    seed = FRESH
    print(f"seed {seed}")
    pairs(seed, 2000)
