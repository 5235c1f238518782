"""Refuse a value: raise an exception that readers collect, and that becomes a diagnostic at the value's node.

`validation_errors` turns these exceptions into diagnostics.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from routecomp.diagnostics.render.shown import visible
from routecomp.model.numbers import NumberField
from routecomp.parse.scalars import NULLS, is_null
from routecomp.parse.tree import Mapping, Node, Scalar

Location = tuple[str | int, ...]
"""The keys and indices that lead from a body to a value in it."""
_MOST_SHOWN = 60


class Beside(NamedTuple):
    """A further place of a fault, and the text that a fix may write there."""

    location: Location
    replacement: str | None = None


class Fault(NamedTuple):
    """One thing that is wrong in a body, and where.

    `kind` is `refused` (then the other attributes say why), `missing` or `unknown` (a key), `count` (of the entries of
    a list) or `shape` (a value that is not what is `wanted`). `is_key` is true where the key itself is refused.
    `beside` are further places of the same fault.
    """

    location: Location
    kind: str
    wanted: str = ""
    rule: str = ""
    message: str = ""
    help: str = ""
    note: str = ""
    replacement: str | None = None
    is_spelling: bool = False
    number: NumberField | None = None
    is_key: bool = False
    beside: tuple[Beside, ...] = ()

    def below(self, step: str | int) -> Fault:
        """Return the fault as one of the mapping or list above, in which its value is at this step."""
        return self._replace(location=(step, *self.location))

    def of_key(self) -> Fault:
        """Return the fault as one of a key."""
        return self._replace(is_key=True)


class Refused(Exception):
    """A value cannot be read, for one or more faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


def refuse(
    rule: str,
    message: str,
    help: str = "",
    note: str = "",
    replacement: str | None = None,
    is_spelling: bool = False,
    number: NumberField | None = None,
) -> NoReturn:
    """Raise the `Refused` of the value that is being read, by the id of a rule.

    The message is a predicate (`is …`, `has …`); the value's path is put before it. `replacement` is the text that a
    fix may write in place of the value; with `is_spelling` it is the same value written in another way. Where a
    `number` is wanted, help and replacement are worked out when it is reported.
    """
    raise Refused([Fault((), "refused", "", rule, message, help, note, replacement, is_spelling, number)])


def quote_value(text: str) -> str:
    """Quote a value for a message: between backticks, on one line, cut to 60 characters, invisible ones written out."""
    cut = text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
    return f"`{cut if cut.isprintable() else visible(cut)}`"


def scalar_text(node: Node, wanted: str) -> str:
    """Return the text of a scalar; refuse everything else as `require_scalar` does."""
    if node.__class__ is Scalar and node.text not in NULLS:
        return node.text
    return require_scalar(node, wanted).text


def require_scalar(node: Node, wanted: str) -> Scalar:
    """Return a node that is a scalar; refuse mappings and lists (RC120) and null (RC114).

    `wanted` names the value for messages.
    """
    if not isinstance(node, Scalar):
        shape = "a mapping" if isinstance(node, Mapping) else "a list"
        refuse("RC120", f"is {shape}; {wanted} is wanted", f"write {wanted} here")
    if is_null(node):
        refuse("RC114", "is null", "give it a value, or leave the key out")
    return node
