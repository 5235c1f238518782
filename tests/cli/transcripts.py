"""Replay a transcript: run its commands, and return it with what they print today.

A transcript is one readable file: what it shows, the files it starts from, then commands and their output.

    What this shows, in a sentence or two.

    -- routes/all.yaml --
    models: …

    $ routecomp check
    error[RC112]: …
    [exit 1]

`-- project --` on a line of its own starts from the small project of `SMALL`. A command that is nothing but
`routecomp …` runs in this process; any other line is run by sh, with `routecomp` on its path. What goes to
standard error is marked `2> `. The project's folder is shown as PROJECT and the resolver's size as NN,NNN, so that
output is the same everywhere and changes only with what is shown.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from routecomp.emit.artifacts import resolver
from tests.cli.command_server import search_path

FOLDER = Path(__file__).parent / "transcripts"
SMALL = {
    "routes/all.yaml": """\
providers:
  anthropic:
    adapter: anthropic
    base_url: https://api.anthropic.com
    chat_path: /v1/messages
    api_key_env: ANTHROPIC_API_KEY
    stack: us
  mistral:
    adapter: openai_compatible
    base_url: https://api.mistral.ai
    chat_path: /v1/chat/completions
    api_key_env: MISTRAL_API_KEY
    stack: eu

models:
  claude:
    provider: anthropic
    quality: 0.86
    price: {input: 5.00, output: 25.00}
    latency_ms: 1800
    context_window: 200000
    capabilities: [streaming, tools]
  mistral-large:
    provider: mistral
    quality: 0.70
    price: {input: 2.00, output: 6.00}
    latency_ms: 900
    context_window: 128000
    capabilities: [streaming]

features:
  support-chat:
    models:
      claude: primary
      mistral-large: shadow
    then: auto

targets:
  auto:
    candidates: all

defaults:
  model: claude

scoring:
  cost: {best: 0, worst: 75.00}
  latency_ms: {best: 0, worst: 10000}
""",
    "policies/tenants.yaml": """\
tenants:
  acme:
    preset: balanced
  berlin:
    stacks: [eu]
""",
}
_FILE = re.compile(r"-- (\S.*) --")
_SHELL = re.compile(r"[|&;<>$`*?~#]")


@dataclass
class Ran:
    """What a command printed and how it ended."""

    out: str
    err: str
    code: int


@dataclass
class Step:
    """One command of a transcript, and what stands below it."""

    command: str
    expected: list[str] = field(default_factory=list)


@dataclass
class Transcript:
    """A parsed transcript: `head` is everything above the first command, as it stands."""

    head: list[str]
    files: dict[str, str]
    steps: list[Step]


def parse(text: str) -> Transcript:
    """Read a transcript."""
    head: list[str] = []
    files: dict[str, str] = {}
    steps: list[Step] = []
    current: list[str] | None = None
    for line in text.splitlines():
        if line.startswith("$ "):
            current = None
            steps.append(Step(line[2:]))
        elif steps:
            steps[-1].expected.append(line)
        else:
            head.append(line)
            marked = _FILE.fullmatch(line)
            if marked and marked[1] == "project":
                files.update(SMALL)
            elif marked:
                current = []
                files[marked[1]] = ""
                name = marked[1]
            elif current is not None:
                current.append(line)
                files[name] = "\n".join(current).rstrip("\n") + "\n"
    return Transcript(head, files, steps)


def replay(text: str) -> str:
    """The transcript as it would be written today."""
    transcript = parse(text)
    lines = [*transcript.head]
    with project(transcript.files) as root:
        for step in transcript.steps:
            ran = run(step.command, root)
            shown = ran.out + "".join(f"2> {line}\n" for line in ran.err.splitlines())
            # Trailing spaces would be lost in editors.
            body = [line.rstrip() for line in _steady(shown, root).splitlines()]
            lines += [f"$ {step.command}", *body, f"[exit {ran.code}]", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _steady(text: str, root: Path) -> str:
    size = len(resolver())
    return (
        text.replace(str(root), "PROJECT")
        .replace(f"{size:,} bytes", "NN,NNN bytes")
        .replace(f'"bytes": {size}', '"bytes": NNNNN')
    )


def refresh() -> list[Path]:
    """Rewrite every transcript that reads differently today; gives those it changed."""
    changed = []
    for path in sorted(FOLDER.glob("*.txt")):
        before = path.read_text(encoding="utf-8")
        after = replay(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed


@contextmanager
def project(files: Mapping[str, str | bytes]) -> Iterator[Path]:
    """A fresh folder with these files, away from every other project."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary).resolve() / "project"
        root.mkdir()
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        yield root


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder: path from it to bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def run(command: str, cwd: Path) -> Ran:
    """Run one line of a transcript in a folder."""
    if command.startswith("routecomp ") and not _SHELL.search(command):
        return in_process(shlex.split(command)[1:], cwd)
    done = subprocess.run(
        ["sh", "-c", command], cwd=cwd, env=environment(cwd), capture_output=True, timeout=120, check=False
    )
    return Ran(done.stdout.decode(), done.stderr.decode(), done.returncode)


def environment(root: Path) -> dict[str, str]:
    """The variables commands see: `routecomp` on the path, one locale, a home of their own, no colours."""
    return {
        "PATH": search_path(),
        "HOME": str(root.parent),
        "XDG_CACHE_HOME": str(root.parent / "cache"),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
        "TERM": "dumb",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }


def in_process(arguments: list[str], cwd: Path, variables: Mapping[str, str] | None = None) -> Ran:
    """Run the command line in this process, as its console script would, with these variables beside the usual ones."""
    from routecomp.cli.main import main

    before = os.getcwd(), dict(os.environ), sys.stdin, sys.stdout, sys.stderr
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    variables = {**environment(cwd), **(variables or {})}
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(variables)
    sys.stdin = io.TextIOWrapper(io.BytesIO(b""))
    sys.stdout, sys.stderr = out, err
    try:
        code = main(arguments)
    finally:
        os.chdir(before[0])
        os.environ.clear()
        os.environ.update(before[1])
        sys.stdin, sys.stdout, sys.stderr = before[2:]
    return Ran(_written(out), _written(err), code)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
