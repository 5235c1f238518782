"""RC631 released-changed: a migration that is on the base branch never changes."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.parse.encoding import decode_text
from routecomp.source.text import SourceFile, Span
from routecomp.sql.history import History
from routecomp.sql.line_ends import KEEP_BYTES, WRITE_PLAIN, line_ends, written_otherwise
from routecomp.sql.read.files import MAX_BYTES
from routecomp.sql.rule import history_rule

_RESTORE = "run `routecomp compile`: it restores what is released, and writes your change as one migration more"


@history_rule("RC631", "released-changed", aliases=("H01",))
def released_changed(history: History) -> Iterator[Diagnostic]:
    """A migration that is on the base branch was edited or deleted.

    Databases that applied it will never run it again: what it says now happens nowhere, and its checksum is not the one
    they keep. After a `git revert` the database still holds what was reverted.

    Why: a fresh install would go another way than every database that is in use.

    With `check --against COMMIT` that holds for the base branch too: a merge may have taken the other side's file.

    Fix: run `routecomp compile`. It restores the file, and writes what you changed, or reverted, as one more. Where the
    base branch has overwritten it, restore the file from the commit that is named and commit that, before you compile.
    """
    place = "on the base branch" if history.since is None else f"in {history.since.commit}"
    gone = sorted(history.released.keys() - history.files.keys())
    if gone:
        more = f" (and {len(gone) - 1} more)" if len(gone) > 1 else ""
        yield error(
            "RC631", f"{gone[0]} is released ({place}), and is gone here{more}", None, _restore(gone[0], history)
        )
    rewritten: list[tuple[str, SourceFile]] = []
    same = sorted(path for path, data in history.released.items() if history.files.get(path) == data)
    odd = [path for path in same if line_ends(history.files[path])]
    if odd and history.since is None:
        more = f" (and {len(odd) - 1} more)" if len(odd) > 1 else ""
        source = decode_text(odd[0], history.files[odd[0]], MAX_BYTES)[0]
        message = f"this file is released as no database can run it: {line_ends(history.files[odd[0]])}{more}"
        yield error("RC631", message, Span(source, 0, 0), WRITE_PLAIN)
    for path, data in sorted(history.released.items()):
        now = history.files.get(path)
        if now is not None and now != data:
            source = decode_text(path, now, MAX_BYTES)[0]
            how = written_otherwise(now, data.__eq__)
            if how:
                rewritten.append((how, source))
                continue
            offset = _first_difference(source.text, decode_text(path, data, MAX_BYTES)[0].text)
            yield error(
                "RC631",
                f"this file is released ({place}), and reads otherwise there from here on",
                Span(source, offset, min(offset + 1, len(source.text))),
                _restore(path, history),
            )
    if rewritten:  # one checkout has done it to all of them
        how, source = rewritten[0]
        more = f" (and {len(rewritten) - 1} more)" if len(rewritten) > 1 else ""
        restore = "run `routecomp compile`" if history.since is None else _restore(source.path, history)
        message = f"this file is released ({place}), and is not written here as it is there: {how}{more}"
        yield error("RC631", message, Span(source, 0, 0), f"{restore}, or {KEEP_BYTES}")


def _restore(path: str, history: History) -> str:
    """Say how a released file is restored: `compile` does it, except where the base branch itself has changed it."""
    if history.since is None:
        return _RESTORE
    commit, folder = history.since
    how = f"`git checkout {commit} -- {path}`" if folder is None else f"take its bytes from {folder} in {commit}"
    return (
        f"restore it on the base branch ({how}) and commit that; then `routecomp compile` writes the change as a "
        "migration of its own"
    )


def _first_difference(text: str, other: str) -> int:
    """Return the offset of the first character that differs; the shorter length where one text begins the other."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((offset for offset, (left, right) in pairs if left != right), min(len(text), len(other)))
