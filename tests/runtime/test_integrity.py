"""Damage is noticed: whatever is flipped, cut off, moved or doubled is refused, or decides exactly as before."""

from __future__ import annotations

import os
import random
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime.resolver import Decision, Router, load
from routecomp.table.codec import decode
from routecomp.table.codec import encode as compiled
from tests.sealing import resealed

from .tables import FALLBACK, TABLE, changed, crowd, encode

LONG_RUN = pytest.mark.skipif(os.environ.get("ROUTECOMP_HARD") != "1", reason="a long run: make hard")
WIDE = compiled(crowd(35))  # some 20 KiB
REQUESTS: list[dict[str, Any]] = [
    {name: value, "tenant": tenant, **hints}
    for name, values in (("feature", ("chat", "secret", "batch", "other")),
                         ("model", ("auto", "router/auto", "europe", "opus", "preview/nimbus", "preview/done")))
    for value in values
    for tenant in (None, "berlin", "careful", "cheap", "strict", "nobody")
    for hints in ({}, {"unit": "u-1", "min_quality": 0.6, "stack": "us", "input_tokens": 900, "preference": "cost"})
]  # fmt: skip


def decided(router: Router) -> list[Decision]:
    """Return the answers to the fixed requests, without the table's own hash."""
    return [router.resolve(**asked)._replace(ruleset_hash=None) for asked in REQUESTS]


def served(folder: Path, raw: bytes, damaged: Iterable[bytes], words: str = "") -> int:
    """Load one damaged file after another, each of which is refused or decides alike; return how many were refused.

    Each hundredth goes through a file and a service that has the good table: which goes on serving.
    """
    path = folder / "routing_table.json"
    path.write_bytes(raw)
    service = load(path)
    wanted, good = decided(service), service.status()["ruleset_hash"]
    assert good is not None
    refused = 0
    for text in damaged:
        fresh = Router.from_bytes(text)
        if fresh.status()["serving"] == "routing table":
            assert decided(fresh) == wanted, text
            continue
        assert words in str(fresh.status()["last_rejection"])
        if refused % 100 == 0:
            path.write_bytes(text)
            assert not service.reload()
            assert service.status()["ruleset_hash"] == good
            assert decided(service) == wanted
        refused += 1
    return refused


def flipped(raw: bytes, bits: Iterable[int]) -> Iterator[bytes]:
    """Yield the file with one bit changed, for each of the bits."""
    for bit in bits:
        text = bytearray(raw)
        text[bit >> 3] ^= 1 << (bit & 7)
        yield bytes(text)


def test_some_single_bits(tmp_path: Path) -> None:
    """Of 2,000 single-bit flips of a 20 KiB table none loads and decides otherwise; nearly all are refused."""
    assert 19_000 < len(WIDE) < 22_000, len(WIDE)
    bits = random.Random(6).sample(range(len(WIDE) * 8), 2_000)
    assert served(tmp_path, WIDE, flipped(WIDE, bits)) > 1_990


@pytest.mark.hard
@LONG_RUN
def test_every_single_bit(tmp_path: Path) -> None:
    """Every single-bit flip of a 20 KiB table is refused or decides alike."""
    assert served(tmp_path, WIDE, flipped(WIDE, range(len(WIDE) * 8))) > len(WIDE) * 8 - 50


def test_every_truncation(tmp_path: Path) -> None:
    """Every prefix of a table is refused, save the one that lacks the last line feed alone."""
    raw = compiled(TABLE)
    prefixes = (raw[:end] for end in range(len(raw)))
    assert served(tmp_path, raw, prefixes) == len(raw) - 1


def test_lines_taken_out_doubled_and_swapped(tmp_path: Path) -> None:
    """Any one line taken out or doubled is refused; neighbours swapped are refused or decide alike."""
    raw = compiled(TABLE)
    lines = raw.splitlines(keepends=True)
    out = (b"".join(lines[:at] + lines[at + 1 :]) for at in range(len(lines)))
    assert served(tmp_path, raw, out) == len(lines)
    double = (b"".join(lines[: at + 1] + lines[at:]) for at in range(len(lines)))
    assert served(tmp_path, raw, double) == len(lines)
    entries = [at for at in range(len(lines)) if zlib.crc32(lines[at].rstrip(b"\n")) == 0]
    twice = (b"".join([*lines[: at + 1], b",\n", *lines[at:]]) for at in entries)
    assert served(tmp_path, raw, twice, "stands twice") == len(entries)
    swapped = []
    for one, other in pairwise(entries):
        moved = list(lines)
        moved[one], moved[other] = lines[other], lines[one]
        swapped.append(b"".join(moved))
    assert served(tmp_path, raw, swapped) > 10  # an entry in a section it does not belong to


def test_some_single_bits_of_the_fallback_file() -> None:
    """A damaged fallback file is refused or answers alike."""
    raw = compiled(FALLBACK)
    wanted = decided(Router.from_bytes(None, raw))
    refused = 0
    for text in flipped(raw, random.Random(7).sample(range(len(raw) * 8), 1_000)):
        router = Router.from_bytes(None, text)
        if router.status()["fallback"] == "loaded":
            assert decided(router) == wanted, text
        else:
            refused += 1
    assert refused > 990


def test_the_refusal_names_the_line() -> None:
    """What is wrong, where, and what to do about it."""
    lines = compiled(TABLE).split(b"\n")
    at = next(at for at, line in enumerate(lines) if line.startswith(b'"mini":'))
    line, lines[at] = lines[at], lines[at].replace(b'"quality_bp":5500', b'"quality_bp":9900')
    assert lines[at] != line
    status = Router.from_bytes(b"\n".join(lines)).status()
    assert status["last_rejection"] == (
        f"routing table: line {at + 1} of the file is damaged or was edited by hand: compile it again"
    )
    assert Router.from_bytes(resealed(b"\n".join(lines))).status()["last_rejection"] is None


@pytest.mark.parametrize(
    "line",
    [
        b'"acme":"p-default"',
        b'"acme":"p-default~"',
        b'"acme":{}',
        b'"acme":null',
        b'"acme":["p-default"]',
        b' "acme":"p-default"',
    ],
)
def test_a_line_without_a_seal_is_refused(line: bytes) -> None:
    """A seal is not an option: no form of a tenant's line is read without one."""
    raw = compiled(TABLE)
    assert Router.from_bytes(raw.replace(b'"tenants":{\n', b'"tenants":{\n' + line + b"\n,\n")).status()["rejected"]


def test_what_is_encoded_is_what_is_decoded() -> None:
    """Every line of the compiler's bytes is frame or has a CRC of 0, and the values come back."""
    for body in (TABLE, FALLBACK, changed(TABLE, {"preferences": None, "aliases": {}}), crowd(5)):
        raw = compiled(body)
        assert decode(raw) == body
        sealed = [line for line in raw.split(b"\n") if line and not zlib.crc32(line)]
        assert len(sealed) >= sum(len(part) for part in body.values() if isinstance(part, dict)) - 20
        assert resealed(raw) == raw
        assert Router.from_bytes(encode(body)).status()["rejected"] == (body is FALLBACK)
