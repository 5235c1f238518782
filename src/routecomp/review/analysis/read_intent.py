"""Read a declared intent: from a file of its own, or from the text of a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.intent import Intent
from routecomp.model.invalid import Refused, quote_value
from routecomp.model.suggest import suggestion
from routecomp.model.validation_errors import explain_validation_error
from routecomp.parse import Limits, parse, tree
from routecomp.parse.redact import drop_redacted_places, redact_credentials
from routecomp.parse.scalars import is_null
from routecomp.parse.tree import Node, Scalar, first_line_span

NOTHING: Final = "nothing"
"""What an intent says that moves no decision."""
MOST_BYTES: Final = 256 * 1024
_LIMITS: Final = Limits(max_bytes=MOST_BYTES, max_nodes=20_000)
_KEY: Final = re.compile(r"intent[ \t]*:(?=[ \t\r\n]|\Z)")
_HELP: Final = "write `intent: nothing`, or what may move, as `intent: {tenants: [acme], features: [support-chat]}`"
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_KINDS: Final = {"tenants": "tenant", "features": "feature", "models": "model"}


@dataclass(frozen=True)
class DeclaredIntent:
    """What a change declares to move: any of the entries, none for nothing at all.

    `where` says where it stands. `nodes` are the entries as they are written, those with mistakes among them. With
    `errors` it says nothing that counts.
    """

    where: str
    entries: tuple[Intent, ...] = ()
    nodes: tuple[tree.Mapping, ...] = ()
    errors: tuple[Diagnostic, ...] = ()


def read_intent(path: str, data: bytes, where: str) -> DeclaredIntent:
    """Read the bytes of a file that holds `intent:` and nothing else; `path` names it in findings."""
    parsed = parse(path, data, _LIMITS)
    secrets = redact_credentials([parsed], frozenset(), by_place=False)
    errors = drop_redacted_places([*parsed.diagnostics, *secrets])
    root = parsed.root
    if errors or root is None:
        return DeclaredIntent(where, errors=tuple(errors))
    if not isinstance(root, tree.Mapping):
        shape = error("RC120", "this is no intent", first_line_span(root), _HELP)
        return DeclaredIntent(where, errors=(shape,))
    errors = [
        error("RC112", f"unknown key {quote_value(key.text)}: the file holds `intent` alone", key.span, _HELP)
        for key, _ in root.items
        if key.text != "intent"
    ]
    key, value = root.key("intent"), root.get("intent")
    if key is None or value is None:
        missing = [] if errors else [error("RC113", "`intent` is missing", first_line_span(root), _HELP)]
        return DeclaredIntent(where, errors=(*errors, *missing))
    if isinstance(value, Scalar) and value.text == NOTHING:
        return DeclaredIntent(where, errors=tuple(errors))
    entries, nodes, more = _entries(key, value)
    errors += more
    return DeclaredIntent(where, entries, nodes, tuple(errors))


def intent_in_text(path: str, text: str, where: str) -> tuple[DeclaredIntent | None, tuple[str, ...]]:
    """Return the intent that the text of a pull request declares, and notes for the user; None where it has none.

    It begins with a line `intent:` at the left margin, and goes on with lines that are indented or begin a list. What
    stands in a comment of HTML, which no reader sees, is left out.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    lines = shown.split("\n")
    starts = [number for number, line in enumerate(lines) if _KEY.match(line)]
    hidden = [line for line in text.split("\n") if _KEY.match(line)]
    notes = (f"an `intent:` in a comment of {where} is not read",) if len(hidden) > len(starts) else ()
    if not starts:
        return None, notes
    wanted = {number for start in starts for number in _block(lines, start)}
    # Other lines are blank here, so that findings name the line of the text.
    kept = "\n".join(line if number in wanted else "" for number, line in enumerate(lines))
    data = kept.rstrip("\n").encode("utf-8", "surrogatepass") + b"\n"
    return read_intent(path, data, f"{where}, line {starts[0] + 1}"), notes


def unknown_names(
    intent: DeclaredIntent, tenants: Iterable[str], names: Mapping[tuple[str, str], tuple[str, str]]
) -> list[Diagnostic]:
    """Return a finding for each name of an intent that neither side of the change knows."""
    known = {"tenants": {*tenants}}
    for argument in ("feature", "model"):
        known[f"{argument}s"] = {name for kind, name in names if kind == argument}
    return [
        error(
            "RC824",
            f"no side of the change knows {_KINDS[key.text]} {quote_value(item.text)}",
            item.span,
            suggestion(item.text, known[key.text], "name what `diff` shows, or leave it out"),
        )
        for node in intent.nodes
        for key, value in node.items
        if key.text in known and isinstance(value, tree.Sequence)
        for item in value.items
        if isinstance(item, Scalar) and not is_null(item) and item.text not in known[key.text]
    ]


def _entries(key: Scalar, value: Node) -> tuple[tuple[Intent, ...], tuple[tree.Mapping, ...], list[Diagnostic]]:
    """Read one entry, or a list of them."""
    items: Sequence[Node] = value.items if isinstance(value, tree.Sequence) else [value]
    errors: list[Diagnostic] = []
    if not items:
        return (), (), [error("RC120", "`intent` lists nothing", value.span, _HELP)]
    entries, nodes = [], []
    for number, node in enumerate(items, 1):
        title = "`intent`" if len(items) == 1 else f"`intent` {number}"
        if not isinstance(node, tree.Mapping):
            what = "says nothing" if isinstance(node, Scalar) and is_null(node) else "is no mapping"
            errors.append(error("RC120", f"{title} {what}", first_line_span(node), _HELP))
        elif not node.items:
            errors.append(error("RC120", f"{title} is empty: everything could move", node.span, _HELP))
        else:
            try:
                nodes.append(node)
                entries.append(Intent.read(node))
            except Refused as failure:
                explained = explain_validation_error(title, Intent, key, node, failure)
                errors += [replace(each, fix=None) for each in explained]  # `check --fix` does not read this file
    return tuple(entries), tuple(nodes), errors


def _block(lines: Sequence[str], start: int) -> Iterable[int]:
    """Yield the numbers of the lines of a block: the key's, then those that are blank, indented or begin a list."""
    yield start
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line.strip() and not line.startswith((" ", "\t", "- ")) and line != "-":
            return
        yield number
