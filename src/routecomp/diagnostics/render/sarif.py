"""Render diagnostics as a SARIF 2.1.0 log: the report for code scanning services and editors."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.render.shown import encodable, place, visible_lines
from routecomp.diagnostics.rule import Rule, Scope
from routecomp.source.edits import Fix
from routecomp.source.text import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "PROJECTROOT"
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")


def render(
    diagnostics: Sequence[Diagnostic],
    rules: Mapping[str, Rule],
    *,
    color: bool,
    version: str,
    checked: int,
    notes: Collection[str] = (),
    properties: Mapping[str, Any] | None = None,
) -> str:
    """Return one SARIF log with one run, in ASCII, keys in a fixed order, with a line end.

    Paths are relative to the project's root with forward slashes, percent-encoded; lines and columns count
    from 1, columns in characters, ends are exclusive. The fingerprint of a result is made of its rule,
    message and path, so that it stays when lines move. Findings of the rules in `notes` are notes. `properties` are
    those of the run.
    """
    known = {d.rule: Rule(d.rule, d.rule, Scope.PROJECT, d.severity, d.rule) for d in diagnostics} | dict(rules)
    index = {id: position for position, id in enumerate(sorted(known))}
    run = {
        "tool": {
            "driver": {
                "name": "routecomp",
                "version": version,
                "rules": [_rule(known[id], is_note=id in notes) for id in index],
            }
        },
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the checked project."}}},
        "columnKind": "unicodeCodePoints",
        "results": list(_results(diagnostics, index, notes)),
        **({} if properties is None else {"properties": dict(properties)}),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule, *, is_note: bool) -> dict[str, Any]:
    """Return a rule as a reporting descriptor."""
    page = f"{rule.page}\n\nAn example: `routecomp docs {rule.id}`"
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": encodable(rule.summary)},
        "fullDescription": {"text": encodable(rule.summary)},
        "help": {"text": encodable(page), "markdown": encodable(page)},
        "defaultConfiguration": {"level": "note" if is_note else str(rule.severity)},
    }


def _results(
    diagnostics: Iterable[Diagnostic], index: Mapping[str, int], notes: Collection[str]
) -> Iterable[dict[str, Any]]:
    """Yield a result for each finding."""
    seen: Counter[str] = Counter()
    for d in diagnostics:
        identity = _fingerprint(d)
        seen[identity] += 1
        result: dict[str, Any] = {
            "ruleId": d.rule,
            "ruleIndex": index[d.rule],
            "level": "error" if d.severity is Severity.ERROR else "note" if d.rule in notes else "warning",
            "message": {"text": _message("\n".join(filter(None, [d.message, d.help])))},
        }
        # Readers such as GitHub's refuse a whole log over one result without a location.
        location = _location(d.span) if d.span else {"artifactLocation": {"uri": ".", "uriBaseId": ROOT}}
        result["locations"] = [{"physicalLocation": location, **_message_key(d.note)}]
        if d.labels:
            result["relatedLocations"] = [
                {"id": number, "physicalLocation": _location(label.span), **_message_key(label.text)}
                for number, label in enumerate(d.labels, 1)
            ]
        # Equal findings of one file are told apart by their order.
        result["partialFingerprints"] = {"ruleMessagePath/v1": f"{identity}:{seen[identity]}"}
        if d.fix:
            result["fixes"] = [_fix(d.fix)]
        yield result


def _fingerprint(d: Diagnostic) -> str:
    """Return 32 hex digits, a hash of rule, message and path; without a place the path is empty."""
    parts = (d.rule, d.message, d.span.path if d.span else "")
    return sha256("\0".join(map(encodable, parts)).encode()).hexdigest()[:32]


def _message_key(text: str) -> dict[str, dict[str, str]]:
    """Return an object's key `message` with the text as its value; an empty dict for an empty text."""
    return {"message": {"text": _message(text)}} if text else {}


def _message(text: str) -> str:
    """Make a text visible, and escape `[words](target)`, which would be a link in SARIF; its lines stay lines."""
    return _LINK.sub(r"\\[", "\n".join(visible_lines(text)))


def _location(span: Span) -> dict[str, Any]:
    """Return the file and the region of a span."""
    return {"artifactLocation": _artifact(span.path), "region": _region(span)}


def _artifact(path: str) -> dict[str, str]:
    """Return the location of a file: its path relative to the root, percent-encoded."""
    try:
        # A file name that is not UTF-8 holds surrogates in place of its bytes; the URI gives the bytes.
        name = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # other surrogates: a name of another system than this one
        name = path.encode("utf-8", "surrogatepass")
    return {"uri": quote(name, safe="/"), "uriBaseId": ROOT}


def _region(span: Span) -> dict[str, int]:
    """Return the lines and columns of a span."""
    position = place(span)
    return {
        "startLine": position.line,
        "startColumn": position.column,
        "endLine": position.end_line,
        "endColumn": position.end_column,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    """Return a fix as changes of artifacts."""
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        replacement: dict[str, Any] = {"deletedRegion": _region(edit.span)}
        if edit.replacement:
            replacement["insertedContent"] = {"text": encodable(edit.replacement)}
        changes.setdefault(edit.span.path, []).append(replacement)
    return {
        "description": {"text": _message(fix.title)},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": edits} for path, edits in changes.items()
        ],
        "properties": {"applicability": fix.applicability},
    }
