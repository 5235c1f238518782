"""Remember the verdict on a project in `.routecomp/`, and recall it while nothing changed.

INVARIANT: the cache never changes a result. An entry counts only for exactly the inputs it was made from
(every byte of the compiler, the settings, the day, every path and every byte of YAML), and only with the seal
of a key that lies outside the project: a cache that came with a repository, or was edited, is no entry.
An entry that is odd in any way is no entry, and where none can be written there is none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.source.text import Span
from routecomp.workspace.on_demand import diagnostics_of
from routecomp.workspace.sealed import compiler_digest, read_sealed, write_sealed
from routecomp.workspace.settings import Settings

_ENTRY = "verdict.json"
_CHANGE_ENTRY = "change.json"
"""The verdict on a change has a place of its own: `compile`, which looks at no base, would take it each time."""
_LINTED = "linted"


class Verdict(NamedTuple):
    """The diagnostics of a project and, where it was compiled, a summary of what came out.

    `files` counts the YAML files. `digests` are the SHA-256 of each artifact by name, `figures` what `compile`
    counts (see `output.figures`), `released` the identity of the migrations that its own build on; where nothing was
    compiled, the first two are None and the last is empty. `notes` are for the user's eyes beside the report, and are
    not remembered.
    """

    diagnostics: list[Diagnostic]
    files: int
    digests: dict[str, str] | None = None
    figures: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    released: str = ""


def fingerprint(files: Mapping[str, bytes], settings: Settings, today: date, base: str = "") -> str:
    """Return a name for everything that decides a verdict; equal names, equal verdicts.

    `base` is the identity of what the project is compared with, empty where it is compared with nothing.
    """
    digest = hashlib.sha256()
    for part in (compiler_digest(), settings.key().encode(), today.isoformat().encode(), base.encode()):
        digest.update(b"%d\n" % len(part) + part)
    for path, data in files.items():  # sorted by `collect`
        name = path.encode("utf-8", "surrogateescape")
        digest.update(b"%d %d\n" % (len(name), len(data)) + name)
        digest.update(data)
    return digest.hexdigest()


def recall(
    root: str, name: str, files: Mapping[str, bytes], settings: Settings, of_change: bool = False
) -> Verdict | None:
    """Return the verdict that is remembered under a name, None where there is none or it cannot be trusted.

    `of_change` asks for the verdict on a change. The spans of its diagnostics point into `files`.
    """
    body = read_sealed(root, _CHANGE_ENTRY if of_change else _ENTRY)
    if body is None:
        return None
    try:
        content = json.loads(body)
        return _verdict(content, files, settings) if content["name"] == name else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # odd in any way: as if it was not there, and written anew


def keep(root: str, name: str, verdict: Verdict, of_change: bool = False) -> None:
    """Remember a verdict under its name, in place of the one before; where that is not possible, do nothing.

    A verdict with a credential in it is not remembered: it would have to be shown without the file's own text.
    """
    if any(diagnostic.rule == "RC122" for diagnostic in verdict.diagnostics):
        return
    body = json.dumps(
        {
            "name": name,
            "files": verdict.files,
            "digests": verdict.digests,
            "figures": verdict.figures,
            "released": verdict.released,
            "diagnostics": [_plain(diagnostic) for diagnostic in verdict.diagnostics],
        }
    ).encode("ascii")
    write_sealed(root, _CHANGE_ENTRY if of_change else _ENTRY, body)


def recall_clean(root: str, name: str) -> bool:
    """Return whether migrations of this name were linted by this very compiler and were clean."""
    return read_sealed(root, _LINTED) == compiler_digest() + name.encode()


def keep_clean(root: str, name: str) -> None:
    """Remember that migrations of this name are clean, in place of those before; where not possible, do nothing."""
    write_sealed(root, _LINTED, compiler_digest() + name.encode())


# A diagnostic as plain values; `remembered` is the way back. The texts of files are not among them: the name of the
# entry stands for those.


def _plain(diagnostic: Diagnostic) -> list[Any]:
    """Return a diagnostic as plain values."""
    fix = diagnostic.fix
    return [
        diagnostic.rule,
        str(diagnostic.severity),
        diagnostic.message,
        _place(diagnostic.span),
        diagnostic.help,
        diagnostic.note,
        [[_place(label.span), label.text] for label in diagnostic.labels],
        None
        if fix is None
        else [fix.title, [[_place(edit.span), edit.replacement] for edit in fix.edits], fix.is_safe],
    ]


def _place(span: Span | None) -> list[Any] | None:
    """Return a span as path, start and end; None for None."""
    return None if span is None else [span.file.path, span.start, span.end]


def _verdict(content: dict[str, Any], files: Mapping[str, bytes], settings: Settings) -> Verdict:
    """Return the verdict that an entry holds; raise LookupError, TypeError or ValueError for an odd one."""
    return Verdict(
        diagnostics_of(content["diagnostics"], files, settings.max_file_bytes) if content["diagnostics"] else [],
        content["files"],
        content["digests"],
        content["figures"],
        released=content["released"],
    )
