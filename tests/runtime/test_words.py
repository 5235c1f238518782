"""What `status()` says, word for word: it is what somebody reads at night."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import Router, load

from .tables import FALLBACK, TABLE, changed, encode

BAD = encode(changed(TABLE, {"format": "9.0"}))
LAST: dict[str, Any] = {"model": "m", "provider": "p", "upstream_model": "u", "url": "x://y", "adapter": "a"}
WHY = "format 9.0 is not readable here, this resolver reads 2.1: use the resolver.py that was compiled with it"


def test_with_nothing() -> None:
    """A router without any file says so."""
    status = Router(None).status()
    assert status == {
        "serving": "nothing", "ruleset_hash": None, "format": None, "loaded_at": None, "loaded_age_s": None,
        "rejected": 0, "last_rejection": None, "last_rejection_at": None, "last_rejection_age_s": None,
        "fallback": "none was given",
    }  # fmt: skip
    assert Router(None, None, LAST).status()["serving"] == "last resort"


def test_with_files() -> None:
    """Which file serves, and what became of the other."""
    both = Router.from_bytes(encode(TABLE), encode(FALLBACK)).status()
    assert (both["serving"], both["format"], both["fallback"]) == ("routing table", "2.0", "loaded")
    lower = Router.from_bytes(BAD, encode(FALLBACK)).status()
    assert (lower["serving"], lower["format"], lower["ruleset_hash"]) == ("fallback file", None, None)
    assert (lower["rejected"], lower["last_rejection"]) == (1, f"routing table: {WHY}")
    none = Router.from_bytes(BAD, BAD).status()
    assert (none["serving"], none["fallback"]) == ("nothing", f"refused: {WHY}")


def test_a_file_that_turns_bad(tmp_path: Path) -> None:
    """The last good files are kept, the refused files are counted, the age goes on from the last activation."""
    (tmp_path / "routing_table.json").write_bytes(encode(TABLE))
    (tmp_path / "fallback.json").write_bytes(encode(FALLBACK))
    before = time.monotonic()
    router = load(tmp_path / "routing_table.json")
    first = router.status()["loaded_age_s"]
    assert first is not None
    assert 0 <= first <= time.monotonic() - before
    (tmp_path / "routing_table.json").write_bytes(BAD)
    (tmp_path / "fallback.json").write_bytes(BAD)
    for raw, count in ((BAD, 1), (BAD, 1), (BAD + b"\n", 2)):  # the same bytes count once, however often they are read
        (tmp_path / "routing_table.json").write_bytes(raw)
        assert router.reload() is False
        status = router.status()
        assert (status["rejected"], status["last_rejection"]) == (count, f"routing table: {WHY}")
        assert status["fallback"] == f"refused, the last good one is kept: {WHY}"
        assert status["serving"] == "routing table"
        assert status["loaded_age_s"] is not None
        assert first <= status["loaded_age_s"] <= time.monotonic() - before
    (tmp_path / "fallback.json").write_bytes(encode(FALLBACK))
    router.reload()
    assert router.status()["fallback"] == "loaded"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing, a directory, too large, a name the system cannot take."""

    def said(path: Any) -> str:
        words = load(path).status()["last_rejection"]
        assert words is not None
        return words.removeprefix("routing table: ")

    assert said(tmp_path / "gone.json") == "the file does not exist"
    assert said(tmp_path) == "the path is not a regular file"
    (tmp_path / "file").write_bytes(b"{}")
    assert said(tmp_path / "file" / "inside") == "the file cannot be read (Not a directory)"
    assert said("bad\0name") == "the path holds a character that no path can have"
    assert said("x" * 300) == "the file cannot be read (File name too long)"


