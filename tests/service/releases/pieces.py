"""Publish small releases to folders and to a store in memory, and hold the keys that sign them."""

from __future__ import annotations

from pathlib import Path

from routecomp.service.releases.keys import Key
from routecomp.service.releases.names import RESOLVER
from routecomp.service.tables.files import FALLBACK, TABLE
from routecomp.workspace.publishing.folder import FolderTarget
from routecomp.workspace.publishing.publish import Content, Published, publish_release
from tests.service.tables.pieces import fallback, good

OLD, NEW, OTHER = (
    "one key for the tests of releases",
    "the next key for tests of releases",
    "some other key, unknown to all readers",
)
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def content(number: int) -> Content:
    """Return files of their own for each number."""
    return Content({TABLE: good(number), FALLBACK: fallback(number), RESOLVER: b"# %d\n" % number}, COMMIT)


def publish(root: Path, number: int, *keys: str, adopt: bool = False, dry_run: bool = False) -> Published:
    """Publish the files of a number to a folder."""
    return publish_release(
        FolderTarget(str(root), make=not dry_run),
        content(number),
        [Key(key) for key in keys],
        adopt=adopt,
        dry_run=dry_run,
    )


def roll_back(root: Path, number: int, *keys: str) -> Published:
    """Publish the files of an earlier generation again."""
    return publish_release(FolderTarget(str(root)), number, [Key(key) for key in keys])
