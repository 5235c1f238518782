"""Replay the `console` blocks of a page, and return the page with what their commands print now.

Bash runs each line that begins with `$ ` in a copy of the project; the lines below it, up to the next such line, are
what it printed. A `yaml` or `python` block with a path beside the word is written to that file. The README's tour and
the cookbook are written and tested with this.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.cli.command_server import search_path

PROJECT = Path(__file__).parents[1]
COPIED = ("routes", "policies", "experiments", "generated", "schemas")
BLOCK = re.compile(r"^```(?:console|(?:yaml|python) (?P<path>\S+))\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def copy_example(root: Path) -> None:
    """Copy the living example, as it is today, into a folder."""
    for name in COPIED:
        if (PROJECT / name).exists():
            shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))


def replayed(page: str, fill: Callable[[Path], None] = copy_example) -> str:
    """Return the page with every console block replaced by its commands and what they print now.

    `fill` puts the project into an empty folder, where it becomes the first commit of `main`.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"  # a tour may write beside it
        root.mkdir()
        fill(root)
        environment = command_environment(root)
        for command in ("git init -q -b main", "git add -A", "git commit -qm start"):
            subprocess.run(command.split(), cwd=root, env=environment, check=True)

        def now(block: re.Match[str]) -> str:
            if block["path"] is None:
                return f"```console\n{_block(block[2], root, environment)}```"
            path = root / block["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block[2], encoding="utf-8")
            return block[0]

        return BLOCK.sub(now, page)


def _block(text: str, root: Path, environment: dict[str, str]) -> str:
    """Run the commands of one block, and return it with what they print."""
    lines = []
    for command in (line for line in text.splitlines() if line.startswith("$ ")):
        ran = subprocess.run(
            ["bash", "-c", command[2:]],
            cwd=root,
            env=environment,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        printed = "".join(line.rstrip() + "\n" for line in ran.stdout.splitlines())
        lines.append(f"{command}\n{printed}")
    return "".join(lines)


def command_environment(root: Path) -> dict[str, str]:
    """Return a clean environment in which `routecomp` and `python3` are those of this test run."""
    return {
        "PATH": search_path(),
        "HOME": str(root),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
        "TERM": "dumb",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.com",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
