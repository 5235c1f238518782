"""Test hostile files: each is refused at the right place, or read as the text it is, never as something else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from routecomp.parse import Parsed, parse
from tests.parse.plain_values import to_python
from tests.parse.shared import ABSENT, NASTY

needs_files = pytest.mark.skipif(not NASTY.is_dir(), reason=ABSENT)

# File, and the findings of the parse stage in their order: rule, line, column.
REFUSED = [
    ("billion_laughs_9x9.yaml", [("RC106", 1, 5), ("RC106", 2, 5), ("RC106", 3, 5)]),
    ("alias_cycle_list.yaml", [("RC106", 1, 9)]),
    ("undefined_alias.yaml", [("RC106", 2, 5)]),
    ("tabs_indent.yaml", [("RC103", 2, 1)]),
    ("nul_byte.yaml", [("RC102", 2, 13)]),
    ("invalid_utf8.yaml", [("RC101", 2, 15)]),
    ("control_chars.yaml", [("RC102", 2, 13), ("RC102", 2, 14)]),
    ("python_tag.yaml", [("RC107", 1, 9)]),
    ("multi_document.yaml", [("RC108", 5, 1)]),
    ("empty.yaml", [("RC111", 1, 1)]),
    ("deep_nesting.yaml", [("RC104", 1, 35)]),
    ("complex_key.yaml", [("RC110", 1, 3), ("RC110", 3, 3)]),
    ("template_braces.yaml", [("RC103", 2, 11)]),
]
# Read by the parse stage, and refused later by the one that knows what each field may hold.
LATER = {
    "norway.yaml": "`no` and `on` are text; a boolean field refuses them",
    "sexagesimal_and_octal.yaml": "all of these are text; a number field refuses them",
    "huge_int.yaml": "a whole number, exact; the field's range refuses it",
    "nan_inf_price.yaml": "`.nan` and `.inf` are text; a price refuses them",
    "sql_injection_names.yaml": "text; a slug refuses it",
}
READ = ("bom_utf8.yaml", "crlf_mixed.yaml", *LATER)


def load(name: str) -> Parsed:
    return parse(name, (NASTY / name).read_bytes())


def value(name: str) -> object:
    parsed = load(name)
    assert parsed.diagnostics == []
    assert parsed.root is not None
    return to_python(parsed.root)


@needs_files
@pytest.mark.parametrize(("name", "expected"), REFUSED)
def test_hostile_files_are_refused_where_the_fault_stands(name: str, expected: list[tuple[str, int, int]]) -> None:
    """The first findings name the fault and its place; there is no tree; no message holds a raw control byte."""
    parsed = load(name)
    assert parsed.root is None
    places = [
        (diagnostic.rule, diagnostic.span.line, diagnostic.span.column)
        for diagnostic in parsed.diagnostics
        if diagnostic.span
    ]
    assert places[: len(expected)] == expected
    for diagnostic in parsed.diagnostics:
        assert (diagnostic.message + diagnostic.help).isprintable()


@needs_files
def test_a_duplicate_key_names_both_places() -> None:
    """The finding stands at the second key and its label at the first, whose value the tree keeps."""
    parsed = load("duplicate_key_top.yaml")
    (diagnostic,) = parsed.diagnostics
    assert (diagnostic.rule, str(diagnostic.span), str(diagnostic.labels[0].span)) == (
        "RC109",
        "duplicate_key_top.yaml:6:1",
        "duplicate_key_top.yaml:1:1",
    )
    assert parsed.root is not None
    assert to_python(parsed.root) == {
        "models": [{"name": "gpt-4o-mini", "provider": "openai", "input_price": Decimal("0.15")}],
        "features": {},
    }


@needs_files
def test_a_byte_order_mark_is_skipped() -> None:
    """The first key is `models`, in column 1."""
    parsed = load("bom_utf8.yaml")
    assert isinstance(value("bom_utf8.yaml"), dict)
    assert parsed.source.text.startswith("models:")
    assert parsed.root is not None
    assert str(parsed.root.span) == "bom_utf8.yaml:1:1"


@needs_files
def test_mixed_line_ends_read_like_lf() -> None:
    """CR LF files have the value of their LF form."""
    data = (NASTY / "crlf_mixed.yaml").read_bytes()
    plain = parse("lf.yaml", data.replace(b"\r\n", b"\n")).root
    assert plain is not None
    assert value("crlf_mixed.yaml") == to_python(plain)
    assert value("crlf_mixed.yaml") == {"models": [{"name": "a", "provider": "openai", "note": "line\n"}]}


@needs_files
def test_what_other_readers_turn_into_something_else_stays_text() -> None:
    """Norway's region, times, octals, exponents and not-a-number are the text that stands there."""
    assert value("norway.yaml") == {
        "tenants": [{"id": "no-as", "region": "no", "country": "NO"}, {"id": "se-ab", "region": "se", "on": True}],
        "regions": ["no", "se", "de", "on", "off", "y", "n", "yes"],
    }
    assert value("sexagesimal_and_octal.yaml") == {
        "models": [
            {
                "name": "1:30",
                "version": "0o17",
                "build": "017",
                "port": "22:22",
                "hex": "0x1F",
                "id": "1e3",
                "tag": "1_000",
            }
        ]
    }
    assert value("nan_inf_price.yaml") == {
        "models": [
            {"name": "a", "input_price": ".nan", "output_price": ".inf"},
            {"name": "b", "input_price": "-.inf", "output_price": Decimal("-0.0")},
        ]
    }
    names = value("sql_injection_names.yaml")
    assert names == {
        "models": [
            {"name": "x'); DROP TABLE routes;--", "provider": "op\\'enai"},
            {"name": "$$; SELECT 1; $$"},
            {"name": "a\nb -- c"},
        ]
    }


@needs_files
def test_huge_numbers_are_exact() -> None:
    """A 400-digit number is read exactly, and what overflows floats elsewhere is text."""
    models = value("huge_int.yaml")
    assert models == {"models": [{"name": "a", "context_window": 10**400 - 1, "input_price": "1e400"}]}


@needs_files
def test_every_hostile_file_has_a_test() -> None:
    """No file of the folder is left out."""
    named = {name for name, _ in REFUSED} | set(READ) | {"duplicate_key_top.yaml", "MANIFEST.tsv"}
    assert {path.name for path in NASTY.iterdir()} == named
