"""Lay out which models end when, as a page for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from routecomp.cli.output.layout import paragraph
from routecomp.cli.output.page import Page
from routecomp.cli.output.terminal import paint

Json = dict[str, Any]
_FEW = 6


def sunsets_text(rows: Sequence[Json], color: bool) -> str:
    """Return the page: for each model that ends, when, who is served by it, and what to write."""
    if not rows:
        return "no model has a `sunset`\n"
    page = Page(color)
    for row in rows:
        title = f"model `{row['model']}` {row['words']}"
        page.lines += ([""] if page.lines else []) + [f"{paint(title, '1', color)}   {row['at']}"]
        if row["successor"] or row["passed_by"]:
            passed = f" ({', '.join(row['passed_by'])})" if row["passed_by"] else ""
            page.lines.append(f"  successor: {row['successor'] or 'none that can take over'}{passed}")
        cells = [(_who(place), place["as"], place["at"] or "", place["write"]) for place in row["serves"]]
        page.part("Who is served by it", cells, header=("", "as", "where", "write"))
        _chains(page, row)
        if not cells and not row["chains"]:
            page.lines.append("  nobody is served by it")
    return "\n".join(page.lines) + "\n"


def _chains(page: Page, row: Json) -> None:
    """Add the chains that hold a model without naming it, the best places first, for whom, and what takes it out."""
    if not row["chains"]:
        return
    alike: dict[tuple[str | None, ...], list[Json]] = {}
    for chain in sorted(row["chains"], key=lambda chain: (chain["position"], chain["kind"], chain["name"])):
        alike.setdefault(tuple(chain["tenants"]), []).append(chain)
    page.lines += ["", paint("In whose chain it stands besides, at which place", "1;34", page.color)]
    for tenants, chains in alike.items():
        listed = [f"{chain['kind']} `{chain['name']}` {chain['position']}" for chain in chains]
        page.lines += paragraph(", ".join(listed), 2, 2)
        page.lines += paragraph(f"for {_whom(tenants)}", 6, 2)
    later = ", once nothing above names it" if row["serves"] else ""
    page.lines += paragraph(f"write: `active: false` in model `{row['model']}`{later}", 2, 2)


def _whom(tenants: Sequence[str | None]) -> str:
    """Name a few tenants, and count the others; None stands for requests without one."""
    words = ["no tenant" if name is None else f"`{name}`" for name in tenants]
    more = f" and {len(words) - _FEW} more" if len(words) > _FEW else ""
    return ", ".join(words[:_FEW]) + more


def _who(place: Json) -> str:
    """Return the title of who is served."""
    return "defaults" if place["kind"] == "defaults" else f"{place['kind']} `{place['name']}`"
