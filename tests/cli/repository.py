"""Make a real Git repository with a project in it, and run the command line there."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.cli.transcripts import SMALL, Ran, environment, in_process

WHO = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "2026-11-20T12:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-20T12:00:00Z",
}


class Repository:
    """A repository whose work tree is `root`; the project lies in `project`, by default the same folder."""

    def __init__(self, root: Path, below: str = "", *options: str) -> None:
        self.root = root
        self.project = root / below
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments: str) -> str:
        """Run git in the repository; it must succeed."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=environment(self.root) | WHO,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"git {shlex.join(arguments)}: {done.stderr}"
        return done.stdout.strip()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files of the project."""
        for name, content in files.items():
            path = self.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def edit(self, name: str, *pairs: tuple[str, str]) -> None:
        """Replace texts, each of which must occur, in a file of the project."""
        path = self.project / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8", newline="")

    def commit(self, message: str) -> str:
        """Commit everything and give the commit's id."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def check(self, *arguments: str) -> Ran:
        """Run `routecomp check` in the project's folder."""
        return in_process(["check", *arguments], self.project)

    def check_with(self, variables: Mapping[str, str], *arguments: str) -> Ran:
        """The same in a process of its own, with more variables."""
        done = subprocess.run(
            ["routecomp", "check", *arguments],
            cwd=self.project,
            capture_output=True,
            text=True,
            env=environment(self.project) | dict(variables),
            check=False,
        )
        return Ran(done.stdout, done.stderr, done.returncode)

    def state(self) -> dict[str, bytes]:
        """Every file of the work tree and of `.git`, and what each link points to: what a reader must not touch."""
        found: dict[str, bytes] = {}
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = Path(folder, name)
                where = path.relative_to(self.root).as_posix()
                if not where.startswith(".routecomp/") and "/.routecomp/" not in where:
                    found[where] = os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
        return found


FEATURES = """\
features:
  support-chat:
    models:
      claude: primary
      gemini: retired
      mistral-large: shadow
      qwen: retired
      llama: shadow
"""
MORE_MODELS = "models:\n" + "".join(
    f"  {name}: {{provider: mistral, quality: 0.60, price: {{input: 1, output: 2}}, latency_ms: 500, "
    "context_window: 64000}\n"
    for name in ("gemini", "qwen", "llama")
)


def small(root: Path, below: str = "", *options: str) -> Repository:
    """A repository with a small project in one commit on `main`: one feature with two shadows."""
    repository = Repository(root, below, *options)
    before, _, after = SMALL["routes/all.yaml"].partition("features:\n")
    repository.write(
        {
            **SMALL,
            "routes/all.yaml": before + after[after.index("targets:\n") :],
            "routes/more.yaml": MORE_MODELS,
            "routes/features.yaml": FEATURES,
        }
    )
    repository.commit("begin")
    return repository


def promote(repository: Repository, model: str, incumbent: str = "claude") -> None:
    """Edit the two lines of a promotion."""
    retired = f"{model}: retired"
    was = retired if retired in (repository.project / "routes/features.yaml").read_text() else f"{model}: shadow"
    repository.edit(
        "routes/features.yaml", (f"{incumbent}: primary", f"{incumbent}: shadow"), (was, f"{model}: primary")
    )
