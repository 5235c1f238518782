"""Answer requests that are given as lines of JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO, Final

from routecomp.runtime.parts.read_file import _is_deep
from routecomp.runtime.parts.router import Router, load


def resolve_line(router: Router, line: bytes) -> str:
    """Return the decision for one line of JSON, as one line of JSON without its end; nothing raises.

    A line that is no JSON object is decided as a request that names nothing, with the reason `ignored:request`.
    """
    body: Any
    try:
        body = parse_request(line)
    except (AttributeError, TypeError, ValueError, RecursionError):  # not bytes, not UTF-8, not JSON, too deep
        body = None
    # What is no object is answered too: the decision says `ignored:request`.
    return router.resolve_request(body).to_json()


def parse_request(line: bytes) -> Any:
    """Return the value of one line of JSON, every number exact; ValueError if it is no JSON or nested too deeply."""
    if _is_deep(line):
        raise ValueError  # its words are the callers' to choose
    return _REQUESTS.decode(line.decode("utf-8"))


def _integer(text: str) -> int | Decimal:
    """Return a JSON number of digits alone as an int if it has up to 20 characters, as ids do; else as a decimal."""
    return int(text) if len(text) <= 20 else _decimal(text)


def _decimal(text: str) -> Decimal:
    """Return a JSON number of any length as an exact decimal.

    An exponent beyond Decimal's own limit becomes a smaller one, which decides the same.
    """
    try:
        number = Decimal(text)
        if number.is_finite():
            return number
    except InvalidOperation:
        pass  # an exponent of more than 18 digits
    digits, _, exponent = text.lower().partition("e")
    if not digits.strip("-0."):
        return Decimal(0)
    return Decimal((int(digits.startswith("-")), (1,), -999_999 if exponent.startswith("-") else 999_999))


def _not_finite(_name: str) -> float:
    """Return what stands for `NaN` and `Infinity` in a line: a number that is ignored."""
    return float("nan")


_REQUESTS: Final = json.JSONDecoder(parse_int=_integer, parse_float=_decimal, parse_constant=_not_finite)


def serve(router: Router, source: int, sink: BinaryIO) -> None:
    """Write one decision for each line of an open file, given by its descriptor, until the file ends.

    The lines that have arrived are answered, then the sink is flushed: this is quick for a file, and prompt for a
    partner that waits for each answer.
    """
    begun: list[bytes] = []  # pieces of a line whose end has not arrived
    while chunk := os.read(source, 1 << 16):
        first, *lines = chunk.split(b"\n")
        begun.append(first)
        if lines:
            for line in (b"".join(begun), *lines[:-1]):
                sink.write(resolve_line(router, line).encode("ascii") + b"\n")
            sink.flush()
            begun = [lines[-1]]
    if last := b"".join(begun):
        sink.write(resolve_line(router, last).encode("ascii") + b"\n")
        sink.flush()


def main(arguments: list[str] | None = None) -> int:
    """Run the program: read requests as JSON lines on standard input, write decisions on standard output.

    Return the exit code: 0, or 130 after an interrupt. A table that is missing or refused is a warning on standard
    error.
    """
    table = os.path.join(os.path.dirname(os.path.abspath(__file__)), "routing_table.json")
    parser = argparse.ArgumentParser(
        prog="resolver.py",
        description="Reads requests as JSON lines on standard input and writes one decision for every line.",
    )
    parser.add_argument("--table", default=table, metavar="PATH", help="default: routing_table.json beside this file")
    parser.add_argument("--fallback", metavar="PATH", help="default: fallback.json beside the table")
    parser.add_argument("--sha256", metavar="HEX", help="refuse a table that has another SHA-256")
    options = parser.parse_args(arguments)
    try:
        router = load(options.table, fallback=options.fallback, sha256=options.sha256)
    except ValueError as error:
        parser.error(str(error))
    status = router.status()
    if status["last_rejection"] is not None:
        print(f"resolver.py: warning: {status['last_rejection']}; serving from: {status['serving']}", file=sys.stderr)
    try:
        serve(router, sys.stdin.buffer.fileno(), sys.stdout.buffer)
    except BrokenPipeError:
        # The reader went away. Python would complain once more when it flushes at exit: give it a place to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