def test_a_file_at_the_size_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of as many bytes as allowed is read, one of a byte more is not; nor one that grows while it is read."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(encode(TABLE))
    size = len(encode(TABLE))
    monkeypatch.setattr(resolver, "MAX_BYTES", size)
    assert load(path).status()["serving"] == "routing table"
    monkeypatch.setattr(resolver, "MAX_BYTES", size - 1)
    assert load(path).status()["last_rejection"] == (
        f"routing table: the file has {size} bytes, more than the {size - 1} allowed"
    )
    grown = os.stat_result([*os.stat(path)[:6], 10, *os.stat(path)[7:]])
    monkeypatch.setattr(os, "fstat", lambda _: grown)
    assert load(path).status()["last_rejection"] == (
        f"routing table: the file has more than the {size - 1} bytes allowed"
    )


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="this system does not list a process's open files")
def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    """However a file is refused, it is closed."""
    path = tmp_path / "routing_table.json"
    router = load(path)
    before = len(os.listdir("/proc/self/fd"))
    for raw in (encode(TABLE), BAD, b"\xff", b""):
        path.write_bytes(raw)
        router.reload()
    load(tmp_path)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_file_is_not_inherited_by_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program started meanwhile does not hold the table open."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(encode(TABLE))
    fstat, seen = os.fstat, list[bool]()

    def looked_at(number: int) -> os.stat_result:
        seen.append(os.get_inheritable(number))
        return fstat(number)

    monkeypatch.setattr(os, "fstat", looked_at)
    load(path)
    assert seen
    assert not any(seen)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "there was not enough memory to load the file"),
        (RecursionError(), "the file is nested too deeply"),
        (KeyError("x"), "the file is not a table (KeyError: 'x')"),
        (OSError(), "the file cannot be read (OSError)"),
        (OSError(5, "Input/output error"), "the file cannot be read (Input/output error)"),
    ],
)
def test_whatever_goes_wrong(error: Exception, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any error while loading becomes words, and what serves goes on serving."""
    router = Router.from_bytes(encode(TABLE), encode(FALLBACK))

    def fails(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(json, "loads", fails)
        patched.setattr(resolver, "_read_bytes", fails)
        assert router.reload() is False
    status = router.status()
    assert status["last_rejection"] == f"routing table: {words}"
    assert status["fallback"] == f"refused, the last good one is kept: {words}"
    assert router.resolve(feature="chat").status == "ok"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\xff", "the file is not UTF-8 text"),
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"x", "the file is not JSON: Expecting value, line 1: compile it again"),
        (b"{\n,", "the file is not JSON: Expecting property name enclosed in double quotes, line 2: compile it again"),
        (b"[]", "the file is not a JSON object"),
        (b'{"a":' + b"9" * 5000 + b"}", "the file holds a number of thousands of digits"),
        (b'{"a":1.25}', "the number 1.25 is not a whole one"),
        (b'{"a":-1e5}', "the number -1e5 is not a whole one"),
        (b'{"a":NaN}', "the number NaN is not a whole one"),
        (b'{"a":Infinity}', "the number Infinity is not a whole one"),
        (b'{"a":-Infinity}', "the number -Infinity is not a whole one"),
        (b'{"a":1.' + b"3" * 50 + b"}", "the number 1.333333333333333333 is not a whole one"),
        (b'{"a":{"b":1,"c":2,"b":3}}', "key 'b' stands twice in one object"),
        (b'{"a":1,"a":1.5}', "the number 1.5 is not a whole one"),
        (b'{"tenants":{"b":"x","b":"x"}}', "key 'b' stands twice in one object"),
        (b'[{"b":1,"b":1}]', "key 'b' stands twice in one object"),
        (b'{"a":[[{"b":1,"b":1}]]}', "key 'b' stands twice in one object"),
        (b'{"a" :1,"a"\t:1}', "key 'a' stands twice in one object"),
    ],
    ids=range(19),
)
def test_bytes_that_are_no_file_of_ours(raw: bytes, words: str) -> None:
    """What is no JSON, or holds what a table never holds, is refused in these words."""
    assert Router.from_bytes(raw).status()["last_rejection"] == f"routing table: {words}"


def test_last_resorts_that_are_none() -> None:
    """A last resort that is malformed in code is a mistake there: ValueError says which."""

    def said(given: Any) -> str:
        with pytest.raises(ValueError) as caught:
            Router(None, None, given)
        return str(caught.value)

    wrong: list[Any] = ["", 5, [], b"m"]
    for given in wrong:
        assert said(given) == "last_resort is neither a model slug nor a dict"
    for key in LAST:
        assert said({name: value for name, value in LAST.items() if name != key}) == f"last_resort has no `{key}`"
        assert said({**LAST, key: 5}) == f"last_resort: `{key}` is not text"
    for key in ("active", "latency_ms", "listed", "quality_bp", "upstream", "x"):
        assert said({**LAST, key: 1}) == f"last_resort has the unknown key {key!r}"
    words = "last_resort: `stack` is not text that does not begin with avoid- or null"
    assert said({**LAST, "stack": "avoid-eu"}) == words
    assert said({**LAST, "capabilities": "tools"}) == "last_resort: `capabilities` is not a list of text"
    words = "last_resort: `compliance_bp` is not a whole number from 0 to 10000"
    assert said({**LAST, "compliance_bp": 10001}) == words
    assert said({**LAST, "context_window": 0}) == "last_resort: `context_window` is not a whole number of at least 1"
    for key in ("input_pusd", "min_output_tokens", "output_pusd", "output_ratio_bp"):
        assert said({**LAST, key: -1}) == f"last_resort: `{key}` is not a whole number of at least 0"
    for key in ("api_key_env", "logical"):
        assert said({**LAST, key: 1}) == f"last_resort: `{key}` is not text or null"
        assert Router(None, None, {**LAST, key: None}).resolve(feature="f").status == "ok"


@pytest.mark.parametrize(("length", "cut"), [(1_945, False), (1_946, True), (1_000_000, True)])
def test_a_refusal_is_of_bounded_length(length: int, cut: bool) -> None:
    """A name of any length may stand in a file; what is said of it ends after 2,000 characters."""
    said = Router.from_bytes(encode(changed(TABLE, {"defaults/model": "m" * length}))).status()["last_rejection"]
    whole = f"routing table: `defaults` names the model '{'m' * length}', which is not in the file"
    start = len("routing table: ")
    assert said == (f"{whole[: start + 2_000]} ..." if cut else whole)
