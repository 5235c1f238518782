"""Refuse a value: raise an exception that pydantic collects, and that becomes a diagnostic at the value's node.

`validation_errors` turns these exceptions into diagnostics.
"""

from __future__ import annotations

from typing import NoReturn

from pydantic_core import PydanticCustomError

from routecomp.diagnostics.render.shown import visible
from routecomp.parse.scalars import is_null
from routecomp.parse.tree import Scalar

_MOST_SHOWN = 60


def refuse(rule: str, message: str, help: str = "", note: str = "", replacement: str | None = None) -> NoReturn:
    """Raise the `PydanticCustomError` that refuses the value being validated, by the id of a rule.

    The message is a predicate (`is …`, `has …`); the value's path is put before it. `replacement` is the text that a
    fix may write in place of the value.
    """
    context = {"rule": rule, "message": message, "help": help, "note": note, "replacement": replacement}
    # The message is passed as context, because pydantic would interpret braces in the author's text.
    raise PydanticCustomError("finding", "{message}", context)


def quote_value(text: str) -> str:
    """Quote a value for a message: between backticks, on one line, cut to 60 characters, invisible ones written out."""
    cut = text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
    return f"`{cut if cut.isprintable() else visible(cut)}`"


def require_scalar(value: object, wanted: str) -> Scalar:
    """Return the scalar node of a value; refuse mappings and lists (RC120) and null (RC114).

    `wanted` names the value for messages.
    """
    if not isinstance(value, Scalar):
        shape = "a mapping" if isinstance(value, dict) else "a list"
        refuse("RC120", f"is {shape}; {wanted} is wanted", f"write {wanted} here")
    if is_null(value):
        refuse("RC114", "is null", "give it a value, or leave the key out")
    return value
