"""Render the sample reports in every format; `python -m tests.diagnostics.goldens` rewrites their golden files."""

from __future__ import annotations

from pathlib import Path

from routecomp.diagnostics.render import FORMATS, render
from tests.diagnostics.samples import RULES, hostile, report

FOLDER = Path(__file__).parent / "goldens"
REPORTS = {"report": report, "hostile": hostile, "clean": list}


def goldens() -> dict[str, str]:
    """Return file name to text of every golden."""
    texts = {
        f"{name}.{format}": render(format, sample(), RULES, version="0.1.0", checked=14)
        for name, sample in REPORTS.items()
        for format in FORMATS
    }
    colored = render("text", report(), RULES, color=True, version="0.1.0", checked=14)
    # Escape sequences as people can read them, so that the golden can be read as well.
    return texts | {"report.color.text": colored.replace("\x1b", "␛")}


def refresh() -> None:
    """Rewrite every golden, and remove files that belong to no report."""
    FOLDER.mkdir(exist_ok=True)
    wanted = goldens()
    for path in FOLDER.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    refresh()
