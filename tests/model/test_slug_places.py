"""Every place of a slug is found: with all rewritten the project still checks, and back again it is the same."""

from __future__ import annotations

from datetime import date

import pytest

from routecomp.checker import Options, check
from routecomp.model import slug_places as places
from routecomp.model.part import Part
from routecomp.model.project import Declared
from routecomp.model.sections import SECTIONS
from routecomp.parse.edit import replace_scalar
from routecomp.source.edits import apply_edits
from tests.model.test_every_field_is_read import fields
from tests.properties.strategies import Seeded, program_files

OPTIONS = Options(today=date(2026, 11, 20))


def renamed(files: dict[str, bytes], declared: Declared, kind: str, old: str, new: str) -> dict[str, bytes]:
    """Return the files with a slug rewritten at all of its places."""
    edits = [replace_scalar(node, new) for node in places.slug_places(declared, kind, old)]
    assert edits
    result = dict(files)
    for path in {edit.span.path for edit in edits}:
        mine = [edit for edit in edits if edit.span.path == path]
        result[path] = apply_edits(files[path].decode(), mine).encode()
    return result


@pytest.mark.parametrize("seed", range(12))
def test_there_and_back(seed: int) -> None:
    """A random program with a slug of each kind renamed has no errors, and renamed back it is as before, every byte."""
    files = program_files(Seeded(seed))
    declared = check(files, OPTIONS).declared
    for kind in places.PLACES:
        slugs = declared.logical_models if kind == "logical model" else getattr(declared, places.SECTIONS[kind])
        for old in list(slugs)[:2]:
            there = renamed(files, declared, kind, old, "quite-new")
            checked = check(there, OPTIONS)
            assert checked.program is not None, (kind, old, checked.diagnostics)
            assert not list(places.slug_places(checked.declared, kind, old))
            assert renamed(there, checked.declared, kind, "quite-new", old) == files, (kind, old)


def test_every_field_that_names_something_is_a_place() -> None:
    """Fields whose types are slugs are among the places; a new one is to be put there, or into the list below."""
    known = {path for paths in places.PLACES.values() for path in paths}
    named = {(section, *[step for step in path if step not in ("*", "<key>")]) for section, *path in known}
    own = {("experiments", "winner")}  # of a variant, which is no slug of its own
    for section, body in SECTIONS.items():
        for path in fields(body.body):
            info: type[Part] = body.body
            if path[-1] in ("provider", "fallback", "then", "successor", "logical_slug", "logical", "banned_models",
                            "banned_providers", "preferred_providers"):  # fmt: skip
                assert (section, *path) in named | own, (section, path, info)
