"""Import files from texts in memory of a test's folder, and compile what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from routecomp.checker import Checked, Options, check
from routecomp.compiler import compile
from routecomp.interop.catalogue import Catalogue, bundled
from routecomp.interop.environment import Environment
from routecomp.interop.figure_files import read_figures
from routecomp.interop.figures import fill
from routecomp.interop.imported import Conversion
from routecomp.interop.sources import Given, read_source
from routecomp.interop.writer import project_files
from routecomp.runtime.resolver import Router

ANY = b"model,quality,latency_ms,input,output,context_window\n*,0.5,1000,1,2,32000\n"
"""Figures for whatever nobody states."""
DAY = date(2026, 12, 1)


def imported(
    folder: Path,
    text: str | bytes,
    source: str = "litellm",
    said: Mapping[str, str] | None = None,
    catalogue: Catalogue | None = None,
    name: str = "config.yaml",
    calls: tuple[str, ...] = (),
) -> Conversion:
    """Import one file."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_source(source, [path], Given(Environment(said), catalogue or bundled(), {}, calls))


def filled(conversion: Conversion, figures: bytes = ANY) -> Conversion:
    """Fill in what is still to be said."""
    fill(conversion.project, [read_figures(figures, "figures.csv")])
    return conversion


def checked(conversion: Conversion) -> Checked:
    """Check the project, with the names of variables that its settings allow."""
    files = {path: data for path, data in project_files(conversion.project).items() if path.startswith("routes/")}
    names = tuple(dict.fromkeys(("*_KEY", *conversion.project.key_names)))
    return check(files, Options(DAY, key_names=names))


def router(conversion: Conversion) -> Router:
    """Compile the project, all figures filled in."""
    files = project_files(filled(conversion).project)
    yaml = {path: data for path, data in files.items() if path.startswith("routes/")}
    names = tuple(dict.fromkeys(("*_KEY", *conversion.project.key_names)))
    compilation = compile(yaml, Options(DAY, key_names=names))
    assert not compilation.checked.errors, compilation.checked.errors
    return Router(compilation.artifacts["routing_table.json"])


def fates(conversion: Conversion) -> dict[str, str]:
    """Return the status of each field."""
    return {field.key: field.status for field in conversion.report.fields}


def picks(table: Router, name: str, calls: int = 400) -> dict[Any, int]:
    """Return how often each model is the pick of a name."""
    counts: dict[Any, int] = {}
    for call in range(calls):
        model = table.resolve(model=name, request_id=f"r{call}").model
        counts[model] = counts.get(model, 0) + 1
    return counts
