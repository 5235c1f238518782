"""The public face: what its signatures mention is in it, and a program that uses it passes a strict type checker."""

from __future__ import annotations

import inspect
import subprocess
import sys
import typing
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import routecomp
from tests.cli.transcripts import SMALL

OPAQUE = {"Declared", "Program"}
"""Types that users hand on without looking into them: what their attributes are made of is not public."""

PROGRAM = '''\
"""Check, compile and compare a project, then ask the router for decisions."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import routecomp
from routecomp import Base, Checked, Compilation, Diagnostic, Difference, Endpoint, Fix, Limits, Memory, Options
from routecomp import Progress, Released, Router, RoutingTable, Severity, SourceFile, Span, Waiver

OPTIONS = Options(today=date(2026, 11, 20), limits=Limits(max_bytes=1 << 20))


def read(root: Path) -> dict[str, bytes]:
    """Read the YAML files below a folder."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.yaml"))}


def lines(checked: Checked) -> Iterator[str]:
    """Write a line for each finding."""
    for diagnostic in checked.diagnostics:
        span: Span | None = diagnostic.span
        file: SourceFile | None = None if span is None else span.file
        fix: Fix | None = diagnostic.fix
        edits = () if fix is None else fix.edits
        words = [label.text for label in diagnostic.labels] + [edit.replacement for edit in edits]
        yield f"{diagnostic.rule} {None if file is None else file.path} {span} {diagnostic.message} {words}"


def worst(diagnostics: list[Diagnostic]) -> Severity | None:
    """Return the heaviest severity."""
    severities = {diagnostic.severity for diagnostic in diagnostics}
    return next((severity for severity in Severity if severity in severities), None)


def announce(what: str, done: int, total: int) -> None:
    """Show progress."""
    print(what, done, total, file=sys.stderr)


def publish(folder: Path, files: Mapping[str, bytes], progress: Progress) -> RoutingTable:
    """Compile a project with its migrations, and write what services load."""
    memory = Memory()
    routecomp.check(files, OPTIONS, memory=memory)
    compilation: Compilation = routecomp.compile(files, OPTIONS, progress, Released({}), Memory(memory.kept))
    assert compilation.table is not None
    assert "migrations/sqlite/0001_baseline.up.sql" in compilation.artifacts
    for name in ("routing_table.json", "fallback.json"):
        (folder / name).write_bytes(compilation.artifacts[name])
    return compilation.table


def compare(files: Mapping[str, bytes], before: Mapping[str, bytes]) -> Difference:
    """Say what changed since a base."""
    compared = routecomp.diff(files, OPTIONS, Base("on main", "main:", before), announce)
    assert compared.difference is not None
    return compared.difference


def main(project: Path, folder: Path) -> None:
    """Use every part once."""
    files = read(project)
    checked = routecomp.check(files, OPTIONS)
    waivers: tuple[Waiver, ...] = checked.waivers
    assert (checked.errors, waivers, worst(checked.diagnostics)) == (0, (), None), list(lines(checked))
    broken = routecomp.check({**files, "policies/x.yaml": b"tenants: {x: {presett: balanced}}"}, OPTIONS, announce)
    assert worst(broken.diagnostics) is Severity.ERROR
    assert [line.partition(" ")[0] for line in lines(broken)] == ["RC112"]

    table = publish(folder, files, announce)
    changed = {**files, "policies/x.yaml": b"tenants: {x: {min_quality: 0.5}}"}
    difference = compare(changed, files)
    assert difference.before_hash == table.ruleset_hash
    assert [(row.kind, row.name, row.severity.value) for row in difference.rows] == [("tenant", "x", "behavioural")]

    router: Router = routecomp.load(folder / "routing_table.json")
    decision = router.resolve(feature="support-chat", tenant="acme")
    assert (decision.status, decision.ruleset_hash) == ("ok", table.ruleset_hash)
    endpoint: Endpoint | None = router.endpoint(decision, decision.model)
    assert endpoint is not None and endpoint.url == decision.url


main(Path(sys.argv[1]), Path(sys.argv[2]))
'''


def test_a_program_against_the_public_face_is_typed_and_runs(tmp_path: Path) -> None:
    """Checking, reading diagnostics, compiling, comparing, loading and resolving, as a user would write it."""
    for name, text in SMALL.items():
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).write_text(text)
    (tmp_path / "program.py").write_text(PROGRAM)
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "program.py"]
    typed = subprocess.run(mypy, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert typed.returncode == 0, typed.stdout + typed.stderr
    run = [sys.executable, "program.py", "project", "."]
    ran = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_types_are_shipped() -> None:
    """Type checkers read the package's own annotations."""
    assert (files("routecomp") / "py.typed").is_file()


@pytest.mark.parametrize("name", sorted(set(routecomp.__all__) - OPAQUE - {"__version__"}))
def test_what_a_signature_mentions_is_public(name: str) -> None:
    """Whoever can call a function or read an attribute can also write down its type."""
    public = [getattr(routecomp, other) for other in routecomp.__all__]
    for type in _types_of_signatures(getattr(routecomp, name)):
        if type.__module__.startswith("routecomp."):
            assert any(type is other for other in public), f"{name} mentions {type.__module__}.{type.__qualname__}"


def _types_of_signatures(value: object) -> Iterator[type]:
    """Yield every class in the annotations of a function, or of a class's attributes and public methods."""
    if not isinstance(value, type):
        annotated: list[Any] = [value] if inspect.isfunction(value) else []
    else:
        members = [member for name, member in vars(value).items() if not name.startswith("_")]
        functions = [member.fget if isinstance(member, property) else member for member in members]
        functions = [getattr(function, "__func__", getattr(function, "func", function)) for function in functions]
        annotated = [value, *(function for function in functions if inspect.isfunction(function))]
    for owner in annotated:
        module = vars(sys.modules[owner.__module__])
        names = {name: getattr(routecomp, name) for name in routecomp.__all__ if name not in module}
        for attribute, annotation in typing.get_type_hints(owner, localns=names).items():
            if not attribute.startswith("_"):
                yield from _classes(annotation)


def _classes(annotation: object) -> Iterator[type]:
    """Yield the classes that an annotation is made of."""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        yield annotation
    for part in typing.get_args(annotation):
        for each in part if isinstance(part, list) else [part]:
            yield from _classes(each)
