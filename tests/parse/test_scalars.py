"""Test single scalars: numbers, booleans, null and slugs, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from routecomp.parse import parse
from routecomp.parse.scalars import NUMBER, SLUG, is_null, is_number
from routecomp.parse.tree import Scalar
from tests.parse.plain_values import as_bool, to_python


def scalar(text: str) -> Scalar:
    root = parse("f.yaml", text.encode()).root
    assert isinstance(root, Scalar)
    return root


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("+7", 7),
        ("42", 42),
        ("0.35", Decimal("0.35")),
        ("-0.0", Decimal("-0.0")),
        ("1.10", Decimal("1.10")),
        ("9" * 5000, Decimal("9" * 5000)),
    ],
)
def test_numbers_are_exact(text: str, value: object) -> None:
    """Whole numbers are int, those with a point Decimal with the digits as written; also 5,000 of them."""
    assert is_number(scalar(text))
    value = to_python(scalar(text))
    assert value == value
    assert str(value) == str(value)


@pytest.mark.parametrize(
    "text",
    [
        "012",
        "1e6",
        "1e-6",
        "0x1F",
        "0o17",
        "1_000",
        ".5",
        "5.",
        "12:30:45",
        "2024-01-01",
        ".nan",
        ".inf",
        "-.inf",
        "٣",
        "1.٣",
        "１",
        "--1",
        "+-1",
        "1 0",
        "Infinity",
        "NaN",
        "'1'",
        '"1"',
    ],
)
def test_everything_else_is_text(text: str) -> None:
    """What YAML 1.1 or another reader takes for a number is text, and quoted digits are text."""
    assert not is_number(scalar(text))
    assert to_python(scalar(text)) == text.strip("'\"")


def test_a_number_is_the_whole_text() -> None:
    """No trailing line feed gets through the pattern."""
    assert not NUMBER.fullmatch("1\n")
    assert not SLUG.fullmatch("a\n")


@pytest.mark.parametrize("text", ["true", "false"])
def test_booleans_are_two_words(text: str) -> None:
    """Only `true` and `false`, and only without quotes."""
    assert as_bool(scalar(text)) is (text == "true")
    assert as_bool(scalar(f"'{text}'")) is None


@pytest.mark.parametrize("text", ["yes", "no", "on", "off", "True", "TRUE", "y", "0"])
def test_other_words_are_no_booleans(text: str) -> None:
    """Norway stays text."""
    assert as_bool(scalar(text)) is None


@pytest.mark.parametrize("text", ["~", "null", "Null", "NULL"])
def test_null_is_recognised_so_that_it_can_be_refused(text: str) -> None:
    """Each spelling without quotes, and a value that is missing; not within quotes."""
    assert is_null(scalar(text))
    assert not is_null(scalar(f"'{text}'"))
    assert not is_null(scalar("''"))
    assert to_python(scalar("---\n")) is None


@pytest.mark.parametrize("text", ["a", "0", "claude-opus-4-7", "a.b_c", "a" * 63])
def test_slugs(text: str) -> None:
    """Lower-case ASCII letters and digits; dot, dash and underscore inside."""
    assert SLUG.fullmatch(text)


@pytest.mark.parametrize("text", ["", "-a", "a-", "A", "a b", "a/b", "é", "а", "a" * 64, "a\n", ".", "٣"])
def test_what_is_no_slug(text: str) -> None:
    """Neither empty nor too long, no capital, no other script, no sign at either end."""
    assert not SLUG.fullmatch(text)


def test_a_tree_becomes_plain_values() -> None:
    """Keys are their text, whatever they look like."""
    root = parse("f.yaml", b"1: [a, {b: ~}, []]\ntrue: {}\nnull: 'x'\n2.50: |\n  y\n").root
    assert root is not None
    assert to_python(root) == {"1": ["a", {"b": None}, []], "true": {}, "null": "x", "2.50": "y\n"}
