"""Render a difference as a report: each format is one row of `RENDERERS`."""

from __future__ import annotations

from collections.abc import Callable

from routecomp.review.diff.difference import Difference
from routecomp.review.diff.render import html, json, markdown, sarif, text

Renderer = Callable[[Difference, int | None, bool], str]
"""Write a difference; the arguments are those of `render`."""

RENDERERS: dict[str, Renderer] = {
    "text": text.render,
    "json": json.render,
    "markdown": markdown.render,
    "html": html.render,
    "sarif": sarif.render,
}
"""Each format's name and renderer, the default format first."""
FORMATS = tuple(RENDERERS)


def render(format: str, difference: Difference, limit: int | None = None, color: bool = False) -> str:
    """Write a difference in a format; the report ends with a line end. Raise `KeyError` for an unknown format.

    `limit` is the most rows, and the most groups, that are shown; None stands for the format's own limit. `color` asks
    for terminal colors, which `text` alone has.
    """
    return RENDERERS[format](difference, limit, color)
