"""The README is true: its tour prints what it shows, its links lead to files, its numbers are the example's."""

from __future__ import annotations

import json
import re

from tests.tour import BLOCK, PROJECT, replayed

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_tour_prints_what_the_page_shows() -> None:
    """Every command of the tour, run in order in a copy of the project, prints what stands below it."""
    assert BLOCK.search(README)
    assert replayed(README) == README


def test_links_lead_to_files() -> None:
    """Every relative link of the README names a file of the project."""
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if "://" not in link and not (PROJECT / link).exists()] == []


def test_the_example_is_as_large_as_the_page_says() -> None:
    """The counts of models and tenants in the text are those of the compiled example."""
    table = json.loads((PROJECT / "generated" / "routing_table.json").read_text(encoding="ascii"))
    assert f"{len(table['models'])} models" in README
    assert f"{len(table['tenants'])} tenants" in README
