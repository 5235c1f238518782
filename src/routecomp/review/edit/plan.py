"""A place in a YAML file and what it shall say in, the edits that say it out; every other byte stays.

Comments, order, quotes, flow and block style, line ends and indentation are kept; what is new takes the style of
its surroundings. What no edit can say without harm to a comment is a `RefusedError`, never a guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass, field
from typing import Any

from routecomp.model.project import Declared
from routecomp.parse.scalars import is_null
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence, scalars
from routecomp.source.edits import Edit
from routecomp.source.text import SourceFile, Span

_PLAIN = re.compile(r"(-(?=[A-Za-z0-9])|[A-Za-z0-9_./+])([A-Za-z0-9_./+ -]*[A-Za-z0-9_./+-])?", re.ASCII)
_COLON = re.compile(r"[ \t]*:")


class RefusedError(Exception):
    """An edit that is not made: the fact, and what to do instead."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


@dataclass(frozen=True, slots=True)
class Swap:
    """A feature whose primary changes: from one model to another."""

    feature: str
    old: str
    new: str


@dataclass(frozen=True)
class Plan:
    """An edit that was thought through and not yet made.

    `title` says in one line what it does; `edits` are the characters that change, of any number of files;
    `intended` are the bodies, by (section, slug), that the project must declare afterwards, everything else as it
    was; `swap` is the promotion it makes, if it is one; `notes` are for the user's eyes.
    """

    title: str
    edits: tuple[Edit, ...]
    intended: MappingOf[tuple[str, str], Any]
    swap: Swap | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def paths(self) -> list[str]:
        """The files it changes, sorted."""
        return sorted({edit.span.path for edit in self.edits})


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text of one file after edits that do not overlap; of two insertions at one place the first stays first."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        assert edit.span.start >= at, "edits overlap"
        parts += (text[at : edit.span.start], edit.replacement)
        at = edit.span.end
    return "".join([*parts, text[at:]])


def differs_from(before: Declared, after: Declared, plan: Plan) -> str | None:
    """The first body that `after` does not declare as the plan intends; None where it does exactly that."""
    for name in Declared.__dataclass_fields__:
        was, now = getattr(before, name), getattr(after, name)
        if not isinstance(was, dict) or name == "broken":
            if getattr(was, "body", was) != getattr(now, "body", now):
                return name
            continue
        for slug in {**was, **now}:
            if slug not in was or slug not in now:
                return str(slug)
            wanted, found = plan.intended.get((name, slug), was[slug].body), now[slug].body
            if wanted != found or _order(wanted) != _order(found):
                return str(slug)
    return None


def _order(body: Any) -> list[str]:
    """A feature's models, an experiment's variants: their order means something, and `==` does not see it."""
    return list(getattr(body, "models", None) or getattr(body, "variants", None) or ())


# Values -----------------------------------------------------------------------------------------------------


def like(old: Scalar, text: str) -> str:
    """A word or number written with the quotes of the scalar it replaces."""
    quote = "" if old.plain or old.end <= old.start else old.file.text[old.start]
    return f"{quote}{text}{quote}" if quote in ("'", '"') else text


def replace(node: Node, text: str) -> Edit:
    """The node's characters replaced; a scalar keeps its quotes."""
    return Edit(node.span, like(node, text) if isinstance(node, Scalar) else text)


def plain_or_quoted(text: str) -> str:
    """Free text as a YAML scalar: plain where that is safe anywhere, else in double quotes."""
    if _PLAIN.fullmatch(text) and not is_null(Scalar(_NOWHERE, 0, 0, text, True)):
        return text
    return json.dumps(text, ensure_ascii=False)


