"""Make a Git repository with a given number of commits, and the ledger of promotions that it must have.

Commits promote, edit tenants, edit comments and move files, on the main line and on branches that are merged.
"""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

FILES, FEATURES = 5, 4
MODELS = ("claude", "gpt", "mistral", "gemini", "qwen")
OTHERS = 40


@dataclass(frozen=True)
class Expected:
    """An expected entry of the ledger: the feature, its old and new primary, and the subject of the commit."""

    feature: str
    old: str | None
    new: str
    subject: str


def history(folder: Path, commits: int, seed: int) -> list[Expected]:
    """Make the repository, and return the ledger it must have, oldest entry first."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    writer = _Writer(random.Random(seed))
    writer.begin()
    while writer.count < commits:
        writer.step()
    writer.line("done\n")
    subprocess.run(
        ["git", "fast-import", "--quiet", "--done"], cwd=folder, input="".join(writer.out).encode(), check=True
    )
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=folder, check=True)
    return writer.expected


class _Writer:
    """The input of `git fast-import`, written commit by commit, and the entries that the ledger must have."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.out: list[str] = []
        self.count = 0
        self.expected: list[Expected] = []
        self.primary: dict[str, str] = {}
        self.notes = dict.fromkeys(range(FILES), 0)
        self.tip = self.side = ""
        self.paths = {file: f"routes/features/part-{file}.yaml" for file in range(FILES)}

    def line(self, text: str) -> None:
        """Add text to the input."""
        self.out.append(text)

    def begin(self) -> None:
        """Commit all files for the first time."""
        for file in range(FILES):
            for number in range(FEATURES):
                self.primary[_name(file, number)] = MODELS[0]
        files = {self.paths[file]: self.text(file) for file in range(FILES)}
        files |= {f"routes/models/part-{n}.yaml": f"# part {n}\n" * 40 for n in range(OTHERS)}
        subject = self.commit(files, None)
        self.expected += [Expected(name, None, MODELS[0], subject) for name in sorted(self.primary)]

    def step(self) -> None:
        """Make one random step: one commit, or a branch of several."""
        kind = self.chance.random()
        if kind < 0.60:
            self.promote()
        elif kind < 0.70:
            self.commit({f"policies/tenants/{self.chance.randrange(20)}.yaml": f"# {self.count}\n"}, ":main")
        elif kind < 0.80:
            self.reword()
        elif kind < 0.83:
            self.move()
        else:
            self.branch()

    def promote(self) -> None:
        """Promote a model on the main line."""
        name, file = self.random_feature()
        old = self.primary[name]
        self.primary[name] = self.another_model(old)
        subject = self.commit({self.paths[file]: self.text(file)}, ":main")
        self.expected.append(Expected(name, old, self.primary[name], subject))

    def reword(self) -> None:
        """Edit the comment of a file, which changes no primary."""
        file = self.chance.randrange(FILES)
        self.notes[file] += 1
        self.commit({self.paths[file]: self.text(file)}, ":main")

    def move(self) -> None:
        """Move a file, which changes no primary."""
        file = self.chance.randrange(FILES)
        old = self.paths[file]
        self.paths[file] = f"routes/{self.chance.choice(('features', 'more', 'other'))}/moved-{self.count}-{file}.yaml"
        self.commit({old: None, self.paths[file]: self.text(file)}, ":main")

    def branch(self) -> None:
        """Promote on a branch of two commits, promote in another file on the main line, and merge the branch."""
        start = self.tip
        name, file = self.random_feature()
        old = self.primary[name]
        new = self.another_model(old)
        self.commit({"policies/tenants/branch.yaml": f"# {self.count}\n"}, start, "refs/heads/side")
        before_branch = dict(self.primary)
        self.primary[name] = new
        subject = self.commit({self.paths[file]: self.text(file)}, self.side, "refs/heads/side")
        side_files = {self.paths[file]: self.text(file), "policies/tenants/branch.yaml": f"# {self.count - 2}\n"}
        self.primary = before_branch
        while True:
            other, elsewhere = self.random_feature()
            if elsewhere != file:
                break
        before = self.primary[other]
        self.primary[other] = self.another_model(before)
        first = self.commit({self.paths[elsewhere]: self.text(elsewhere)}, start)
        self.expected.append(Expected(other, before, self.primary[other], first))
        self.primary[name] = new
        self.commit(side_files, self.tip, merge=self.side)
        self.expected.append(Expected(name, old, new, subject))

    def random_feature(self) -> tuple[str, int]:
        """Return the name of a feature and the number of its file."""
        file = self.chance.randrange(FILES)
        return _name(file, self.chance.randrange(FEATURES)), file

    def another_model(self, model: str) -> str:
        """Return a model other than `model`."""
        return self.chance.choice([candidate for candidate in MODELS if candidate != model])

    def commit(
        self,
        files: dict[str, str | None] | dict[str, str],
        start: str | None,
        ref: str = "refs/heads/main",
        merge: str | None = None,
    ) -> str:
        """Add a commit of these files (None removes one), and return its subject."""
        self.count += 1
        if start == ":main":
            start = self.tip
        subject = f"commit {self.count}"
        text = f"{subject}\n\nReviewed-by: Grace {self.count} <grace@example.com>\n"
        person = f"Ada <ada@example.com> {1_700_000_000 + self.count * 60} +0000"
        self.line(
            f"commit {ref}\nmark :{self.count}\nauthor {person}\ncommitter {person}\n"
            f"data {len(text)}\n{text}" + (f"from {start}\n" if start else "") + (f"merge {merge}\n" if merge else "")
        )
        for path, content in files.items():
            if content is None:
                self.line(f"D {path}\n")
            else:
                self.line(f"M 100644 inline {path}\ndata {len(content)}\n{content}\n")
        self.line("\n")
        if ref == "refs/heads/main":
            self.tip = f":{self.count}"
        else:
            self.side = f":{self.count}"
        return subject

    def text(self, file: int) -> str:
        """Return the YAML of a file of features."""
        lines = [f"# Features of part {file}, note {self.notes[file]}.", "features:"]
        for number in range(FEATURES):
            name = _name(file, number)
            lines += [
                f"  {name}:",
                f"    description: What feature {number} of part {file} is for.",
                "    owner: team",
                "    models:",
            ]
            for model in MODELS:
                if model == self.primary[name]:
                    lines.append(f"      {model}: primary")
                else:
                    lines.append(f"      {model}: {{status: shadow, sample: 0.05, max_daily_usd: 20.00}}")
            lines += ["    fallback: [gpt, mistral]", "    then: auto", "    min_quality: 0.50", ""]
        return "\n".join(lines)


def _name(file: int, number: int) -> str:
    """Return the name of a feature."""
    return f"feature-{file}-{number}"
