"""Reports in all five formats: goldens, published schemas, and what no text may do to any of them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any
from unicodedata import category
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from routecomp.checker import Checked
from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, error
from routecomp.diagnostics.render import FORMATS, render
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import rules
from routecomp.source.edits import Edit, Fix
from routecomp.source.text import SourceFile, Span
from routecomp.sql.lint import Linted
from tests import change_fixtures, rule_fixtures, sql_fixtures
from tests.diagnostics.goldens import FOLDER, goldens
from tests.diagnostics.samples import RULES, TENANTS, at, hostile, report
from tests.secrets.samples import SHAPES

SCHEMAS = Path(__file__).parent / "schemas"


def rendered(format: str, found: list[Diagnostic], color: bool = False) -> str:
    """A report with the sample rules."""
    return render(format, found, RULES, color=color, version="0.1.0", checked=3)


@cache
def sarif_schema() -> Any:
    """The published schema, ready to validate with."""
    text = (SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text), format_checker=jsonschema.FormatChecker())


@cache
def junit_schema() -> Any:
    """The published schema, ready to validate with."""
    return xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))


@pytest.mark.parametrize("name", goldens())
def test_goldens(name: str) -> None:
    """Each report is what its golden holds, byte for byte (rewrite: python -m tests.diagnostics.goldens)."""
    assert goldens()[name].encode() == (FOLDER / name).read_bytes()


def test_no_golden_is_left_over() -> None:
    """Every golden file belongs to a report."""
    assert {path.name for path in FOLDER.iterdir()} == goldens().keys()


def test_the_house_example() -> None:
    """An ordinary finding looks exactly as the documentation shows it."""
    source = SourceFile(
        "policies/tenants/acme.yaml", "tenants:\n  acme:\n    weights:\n      a: 1\n      b: 1\n      cost: 0.35\n"
    )
    found = error(
        "RC301",
        "weights of tenant `acme` add up to 1.05, not 1.00",
        at(source, "0.35"),
        "lower one of the three by 0.05",
        "was 0.30 on main",
    )
    assert rendered("text", [found]) == (
        "error[RC301]: weights of tenant `acme` add up to 1.05, not 1.00\n"
        "  --> policies/tenants/acme.yaml:6:13\n"
        "   |\n"
        " 6 |       cost: 0.35\n"
        "   |             ^^^^ was 0.30 on main\n"
        "   = help: lower one of the three by 0.05\n"
        "\n"
        "1 error in 3 files\n"
    )


@pytest.mark.parametrize(
    ("text", "before"),  # the columns of a terminal that what stands before the x takes, worked out by hand
    [
        ("日本語: x", 8),
        ("👍👍 x", 5),
        ("e\u0301e\u0301 x", 3),
        ("\tx", 4),
        ("ab\tx", 4),
        ("ﾊﾝｶｸ x", 5),
        ("１２ x", 5),
        ("\x1b[1m x", 8),
        ("❤\ufe0f x", 3),
        ("\u202e x", 9),
        ("\u1112\u1161\u11ab x", 3),
    ],
)
def test_underlines_stand_under_what_they_mean(text: str, before: int) -> None:
    """Wide, combining, tabbed and escaped characters before a span do not move its underline."""
    shown = rendered("text", [error("RC112", "here", at(SourceFile("a.yaml", text), "x"))]).split("\n")
    assert shown[4] == "   | " + " " * before + "^"
    assert shown[3].endswith("x")


def test_a_long_line_is_cropped_around_the_span() -> None:
    """Of a line of 100,000 characters a screenful is shown, with the span in it, the cuts marked."""
    source = SourceFile("a.yaml", "a" * 50_000 + "here" + "b" * 50_000)
    shown = rendered("text", [error("RC112", "long", at(source, "here"))]).split("\n")
    line, underline = shown[3], shown[4]
    assert len(line) < 130
    assert line[5] == line[-1] == "…"
    assert line[underline.index("^") : underline.rindex("^") + 1] == "here"


def test_a_span_longer_than_the_window_is_underlined_to_the_cut() -> None:
    """A value of 100,000 characters does not make a report of 100,000 marks."""
    source = SourceFile("a.yaml", "key: " + "v" * 100_000)
    shown = rendered("text", [error("RC112", "long", Span(source, 5, 100_005))])
    assert max(map(len, shown.split("\n"))) < 130


def test_a_line_of_characters_without_a_width_is_cropped() -> None:
    """A million combining marks on one letter take no column, and still fill no report."""
    source = SourceFile("a.yaml", "key: e" + "\u0301" * 1_000_000 + "\n")
    assert len(rendered("text", [error("RC112", "zalgo", Span(source, 5, 1_000_006))])) < 2_000


def test_marks_of_one_line_stand_below_it_once() -> None:
    """Two places of one line share it, the finding's own first."""
    source = SourceFile("a.yaml", "weights: {quality: 0.5, cost: 0.6}")
    found = error("RC301", "sum", at(source, "0.6"), note="too much", labels=(Label(at(source, "0.5"), "and this"),))
    assert rendered("text", [found]).split("\n")[3:6] == [
        " 1 | weights: {quality: 0.5, cost: 0.6}",
        "   |                               ^^^ too much",
        "   |                    --- and this",
    ]