def flow(pairs: SequenceOf[tuple[str, str]]) -> str:
    """Keys and values (as YAML) as a flow mapping."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"


def source_of(node: Node) -> str:
    """A scalar as its author wrote it, as far as that fits on one line; else its text."""
    written = node.span.text
    if isinstance(node, Scalar) and ("\n" in written or written[:1] in "|>"):
        return node.text
    return written


def on_one_line(node: Node) -> bool:
    """Whether a value can be moved as it stands: a scalar or flow collection on a single line."""
    if isinstance(node, Scalar):
        return "\n" not in node.span.text and node.span.text[:1] not in ("|", ">")
    return node.flow and "\n" not in node.span.text


# Mappings ---------------------------------------------------------------------------------------------------


def replace_value(mapping: Mapping, key: str, text: str) -> Edit:
    """The value under a key replaced, whatever its style, by one on a single line."""
    node = mapping.get(key)
    at = mapping.key(key)
    assert node is not None
    assert at is not None
    if isinstance(node, Scalar):
        return replace(node, text) if _is_word(text) else Edit(node.span, text)
    if node.flow:
        if commented(node):
            raise _by_hand(node.file, node.start, f"the value of `{key}` has comments inside")
        return Edit(node.span, text)
    source = node.file.text
    colon = _COLON.match(source, at.end)
    assert colon is not None
    if "#" in source[colon.end() : node.start] or commented(node):
        raise _by_hand(node.file, at.start, f"the value of `{key}` has comments inside")
    return Edit(Span(node.file, colon.end(), node.end), f" {text}")


def insert_keys(mapping: Mapping, pairs: SequenceOf[tuple[str, str]], after: str | None = None) -> Edit:
    """New keys behind the one named, by default behind the last, in the style of the mapping."""
    source = mapping.file.text
    if not mapping.items:
        return Edit(mapping.span, flow(pairs))
    names = [key.text for key, _ in mapping.items]
    index = names.index(after) if after in names else len(names) - 1
    key, value = mapping.items[index]
    end = max(key.end, value.end)
    if not mapping.flow:
        lines = [f"{name}: {text}" for name, text in pairs]
        return new_lines(mapping.file, end, " " * _column(source, mapping.items[0][0].start), lines)
    return _in_flow(mapping, key.start, end, [f"{name}: {text}" for name, text in pairs], index == len(names) - 1)


def remove_keys(mapping: Mapping, names: SequenceOf[str]) -> list[Edit]:
    """Keys and their values taken out; comments beside them stay, on lines of their own."""
    gone = [at for at, (key, _) in enumerate(mapping.items) if key.text in names]
    if len(gone) == len(mapping.items):
        raise _by_hand(mapping.file, mapping.start, "nothing would be left of it")
    return _without(mapping, [(key, value) for key, value in mapping.items], gone)


def refill(name: Scalar, mapping: Mapping, pairs: SequenceOf[tuple[str, str]]) -> list[Edit]:
    """All keys of the mapping under a name taken out, and others put in; with none it becomes `{}`."""
    if mapping.flow:
        if commented(mapping):
            raise _by_hand(mapping.file, mapping.start, "a comment stands in what would be taken out")
        return [Edit(mapping.span, flow(pairs))]
    edits = _without(mapping, [(key, value) for key, value in mapping.items], range(len(mapping.items)))
    if pairs:
        return [*edits, insert_keys(mapping, pairs)]
    colon = _COLON.match(mapping.file.text, name.end)
    assert colon is not None
    return [Edit(Span(mapping.file, colon.end(), colon.end()), " {}"), *edits]


# Sequences --------------------------------------------------------------------------------------------------


def append_items(sequence: Sequence, items: SequenceOf[str | SequenceOf[tuple[str, str]]]) -> Edit:
    """New items behind the last: each a scalar as YAML, or the keys and values of a mapping."""
    source = sequence.file.text
    if not sequence.items:
        return Edit(sequence.span, f"[{', '.join(one if isinstance(one, str) else flow(one) for one in items)}]")
    last = sequence.items[-1]
    if sequence.flow:
        texts = [one if isinstance(one, str) else flow(one) for one in items]
        return _in_flow(sequence, last.start, last.end, texts, True)
    dash = " " * _column(source, sequence.start)
    in_block = isinstance(last, Mapping) and not last.flow
    gap = " " * max(_column(source, last.start) - len(dash) - 1, 1) if _same_line(source, sequence, last) else " "
    lines: list[str] = []
    for one in items:
        if isinstance(one, str):
            lines.append(f"-{gap}{one}")
        elif in_block:
            lines += [
                f"{'-' + gap if not at else ' ' * (1 + len(gap))}{key}: {text}" for at, (key, text) in enumerate(one)
            ]
        else:
            lines.append(f"-{gap}{flow(one)}")
    return new_lines(sequence.file, last.end, dash, lines)


def set_list(mapping: Mapping, key: str, wanted: SequenceOf[str]) -> list[Edit]:
    """A list of words made another one: items are taken out and added at the end; any other change rewrites it."""
    node = mapping.get(key)
    whole = f"[{', '.join(wanted)}]"
    if not isinstance(node, Sequence) or not all(isinstance(item, Scalar) for item in node.items):
        return [replace_value(mapping, key, whole)]
    have = [item.text for item in node.items if isinstance(item, Scalar)]
    kept = [word for word in have if word in wanted]
    if not kept or len(set(have)) != len(have) or list(wanted[: len(kept)]) != kept:
        return [replace_value(mapping, key, whole)]
    gone = [at for at, word in enumerate(have) if word not in wanted]
    new = list(wanted[len(kept) :])
    if gone and new:
        return [replace_value(mapping, key, whole)]
    if new:
        return [append_items(node, new)]
    return _without(node, [(item, item) for item in node.items], gone) if gone else []


# Lines and commas -------------------------------------------------------------------------------------------


_NOWHERE = SourceFile("", "")


def _is_word(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None


def _column(source: str, offset: int) -> int:
    return offset - source.rfind("\n", 0, offset) - 1


def _same_line(source: str, sequence: Sequence, last: Node) -> bool:
    """Whether the last item stands on the line of its dash, so that the gap between them can be copied."""
    begin = source.rfind("\n", 0, last.start) + 1
    return source[begin : last.start].strip(" ") == "-" and _column(source, sequence.start) < last.start - begin


def line_end(source: str, offset: int) -> int:
    """Where the line of an offset ends, before its CR LF or LF."""
    end = source.find("\n", offset)
    if end == -1:
        return len(source)
    return end - 1 if end > offset and source[end - 1] == "\r" else end


def _newline(source: str, offset: int) -> str:
    """The line end used where an offset stands; at the last line of a file without one, its first line's."""
    end = source.find("\n", offset)
    if end == -1:
        end = source.find("\n")
    return "\r\n" if end > 0 and source[end - 1] == "\r" else "\n"


