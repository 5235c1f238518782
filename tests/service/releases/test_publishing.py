"""Publish to folders and stores: in order, once, and never through a link or over another publisher."""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routecomp.service.releases.keys import Key
from routecomp.service.releases.manifest import read_manifest
from routecomp.service.releases.names import CURRENT, MANIFEST, RELEASES
from routecomp.service.tables.files import TABLE
from routecomp.workspace.problem import Problem
from routecomp.workspace.publishing.folder import FolderTarget
from routecomp.workspace.publishing.object_store import StoreTarget
from routecomp.workspace.publishing.publish import Content, publish_release
from routecomp.workspace.publishing.target import Place, read_place
from tests.service.tables.pieces import bad

from .pieces import COMMIT, NEW, OLD, content, publish, roll_back

FSSPEC = importlib.util.find_spec("fsspec") is not None


def names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_symlink()}


def link(root: Path, name: str) -> None:
    """Put a link in the place of a file or folder of the set; what was there lies elsewhere."""
    elsewhere = root.parent / "elsewhere"
    (root / name).rename(elsewhere)
    (root / name).symlink_to(elsewhere)


@pytest.mark.parametrize("name", [RELEASES, f"{RELEASES}/1", f"{RELEASES}/1/{MANIFEST}"])
def test_a_link_inside_is_refused(name: str, tmp_path: Path) -> None:
    """Nothing is written through it, nothing is read through it, and what led before leads."""
    root = tmp_path / "set"
    publish(root, 1)
    link(root, name)
    before = names(tmp_path)
    with pytest.raises(Problem) as refused:
        publish(root, 2)
    assert "link" in refused.value.message + refused.value.help or "not a folder" in refused.value.message
    assert names(tmp_path) == before
    assert os.readlink(root / CURRENT) == f"{RELEASES}/1"


@pytest.mark.parametrize("target", ["/etc", "releases", "releases/01", "releases/1/..", "../set/releases/1"])
def test_a_current_that_leads_elsewhere_is_refused(target: str, tmp_path: Path) -> None:
    root = tmp_path / "set"
    publish(root, 1)
    os.unlink(root / CURRENT)
    os.symlink(target, root / CURRENT)
    with pytest.raises(Problem, match="`publish` makes"):
        publish(root, 2)


def test_nothing_unsound_is_published(tmp_path: Path) -> None:
    """A table that no service would load stops the command before anything is written."""
    for number in range(12):
        files = {**content(number).files, TABLE: bad(number)}
        with pytest.raises(Problem, match="would not serve"):
            publish_release(FolderTarget(str(tmp_path / "set")), Content(files, None), ())
    assert names(tmp_path / "set") == {RELEASES}


def test_who_signs_goes_on(tmp_path: Path) -> None:
    """A signed set is not followed by an unsigned release, an unsigned one by a signed release only if told so."""
    root = tmp_path / "set"
    publish(root, 1)
    with pytest.raises(Problem, match="who published the release"):
        publish(root, 2, OLD)
    assert publish(root, 2, OLD, adopt=True).manifest.generation == 2
    with pytest.raises(Problem, match="generation 2 is signed"):
        publish(root, 3)
    with pytest.raises(Problem, match="who published the release"):
        publish(root, 3, NEW)
    with pytest.raises(Problem, match="cannot be published again"):
        roll_back(root, 1, OLD)
    with pytest.raises(Problem, match="there is no generation 9"):
        roll_back(root, 9, OLD)
    path = root / CURRENT / MANIFEST
    path.write_bytes(path.read_bytes().replace(b'"generation":2', b'"generation":3'))
    with pytest.raises(Problem, match="not as it was published"):
        publish(root, 3, OLD)


def test_a_rotation_goes_as_the_page_says(tmp_path: Path) -> None:
    """With both keys, and then with the new one; the new one alone is refused in words that help, before and behind."""
    root = tmp_path / "set"

    def remedy(act: Callable[..., Any], *arguments: Any) -> str:
        with pytest.raises(Problem) as caught:
            act(root, *arguments)
        return str(caught.value.help)

    publish(root, 1, OLD)
    words = remedy(publish, 1, NEW)
    assert "--key-env NEW_KEY --key-env OLD_KEY" in words
    assert "--adopt" in words
    assert publish(root, 1, NEW, OLD).manifest.signatures.keys() == {Key(NEW).id, Key(OLD).id}
    assert publish(root, 2, NEW).manifest.generation == 3
    words = remedy(roll_back, 1, NEW)
    assert "--key-env NEW_KEY --key-env OLD_KEY" in words
    assert COMMIT in words
    assert roll_back(root, 1, NEW, OLD).manifest.rollback_of == 1
    path = root / CURRENT / MANIFEST
    text = path.read_text()
    signature = read_manifest(path.read_bytes()).signatures[Key(NEW).id]
    path.write_text(text.replace(signature, signature[::-1]))
    assert "--key-env" not in remedy(publish, 5, NEW)  # no key helps where a signature is wrong


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "set"
    assert publish(root, 1, dry_run=True).manifest.generation == 1
    assert not root.exists()
    publish(root, 1)
    before = names(root)
    assert publish(root, 2, dry_run=True).manifest.parent == 1
    assert publish(root, 1, dry_run=True).state == "unchanged"
    assert names(root) == before


