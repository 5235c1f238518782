"""What a service takes over of a published set: the whole of it, signed by a key it knows, never an older one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from routecomp import service
from routecomp.service.releases.judge import judge
from routecomp.service.releases.keys import Key
from routecomp.service.releases.manifest import Untrusted, read_manifest, write_manifest
from routecomp.service.releases.names import CURRENT, FILES, MANIFEST, RELEASES, RESOLVER
from routecomp.service.tables.files import FALLBACK, TABLE, Distrusted
from routecomp.service.tables.tables import Tables
from tests.service.tables.pieces import Heard, adds_up, fallback, good, kept_file, model

from .pieces import COMMIT, NEW, OLD, OTHER, content, publish, roll_back


def opened(root: Path, kept: Path, key: object = OLD, **more: object) -> Tables:
    return Tables(root, last_good=kept, key=key, **more)  # type: ignore[arg-type]


def test_a_set_is_taken_over_as_it_is_published(tmp_path: Path) -> None:
    """Each release once, with its number; one that leads already changes nothing; a rollback is a higher number."""
    root, kept = tmp_path / "set", tmp_path / "kept"
    publish(root, 1, OLD)
    served = opened(root, kept)
    assert (served.status()["generation"], model(served), served.status()["fallback"]) == (1, "thinker", "loaded")
    assert publish(root, 1, OLD).state == "unchanged"
    assert served.refresh().outcome == "unchanged"
    publish(root, 2, OLD)
    assert (served.refresh().outcome, served.status()["generation"], model(served)) == ("activated", 2, "mini")
    rolled = roll_back(root, 1, OLD)
    assert (rolled.manifest.generation, rolled.manifest.parent, rolled.manifest.rollback_of) == (3, 2, 1)
    assert (served.refresh().outcome, served.status()["generation"], model(served)) == ("activated", 3, "thinker")
    assert served.status()["refused"] == 0
    assert adds_up(served)
    again = opened(root / CURRENT, tmp_path / "other")  # the link itself is a source, too
    assert again.status()["generation"] == 3
    with service.open(root, key=OLD, last_good=kept, sinks=()) as router:
        assert router.resolve(feature="chat").model == "thinker"


def test_a_copy_from_a_store_is_a_set_too(tmp_path: Path) -> None:
    """There `current` is a folder that holds the manifest of what leads."""
    publish(tmp_path / "set", 1, OLD)
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "set" / RELEASES, copy / RELEASES)
    (copy / CURRENT).mkdir()
    shutil.copy(copy / RELEASES / "1" / MANIFEST, copy / CURRENT / MANIFEST)
    assert opened(copy, tmp_path / "kept").status()["generation"] == 1


def forge(root: Path, **changes: object) -> None:
    """Write a manifest that says something else, whole in itself, with the signatures of the one that is there."""
    path = root / CURRENT / MANIFEST
    old = read_manifest(path.read_bytes())
    facts = {"generation": old.generation, "parent": old.parent, "rollback_of": None, "git_commit": COMMIT, **changes}
    files = {name: (root / CURRENT / name).read_bytes() for name in FILES}
    lines = write_manifest(files, keys=(), **facts).split(b"\n")  # type: ignore[arg-type]
    lines[-4] = b',"signatures":' + json.dumps(dict(old.signatures), separators=(",", ":")).encode()
    text = b"\n".join(lines[:-3]) + b"\n"
    path.write_bytes(text + b',"sha256":"' + sha256(text).hexdigest().encode() + b'"\n}\n')
    read_manifest(path.read_bytes())


def strip(root: Path) -> None:
    """Take the signature away."""
    files = {name: (root / CURRENT / name).read_bytes() for name in FILES}
    (root / CURRENT / MANIFEST).write_bytes(write_manifest(files, 2, 1, None, COMMIT, ()))


def swap(root: Path) -> None:
    """Put the signed manifest and files of another release in the place of this one."""
    shutil.rmtree(root / RELEASES / "2")
    shutil.copytree(root / RELEASES / "1", root / RELEASES / "2")


def swap_signature(root: Path) -> None:
    """Put the signature of another release under this one."""
    path, other = root / CURRENT / MANIFEST, root / RELEASES / "1" / MANIFEST
    own, old = (next(iter(read_manifest(file.read_bytes()).signatures.values())).encode() for file in (path, other))
    text = path.read_bytes().rpartition(b',"sha256":"')[0].replace(own, old)
    path.write_bytes(text + b',"sha256":"' + sha256(text).hexdigest().encode() + b'"\n}\n')


def link_file(root: Path) -> None:
    """Put a link to the same bytes in the place of a file."""
    path = root / RELEASES / "2" / TABLE
    path.rename(root / "elsewhere")
    path.symlink_to(root / "elsewhere")


def link_folder(root: Path) -> None:
    (root / RELEASES).rename(root / "elsewhere")
    (root / RELEASES).symlink_to("elsewhere")


def lead_away(root: Path) -> None:
    (root / CURRENT).unlink()
    (root / CURRENT).symlink_to(root / RELEASES / "2")


def replay(root: Path) -> None:
    (root / CURRENT).unlink()
    (root / CURRENT).symlink_to(f"{RELEASES}/1")


def plain(root: Path) -> None:
    """Put a plain folder in the place of the set."""
    shutil.rmtree(root)
    root.mkdir()
    (root / TABLE).write_bytes(good(9))


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "stripped": (strip, "generation 2 is not signed, and a key is configured"),
    "another number": (partial(forge, generation=7), "the signature of generation 7 is not of what it holds"),
    "another commit": (partial(forge, git_commit=None), "the signature of generation 2 is not of what it holds"),
    "swapped signature": (swap_signature, "the signature of generation 2 is not of what it holds"),
    "swapped": (swap, "the manifest of generation 1 lies where 2 belongs"),
    "replayed": (replay, "generation 1 is older than 2"),
    "unknown key": (lambda root: forge_signed(root, OTHER), "and configured is key"),
    "changed table": (lambda root: write(root, TABLE, good(7)), "routing_table.json is not the file"),
    "changed fallback": (lambda root: write(root, FALLBACK, fallback(7)), "fallback.json is not the file"),
    "changed resolver": (lambda root: write(root, RESOLVER, b"import os\n"), "resolver.py is not the file"),
    "no manifest of ours": (lambda root: write(root, MANIFEST, b"{}"), "the manifest is not as it was written"),
    "newer manifest": (lambda root: write(root, MANIFEST, b'{"manifest":2}'), "of a newer version of routecomp"),
    "a long manifest": (lambda root: write(root, MANIFEST, b" " * 70_000), "more than the 65536 allowed"),
    "no table": (
        lambda root: (root / CURRENT / TABLE).unlink(),
        "routing_table.json of generation 2: the file does not",
    ),
    "a link for a file": (link_file, "it is a link, and links are not followed here"),
    "a link for a folder": (link_folder, "is a link, or no folder"),
    "a link to elsewhere": (lead_away, "`current` leads to something else than a release"),
    "a plain table": (plain, "it is a plain table that nobody signed"),
}


def write(root: Path, name: str, raw: bytes) -> None:
    (root / CURRENT / name).write_bytes(raw)


def forge_signed(root: Path, key: str) -> None:
    files = {name: (root / CURRENT / name).read_bytes() for name in FILES}
    write(root, MANIFEST, write_manifest(files, 2, 1, None, COMMIT, [Key(key)]))


@pytest.mark.parametrize("what", WRONG)
def test_what_was_not_published_never_serves(what: str, tmp_path: Path) -> None:
    """By the process that serves, by one that starts again, and by one that has nothing else: and it is told once."""
    change, words = WRONG[what]
    root, kept, heard = tmp_path / "set", tmp_path / "kept", Heard()
    publish(root, 1, OLD)
    publish(root, 2, OLD)
    served = opened(root, kept, on_refused=[heard.append])
    before = served.router
    change(root)
    told = [str(served.refresh().reason) for _ in range(2)]
    assert words in told[0]
    assert told[0] == told[1]
    assert len(heard) <= 1
    assert served.router is before
    assert adds_up(served)
    again = opened(root, kept)
    assert (again.status()["generation"], again.status()["origin"]) == (2, "last-good")
    if what != "replayed":  # who never saw a newer one cannot tell
        assert not opened(root, tmp_path / "none").ready()


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.hard), 17])
def test_every_flipped_bit_is_refused(every: int, tmp_path: Path) -> None:
    """In the manifest, the table, the fallback file and the resolver, signed or not; the ordinary run takes a part."""
    for keys in ((OLD, NEW), ()):
        known = [Key(key) for key in keys[:1]]
        root = tmp_path / str(len(keys))
        publish(root, 1, *keys)
        files = {name: (root / CURRENT / name).read_bytes() for name in (*FILES, MANIFEST)}

        def look(changed: str, raw: bytes, files: dict[str, bytes] = files, known: list[Key] = known) -> bool:
            held = {**files, changed: raw}
            return not isinstance(judge(held[MANIFEST], lambda _, file: held[file], known, 1).table, Distrusted)

        assert look(MANIFEST, files[MANIFEST])
        flips = 0
        for name, raw in files.items():
            changed = bytearray(raw)
            for number in range(0, 8 * len(raw), every):
                changed[number // 8] ^= 1 << number % 8
                assert not look(name, bytes(changed)), (name, number)
                changed[number // 8] ^= 1 << number % 8
                flips += 1
            assert not look(name, raw[:-1])
            assert not look(name, raw + b" ")
        print(f"{flips} flipped bits, {flips} refused")


def test_keys_are_rotated(tmp_path: Path) -> None:
    """Whoever holds one of the two keys reads what both have signed; a reader may hold both, too."""
    root = tmp_path / "set"
    publish(root, 1, OLD)
    readers = {keys: opened(root, tmp_path / str(len(keys) + sum(map(ord, "".join(keys)))), list(keys)) for keys in ((OLD,), (OLD, NEW))}  # fmt: skip  # noqa: E501
    assert publish(root, 1, OLD, NEW).manifest.generation == 2
    assert all(reader.refresh().outcome == "activated" for reader in readers.values())
    assert opened(root, tmp_path / "new", NEW).ready()
    assert publish(root, 1, NEW).manifest.generation == 3
    assert readers[OLD, NEW].refresh().outcome == "activated"
    assert "is signed by key" in str(readers[OLD,].refresh().reason)
    assert OLD not in repr(Key(OLD)) + str(readers[OLD,].status())


def test_what_was_kept_is_proven_again(tmp_path: Path) -> None:
    """A table that was kept unsigned, or another than was signed, is not used where a key is configured."""
    root, kept = tmp_path / "set", tmp_path / "kept"
    publish(root, 5, OLD)
    opened(root, kept)
    path = kept_file(kept)
    assert path.stat().st_mode & 0o777 == 0o600
    signed = path.read_bytes()
    shutil.move(root, tmp_path / "away")
    assert opened(root, kept).status()["origin"] == "last-good"
    assert "signed by key" in str(opened(root, kept, OTHER).status()["last_good_fault"])

    def keep(**changes: object) -> str | None:
        """Write what is kept anew, whole in itself, and return what a reader says of it."""
        line, _, table = signed.partition(b"\n")
        header = {**json.loads(line.rpartition(b" ")[0]), **changes}
        if header["sha256"] == "own":
            table = good(6)
            header |= {"sha256": sha256(table).hexdigest(), "bytes": len(table)}
        text = json.dumps(header).encode()
        path.write_bytes(text + b" " + sha256(text).hexdigest().encode() + b"\n" + table)
        served = opened(root, kept)
        assert not served.ready() or served.status()["last_good_fault"] is None
        return served.status()["last_good_fault"]

    assert keep() is None
    assert "what is signed is another table" in str(keep(sha256="own"))
    assert "what is signed is another table" in str(keep(generation=99))
    assert "it is not signed" in str(keep(proof=None))
    shutil.move(tmp_path / "away", root)
    assert opened(root, kept).status()["last_good_fault"] is None  # what cannot be used was written over


def test_the_fallback_file_is_of_the_release_that_serves(tmp_path: Path) -> None:
    """An older one, which may bar less, is not taken from a release that is refused as older."""
    root = tmp_path / "set"
    publish(root, 1, OLD)
    publish(root, 2, OLD)
    served = opened(root, tmp_path / "kept")
    replay(root)
    served.refresh()
    assert served._record.fallback == fallback(2)


def test_without_a_key_a_set_is_whole_and_never_older(tmp_path: Path) -> None:
    """Nobody proves who made it, but changed bits and lower numbers are refused all the same."""
    root = tmp_path / "set"
    for number in (1, 2):
        publish(root, number)
    served = opened(root, tmp_path / "kept", None)
    assert served.status()["generation"] == 2
    replay(root)
    assert "is older than 2" in str(served.refresh().reason)
    os.unlink(root / CURRENT)
    os.symlink(f"{RELEASES}/2", root / CURRENT)
    write(root, TABLE, good(8))
    assert "is not the file" in str(served.refresh().reason)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"key": "short"}, "at least 32 characters, and this one has 5"),
        ({"key": ""}, "at least 32 characters"),
        ({"key": []}, "a list of 1 to 8"),
        ({"key": 7}, "a key"),
        ({"key": OLD, "unsigned": True}, "give one of them"),
        ({"source": "https://a/table.json", "key": OLD}, "that of a set ends in /"),
        ({"source": "https://a/set/"}, "nothing proves who made the table"),
        ({"source": "http://a.example/set/", "key": OLD}, "is not https"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: dict[str, object], words: str) -> None:
    with pytest.raises((ValueError, TypeError)) as refused:
        Tables(**{"source": "somewhere", "last_good": False, **arguments})  # type: ignore[arg-type]
    assert words in str(refused.value) or arguments["key"] == 7
    assert "short" not in str(refused.value)


def test_a_manifest_holds_what_it_should() -> None:
    """Its own text is the only one for what it says, and nothing of a wrong kind is in it."""
    files = content(1).files
    good_one = write_manifest(files, 7, 6, 2, COMMIT, [Key(OLD)])
    assert good_one == write_manifest(files, 7, 6, 2, COMMIT, [Key(OLD)])
    assert read_manifest(good_one)[:4] == (7, 6, 2, COMMIT)
    for facts in ((0, None, None), (7, 7, None), (7, 8, None), (7, None, 9), (10**15, None, None), (True, None, None)):
        with pytest.raises(Untrusted):
            read_manifest(write_manifest(files, *facts, COMMIT, ()))  # type: ignore[call-arg]
    for raw in (b"", b"[]", b"null", b"\xff", b"{" * 5000, b"1" * 5000, good_one.replace(b"\n", b"\r\n")):
        with pytest.raises(Untrusted):
            read_manifest(raw)
