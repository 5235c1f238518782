"""Tell a file that a checkout, an editor or a copy has written in another way from one whose content was edited."""

from __future__ import annotations

from collections.abc import Callable

KEEP_BYTES = (
    "write the line `generated/** -text` (with the name of the output folder) into .gitattributes, so that Git "
    "leaves the bytes as they are, delete the files here, and `git checkout` them again"
)
"""The remedy for files that Git, or what stands between, has written in another way."""
KEEP_OR_RESTORE = f"{KEEP_BYTES}; where the commit holds them so too, `routecomp compile` restores them: commit that"
"""The same where nobody knows whether a checkout or a commit has done it."""
WRITE_PLAIN = (
    "no `migrate` runs such a file: write its lines with LF (`sed -i 's/\\r$//' FILE`, an editor), and commit that: "
    "line ends alone are no change of a released migration"
)
"""The remedy for a migration that was never released with the line ends that `compile` writes."""
_BOM = b"\xef\xbb\xbf"


def line_ends(data: bytes) -> str:
    """Say what is unusual in how a file is written: a byte-order mark, CR LF, CR; empty where nothing is."""
    plain = data.replace(b"\r\n", b"\n")
    unusual = {
        "it begins with a byte-order mark": data.startswith(_BOM),
        "its lines end with CR LF": plain != data,
        "its lines end with CR": b"\r" in plain,
    }
    return " and ".join(words for words, is_so in unusual.items() if is_so)


def is_written_plain(data: bytes, original: bytes) -> bool:
    """Return whether a file has LF where the original has CR LF, and differs in nothing else, or not at all."""
    return data == original or (b"\r" not in data and data == original.replace(b"\r\n", b"\n"))


def with_carriage_returns(data: bytes) -> bytes:
    """Return a file of LF alone as it is written with CR LF; one that has a CR as it is."""
    return data if b"\r" in data else data.replace(b"\n", b"\r\n")


def written_otherwise(data: bytes, is_original: Callable[[bytes], bool]) -> str:
    """Say how a file differs from the original, if not by its content; empty where content differs, or nothing does.

    `is_original` says whether bytes are those of the original, which need not be there.
    """
    plain = data.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    trimmed = plain.rstrip(b"\n")
    ending = "the end of its last line is missing" if trimmed == plain else "empty lines were added at its end"
    ways = (
        (plain, ""),
        (trimmed + b"\n", ending),
        (trimmed, "a line end was added behind its last line"),
    )
    if is_original(data):
        return ""
    what = next((what for original, what in ways if is_original(original)), None)
    return "" if what is None else " and ".join(words for words in (line_ends(data), what) if words)