def test_two_versions_of_a_file_are_two_snippets() -> None:
    """A second place in the base's version of the same file is shown with that version's line."""
    now, base = SourceFile("a.yaml", "x: 1\n"), SourceFile("a.yaml", "y: 0\nx: 2\n")
    found = error("RC501", "changed", at(now, "1"), labels=(Label(at(base, "2"), "on main"),))
    assert rendered("text", [found]).split("\n")[1:9] == [
        "  --> a.yaml:1:4",
        "   |",
        " 1 | x: 1",
        "   |    ^",
        "  ::: a.yaml:2:4",
        "   |",
        " 2 | x: 2",
        "   |    - on main",
    ]


def test_colour_only_when_asked() -> None:
    """Escape sequences stand in a report only for a terminal, and without them it reads the same."""
    plain, colored = rendered("text", report()), rendered("text", report(), color=True)
    assert "\x1b" not in plain
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain
    for format in FORMATS[1:]:
        assert "\x1b" not in rendered(format, report(), color=True)


@pytest.mark.parametrize("format", FORMATS)
def test_the_order_of_findings_does_not_matter(format: str) -> None:
    """However the findings are collected, the report is the same, by file and place."""
    found = hostile() + report()
    wanted = rendered(format, found)
    for seed in range(5):
        shuffled = list(found)
        Random(seed).shuffle(shuffled)
        assert rendered(format, shuffled) == wanted


def test_an_unknown_format_is_a_bug_of_the_caller() -> None:
    """Another word than the five is refused, with the five named."""
    with pytest.raises(ValueError, match="text, json, sarif, github, junit"):
        rendered("xml", [])


def test_json_says_everything() -> None:
    """Every field of a finding stands in the JSON report, characters as they are."""
    found = error(
        "RC201",
        "ü\x1b",
        at(TENANTS, "balanceed"),
        "help\nmore",
        "note",
        (Label(at(TENANTS, "0.40"), "l"),),
        Fix("title", (Edit(at(TENANTS, "balanceed"), "balanced"),)),
    )
    text = rendered("json", [found])
    assert text.isascii()
    assert json.loads(text) == {
        "version": "0.1.0",
        "findings": [
            {
                "rule": "RC201",
                "name": "unknown-name",
                "severity": "error",
                "message": "ü\x1b",
                "help": "help\nmore",
                "note": "note",
                "path": "policies/tenants/acme.yaml",
                "line": 7,
                "column": 13,
                "end_line": 7,
                "end_column": 22,
                "labels": [
                    {
                        "path": "policies/tenants/acme.yaml",
                        "line": 4,
                        "column": 16,
                        "end_line": 4,
                        "end_column": 20,
                        "text": "l",
                    }
                ],
                "fix": {
                    "title": "title",
                    "applicability": "unsafe",
                    "edits": [
                        {
                            "path": "policies/tenants/acme.yaml",
                            "start": {"line": 7, "column": 13},
                            "end": {"line": 7, "column": 22},
                            "replacement": "balanced",
                        }
                    ],
                },
            }
        ],
        "errors": 1,
        "warnings": 0,
        "files": 3,
    }


def fingerprints(found: list[Diagnostic]) -> list[str]:
    """The fingerprints of a SARIF log's results, in its order."""
    results = json.loads(rendered("sarif", found))["runs"][0]["results"]
    return [result["partialFingerprints"]["ruleMessagePath/v1"] for result in results]


