"""Hold small tables, ways to break one, and folders as deployments write them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from routecomp.service.tables.files import FALLBACK, TABLE
from routecomp.service.tables.status import TableEvent
from routecomp.service.tables.tables import Tables
from tests.runtime import tables

MODELS = ("opus", "thinker", "mini")


def good(number: int) -> bytes:
    """Return a table of its own for each number; its feature `chat` is served by one of three models."""
    changes = {"features/chat/rows/0/model": MODELS[number % 3], "defaults/routes/batch": "mistral-3"}
    return tables.encode({**tables.changed(tables.TABLE, changes), "note": number})


def fallback(number: int) -> bytes:
    """Return a fallback file of its own for each number."""
    return tables.encode({**tables.FALLBACK, "note": number})


def bad(number: int) -> bytes:
    """Return a table that is broken in one of 12 ways, with bytes of its own for each number."""
    raw, salt = good(number), str(number).encode()
    return (
        b"" if number < 12 else b" " * number,
        raw[: len(raw) // 2] + salt,
        b"[" + salt + b"]",
        b"{" + salt,
        raw + b"}" + salt,
        b"\xff" + raw,
        raw.replace(b'"format":"2.0"', b'"format":"3.0"'),
        raw.replace(b'"requires":[]', b'"requires":["x"]'),
        raw.replace(b'"model":"' + MODELS[number % 3].encode() + b'"', b'"model":"gone"', 1),
        raw.replace(b"1800", b"1800.5"),
        raw.replace(b'"note":', b'"format":"2.0","note":'),
        raw.replace(b'"url":"https:', b'"url":"ftp:'),
    )[number % 12]


def replace(path: Path, raw: bytes) -> None:
    """Write a file the way a deployment does: whole, then renamed into place."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(raw)
    beside.rename(path)


def release(root: Path, number: int, files: dict[str, bytes] | None = None) -> Path:
    """Write a folder of files and swap the symlink `current` to it; return the link."""
    folder = root / "releases" / str(number)
    folder.mkdir(parents=True)
    for name, raw in (files or {TABLE: good(number), FALLBACK: fallback(number)}).items():
        (folder / name).write_bytes(raw)
    link, beside = root / "current", root / "current.new"
    os.symlink(folder, beside)
    beside.rename(link)
    return link


def model(served: Tables) -> str | None:
    """Return the model that serves the feature `chat`."""
    return served.router.resolve(feature="chat").model


def adds_up(served: Tables) -> bool:
    """Return whether the counts are those of as many looks."""
    status = served.status()
    parts: Any = status
    whole = status["reads"] == sum(parts[name] for name in ("activated", "refused", "unchanged"))
    return whole and status["looks"] == status["reads"] + status["unreadable"]


def kept_file(folder: Path) -> Path:
    """Return the one file in which a table is kept."""
    (path,) = folder.glob("*.last-good")
    return path


def kept(folder: Path) -> bytes:
    """Return the table in a last-good folder."""
    return kept_file(folder).read_bytes().partition(b"\n")[2]


class Heard(list[TableEvent]):
    """What hooks were told, in order."""

    @property
    def kinds(self) -> list[str]:
        """The kinds of the events alone."""
        return [event.kind for event in self]


def note(raw: bytes) -> int:
    """Return the number that a table was made for."""
    return int(json.loads(raw)["note"])
