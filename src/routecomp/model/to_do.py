"""Refuse what an author has yet to say: a plain `TODO` in place of a value.

An import writes it where the input does not state a figure. Each is one finding of its own: values that are to be said
are no habit, and nothing that follows from them is reported.
"""

from __future__ import annotations

from routecomp.model.habits import node_at
from routecomp.model.invalid import Fault, Location, refuse
from routecomp.parse.tree import Mapping, Node, Scalar

TO_DO = "TODO"
"""What stands where a value is yet to be said."""
_RULE = "RC126"
_MESSAGE = "is still to be said"
_HELP = "write what it is in place of `TODO`"


def refuse_to_do(node: Node) -> None:
    """Refuse a plain `TODO` where the type would take it as any other text; a quoted one is a text."""
    if _is_to_do(node):
        refuse(_RULE, _MESSAGE, _HELP)


def take_to_dos(node: Mapping, faults: dict[tuple[str, Location, bool], Fault]) -> list[Fault]:
    """Take the faults of plain `TODO`s out of the faults of a body, and return them as what they are."""
    taken = []
    for key, fault in list(faults.items()):
        if fault.is_key or fault.kind not in ("refused", "shape") or not _is_to_do(node_at(node, fault.location)):
            continue
        del faults[key]
        wanted = f"write {fault.wanted} in place of `TODO`" if fault.kind == "shape" else _HELP
        taken.append(Fault(fault.location, "refused", "", _RULE, _MESSAGE, wanted, number=fault.number))
    return taken


def _is_to_do(node: Node | None) -> bool:
    """Return whether a value is a plain `TODO`."""
    return isinstance(node, Scalar) and node.plain and node.text == TO_DO
