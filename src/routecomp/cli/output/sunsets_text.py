"""Lay out which models end when, as a page for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from routecomp.cli.output.page import Page
from routecomp.cli.output.terminal import paint

Json = dict[str, Any]


def sunsets_text(rows: Sequence[Json], color: bool) -> str:
    """Return the page: for each model that ends, when, who is served by it, and what to write."""
    if not rows:
        return "no model has a `sunset`\n"
    page = Page(color)
    for row in rows:
        title = f"model `{row['model']}` {row['words']}"
        page.lines += ([""] if page.lines else []) + [f"{paint(title, '1', color)}   {row['at']}"]
        if row["successor"]:
            page.lines.append(f"  successor: {row['successor']}")
        cells = [(_who(place), place["as"], place["at"] or "", place["write"]) for place in row["serves"]]
        page.part("Who is served by it", cells, header=("", "as", "where", "write"))
        if not cells:
            page.lines.append("  nobody is served by it")
    return "\n".join(page.lines) + "\n"


def _who(place: Json) -> str:
    """Return the title of who is served."""
    return "defaults" if place["kind"] == "defaults" else f"{place['kind']} `{place['name']}`"
