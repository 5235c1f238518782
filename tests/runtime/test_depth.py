"""Deep nesting is told before the text is parsed: Python's parser would run a small stack over."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecomp.runtime import resolver
from routecomp.runtime.resolver import Router

from .tables import TABLE, changed, encode

TEXTS = st.text(st.sampled_from('[]{}"\\,a\u00e9'), max_size=6)


def levels(value: Any) -> int:
    """How deep a value is nested, walked value by value."""
    if isinstance(value, dict | list):
        return 1 + max(map(levels, value.values() if isinstance(value, dict) else value), default=0)
    return 0


def nested(depth: int, texts: Iterator[str]) -> Any:
    value: Any = next(texts)
    for number in range(depth):
        aside = next(texts)
        value = [aside, value, aside] if number % 3 else {aside: [], aside + "k": value, aside + "z": aside}
    return value


@given(st.integers(60, 68), st.lists(TEXTS, min_size=1, max_size=30), st.booleans())
def test_depth_is_counted_outside_of_texts(depth: int, texts: list[str], ascii_only: bool) -> None:
    """Whatever brackets, quotes and backslashes the texts hold, the 65th level is one too many, the 64th is not."""
    endless = (texts[number % len(texts)] for number in range(10_000))
    value = nested(depth, endless)
    text = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert resolver._is_deep(text) == (levels(value) > 64)


@pytest.mark.parametrize("level", ["[", '{"a":', '"[",[', '"]\\"",[', "[\n"])
def test_a_deep_table_is_refused_in_words(level: str) -> None:
    """A table nested deeper than 64 is refused unparsed, behind a whole table as at its beginning."""
    deep = level * 200_000
    for raw in (deep, encode(TABLE).decode().rstrip("\n}") + ',"more":' + deep, "[" + deep):
        said = Router.from_bytes(raw.encode()).status()["last_rejection"]
        assert said == "routing table: the file is nested too deeply"


def test_unknown_keys_may_nest_to_64() -> None:
    """What a later compiler writes may be as deep as a request's line: 64 levels, the file itself the first."""
    for depth, good in ((61, True), (62, False)):
        inner: Any = "[" * 100
        for _ in range(depth):
            inner = [inner]
        router = Router.from_bytes(encode(changed(TABLE, {"news": {"a": {"b": inner}}})))
        assert (router.status()["serving"] == "routing table") is good


@pytest.mark.parametrize("piece", ['"["', '"["]', '"[":[],', '"', '["{",'])
def test_texts_with_brackets_take_no_memory_of_their_own(piece: str) -> None:
    """Looking at a file full of quotes and brackets takes a few times its size, not a hundred times."""
    raw = b'"' + piece.encode() * 100_000 + b"["
    tracemalloc.start()
    resolver._is_deep(raw)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken < 4 * len(raw)


SMALL_STACK = """
import sys, threading
from routecomp.runtime.resolver import Router, resolve_line
threading.stack_size(128 * 1024)  # as a thread has on some small Linux systems
def work():
    good = Router.from_bytes(sys.stdin.buffer.read())
    assert good.status()["serving"] == "routing table", good.status()
    bad = Router.from_bytes(b"[" * 1_000_000)
    print(bad.status()["last_rejection"])
    print(resolve_line(good, b"[" * 1_000_000)[:30])
one = threading.Thread(target=work)
one.start()
one.join()
"""


def test_a_small_stack_is_not_run_over() -> None:
    """In a thread with a stack of 128 KiB a good table loads, and a deep one is refused."""
    done = subprocess.run([sys.executable, "-c", SMALL_STACK], input=encode(TABLE), capture_output=True, check=True)
    assert done.stderr == b""
    assert done.stdout.decode().splitlines() == [
        "routing table: the file is nested too deeply",
        '{"status": "unknown_model", "r',
    ]
