"""A difference in, the report in one of four formats out."""

from __future__ import annotations

from importlib import import_module

from routecomp.review.diff.difference import Difference

FORMATS = ("text", "json", "markdown", "html")


def render(format: str, difference: Difference, limit: int | None = None, color: bool = False) -> str:
    """The report, ending in a line end; `limit` is the most rows of each list, by default the format's own."""
    module = import_module(f"routecomp.review.diff.render.{format}")
    text: str = module.render(difference, limit, color) if format == "text" else module.render(difference, limit)
    return text
