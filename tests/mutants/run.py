"""`make mutants`: every mutant of what decides is killed by a test, or justified in `justified.toml`.

    python -m tests.mutants.run [FILE …]     # MUTANTS_JOBS processes at a time, by default one for each processor

A mutant meets the questions (`questions.py`) first, then the tests. What was found out is kept in .routecomp/mutants/:
an interrupted run goes on where it was, and what killed the mutants of an unchanged file is not asked again
(MUTANTS_FRESH=1: ask everything). Fails if a mutant survives that is not justified, or if one is killed that is.
MUTANTS_QUICK=1 asks the first folder's quick tests alone, in an order that is spread over the file, of what is not
justified; what survives then is shown, and asked again the next time. MUTANTS_SINCE=COMMIT leaves out the mutants that
the file of that commit had too.
"""

from __future__ import annotations

import ast
import gc
import importlib
import json
import os
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.forked import OPTIONS, SLOW, Child, start
from tests.mutants.justified import justified
from tests.mutants.mutations import ROOT, TARGETS, Mutant, mutants
from tests.mutants.questions import rounds

STATE = ROOT / ".routecomp" / "mutants"
FOLDERS = {
    "rank": ("tests/table", "tests/semantics", "tests/properties"),
    "lower": ("tests/table", "tests/semantics", "tests/properties", "tests/runtime"),
    "resolver": ("tests/runtime", "tests/semantics", "tests/properties"),
}
# The first compares vectors with the twin, and nothing that is mutated takes part; the second is a test beside it
# over again, with programs that are new on every run; the others look at the committed files alone.
WITHOUT = (
    "tests/runtime/test_vectors.py::test_every_decision_is_the_twins",
    "tests/properties/test_twin.py::test_fresh_seed",
    "tests/runtime/test_assemble.py",
    "tests/runtime/test_copied.py",
)
QUICK = os.environ.get("MUTANTS_QUICK") == "1"
SINCE = os.environ.get("MUTANTS_SINCE")
RECENT = 5  # what killed a neighbour is asked first


def main(files: list[str]) -> int:
    """Run the files' mutants; 0 if each is killed or justified."""
    unknown = [file for file in files if file not in TARGETS]
    if unknown:
        print(f"{unknown[0]} is not one of {', '.join(TARGETS)}", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    print("working out the answers", flush=True)
    rounds()
    worst = 0
    for file in files or TARGETS:
        # Each in a process of its own: pytest, once it ran, leaves its tests imported.
        pid = os.fork()
        if pid == 0:
            one = _File(file)
            code = pytest.main(
                [
                    "-q",
                    "-s",
                    "--no-header",
                    *OPTIONS,
                    *[f"--deselect={test}" for test in WITHOUT],
                    *FOLDERS[Path(file).stem],
                ],
                plugins=[one],
            )
            sys.stdout.flush()
            os._exit(one.code if code == pytest.ExitCode.OK or one.code else 3)
        worst = max(worst, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), key=abs)
    return abs(worst)


