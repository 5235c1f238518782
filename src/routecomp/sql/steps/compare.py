"""Compare the schema that migrations made with the one that is wanted, as objects by name."""

from __future__ import annotations

from collections.abc import Collection

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.read.normal_form import is_same
from routecomp.sql.read.objects import Objects, Thing, column_parts

_STAY = ("table", "column", "comment")
"""The kinds that no step takes away: they hold rows, or say nothing to a database."""


class StepError(Exception):
    """A schema that no step leads to from what is there, since a column or constraint cannot change so."""


def settle(
    present: Objects, wanted: Objects, ours: Collection[Thing], as_is: Collection[Thing], dialect: Dialect
) -> Objects:
    """Return what there is once a step was run: all that is wanted, and what no step takes away.

    Tables and columns are never taken away, nor what stands on a table that is not wanted any more, nor what is not
    `ours`: a migration that a person wrote made it. `as_is` is left as it is, there or not. What is defined as it is
    wanted keeps its text. The order is that of `present`; what is new comes behind it.
    """
    target: Objects = {}
    for thing, definition in present.items():
        table, kind, _ = thing
        if thing in as_is or thing not in wanted:
            is_left = table and (table, "table", table) in present and (table, "table", table) not in wanted
            if thing in as_is or thing not in ours or kind in _STAY or is_left:
                target[thing] = definition
        else:
            target[thing] = definition if is_same(definition, wanted[thing], dialect) else wanted[thing]
    return target | {
        thing: definition for thing, definition in wanted.items() if thing not in present and thing not in as_is
    }


def required_leftovers(present: Objects, wanted: Objects, ours: Collection[Thing], dialect: Dialect) -> list[Thing]:
    """Return the columns that stay on a table that is wanted, are not wanted, and may not be left out of a row."""
    left = [
        (thing, column_parts(definition, dialect))
        for thing, definition in present.items()
        if thing[1] == "column" and thing in ours and thing not in wanted and (thing[0], "table", thing[0]) in wanted
    ]
    return [thing for thing, parts in left if parts.required and parts.default is None]


def changed_things(before: Objects, after: Objects) -> list[Thing]:
    """Return what differs between two schemas but for comments: first what is in `before`, in its order."""
    return [thing for thing in {**before, **after} if thing[1] != "comment" and before.get(thing) != after.get(thing)]


def name_of(thing: Thing) -> str:
    """Return how a message calls an object: its kind and name, and its table where it is of one."""
    table, kind, name = thing
    if kind == "always":
        return f"trigger `{name}` of table `{table}`"
    if kind == "revoke":
        return f"the rights on table `{table}`"
    of_table = f" of table `{table}`" if table and kind not in ("table", "view") else ""
    return f"{kind} `{name}`{of_table}"
