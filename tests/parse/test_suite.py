"""Run the YAML test suite: what is invalid is refused, and what our subset accepts has the value of the suite."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal

import pytest

from routecomp.parse import parse
from tests.parse import grammar
from tests.parse.plain_values import to_python
from tests.parse.shared import ABSENT, suite

SUITE = suite()
INVALID = [name for name, files in SUITE.items() if "error" in files]
VALID = [name for name, files in SUITE.items() if "error" not in files]

needs_suite = pytest.mark.skipif(not SUITE, reason=ABSENT)

# Valid documents of our subset that are refused: libyaml cannot read them, or reads them wrongly and `strict`
# notices. All of them are unusual spellings with an ordinary one beside them, which the message asks for.
REFUSED = {
    "4ABK": "in brackets, a `:` without a value, directly before a comma",
    "4MUZ/00": "in brackets, the `:` on the line after its quoted key",
    "4MUZ/01": "in brackets, the `:` on the line after its quoted key",
    "4MUZ/02": "in brackets, the `:` on the line after its plain key",
    "DK3J": "text after `>` that is not indented, which only the root of a document may have",
    "DK95/00": "a tab after the spaces of the indentation",
    "DK95/03": "a tab on an otherwise empty line",
    "DK95/04": "a tab on an otherwise empty line",
    "HM87/00": "between brackets, plain text that begins with `:`",
    "HM87/01": "between brackets, plain text that begins with `?`: libyaml takes it for an explicit key",
    "K3WX": "in brackets, a comment between a quoted key and its `:`",
    "VJP3/01": "in brackets, the `:` on the line after its key",
}


def outside_of_subset(files: dict[str, str]) -> str | None:
    """Why a valid document is none that routecomp reads; None for those it should read."""
    events, text = files["test.event"], files["in.yaml"]
    if events.count("+DOC") != 1:
        return "not one document"
    if re.search(r"^(=ALI|(\+MAP|\+SEQ)( \{\}| \[\])?( &| <)|=VAL (&|<))", events, re.MULTILINE):
        return "anchors, aliases or tags"
    if re.search(r"\A(?:[ \t]*(?:#.*)?\n)*%", text):
        return "directives"
    if re.search(r"(?:^|[-\[{,] )[ ]*\?(?=\s)", text, re.MULTILINE):
        return "explicit keys"
    if any(unicodedata.category(char) == "Cc" and char not in "\t\n" for char in json_text(files)):
        return "characters that no file may hold"
    return keys_outside(events)


def json_text(files: dict[str, str]) -> str:
    """All texts of the suite's value together, escapes resolved."""
    return "".join(json.loads(text) for text in re.findall(r'"(?:[^"\\]|\\.)*"', files.get("in.json", "")))


def keys_outside(events: str) -> str | None:
    """Walk the suite's events for keys that are no text, missing, or there twice."""
    stack: list[tuple[bool, int, set[str]]] = []  # is it a mapping, children so far, keys
    for line in events.splitlines():
        kind, _, rest = line.partition(" ")
        if kind in ("-MAP", "-SEQ"):
            stack.pop()
        if kind not in ("+MAP", "+SEQ", "=VAL"):
            continue
        if stack:
            mapping, children, keys = stack[-1]
            if mapping and children % 2 == 0:
                if kind != "=VAL":
                    return "a collection as key"
                if rest == ":" or rest[1:] in keys or rest == ":<<":
                    return "a missing, merge or duplicate key"
                keys.add(rest[1:])
            stack[-1] = (mapping, children + 1, keys)
        if kind != "=VAL":
            stack.append((kind == "+MAP", 0, set()))
    return None


@needs_suite
@pytest.mark.parametrize("name", INVALID or [""])
def test_what_is_not_yaml_is_refused(name: str) -> None:
    """A document the suite calls an error gives no tree, and at least one finding with a place."""
    parsed = parse("in.yaml", SUITE[name]["in.yaml"].encode())
    assert parsed.root is None
    assert parsed.diagnostics
    assert all(diagnostic.span is not None and diagnostic.help for diagnostic in parsed.diagnostics)


@needs_suite
@pytest.mark.parametrize("name", VALID or [""])
def test_documents_of_the_subset_have_the_value_of_the_suite(name: str) -> None:
    """A valid document is read as the suite reads it, or refused for a reason that stands in this file."""
    files = SUITE[name]
    parsed = parse("in.yaml", files["in.yaml"].encode())
    reason = outside_of_subset(files) or REFUSED.get(name)
    if reason is not None:
        assert parsed.root is None or any(diagnostic.rule == "RC109" for diagnostic in parsed.diagnostics), reason
        assert parsed.diagnostics, reason
    else:
        assert parsed.diagnostics == []
        assert parsed.root is not None
        assert to_python(parsed.root) == json.loads(files["in.json"], parse_float=Decimal)


@needs_suite
def test_the_list_of_refused_documents_is_true() -> None:
    """Every document named above is a valid one of our subset, so the list cannot hide what outgrew it."""
    assert {name for name in REFUSED if outside_of_subset(SUITE[name]) is None} == set(REFUSED)


@needs_suite
@pytest.mark.parametrize("name", list(SUITE) or [""])
def test_the_slow_reader_agrees_with_the_suite(name: str) -> None:
    """The twin that other tests compare with refuses all errors, and reads every document of the subset."""
    files = SUITE[name]
    outside = outside_of_subset(files)
    if "error" in files or outside not in (None, "characters that no file may hold"):
        with pytest.raises(grammar.Refused):
            grammar.read(files["in.yaml"])
    elif "in.json" in files:
        assert grammar.read(files["in.yaml"]) == json.loads(files["in.json"], parse_float=Decimal)
