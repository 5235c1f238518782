"""Fragments of the changelog have names and kinds that the release can gather."""

from __future__ import annotations

import re
import tomllib

from tests.tour import PROJECT

FOLDER = PROJECT / "changelog.d"
SETTINGS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["towncrier"]
KINDS = [kind["directory"] for kind in SETTINGS["type"]]


def test_fragments_are_named_by_their_kind() -> None:
    """Each file but the README is `+NAME.KIND.md`, and says something."""
    name = re.compile(rf"\+[a-z0-9]+(-[a-z0-9]+)*\.({'|'.join(KINDS)})\.md")
    for path in FOLDER.iterdir():
        if path.name not in ("README.md", ".gitignore"):
            assert name.fullmatch(path.name), f"{path.name}: see changelog.d/README.md"
            assert path.read_text(encoding="utf-8").strip(), f"{path.name} is empty"


def test_the_page_names_every_kind() -> None:
    """The README of the folder has a row for each kind, in the order of the settings."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == KINDS


def test_the_release_finds_its_place() -> None:
    """The changelog has the line below which a release is written."""
    assert SETTINGS["start_string"] in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
