"""What is not a good table is refused with its reason, and whatever served before goes on serving."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime.resolver import Router, load

from .tables import FALLBACK, TABLE, changed, encode, policy

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"format": "1.0"}, "format 1.0 is not readable here, this resolver reads 2.1: compile it again"),
    ({"format": "3.0"}, "this resolver reads 2.1: use the resolver.py that was compiled with it"),
    ({"format": "1"}, "`format` is '1'"),
    ({"format": "1.x"}, "`format` is"),
    ({"format": 1}, "`format` is not text"),
    ({"format": ...}, "no `format`"),
    ({"requires": ["teleport"]}, "requires 'teleport'"),
    ({"requires": ...}, "no `requires`"),
    ({"models": ...}, "no `models`"),
    ({"preferences": ...}, "no `preferences`"),
    ({"models": "none", "orders": {}}, "`models` is not an object"),
    ({"models/opus/quality_bp": 10001}, "model 'opus': `quality_bp`"),
    ({"models/opus/quality_bp": True}, "model 'opus': `quality_bp`"),
    ({"models/opus/latency_ms": ...}, "model 'opus' has no `latency_ms`"),
    ({"models/opus/capabilities": "tools"}, "`capabilities`"),
    ({"models/opus": 5}, "model 'opus' is not an object"),
    ({"models/opus": "gpt"}, "model 'opus' is not an object"),
    ({"providers/openai/url": None}, "provider 'openai': `url`"),
    ({"orders/o-plain": "opus gpt"}, "order 'o-plain'"),
    ({"orders/o-plain": TABLE["orders"]["o-plain"].replace("mini", "gpt")}, "order 'o-plain'"),
    ({"orders/o-plain": TABLE["orders"]["o-plain"] + " opus"}, "order 'o-plain'"),
    ({"policies/p-default/plain": "o-gone"}, "names the order 'o-gone'"),
    ({"policies/p-default/banned_models": ["gone"]}, "names the banned model 'gone'"),
    ({"policies/p-default/banned_providers": ["gone"]}, "names the banned provider 'gone'"),
    ({"policies/p-default/fallback": 1}, "`fallback`"),
    ({"tenants/acme": "p-gone"}, "tenant 'acme' names the policy 'p-gone'"),
    ({"tenants/acme": 5}, "tenant 'acme' names the policy 5, which is not in the file"),
    ({"tenants/acme": {"name": "p-default"}}, "tenant 'acme' names the policy {'name': 'p-default'}, which"),
    ({"defaults/policy": "p-gone"}, "names the policy 'p-gone'"),
    ({"defaults/model": "gone"}, "names the model 'gone'"),
    ({"defaults/routes/x": "gone"}, "names the model 'gone'"),
    ({"defaults/unknown_tenant": "maybe"}, "`unknown_tenant`"),
    ({"features/chat/rows/0/model": "gone"}, "names the model 'gone'"),
    ({"features/chat/rows/0/status": "hero"}, "`status` is not one of primary, shadow, retired"),
    ({"features/chat/rows/2/sample_bp": 0}, "`sample_bp`"),
    ({"features/chat/fallback": ["gone"]}, "names the model 'gone'"),
    ({"features/chat/then": "gone"}, "names the target 'gone'"),
    ({"targets/auto/candidates": "some"}, "`candidates`"),
    ({"targets/auto/candidates": {"models": ["gone"]}}, "names the model 'gone'"),
    ({"targets/auto/candidates": {"logical": "gone"}}, "names the logical model 'gone'"),
    ({"targets/auto/candidates": {"models": [], "stacks": []}}, "`candidates`"),
    ({"aliases/x": "gone"}, "names the target 'gone'"),
    ({"aliases/gpt": "auto"}, "'gpt' names two things that `model` may name"),
    ({"aliases/auto": "auto"}, "'auto' names two things that `model` may name"),
    ({"features/chat/rows/0/sample_bp": "much"}, "`sample_bp`"),
    ({"format": "2." + "1" * 5000}, "not two numbers with a point between"),
    ({"format": "\u0662.0"}, "not two numbers with a point between"),
    ({"experiments/preview~": {}}, "has no `on_pause`"),
    ({"preferences/dial_bp/cost": ...}, "`dial_bp` has no `cost`"),
    ({"preferences/clamp_bp": [8500, 5000]}, "`clamp_bp`"),
    ({"preferences/clamp_bp": [5000]}, "`clamp_bp`"),
    ({"preferences/default": "fast"}, "`preferences`: `default` is not one of quality, balanced, cost"),
    ({"preferences": "none"}, "`preferences` is not an object"),
    ({"resilience/max_attempts": 0}, "`max_attempts`"),
]


@pytest.mark.parametrize(("changes", "reason"), REFUSED)
def test_refused_with_its_reason(changes: dict[str, Any], reason: str) -> None:
    """Each kind of bad table is refused, and the reason says what and where."""
    router = Router.from_bytes(encode(changed(TABLE, changes)))
    status = router.status()
    assert reason in str(status["last_rejection"])
    assert (status["serving"], status["ruleset_hash"], status["rejected"]) == ("nothing", None, 1)


EXPERIMENT: list[tuple[str, Any, str]] = [
    ("slots", [], "`slots`"),
    ("slots", [[1, 0]], "`slots`"),
    ("slots", [[0, 0], [0, 1]], "`slots`"),
    ("slots", [[0, 0], [10000, 1]], "`slots`"),
    ("slots", [[0, 2]], "`slots`"),
    ("slots", [[0, 0, 0]], "`slots`"),
    ("variants", [], "no variant"),
    ("winner", 2, "`winner`"),
    ("winner", "gpt", "`winner`"),
    ("status", "completed", "without a winner"),
    ("status", "draft", "`status`"),
    ("on_pause", "wait", "`on_pause`"),
    ("salt", None, "`salt`"),
    ("salt", "\ud800", "`salt`"),
]


@pytest.mark.parametrize(("key", "value", "reason"), EXPERIMENT)
def test_bad_experiments_are_refused(key: str, value: Any, reason: str) -> None:
    """An experiment that could not assign every unit is refused."""
    table = changed(TABLE, {})
    table["experiments"]["preview/nimbus"][key] = value
    assert reason in str(Router.from_bytes(encode(table)).status()["last_rejection"])


TEXT = encode(TABLE).decode()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (TEXT[:-2].encode(), "not JSON"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "byte-order mark"),
        (TEXT.encode("utf-16"), "not UTF-8"),
        (TEXT.replace('"requires"', '"requires":[],"requires"').encode(), "key 'requires' stands twice"),
        (TEXT.replace('"format"', '"format":"2.0","format"').encode(), "key 'format' stands twice"),
        (
            TEXT.replace('"latency_ms":1800', '"latency_ms":1800.0').encode(),
            "number 1800.0 is not a whole one",
        ),
        (TEXT.replace('"latency_ms":1800', '"latency_ms":18e2').encode(), "number 18e2"),
        (TEXT.replace('"latency_ms":1800', '"latency_ms":NaN').encode(), "number NaN"),
        (TEXT.replace('"latency_ms":1800', '"latency_ms":-Infinity').encode(), "number -Infinity"),
        (TEXT.replace('"latency_ms":1800', '"latency_ms":' + "9" * 5000).encode(), "thousands of digits"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_bad_bytes_are_refused(raw: bytes, reason: str) -> None:
    """Bytes that are no table at all are refused in words."""
    assert reason in str(Router.from_bytes(raw).status()["last_rejection"])


def test_newer_minor_format_and_unknown_keys_load() -> None:
    """Within a major format unknown keys are skipped."""
    more = {"format": "2.7", "news": {"a": {"b": 1}}, "olds": "x", "models/opus/x": 1}
    router = Router.from_bytes(encode(changed(TABLE, more)))
    assert router.status()["format"] == "2.7"
    assert router.status()["serving"] == "routing table"


def test_bad_fallback_is_refused_in_words() -> None:
    """A bad fallback file is refused on its own; the table is not touched by it."""
    router = Router.from_bytes(encode(TABLE), encode(changed(FALLBACK, {"permissions/f-eu/stacks": "eu"})))
    assert "`stacks`" in router.status()["fallback"]
    assert router.resolve(model="auto").status == "ok"
    for changes in (
        {"tenants/x": "f-gone"},
        {"defaults/policy": "f-gone"},
        {"format": "3.0"},
        {"preferences": 1},
    ):
        assert Router.from_bytes(None, encode(changed(FALLBACK, changes))).status()["serving"] == "nothing"


# --- files ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "routing_table.json").write_bytes(encode(TABLE))
    (tmp_path / "fallback.json").write_bytes(encode(FALLBACK))
    return tmp_path


def test_load_finds_the_fallback_beside(folder: Path) -> None:
    """fallback.json beside the table is the default, and another may be named."""
    router = load(folder / "routing_table.json")
    status = router.status()
    assert (status["serving"], status["format"], status["fallback"]) == ("routing table", "2.0", "loaded")
    assert status["ruleset_hash"] == sha256(encode(TABLE)).hexdigest()
    assert (status["rejected"], status["last_rejection"]) == (0, None)
    assert status["loaded_age_s"] is not None
    assert status["loaded_age_s"] >= 0
    (folder / "routing_table.json").unlink()
    router = load(str(folder / "routing_table.json"))
    assert (router.status()["serving"], router.status()["loaded_age_s"]) == ("fallback file", None)
    assert "does not exist" in str(router.status()["last_rejection"])
    assert router.resolve(feature="chat").source == "default_model"
    elsewhere = load(folder / "routing_table.json", fallback=folder / "gone.json", last_resort="gpt")
    assert elsewhere.status()["serving"] == "nothing"
    assert "does not exist" in elsewhere.status()["fallback"]


def test_reload_keeps_the_last_good_table(folder: Path) -> None:
    """A bad or missing file changes nothing but the status; a good one is activated."""
    path = folder / "routing_table.json"
    router = load(path)
    before = router.resolve(feature="chat")
    bad: list[bytes | None] = [b"", TEXT[:500].encode(), encode(changed(TABLE, {"format": "9.0"})), None]
    for count, raw in enumerate(bad, start=1):
        if raw is None:
            path.unlink()
        else:
            path.write_bytes(raw)
        assert router.reload() is False
        assert router.resolve(feature="chat") == before
        assert router.status()["rejected"] == count
    assert "does not exist" in str(router.status()["last_rejection"])
    path.write_bytes(encode(changed(TABLE, {"features/chat/rows/0/model": "thinker"})))
    assert router.reload() is True
    assert router.resolve(feature="chat").model == "thinker"
    assert router.resolve(feature="chat").ruleset_hash == sha256(path.read_bytes()).hexdigest()


def test_reload_of_the_same_bytes_keeps_the_table(folder: Path) -> None:
    """An unchanged file is a good one; its age goes on counting from when it was activated."""
    router = load(folder / "routing_table.json")
    age = router.status()["loaded_age_s"]
    assert router.reload() is True
    later = router.status()["loaded_age_s"]
    assert age is not None
    assert later is not None
    assert later >= age
    assert router.status()["rejected"] == 0


def test_fallback_reloads_too(folder: Path) -> None:
    """The fallback file is read again as well, and a bad one does not replace a good one."""
    (folder / "routing_table.json").unlink()
    router = load(folder / "routing_table.json")
    (folder / "fallback.json").write_bytes(encode(changed(FALLBACK, {"defaults/model": "thinker"})))
    router.reload()
    assert router.resolve(feature="chat").model == "thinker"
    (folder / "fallback.json").write_bytes(b"{}")
    router.reload()
    assert router.resolve(feature="chat").model == "thinker"
    assert "last good one is kept" in router.status()["fallback"]


def test_things_that_are_no_files(folder: Path) -> None:
    """A directory, a pipe, a device and a name no file can have are refused at once, not waited for."""
    assert "not a regular file" in str(load(folder).status()["last_rejection"])
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    assert "not a regular file" in str(load(pipe).status()["last_rejection"])
    assert "not a regular file" in str(load("/dev/zero").status()["last_rejection"])
    assert load("bad\0name").status()["serving"] == "nothing"


class Raising:
    """A path that cannot be asked for its text."""

    def __fspath__(self) -> str:
        raise OSError("the disk is gone")


class Bytes:
    """A path whose text is bytes."""

    def __fspath__(self) -> bytes:
        return b"routing_table.json"


NO_PATHS: list[tuple[Any, str]] = [
    (5, "the path is of type int, not text"),
    (None, "the path is None, not text"),
    (True, "the path is of type bool, not text"),
    (1.5, "the path is of type float, not text"),
    (b"generated/routing_table.json", "the path is of type bytes, not text: `Router.from_bytes` takes the bytes of a"),
    (encode(TABLE), "the path is of type bytes, not text: `Router.from_bytes` takes the bytes of a table"),
    (Bytes(), "the path is of type bytes, not text"),
    (bytearray(b"x"), "the path is of type bytearray, not text"),
    (["routing_table.json"], "the path is of type list, not text"),
    (object(), "the path is of type object, not text"),
    (Raising(), "the path is of type Raising, not text"),
    (Path, "the path is of type type, not text"),
    ("bad\0name", "the path holds a character that no path can have"),
    ("bad\ud800name", "the path holds a character that no path can have"),
    ("", "the file does not exist"),
]


@pytest.mark.parametrize(("given", "reason"), NO_PATHS)
def test_what_is_no_path(folder: Path, given: Any, reason: str) -> None:
    """Whatever is no path is a file that is refused, in words and again at each reload; the ladder serves."""
    router = load(given, fallback=folder / "fallback.json")
    assert router.reload() is False
    status = router.status()
    assert str(status["last_rejection"]).startswith(f"routing table: {reason}"), status
    assert (status["serving"], status["fallback"], status["rejected"]) == ("fallback file", "loaded", 1)
    assert router.resolve(feature="chat").source == "default_model"
    assert load(given, last_resort="gpt").status()["serving"] == "nothing"
    if given is not None:
        if not isinstance(given, bytes):  # which are the file itself
            assert str(Router(given).status()["last_rejection"]).startswith(f"routing table: {reason}")
        other = load(folder / "routing_table.json", fallback=given)
        assert (other.status()["serving"], other.status()["last_rejection"]) == ("routing table", None)
        assert other.status()["fallback"].startswith(f"refused: {reason}")


def test_what_are_no_bytes() -> None:
    """Bytes that are none are refused in words too; text is not taken for a path."""
    for given, kind in (("routing_table.json", "str"), (bytearray(encode(TABLE)), "bytearray"), (5, "int")):
        router = Router.from_bytes(given, given)  # type: ignore[arg-type]
        assert router.status()["last_rejection"] == f"routing table: the file's bytes are of type {kind}, not bytes"
        assert router.status()["fallback"] == f"refused: the file's bytes are of type {kind}, not bytes"
    nothing = Router.from_bytes(None).status()
    assert (nothing["last_rejection"], nothing["fallback"]) == (None, "none was given")


def test_mistakes_about_what_guards_raise(folder: Path) -> None:
    """A pin and a last resort that are malformed are a ValueError, beside a good path and beside none."""
    for path in (folder / "routing_table.json", 5):
        for name, value in [
            ("sha256", "abc"),
            ("sha256", 5),
            ("last_resort", 5),
            ("last_resort", {}),
            ("last_resort", ""),
        ]:
            mistake: dict[str, Any] = {name: value}
            with pytest.raises(ValueError, match=name):
                load(path, **mistake)  # type: ignore[arg-type]


def test_huge_file_is_refused_unread(folder: Path) -> None:
    """A file beyond the size cap is refused by its size, before a byte of it is read."""
    path = folder / "routing_table.json"
    router = load(path)
    with path.open("r+b") as file:
        file.truncate(2 << 30)  # sparse
    assert router.reload() is False
    assert "2147483648 bytes" in str(router.status()["last_rejection"])
    assert router.resolve(feature="chat").status == "ok"


def test_short_memory_keeps_the_last_good_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MemoryError while loading leaves what serves."""
    router = load(folder / "routing_table.json")

    def short(*_: object, **__: object) -> None:
        raise MemoryError

    (folder / "routing_table.json").write_bytes(encode(changed(TABLE, {"policies/p-new": policy()})))
    monkeypatch.setattr(json, "loads", short)
    assert router.reload() is False
    assert "not enough memory" in str(router.status()["last_rejection"])
    assert router.resolve(feature="chat").status == "ok"


def test_every_truncation_is_refused() -> None:
    """No prefix of a table is a table."""
    raw = encode(TABLE)
    for end in range(0, len(raw) - 1, 97):
        assert Router.from_bytes(raw[:end]).status()["serving"] == "nothing"


@pytest.mark.parametrize("between", [" : ", ":", "\r\n:\t"])
def test_any_spacing_is_read(between: str) -> None:
    """A file may be spaced as it likes, and its texts may hold what looks like a key."""
    table = changed(TABLE, {"models/opus/upstream": 'odd":" : name'})
    router = Router.from_bytes(json.dumps(table, separators=(",", between)).encode())
    assert router.status()["last_rejection"] is None
    assert router.resolve(model="opus").upstream_model == 'odd":" : name'
