"""Render diagnostics as JUnit XML: the report for CI servers that show tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.render.shown import visible, where
from routecomp.diagnostics.render.text import render_finding
from routecomp.diagnostics.rule import Rule


def render(
    diagnostics: Sequence[Diagnostic], rules: Mapping[str, Rule], *, color: bool, version: str, checked: int
) -> str:
    """Return one test suite with one test case per finding, or with one that passed when there is none.

    An error is a failed test. A warning is a skipped one: servers show it with its message and do not
    fail the build over it, just as the exit code does not.
    """
    errors = sum(d.severity is Severity.ERROR for d in diagnostics)
    counts = {"tests": str(len(diagnostics) or 1), "failures": str(errors), "errors": "0"}
    suites = ET.Element("testsuites", {"name": "routecomp", **counts})
    suite = ET.SubElement(
        suites, "testsuite", {"name": "routecomp check", **counts, "skipped": str(len(diagnostics) - errors)}
    )
    for d in diagnostics:
        rule = rules.get(d.rule)
        name = f"{d.rule} {rule.name}" if rule else d.rule
        path, position = (visible(d.span.path), f" at {where(d.span)}") if d.span else ("project", "")
        case = ET.SubElement(suite, "testcase", {"classname": path, "name": visible(name) + position})
        tag = "failure" if d.severity is Severity.ERROR else "skipped"
        outcome = ET.SubElement(case, tag, {"type": visible(name), "message": visible(d.message)})
        outcome.text = "\n" + render_finding(d) + "\n"
    if not diagnostics:
        ET.SubElement(suite, "testcase", {"classname": "project", "name": f"files checked: {checked}"})
    return _document(suites)


def render_tests(name: str, cases: Sequence[tuple[str, str, Diagnostic | None]]) -> str:
    """Return one test suite with each of some test cases: class, name, and the finding where it failed."""
    failures = sum(finding is not None for _, _, finding in cases)
    counts = {"tests": str(len(cases)), "failures": str(failures), "errors": "0"}
    suites = ET.Element("testsuites", {"name": "routecomp", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": name, **counts, "skipped": "0"})
    for class_name, title, finding in cases:
        case = ET.SubElement(suite, "testcase", {"classname": visible(class_name), "name": visible(title)})
        if finding is not None:
            attributes = {"type": visible(finding.rule), "message": visible(finding.message)}
            ET.SubElement(case, "failure", attributes).text = "\n" + render_finding(finding) + "\n"
    return _document(suites)


def _document(suites: ET.Element) -> str:
    """Return test suites as a document."""
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"
