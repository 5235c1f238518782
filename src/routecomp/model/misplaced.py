"""Say in findings that lines, bodies or sections do not stand where they belong, or are not what is wanted there."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.invalid import quote_value
from routecomp.parse.scalars import is_null
from routecomp.parse.tree import Node, Scalar, Sequence, first_line_span


def not_indented(title: str, key: Scalar, stray: list[Scalar]) -> Diagnostic:
    """Return the finding on a key without a value whose lines stand below it, not indented."""
    return error("RC114", f"{title} is null", key.span, f"indent {_quoted(stray)} below it")


def stray_lines(key: Scalar, stray: list[Scalar]) -> Diagnostic:
    """Return the finding on lines of a body that are not indented as the others are."""
    return error(
        "RC120",
        f"{_quoted(stray)} {'is' if len(stray) == 1 else 'are'} not indented as what is above",
        stray[0].span,
        f"indent {'it' if len(stray) == 1 else 'them'} below `{key.text}`",
    )


def wrong_folder(folder: str, right: str, keys: list[Scalar]) -> Diagnostic:
    """Return the finding on the sections of one file that belong into another folder."""
    verbs = ("stands", "it belongs", "it") if len(keys) == 1 else ("stand", "they belong", "them")
    return error(
        "RC202",
        f"section {_quoted(keys)} {verbs[0]} under {folder}/; {verbs[1]} under {right}/",
        keys[0].span,
        f"move {verbs[2]} to a file in {right}/",
    )


def wrong_shape(title: str, wanted: str, key: Scalar, node: Node) -> Diagnostic:
    """Return the finding on a value that is null (RC114) or not the mapping that is wanted (RC120)."""
    if isinstance(node, Scalar) and is_null(node):
        span = node.span if node.end > node.start else key.span
        return error("RC114", f"{title} is null", span, f"write {wanted} below it, or leave it out")
    shape = "a list" if isinstance(node, Sequence) else "one value"
    return error("RC120", f"{title} is {shape}; {wanted} is wanted", first_line_span(node), f"write {wanted}")


def is_empty(node: Node) -> bool:
    """Return whether a value is null."""
    return isinstance(node, Scalar) and is_null(node)


def _quoted(keys: list[Scalar]) -> str:
    """List keys for a message."""
    return ", ".join(quote_value(key.text) for key in keys[:4]) + (" …" if len(keys) > 4 else "")
