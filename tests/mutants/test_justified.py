"""Mutants that live are listed with a reason each; an entry that fits no mutant of today's source is stale."""

from __future__ import annotations

from collections import Counter

from tests.mutants.justified import justified
from tests.mutants.mutations import TARGETS, mutants


def test_every_entry_is_a_mutant_of_today() -> None:
    """Each entry names a change that can be made to the source as it is, once; its reason is a sentence or more."""
    entries = justified()
    assert [key for key, count in Counter(one.key for one in entries).items() if count > 1] == []
    assert [one.key for one in entries if len(one.why.split()) < 5] == []
    functions = {file: frozenset(one.key[1] for one in entries if one.key[0] == file) for file in TARGETS}
    today = {one.key for file in TARGETS for one in mutants(file, functions[file])}
    assert [one.key for one in entries if one.key not in today] == []


def test_mutants_are_made_in_one_order() -> None:
    """The same source has the same mutants, each of them another text that is not the file's own."""
    file = "src/routecomp/table/rank.py"
    once = mutants(file)
    assert [one.key for one in once] == [one.key for one in mutants(file)]
    assert len({one.key for one in once}) == len({one.source() for one in once}) == len(once) > 100