def test_a_sarif_fingerprint_stays_when_lines_move() -> None:
    """Lines added above change no fingerprint; another message, rule or path does; twins are told apart."""
    old = SourceFile("a.yaml", "x: 1\n")
    moved = SourceFile("a.yaml", "# new\n\nx: 1\n")
    other = SourceFile("b.yaml", "x: 1\n")
    base = error("RC112", "m", at(old, "x"))
    (one,) = fingerprints([base])
    assert fingerprints([replace(base, span=at(moved, "x"))]) == [one]
    others = [replace(base, message="n"), replace(base, rule="RC201"), replace(base, span=at(other, "x"))]
    assert len({one, *(fingerprints([d])[0] for d in others)}) == 4
    assert len(set(fingerprints([base, replace(base, span=at(old, "1"))]))) == 2


def test_sarif_paths_are_uris() -> None:
    """Paths are percent-encoded relative references, also where a file's name is not UTF-8."""
    names = ["a b#c?.yaml", "x/ü%.yaml", b"\xff.yaml".decode("utf-8", "surrogateescape"), "c:d.yaml", "\ud800.yaml"]
    found = [error("RC112", "m", Span(SourceFile(name, "x"), 0, 1)) for name in names]
    results = json.loads(rendered("sarif", found))["runs"][0]["results"]
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results}
    assert uris == {"a%20b%23c%3F.yaml", "x/%C3%BC%25.yaml", "%FF.yaml", "c%3Ad.yaml", "%ED%A0%80.yaml"}


def test_junit_counts_and_verdicts() -> None:
    """Errors fail, warnings do not; a clean project is one test that passed."""
    suite = ET.fromstring(rendered("junit", report()))[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "3", "1")
    assert [case[0].tag for case in suite] == ["failure", "skipped", "failure", "failure"]
    clean = ET.fromstring(rendered("junit", []))[0]
    assert (clean.get("tests"), clean.get("failures"), [len(case) for case in clean]) == ("1", "0", [0])


@pytest.mark.parametrize("shape", ["openai", "anthropic", "mistral", "pem", "url-password"])
def test_no_report_shows_a_credential(shape: str) -> None:
    """A credential that a rule's words quote is starred in every format; a fix that would write one is left out."""
    secret = SHAPES[shape](Random(4))
    quoted = f"the value is `{secret}`"
    found = error(
        "RC112",
        quoted,
        at(TENANTS, "0.35"),
        quoted,
        quoted,
        (Label(at(TENANTS, "0.40"), quoted),),
        Fix("move it", (Edit(at(TENANTS, "0.35"), secret),)),
    )
    core = max(re.split(r"[^A-Za-z0-9+/=]+", secret.removesuffix("@proxy.example.com/v1")), key=len)
    for format in FORMATS:
        text = rendered(format, [found])
        assert core not in text
        assert "****" in text
        assert "move it" not in text


# Whatever the texts: characters of every kind, and the ones that end, open or escape something somewhere.
nasty = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            list("\n\r\t\0\x1b\x85\u2028\u2029\u202e\ufeff\ufffe\uffff\ud800\U000e0041%:,;<>&\"'`[](){}]|=#@\\")
        ),
    ),
    max_size=30,
)
paths = st.one_of(st.just("routes/a.yaml"), nasty.filter(bool))


