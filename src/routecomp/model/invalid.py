"""A node and what is wrong with it in, an exception out that pydantic collects and the reader places."""

from __future__ import annotations

from typing import NoReturn

from pydantic_core import PydanticCustomError

from routecomp.parse.scalars import is_null
from routecomp.parse.tree import Scalar

_GLANCE = 60


def refuse(rule: str, message: str, help: str = "", note: str = "", replacement: str | None = None) -> NoReturn:
    """Raise a finding of `rule`; the reader adds the place, and the path before the message.

    The message is a predicate (`is …`, `has …`). `replacement` is what a machine may write in the node's place
    without asking.
    """
    context = {"rule": rule, "message": message, "help": help, "note": note, "replacement": replacement}
    # The message goes in as context: pydantic would read braces of the author's text as its own.
    raise PydanticCustomError("finding", "{message}", context)


def quote_value(text: str) -> str:
    """A value as a message shows it: between backticks, on one line, never longer than a glance."""
    cut = text if len(text) <= _GLANCE else text[: _GLANCE - 1] + "…"
    if not cut.isprintable():
        from routecomp.diagnostics.render.shown import visible

        cut = visible(cut)
    return f"`{cut}`"


def require_scalar(value: object, wanted: str) -> Scalar:
    """The node of a value, if it is one value and not null; `wanted` says in words what must stand here."""
    if not isinstance(value, Scalar):
        found = "a mapping" if isinstance(value, dict) else "a list"
        refuse("RC120", f"is {found}; {wanted} is wanted", f"write {wanted} here")
    if is_null(value):
        refuse("RC114", "is null", "give it a value, or leave the key out")
    return value
