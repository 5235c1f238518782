"""Add a figure to a copy of the project's own source, as CONTRIBUTING.md says in words, or leave a step of it out.

The figure is `max_input_tokens` of a model: a limit with a default, a column and a filter of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FIGURE, FILTER, DEFAULT = "max_input_tokens", "prompt_limit", 1_000_000_000
PARTS = "src/routecomp/runtime/parts"
TWIN = "tests/properties/reference.py"
FILTERS = "tests/runtime/test_filters.py"


@dataclass(frozen=True)
class Edit:
    """Text that is put before the first occurrence of an anchor in a file; `step` is the step it belongs to."""

    step: str
    path: str
    anchor: str
    text: str


EDITS = (
    Edit(
        "language",
        "src/routecomp/model/route.py",
        "    min_output_tokens: Count = Field(",
        f'    {FIGURE}: CountAboveZero = Field({DEFAULT}, description="Most input tokens it takes. Default: any.")\n',
    ),
    Edit(
        "row",
        "src/routecomp/model/figures.py",
        '    Figure(\n        Model,\n        "min_output_tokens",',
        f"""    Figure(
        Model,
        "{FIGURE}",
        "whole",
        "tokens",
        key="{FIGURE}",
        column="{FIGURE}",
        filters=("{FILTER}",),
        bound=Bound("input_tokens", "at most"),
        since="2.1",
    ),
""",
    ),
    Edit("resolver", f"{PARTS}/model.py", '        "min_output",', '        "max_input",\n'),
    Edit(
        "resolver",
        f"{PARTS}/model.py",
        "        self.min_output: int",
        f'        self.max_input: int = body["{FIGURE}"]\n',
    ),
    Edit("resolver", f"{PARTS}/catalogue.py", '        "min_output",', '        "max_input",\n'),
    Edit(
        "resolver",
        f"{PARTS}/catalogue.py",
        "        self.min_output = _Scale",
        "        self.max_input = _Scale([-model.max_input for model in models])\n",
    ),
    Edit(
        "short cut",
        f"{PARTS}/catalogue.py",
        "        if output is not None:\n            if self.capped",
        "        if tokens is not None:\n            mask &= self.max_input.at_most(-tokens)\n",
    ),
    Edit(
        "short cut",
        f"{PARTS}/catalogue.py",
        "            None if output is None else bisect_right(self.output_steps",
        "            None if tokens is None else bisect_right(self.max_input.values, -tokens),\n",
    ),
    Edit(
        "resolver",
        f"{PARTS}/filters.py",
        "def _pass_reasoning(",
        f'''def _pass_{FILTER}(candidacy: _Candidacy, mask: int) -> int | None:
    """Return the models of a mask that take the request's input tokens; None if it gives none."""
    tokens = candidacy.request.input_tokens
    return mask & candidacy.catalogue.max_input.at_most(-tokens) if candidacy.ability and tokens is not None else None


''',
    ),
    Edit(
        "resolver",
        f"{PARTS}/filters.py",
        '    _Filter("ability", "reasoning_floor"',
        f'    _Filter("ability", "{FILTER}", "rejected_unavailable", _pass_{FILTER}),\n',
    ),
    Edit("twin", TWIN, '    "reasoning_floor": "', f'    "{FILTER}": "rejected_unavailable",\n'),
    Edit(
        "twin",
        TWIN,
        '            passes["reasoning_floor"]',
        f'            passes["{FILTER}"] = given.get("input_tokens", 0) <= model.{FIGURE}\n',
    ),
    Edit(
        "explain",
        "src/routecomp/explain/decision.py",
        '            "reasoning_floor":',
        f'''            "{FILTER}": f"{{request.get('input_tokens')}} input tokens",\n''',
    ),
    Edit(
        "pages",
        "docs/semantics.md",
        "    min_output_tokens: ",
        f"    {FIGURE}: 100000    # most input tokens it takes; default any number\n",
    ),
    Edit("pages", "docs/table.md", "A **policy**: ", f"`{FIGURE}`: the most input tokens; left out: any number.\n\n"),
    Edit(
        "tests",
        "tests/model/test_every_field_is_read.py",
        '    ("models", ("min_output_tokens",)): ',
        f'    ("models", ("{FIGURE}",)): ("good", ("{FIGURE}",), 5000),\n',
    ),
    Edit(
        "tests",
        FILTERS,
        '    "i-thinker": ',
        f'    "h-wordy": model("openai", 8000, (1, 1), 100, {FIGURE}=599),\n',
    ),
    Edit("tests", FILTERS, '    "reasoning_floor": {', f'    "{FILTER}": {{"input_tokens": 600}},\n'),
)


def copy_project(folder: Path) -> None:
    """Copy all that is in the repository, or in an unpacked archive of it, into an empty folder; it gets no history."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        names = [
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if path.is_file() and ".venv" not in path.parts
        ]
    else:
        names = listed.stdout.decode().rstrip("\0").split("\0")
    for name in names:
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())


def add_figure(folder: Path, left_out: str = "") -> None:
    """Add the figure to a copy, without the edits of one step; `diff` and `sql` leave a word of its row out."""
    for edit in EDITS:
        if edit.step == left_out:
            continue
        path, text = folder / edit.path, edit.text
        for step, word in (("diff", "        bound="), ("sql", "        column=")):
            if step == left_out:
                text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith(word))
        before = path.read_text(encoding="utf-8")
        assert edit.anchor in before, f"{edit.path} has no {edit.anchor!r} any more: move the edit of tests/figures"
        path.write_text(before.replace(edit.anchor, text + edit.anchor, 1), encoding="utf-8")
    run(folder, "-c", _WRITE_FROM_FIGURES)


_WRITE_FROM_FIGURES = """
from pathlib import Path
from routecomp.emit.resolver_keys import resolver_keys
from routecomp.runtime.assemble import assemble
from routecomp.sql.ddl import kept_files
room = Path("src/routecomp/runtime")
(room / "parts" / "table_keys.py").write_text(resolver_keys(), encoding="utf-8")
(room / "resolver.py").write_text(assemble(room / "parts"), encoding="utf-8")
for name, text in kept_files().items():
    Path("src/routecomp/sql/ddl", name).write_text(text, encoding="utf-8")
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in a copy, with the copy's own source; fail the test if it fails."""
    done = ask(folder, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def ask(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in a copy, with the copy's own source."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def failures(output: str) -> Iterator[str]:
    """Yield the lines of a report of pytest that name a failed test, or say why it failed."""
    for line in output.splitlines():
        if line.startswith(("FAILED ", "ERROR ", "E  ")):
            yield line