@st.composite
def diagnostics(draw: st.DrawFn) -> list[Diagnostic]:
    """Findings with any words, over files with any names and texts."""
    files = [SourceFile(draw(paths), draw(nasty)) for _ in range(draw(st.integers(1, 2)))]

    def span() -> Span:
        file = draw(st.sampled_from(files))
        start, end = sorted([draw(st.integers(0, len(file.text))), draw(st.integers(0, len(file.text)))])
        return Span(file, start, end)

    return [
        Diagnostic(
            draw(st.sampled_from(["RC112", "RC301", "RC999"])),
            draw(st.sampled_from(list(Severity))),
            draw(nasty),
            draw(st.one_of(st.none(), st.builds(span))),
            draw(nasty),
            draw(nasty),
            tuple(Label(span(), draw(nasty)) for _ in range(draw(st.integers(0, 2)))),
            draw(st.one_of(st.none(), st.builds(lambda: Fix(draw(nasty), (Edit(span(), draw(nasty)),))))),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]


@settings(deadline=None)
@given(diagnostics())
def test_text_shows_nothing_raw(found: list[Diagnostic]) -> None:
    """A text report holds no control, format or bidi character but its own line ends, and no line of a text's own."""
    text = rendered("text", found)
    assert text.endswith("\n")
    assert not [c for c in text if c != "\n" and category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    text.encode("utf-8")
    starts = ("error[", "warning[", " ", "...", "checked 3 files: no findings")
    *findings, summary = text.removesuffix("\n").split("\n")
    assert all(not line or line.startswith(starts) for line in findings)
    assert re.fullmatch(r"checked 3 files: no findings|[123] (error|warning)s?(, [12] warnings?)? in 3 files", summary)


def check_json(report: str, diagnostics: Sequence[Diagnostic]) -> None:
    """Assert that a report is strict JSON in ASCII with every message, lone surrogates written out."""
    assert report.isascii()
    read = json.loads(report, parse_constant=pytest.fail)
    for finding, diagnostic in zip(read["findings"], sorted(diagnostics, key=Diagnostic.sort_key), strict=True):
        expected = re.sub("[\ud800-\udfff]", lambda match: f"\\u{{{ord(match[0]):x}}}", diagnostic.message)
        assert finding["message"] == expected


def check_sarif(report: str, diagnostics: Sequence[Diagnostic]) -> None:
    """Assert that a report follows the published schema, with one result per diagnostic and each rule described."""
    log = json.loads(report)
    sarif_schema().validate(log)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]
    assert len(run["results"]) == len(diagnostics)
    assert all(
        result["locations"]
        and re.fullmatch(r"[A-Za-z0-9._~/%-]*", result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        for result in run["results"]
    )


def check_github(report: str, diagnostics: Sequence[Diagnostic]) -> None:
    """Assert that each diagnostic is one command on one line, and that its properties read back as what was meant."""
    lines = report.splitlines()
    assert len(lines) == len(diagnostics) == report.count("\n")
    for line, diagnostic in zip(lines, sorted(diagnostics, key=Diagnostic.sort_key), strict=True):
        match = re.fullmatch(r"::(error|warning) ([^\n]*?)::(.*)", line)
        assert match is not None
        assert match[1] == diagnostic.severity
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        assert properties["title"].startswith(diagnostic.rule)
        assert ("file" in properties) == (diagnostic.span is not None)
        assert properties.keys() <= {"file", "line", "col", "endLine", "endColumn", "title"}
        assert not re.search(r"%(?!25|0A)", match[3])


def check_junit(report: str, diagnostics: Sequence[Diagnostic]) -> None:
    """Assert that a report is well-formed XML that follows the published schema, with one test case per diagnostic."""
    junit_schema().validate(StringIO(report))
    cases = ET.fromstring(report.encode("utf-8"))[0]
    assert len(cases) == max(len(diagnostics), 1)
    for case, diagnostic in zip(cases, sorted(diagnostics, key=Diagnostic.sort_key), strict=False):
        assert case[0].tag == ("failure" if diagnostic.severity is Severity.ERROR else "skipped")
        assert diagnostic.rule in (case.get("name") or "")


CHECKS = {"json": check_json, "sarif": check_sarif, "github": check_github, "junit": check_junit}
"""Format to what holds for every report in it."""
EXAMPLES = {"json": 100, "sarif": 40, "github": 100, "junit": 60}
"""Format to how many random reports are checked."""


@pytest.mark.parametrize("format", CHECKS)
def test_any_words_are_reported_in_a_sound_format(format: str) -> None:
    """Whatever the words and the names of files, a report for programs holds them and keeps to its format."""

    @settings(max_examples=EXAMPLES[format], deadline=None)
    @given(diagnostics())
    def check(found: list[Diagnostic]) -> None:
        CHECKS[format](rendered(format, found), found)

    check()


@cache
def every_diagnostic() -> tuple[Diagnostic, ...]:
    """Return the diagnostics of the bad example of every rule."""
    results: tuple[Checked | Linted, ...] = (
        *(rule_fixtures.checked(fixture / "bad") for fixture in rule_fixtures.fixtures()),
        *(change_fixtures.checked(fixture, "after") for fixture in change_fixtures.fixtures()),
        *(sql_fixtures.linted(fixture, "bad") for fixture in sql_fixtures.sql_fixtures()),
    )
    return tuple(diagnostic for result in results for diagnostic in result.diagnostics)


@pytest.mark.parametrize("format", CHECKS)
def test_every_rule_is_reported_in_every_format(format: str) -> None:
    """What any rule says keeps to the format: few rules have goldens of other formats than text."""
    diagnostics = every_diagnostic()
    assert {diagnostic.rule for diagnostic in diagnostics} >= set(rules(Scope.TEXT, Scope.PROJECT, Scope.CHANGE))
    CHECKS[format](render(format, diagnostics, rules(), version="0.1.0", checked=3), diagnostics)