def new_lines(file: SourceFile, end: int, indent: str, lines: SequenceOf[str]) -> Edit:
    """Lines behind the line on which a block value ends."""
    source = file.text
    at = line_end(source, end)
    rest = source[end:at].strip(" \t")
    if rest and not rest.startswith("#"):
        raise _by_hand(file, end, "another value stands on the same line")
    newline = _newline(source, at)
    return Edit(Span(file, at, at), "".join(f"{newline}{indent}{line}" for line in lines))


def _in_flow(collection: Mapping | Sequence, start: int, end: int, texts: SequenceOf[str], is_last: bool) -> Edit:
    """Items behind one of a flow collection: on its line, or, where each has a line, on lines of their own."""
    file, source = collection.file, collection.file.text
    begin = source.rfind("\n", 0, start) + 1
    own_line = begin > collection.start and not source[begin:start].strip(" \t")
    if not own_line or not is_last:
        return Edit(Span(file, end, end), "".join(f", {text}" for text in texts))
    at = line_end(source, end)
    rest = source[end:at]
    if at >= collection.end:  # the bracket closes on this line
        return Edit(Span(file, end, end), "".join(f", {text}" for text in texts))
    indent = source[begin:start]
    comma = rest.lstrip(" \t").startswith(",")
    separator = f",{_newline(source, at)}{indent}"
    added = separator.join(texts)
    # The comment of the line stays on it: the comma goes before it, the new lines behind it.
    return Edit(Span(file, end, at), ("" if comma else ",") + rest + separator[1:] + added + ("," if comma else ""))


_Item = tuple[Node, Node]
"""The first and the last node of an item: key and value, or twice the same."""


def commented(node: Node) -> bool:
    """Whether a comment stands inside a value: a `#` in none of its scalars."""
    if isinstance(node, Scalar):
        return node.span.text[:1] in ("|", ">") and "#" in node.span.text
    text = node.span.text
    for one in reversed(scalars(node)):
        if one.span.text[:1] not in ("|", ">"):
            text = text[: one.start - node.start] + text[one.end - node.start :]
    return "#" in text


def _without(collection: Mapping | Sequence, items: SequenceOf[_Item], gone: SequenceOf[int]) -> list[Edit]:
    places = [(first.start, max(first.end, last.end)) for first, last in items]
    for at in gone:
        first, last = items[at]
        between = collection.file.text[min(first.end, last.start) : last.start]
        if commented(last) or "#" in between:
            raise _by_hand(collection.file, first.start, "a comment stands in what would be taken out")
    if collection.flow:
        return [_out_of_flow(collection, places, at, gone) for at in gone]
    return [_out_of_block(collection, places, at) for at in gone]


def _out_of_flow(
    collection: Mapping | Sequence, places: SequenceOf[tuple[int, int]], at: int, gone: SequenceOf[int]
) -> Edit:
    # With every item goes the comma before it; with those at the front, which have none, the comma behind.
    file = collection.file
    at_front = all(before in gone for before in range(at))
    if at_front:
        begin = places[at][0]
        end = places[at + 1][0] if at + 1 < len(places) else places[at][1]
        beside = file.text[places[at][1] : end]
    else:
        begin, end = places[at - 1][1], places[at][1]
        beside = file.text[begin : places[at][0]]
    if "#" in beside:
        raise _by_hand(file, begin, "a comment stands in what would be taken out")
    return Edit(Span(file, begin, end), "")


def _out_of_block(collection: Mapping | Sequence, places: SequenceOf[tuple[int, int]], at: int) -> Edit:
    file, source = collection.file, collection.file.text
    start, end = places[at]
    begin = source.rfind("\n", 0, start) + 1
    indent = source[begin:start]
    dash = "-" if isinstance(collection, Sequence) else ""
    if indent.strip(" ") != dash:
        raise _by_hand(file, start, "something else stands on its lines")
    stop = line_end(source, end)
    comment = source[end:stop].strip(" \t")
    if comment:
        return Edit(Span(file, begin + len(indent.rstrip(" -")), stop), indent.replace("-", " ") + comment)
    # With the line goes the line end before it: there is one, for these lines stand below a section's name.
    begin -= 2 if source[begin - 2 : begin] == "\r\n" else 1
    return Edit(Span(file, begin, stop), "")


def _by_hand(file: SourceFile, at: int, why: str) -> RefusedError:
    return RefusedError(
        f"{Span(file, at, at)} cannot be changed by a command: {why}",
        "make this change by hand, then run `routecomp check`",
    )
