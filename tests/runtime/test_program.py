"""The resolver as a program: one decision for every line, whatever the line holds."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import resolve_line

from .tables import FALLBACK, TABLE, encode, router

R = router()
PROGRAM = Path(resolver.__file__)


def line(text: str | bytes) -> dict[str, Any]:
    raw = text if isinstance(text, bytes) else text.encode()
    decision: dict[str, Any] = json.loads(resolve_line(R, raw))
    return decision


def run(folder: Path, raw: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Return the program copied into a folder, run by a bare Python."""
    program = folder / "resolver.py"
    program.write_bytes(PROGRAM.read_bytes())
    command = [sys.executable, "-I", "-S", str(program), *arguments]
    return subprocess.run(command, input=raw, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\r",
        "nonsense",
        "[]",
        "7",
        '"x"',
        "null",
        '{"model": "auto"',
        '{"model": "auto"} x',
        b"\xff",
        b'{"model": "\xed\xa0\x80"}',
        '{"a": ' + "[" * 64 + "]" * 64 + "}",
        '{"a":' * 65 + "1" + "}" * 65,
        "[" * 100_000,
        "\ufeff{}",
    ],
)
def test_what_is_no_request(text: str | bytes) -> None:
    """A line that is no JSON object, or is nested deeper than 64, is unknown_model and ignored:request."""
    decision = line(text)
    assert decision["status"] == "unknown_model"
    assert decision["source"] == "table"
    assert decision["reasons"] == ["ignored:request"]


def test_depth_64_is_read() -> None:
    """64 levels are read: the outer object is the first."""
    assert line('{"a": ' + "[" * 63 + "]" * 63 + ', "model": "opus"}')["reasons"] == ["ignored:a"]
    assert line('{"a": "' + "[" * 200 + '", "model": "opus"}')["reasons"] == ["ignored:a"]
    assert line('{"a": [' + "[]," * 200 + '[]], "model": "opus"}')["reasons"] == ["ignored:a"]


def test_null_is_not_given() -> None:
    """null is not given, except for unknown keys, which are said null or not."""
    assert line('{"model": "auto", "tenant": null, "input_tokens": null}')["reasons"] == []
    assert line('{"model": "auto", "colour": null}')["reasons"] == ["ignored:colour"]
    assert line('{"model": "auto", "self": 1, "request": 2}')["reasons"] == [
        "ignored:request",
        "ignored:self",
    ]


@pytest.mark.parametrize(
    ("number", "floor"),
    [
        ("0.8", 8000),
        ("8e-1", 8000),
        ("0.80000000000000000000000000000000000001", 8001),
        ("1", 10000),
        ("0.8" + "0" * 5000 + "1", 8001),
        ("1e999999999", 10001),
        ("-1e999999999", -1),
        ("1e-999999999", 1),
        ("-1e-999999999", 0),
        ("1e9999999999999999999999", 10001),
        ("-1e9999999999999999999999", -1),
        ("1e-9999999999999999999999", 1),
        ("0e9999999999999999999999", 0),
        ("-0.0", 0),
        ("9" * 10_000, 10001),
        ("-0e-9999999999999999999999", 0),
    ],
)
def test_numbers_are_decimals_of_any_length(number: str, floor: int) -> None:
    """Numbers are read exactly, whatever their length or exponent."""
    assert line('{"model": "auto", "min_quality": ' + number + "}")["floor_bp"] == floor


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("5", True),
        ("5.0", True),
        ("5e0", True),
        ("0e99999", True),
        ("1e9", True),
        ("1000000001", False),
        ("1e10", False),
        ("5.5", False),
        ("-1", False),
        ("-0", True),
        ("NaN", False),
        ("Infinity", False),
        ("-Infinity", False),
        ("true", False),
        ('"5"', False),
        ("[5]", False),
        ("1e-400", False),
        ("1e999999999999999999999", False),
        ("5." + "0" * 5000, True),
        ("5." + "0" * 5000 + "1", False),
    ],
)
def test_tokens_are_whole_numbers(number: str, good: bool) -> None:
    """Tokens and milliseconds are whole, 0..10⁹; anything else is ignored."""
    for key in ("input_tokens", "max_output_tokens", "latency_budget_ms"):
        flag = f"ignored:{key}"
        assert (flag not in line(f'{{"model": "gpt", "{key}": {number}}}')["reasons"]) is good


