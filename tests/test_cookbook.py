"""The cookbook keeps its word: every command prints what its page shows, every link leads to a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from routecomp.model.vocabulary import DECISION_STATUSES
from tests.tour import BLOCK, replayed

FOLDER = Path(__file__).parents[1] / "docs" / "cookbook"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_recipe_prints_what_it_shows(path: Path) -> None:
    """The recipe, replayed from its first block to its last in a copy of the project, is the page."""
    page = path.read_text(encoding="utf-8")
    assert BLOCK.search(page)
    assert replayed(page) == page, "if the new output is right: make refresh, then read the diff"


@pytest.mark.parametrize("path", [FOLDER / "README.md", *PAGES], ids=lambda path: path.stem)
def test_links_lead_to_files(path: Path) -> None:
    """Every relative link names a file."""
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).is_file(), link


def test_the_index_names_every_recipe() -> None:
    """No recipe is hidden."""
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in PAGES} == set(re.findall(r"\]\(([^)]+)\)", index))


def test_every_status_is_explained() -> None:
    """The page on decisions has a row for each status there is."""
    page = (FOLDER / "read-a-decision.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(DECISION_STATUSES)
