"""Test hostile texts: the answer always comes, and the largest file takes bounded memory.

Times are measured in benchmarks/parse.py; a shape that takes quadratic time makes these tests hang.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from routecomp.parse import Limits, parse
from tests.parse.shapes import SHAPES
from tests.parse.test_any_text import is_sound

MIB = 1024 * 1024

# On Linux `ru_maxrss` begins with what the process had that started this one; `VmHWM` is this program's own.
CHILD = """
import os, resource, sys
from routecomp.parse import parse
from tests.parse.shapes import SHAPES
parsed = parse("f.yaml", SHAPES[sys.argv[1]](4 * 1024 * 1024))
for found in parsed.diagnostics:
    str(found.span)
if os.path.exists("/proc/self/status"):
    print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 if sys.platform != "darwin" else 1024))
"""
LARGEST = ["keys", "empty items", "lines in brackets", "braces in brackets", "empty lines", "tag directives"]


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_shape_gives_an_answer(shape: str) -> None:
    """64 KiB of each: a tree or an error, with places inside the text."""
    is_sound(parse("f.yaml", SHAPES[shape](64 * 1024)))


@pytest.mark.parametrize("shape", ["open brackets", "open braces", "dashes", "staircase", "question marks"])
def test_nesting_ends_at_the_limit(shape: str) -> None:
    """However deep a file nests, the walk ends where the limit is passed."""
    parsed = parse("f.yaml", SHAPES[shape](MIB))
    assert parsed.root is None
    assert {diagnostic.rule for diagnostic in parsed.diagnostics} <= {"RC104", "RC103", "RC110"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: " + "[" * 5_000, (1, 35)),
        ("a: " + "{a: " * 5_000, (1, 128)),
        ('a: ["[[[", ' + "[" * 3_000 + "]" * 3_000, (1, 42)),
        ("x: *a\n'b': " + "[" * 5_000, (2, 37)),
    ],
)
def test_nesting_that_libyaml_itself_refuses_is_placed_where_our_limit_is_passed(
    text: str, place: tuple[int, int]
) -> None:
    """libyaml 0.2.6 refuses a thousand brackets before it reports the first: the finding stands at the 33rd."""
    diagnostic = parse("f.yaml", text.encode()).diagnostics[-1]
    assert diagnostic.span is not None
    assert (diagnostic.rule, diagnostic.span.line, diagnostic.span.column) == ("RC104", *place)


@pytest.mark.parametrize(
    "shape", ["items", "items in brackets", "same key", "keys", "block texts", "lines in brackets"]
)
def test_dense_files_are_refused_by_their_number_of_values(shape: str) -> None:
    """A file within the size limit that holds too many values is refused as too large."""
    (diagnostic,) = parse("f.yaml", SHAPES[shape](64 * 1024), Limits(max_nodes=4_000)).diagnostics
    assert diagnostic.rule == "RC105"


def peak(shape: str) -> int:
    """The largest resident memory in KiB of a process that reads 4 MiB of a shape and places its findings."""
    done = subprocess.run([sys.executable, "-c", CHILD, shape], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.parametrize("shape", LARGEST)
def test_the_largest_file_takes_bounded_memory(shape: str) -> None:
    """At most 256 MiB for the whole process."""
    assert peak(shape) <= 256 * 1024


@pytest.mark.hard
@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_largest_shape_takes_bounded_memory(shape: str) -> None:
    """The same for every shape."""
    assert peak(shape) <= 256 * 1024


def test_a_large_ordinary_file_is_within_the_limits() -> None:
    """3 MiB of ordinary configuration is read: the limits are for what is not."""
    entry = "  model-{0:06}: {{provider: acme, quality: 0.86, price: {{input: 5.00, output: 25.00}}}}\n"
    text = "models:\n" + "".join(entry.format(number) for number in range(38_000))
    assert len(text) > 3 * MIB
    assert parse("f.yaml", text.encode()).diagnostics == []
