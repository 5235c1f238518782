"""Files of a folder are read as of one release, whatever is swapped, and only regular ones of a bounded size."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from routecomp.service.tables.files import FALLBACK, TABLE, Files, FileSource, Unread

from .pieces import release

MISSING = Unread("the file does not exist")


def read(path: Path, **more: int) -> Files:
    return FileSource(str(path), None, **more).read(afresh=False)


def pair(number: int, size: int = 100_000) -> dict[str, bytes]:
    """Return files of one release, long enough to be swapped while they are read."""
    return {name: name.encode() + str(number).encode() * size for name in (TABLE, FALLBACK)}


def config_map(root: Path, number: int) -> None:
    """Write a Kubernetes ConfigMap: files are links through the link `..data`, which is swapped."""
    folder = root / f"..{number}"
    folder.mkdir(parents=True)
    for name, raw in pair(number % 10).items():
        (folder / name).write_bytes(raw)
        if not (root / name).is_symlink():
            (root / name).symlink_to(f"..data/{name}")
    (root / "..data_tmp").symlink_to(folder.name)
    (root / "..data_tmp").rename(root / "..data")


@pytest.mark.parametrize("way", ["a folder", "a file of a folder", "a ConfigMap"])
def test_no_mixture_of_two_releases_is_read(tmp_path: Path, way: str) -> None:
    """A thread swaps releases all the time: table and fallback file are of one number."""
    mapped = way == "a ConfigMap"
    path = tmp_path / ("map" if mapped else "current") / ("" if way == "a folder" else TABLE)

    def swap(number: int) -> None:
        if mapped:
            config_map(tmp_path / "map", number)
        else:
            release(tmp_path, number, pair(number % 10))

    swap(0)
    done = threading.Event()

    def go_on() -> None:
        number = 1
        while not done.is_set() and number < 100:
            swap(number)
            number += 1

    thread = threading.Thread(target=go_on)
    thread.start()
    read_numbers = set()
    try:
        while thread.is_alive():
            files = read(path)
            assert isinstance(files.table, bytes)
            if files.fallback is not None:  # swapped again and again while it was read
                assert isinstance(files.fallback, bytes)
                assert files.table.removeprefix(TABLE.encode()) == files.fallback.removeprefix(FALLBACK.encode())
                read_numbers.add(files.table[-1:])
    finally:
        done.set()
        thread.join()
    assert len(read_numbers) > 1


def test_a_fallback_file_of_its_own_path(tmp_path: Path) -> None:
    """It is read from there, and not from beside the table, also if there is no table."""
    (tmp_path / TABLE).write_bytes(b"t")
    (tmp_path / FALLBACK).write_bytes(b"beside")
    (tmp_path / "own").write_bytes(b"own")
    own = str(tmp_path / "own")
    assert FileSource(str(tmp_path), own).read(afresh=False) == Files(b"t", b"own")
    assert FileSource(str(tmp_path / "none" / TABLE), own).read(afresh=False) == Files(MISSING, b"own")
    assert FileSource(str(tmp_path), own + "er").read(afresh=False) == Files(b"t", MISSING)


def test_what_is_there(tmp_path: Path) -> None:
    """A table alone; a fallback file alone; neither; a relative path."""
    assert read(tmp_path) == Files(MISSING, None)
    (tmp_path / FALLBACK).write_bytes(b"f")
    assert read(tmp_path) == Files(MISSING, b"f")
    (tmp_path / TABLE).write_bytes(b"t")
    (tmp_path / FALLBACK).unlink()
    assert read(tmp_path) == Files(b"t", None)
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        assert FileSource(TABLE, None).read(afresh=False) == read(Path(".")) == Files(b"t", None)
    finally:
        os.chdir(here)


def test_what_is_no_table_is_said(tmp_path: Path) -> None:
    """A pipe does not block; a folder, a large file, a name that no path can have."""
    path = tmp_path / TABLE
    os.mkfifo(path)
    assert read(path).table == Unread("it is not a regular file")
    path.unlink()
    path.mkdir()
    assert read(tmp_path).table == Unread("it is not a regular file")
    path.rmdir()
    path.write_bytes(b"12345")
    assert read(path, max_bytes=4).table == Unread("the file has 5 bytes, more than the 4 allowed")
    assert read(path, max_bytes=5).table == b"12345"
    assert read(Path("a\0b")).table == Unread("the path holds a character that no path can have")
    assert read(tmp_path / "none" / TABLE).table == MISSING
    assert read(path / TABLE).table == Unread("the file cannot be read (Not a directory)")
