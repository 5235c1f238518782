"""A block whose lines stand where they do not belong is one finding, whatever stands above and below it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from tests.check.full_project import TEXTS, findings
from tests.seeds import FRESH

Lines = list[str]
KINDS: dict[str, Callable[[str, Lines, int], Lines]] = {
    "its own line is gone": lambda header, lines, depth: lines,
    "its lines are not indented": lambda header, lines, depth: [header, *(line[2:] for line in lines)],
    "its lines stand at the left margin": lambda header, lines, depth: [header, *(line.lstrip() for line in lines)],
    "its own line stands too deep": lambda header, lines, depth: ["  " + header, *lines],
    "its own line is not indented": lambda header, lines, depth: [header[2:], *lines],
    "it is not indented": lambda header, lines, depth: [header[2:], *(line[2:] for line in lines)],
    "it stands at the left margin": lambda header, lines, depth: [line[depth:] for line in (header, *lines)],
    "its own line is misspelt": lambda header, lines, depth: [re.sub(r"(.)(.):$", r"\2\1:", header), *lines],
}
FREE = ("query", "headers", "secret_headers", "params")
"""Blocks that take keys of any name, and with them the lines of a block below whose own line is gone."""


def shuffled(text: str, chance: random.Random) -> str:
    """Return a file with the keys of each body in another order."""
    lines: Lines = []
    for part in re.split(r"(?m)^(?=  ?[a-z0-9]\S*:$)", text):
        first, *rest = part.splitlines(keepends=True)
        groups = re.split(r"(?m)^(?=    [a-z])", "".join(rest))
        chance.shuffle(groups)
        lines += [first, *groups]
    return "".join(lines)


def blocks(text: str) -> list[tuple[int, int, int]]:
    """Return the blocks within bodies: their first line, the line behind them, and how deep they stand."""
    lines = text.split("\n")
    depths = [len(line) - len(line.lstrip()) if line.strip() else 0 for line in lines]
    places = [place for place, line in enumerate(lines) if line.endswith(":") and depths[place] >= 4]
    ends = [next(end for end in range(place + 1, len(lines)) if depths[end] <= depths[place]) for place in places]
    return [(place, end, depths[place]) for place, end in zip(places, ends, strict=True)]


def draw(kind: str, chance: random.Random, seed: object) -> None:
    """Make a mistake of one kind in each block of the project, its bodies' keys in an order of this draw."""
    for path in TEXTS:
        text = shuffled(TEXTS[path], chance)
        lines = text.split("\n")
        for first, end, depth in blocks(text):
            above = next(line.strip() for line in reversed(lines[:first]) if len(line) - len(line.lstrip()) <= depth)
            is_open = above.rstrip(":") in FREE and kind in ("its own line is gone", "its own line stands too deep")
            if is_open or (kind == "its own line is misspelt" and depth > 4):
                continue  # these are names of the author's own
            broken = [*lines[:first], *KINDS[kind](lines[first], lines[first + 1 : end], depth), *lines[end:]]
            diagnostics = findings({path: "\n".join(broken)})
            shown = [(d.rule, str(d.span), d.message, d.help) for d in diagnostics]
            assert len(diagnostics) == 1, f"seed {seed}: {path}:{first + 1} {lines[first]} {shown}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_block_is_one_finding(kind: str) -> None:
    """In an order that is the same in every run."""
    assert findings({}) == []
    draw(kind, random.Random(kind), kind)


def test_lines_below_no_body() -> None:
    """A section in braces without a body has none to which they belong."""
    (diagnostic,) = findings({"routes/more.yaml": "models: {}\nprice: {input: 1, output: 2}\n"})
    assert (diagnostic.rule, diagnostic.help) == ("RC120", "indent it below `models`")


@pytest.mark.hard
@pytest.mark.parametrize("kind", KINDS)
def test_any_order_of_keys(kind: str) -> None:
    """In many orders, drawn with a seed of this run's own."""
    seed = FRESH
    print(f"seed {seed}")
    chance = random.Random(f"{seed} {kind}")
    for _ in range(50):
        draw(kind, chance, seed)