def test_many_publishers_take_turns(tmp_path: Path) -> None:
    """Each gets a number of its own, and follows the one before it."""
    root = tmp_path / "set"
    threads = [threading.Thread(target=publish, args=(root, number)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    manifests = [read_manifest((root / RELEASES / str(number) / MANIFEST).read_bytes()) for number in range(1, 13)]
    assert [manifest.parent for manifest in manifests] == [None, *range(1, 12)]
    assert len({manifest.digest for manifest in manifests}) == 12
    assert os.readlink(root / CURRENT) == f"{RELEASES}/12"


@pytest.fixture
def store() -> Any:
    if not FSSPEC:
        pytest.skip("fsspec is not installed: make setup")
    from fsspec.implementations.memory import MemoryFileSystem

    made = MemoryFileSystem(skip_instance_cache=True)
    made.store, made.pseudo_dirs = {}, [""]
    return made


class Store:
    """A store that does something of its own before one of its writes."""

    def __init__(self, store: Any, number: int, act: Callable[[], object]) -> None:
        self._store, self._left, self._act = store, number, act

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def pipe_file(self, *arguments: Any, **named: Any) -> None:
        self._left -= 1
        if self._left == 0:
            self._act()
        self._store.pipe_file(*arguments, **named)


def put(store: Any, number: int) -> tuple[str, int]:
    published = publish_release(StoreTarget(store, "/bucket/prod", "s3://bucket/prod"), content(number), [Key(OLD)])
    return published.state, published.manifest.generation


def leading(store: Any) -> int:
    manifest = read_manifest(store.cat_file(f"/bucket/prod/{CURRENT}/{MANIFEST}"))
    for name in (*manifest.files, MANIFEST):
        assert store.cat_file(f"/bucket/prod/{RELEASES}/{manifest.generation}/{name}")
    return manifest.generation


def test_a_store_gets_the_same_set(store: Any) -> None:
    """The manifest of what leads comes last; what leads already is not published again."""
    assert [put(store, number) for number in (1, 1, 2)] == [("published", 1), ("unchanged", 1), ("published", 2)]
    assert leading(store) == 2
    assert store.cat_file(f"/bucket/prod/{RELEASES}/2/{TABLE}") == content(2).files[TABLE]


@pytest.mark.parametrize("write", range(1, 6))
def test_a_store_whose_publisher_dies(store: Any, write: int) -> None:
    """What led leads on; the same release is finished, and another one gets a number of its own."""

    def die() -> None:
        raise KeyboardInterrupt

    put(store, 1)
    with pytest.raises(KeyboardInterrupt):
        put(Store(store, write, die), 2)
    assert leading(store) == 1
    again = put(store, 2) if write % 2 else put(store, 3)
    assert again == ("published", 2 if write % 2 or write == 1 else 3)
    assert leading(store) == again[1]


@pytest.mark.parametrize("write", range(1, 6))
def test_a_store_with_a_faster_publisher(store: Any, write: int) -> None:
    """Each gets a number of its own, or the slower one is told so; the higher one leads at last."""
    put(store, 1)
    slow = Store(store, write, lambda: put(store, 3))
    if write < 5:
        with pytest.raises(Problem) as told:
            put(slow, 2)
        assert told.value.kind == "conflict"
    else:  # it had begun to lead, and gives way
        assert put(slow, 2) == ("published", 2)
    assert leading(store) == (2 if write == 1 else 3)


def test_a_store_that_fails_is_put_into_words(store: Any) -> None:
    """Whatever its client raises; the words of it may hold a credential."""

    def fail() -> None:
        raise ValueError("AWS_SECRET=hunter2")

    with pytest.raises(Problem, match=r"cannot be used \(ValueError\)") as refused:
        put(Store(store, 2, fail), 1)
    assert "hunter2" not in str(refused.value) + refused.value.help


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("out", Place("file", "out")),
        ("file:///srv/a%20b", Place("file", "/srv/a b")),
        ("s3://bucket/a/b/", Place("s3", "bucket/a/b")),
        ("gs://bucket", Place("gs", "bucket")),
        ("AZ://box/x=1", Place("az", "box/x=1")),
    ],
)
def test_places_are_read(text: str, place: Place) -> None:
    assert read_place(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "", "simplecache::s3://bucket/hunter2", "s3://key:hunter2@bucket/a", "s3://hunter2@bucket", "s3://bucket/a?sig=hunter2",
        "s3://bucket/a#hunter2", "s3://bucket/../hunter2", "s3://", "http://host/hunter2", "memory://hunter2", "ftp://a/hunter2",
        "file://host/hunter2", "file:///a?hunter2", "file://", "s3://bucket/hunter2%2f..", "s3://bucket/.hunter2",
        "file::///hunter2", "zip://a::s3://bucket/hunter2",
    ],
)  # fmt: skip
def test_places_that_are_not_allowed(text: str) -> None:
    """Chains, credentials, other schemes: refused in words that repeat none of it."""
    with pytest.raises(Problem) as refused:
        read_place(text)
    assert "hunter2" not in refused.value.message + refused.value.help
    assert refused.value.help