class _File:
    """The mutants of one file, and what is known of each: killed or not, and by what. A plugin of pytest."""

    def __init__(self, file: str) -> None:
        self.file, self.mutants = file, mutants(file)
        self.known = {mutant.key for mutant in self.mutants}
        if SINCE is not None:
            before = {mutant.key for mutant in mutants(file, commit=SINCE)}
            self.mutants = [mutant for mutant in self.mutants if mutant.key not in before]
        self.module = importlib.import_module(file.removeprefix("src/").removesuffix(".py").replace("/", "."))
        self.why = {one.key: one for one in justified() if one.key[0] == file}
        self.state = STATE / f"{Path(file).stem}.json"
        # What is known of a mutant: of the killed as long as the file is as it was, of the others while the tests are.
        self.source = sha256((ROOT / file).read_bytes()).hexdigest()
        self.folders = FOLDERS[Path(file).stem]
        self.tests = "" if QUICK else _digest(self.folders)
        self.results: dict[str, tuple[bool, str]] = {}
        self.killers: dict[str, str] = {}  # what killed mutants when the file was another
        self.recent: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=RECENT))
        tree = ast.parse((ROOT / file).read_bytes())
        self.makers = {
            node.id
            for one in tree.body
            if isinstance(one, ast.Assign | ast.AnnAssign)
            for node in ast.walk(one)
            if isinstance(node, ast.Name)
        }
        self.reached: dict[str, list[str]] = {}  # function to the questions and tests in which it runs
        self.code = 3
        self._recall()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of a run of the tests: what is not known is asked, what was found is told."""
        items = sorted(session.items, key=_slow)
        if QUICK:
            items = [item for item in items if not _slow(item) and item.nodeid.startswith(self.folders[0])]
        # What has killed many comes first; equal ones stay in their files, whose fixtures they share.
        kills = Counter(said.partition("::")[0] for killed, said in self.results.values() if killed)
        items.sort(key=lambda item: (_slow(item), -kills[item.nodeid.partition("::")[0]]))
        todo = [one for one in self.mutants if one.name not in self.results and not (QUICK and one.key in self.why)]
        print(
            f"\n{self.file}: {len(self.mutants)} mutants, {len(self.mutants) - len(todo)} known; {len(items)} tests",
            flush=True,
        )
        if todo:
            gc.collect()
            gc.freeze()
            begun = time.monotonic()
            child = start(self.module, None, items, ())
            while (found := child.finished()) is None:
                time.sleep(0.01)
            if found[0]:
                print(f"without any change this fails: {found[1]}")
                return True
            self.reached = json.loads(found[1])
            print(f"  without any change all is well, in {time.monotonic() - begun:.0f} s", flush=True)
            self._ask(todo, items)
        self._tell()
        return True

    def _ask(self, todo: list[Mutant], items: Sequence[pytest.Item]) -> None:
        begun, told, done = time.monotonic(), 0.0, 0
        # Functions first: they are most of a file, and quickly changed.
        waiting = deque(sorted(todo, key=lambda one: (one.is_definition, one.name if QUICK else "")))
        running: dict[Child, Mutant] = {}
        jobs = int(os.environ.get("MUTANTS_JOBS", os.cpu_count() or 1))
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    mutant = waiting.popleft()
                    first = [self.killers.get(mutant.name, ""), *reversed(self.recent[mutant.function])]
                    # What constants are made with runs in every check, whether it is called there or not.
                    everywhere = mutant.is_definition or mutant.function in self.makers
                    reached = None if everywhere else self.reached.get(mutant.function)
                    running[start(self.module, mutant, items, first, reached)] = mutant
                time.sleep(0.003)
                for child, mutant in list(running.items()):
                    found = child.finished()
                    if found is None:
                        continue
                    del running[child]
                    self.results[mutant.name] = found
                    done += 1
                    recent = self.recent[mutant.function]
                    if found[0]:
                        if found[1] in recent:
                            recent.remove(found[1])
                        recent.append(found[1])
                if time.monotonic() - told > 10:
                    told = time.monotonic()
                    self._keep()
                    survived = sum(not killed for killed, _ in self.results.values())
                    print(f"  {done}/{len(todo)}, {survived} survived, {told - begun:.0f} s", flush=True)
        finally:
            self._keep()

    def _tell(self) -> None:
        by: Counter[str] = Counter()
        wrong = 0
        for mutant in self.mutants:
            killed, said = self.results.get(mutant.name, (False, ""))
            by["survived" if not killed else "tests" if "tests/" in said else "questions"] += 1
            if not killed and mutant.key not in self.why:
                print(f"SURVIVED, and is not justified:\n{mutant}")
                wrong += 1
            elif killed and mutant.key in self.why:
                print(f"JUSTIFIED, and yet killed by {said}:\n{mutant}")
                wrong += 1
        for key in self.why:
            if key not in self.known:
                print(f"JUSTIFIED, and no mutant of the file any more: {key}")
                wrong += 1
        end = f"; {wrong} WRONG, see above" if wrong else ", all of them justified"
        print(
            f"{self.file}: {len(self.mutants)} mutants; killed by questions {by['questions']}, "
            f"by tests {by['tests']}; survived {by['survived']}{end}",
            flush=True,
        )
        self.code = 1 if wrong else 0

    def _recall(self) -> None:
        if not self.state.exists() or os.environ.get("MUTANTS_FRESH") == "1":
            return
        kept: dict[str, Any] = json.loads(self.state.read_text(encoding="utf-8"))
        for name, (killed, said) in kept["results"].items():
            if kept["source"] == self.source and (killed or (self.tests and kept["tests"] == self.tests)):
                self.results[name] = killed, said
            self.killers[name] = said

    def _keep(self) -> None:
        self.state.parent.mkdir(parents=True, exist_ok=True)
        body = {"source": self.source, "tests": self.tests, "results": self.results}
        part = self.state.with_suffix(".part")
        part.write_text(json.dumps(body, indent=0), encoding="utf-8")
        part.replace(self.state)


def _slow(item: pytest.Item) -> bool:
    return any(name in item.nodeid for name in SLOW)


def _digest(folders: Sequence[str]) -> str:
    """Of all that may kill."""
    files = [path for folder in ("tests/mutants", *folders) for path in sorted((ROOT / folder).rglob("*.py"))]
    return sha256(b"".join(path.read_bytes() for path in [*files, ROOT / "generated/vectors.json"])).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
