"""Plan to write in place of expected values that are not met what is decided today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from routecomp.expectations.run import Outcome
from routecomp.model.expectation import Expectation
from routecomp.model.expected_rows import Row, argument_text
from routecomp.model.project import Entry
from routecomp.parse import tree
from routecomp.parse.edit import (
    RefusedError,
    append_items,
    flow_mapping,
    insert_keys,
    insert_lines,
    replace_value,
    yaml_scalar,
)
from routecomp.source.edits import Edit

_Path = tuple[str | int, ...]


def update(outcomes: Iterable[Outcome]) -> list[Edit]:
    """Return the edits after which every request of some expectations holds; none where all hold.

    `outcomes` has every request of an expectation one after another. A value that some request still meets stays; else
    what most of its requests have now takes its place. Requests that have another value get rows of their own. Raises
    RefusedError where a key has no value any more, since that would take the key away, and for a file that a command
    cannot edit.
    """
    edits: list[Edit] = []
    for _, group in groupby(outcomes, key=lambda outcome: outcome.entry.slug):
        of_entry = list(group)
        if any(outcome.wrong for outcome in of_entry):
            edits += _update_entry(of_entry[0].entry, of_entry)
    return edits


def _update_entry(entry: Entry[Expectation], outcomes: list[Outcome]) -> Iterator[Edit]:
    """Yield the edits of one expectation."""
    decided = [_decided(outcome) for outcome in outcomes]
    values: dict[_Path, Counter[Any]] = {}
    kept: set[_Path] = set()  # the places of values that some request meets
    for outcome, now in zip(outcomes, decided, strict=True):
        wrong = {each.key for each in outcome.wrong}
        for key, value in now.items():
            path = outcome.wanted[key].path
            values.setdefault(path, Counter())[value] += 1
            if key not in wrong:
                kept.add(path)
    new = {path: count.most_common(1)[0][0] for path, count in values.items() if path not in kept}
    for path, value in new.items():
        yield replace_value(_mapping(entry, path[:-1]), str(path[-1]), _yaml(value))
    rows: list[tuple[Row, dict[str, Any]]] = []
    for outcome, now in zip(outcomes, decided, strict=True):
        keys = [each.key for each in outcome.wrong]
        own = {key: now[key] for key in keys if (path := outcome.wanted[key].path) in kept or new[path] != now[key]}
        if own:
            rows.append((outcome.row, own))
    if rows:
        yield _append_rows(entry, rows)


def _decided(outcome: Outcome) -> dict[str, Any]:
    """Return the value of each key that is expected, as it is decided; raise RefusedError where it has none."""
    got = {each.key: each.got for each in outcome.wrong}
    for key, value in got.items():
        if value is None or (key == "chain_begins" and not value):
            raise RefusedError(
                f"{outcome.title} expects a `{key}`, and nothing has one: the status is `{outcome.decision.status}`",
                f"change it by hand, if that is meant: `expect: {{status: {outcome.decision.status}}}`, or name others",
            )
    return {key: got.get(key, each.value) for key, each in outcome.wanted.items()}


def _append_rows(entry: Entry[Expectation], rows: list[tuple[Row, dict[str, Any]]]) -> Edit:
    """Return the edit that adds rows to an expectation, each with all arguments that its matrix gives."""
    pairs = [[("where", _arguments(row)), ("expect", flow_mapping(_pairs(own)))] for row, own in rows]
    node = entry.node
    existing = node.get("rows")
    if isinstance(existing, tree.Sequence):
        return append_items(existing, pairs)
    if node.flow:
        return insert_keys(node, [("rows", f"[{', '.join(map(flow_mapping, pairs))}]")])
    first, last = node.items[0], node.items[-1]
    begin = node.file.text.rfind("\n", 0, first[0].start) + 1
    lines = [line for (_, where), (_, expect) in pairs for line in (f"  - where: {where}", f"    expect: {expect}")]
    indent = " " * (first[0].start - begin)
    return insert_lines(node.file, max(last[0].end, last[1].end), indent, ["rows:", *lines])


def _mapping(entry: Entry[Expectation], path: _Path) -> tree.Mapping:
    """Return the mapping at a path of an expectation."""
    node = entry.node_at(*path)
    assert isinstance(node, tree.Mapping)
    return node


def _arguments(row: Row) -> str:
    """Return the arguments that a matrix gives a request as YAML."""
    return flow_mapping([(name, _argument(name, value)) for name, value in row.items()])


def _argument(name: str, value: Any) -> str:
    """Return the value of an argument as YAML."""
    if isinstance(value, str | tuple):
        return _yaml(value)
    return argument_text(name, value)


def _pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return keys of a decision with their values as YAML."""
    return [(key, _yaml(value)) for key, value in values.items()]


def _yaml(value: Any) -> str:
    """Return a text, a whole number or a list of texts as YAML."""
    return f"[{', '.join(map(yaml_scalar, value))}]" if isinstance(value, tuple) else yaml_scalar(str(value))