def test_cost_limits_in_json() -> None:
    """max_cost_usd is read exactly and rounded down to a pico-dollar."""
    request = '{"model": "listed", "input_tokens": 1, "max_cost_usd": %s}'
    cost = line(request % "1e999999999")["estimated_cost_pusd"]  # mini: 0.2e6 + 0.4e6
    assert cost == 600_000
    assert line(request % "0.0000006")["status"] == "ok"
    assert line(request % "6e-7")["status"] == "ok"
    assert line(request % "0.0000005999999999999999999999999999")["status"] == "rejected_cost"
    assert line(request % "NaN")["reasons"] == ["ignored:max_cost_usd"]


def test_lone_surrogates_in_json() -> None:
    """Lone surrogates are no text; in a list of names they name nothing; in a key they are said."""
    assert line(r'{"model": "\ud800"}')["reasons"] == ["ignored:model"]
    assert line(r'{"model": "auto", "unavailable": ["\ud800"]}')["reasons"] == []
    assert line(r'{"model": "auto", "capabilities": ["\ud800"]}')["status"] == "rejected_unavailable"
    assert line(r'{"model": "auto", "\ud800": 1}')["reasons"] == ["ignored:\ud800"]


def test_the_program_reads_the_files_beside_it(tmp_path: Path) -> None:
    """Copied beside its files and run bare, it answers every line; the last may lack its end."""
    (tmp_path / "routing_table.json").write_bytes(encode(TABLE))
    (tmp_path / "fallback.json").write_bytes(encode(FALLBACK))
    done = run(tmp_path, b'{"model": "auto"}\r\n\n{"feature": "chat"}\n{"feature": "batch"}')
    decisions = [json.loads(answer) for answer in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert [d["source"] for d in decisions] == ["table", "table", "table", "default_route"]
    assert [d["status"] for d in decisions] == ["ok", "unknown_model", "ok", "ok"]
    assert run(tmp_path, b"").stdout == b""


def test_the_program_without_a_table(tmp_path: Path) -> None:
    """A missing table is a warning; every line is still answered, and the exit code is 0."""
    done = run(tmp_path, b'{"feature": "chat"}\n')
    assert done.returncode == 0
    assert b"warning" in done.stderr
    assert b"does not exist" in done.stderr
    assert json.loads(done.stdout)["status"] == "unknown_model"
    other = tmp_path / "other"
    other.mkdir()
    (other / "f.json").write_bytes(encode(FALLBACK))
    (other / "t.json").write_bytes(encode(TABLE))
    done = run(tmp_path, b'{"feature": "batch"}\n', "--table", str(other / "no"), "--fallback", str(other / "f.json"))
    assert json.loads(done.stdout)["model"] == "mistral-3"
    done = run(tmp_path, b'{"feature": "chat"}\n', "--table", str(other / "t.json"))
    assert json.loads(done.stdout)["source"] == "table"


def test_the_program_answers_a_partner_that_waits(tmp_path: Path) -> None:
    """A partner that writes one line and waits gets its decision before it writes the next."""
    (tmp_path / "routing_table.json").write_bytes(encode(TABLE))
    command = [sys.executable, "-I", "-S", str(PROGRAM), "--table", str(tmp_path / "routing_table.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in (b'{"model": "auto"}\n', b'{"model": "opus"}\n'):
            process.stdin.write(text[:5])
            process.stdin.flush()
            process.stdin.write(text[5:])
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["status"] == "ok"
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    """When the reader of the decisions leaves, the program ends without a complaint."""
    (tmp_path / "routing_table.json").write_bytes(encode(TABLE))
    command = [sys.executable, "-I", "-S", str(PROGRAM), "--table", str(tmp_path / "routing_table.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(b'{"model": "auto"}\n')
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


def test_standard_library_only() -> None:
    """The file imports nothing outside the standard library."""
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
