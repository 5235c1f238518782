"""`make quick`: run the tests of the edit loop, chosen to cost little and to find most of what goes wrong.

`python -m tests.quick --measure` says what they cost beside the whole suite (at most a fifth of its time), and how
many mutants of rank, lower and resolver they kill of those that the whole suite kills (at least seven of ten).
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest

from tests.mutants import forked, questions
from tests.mutants.justified import justified
from tests.mutants.mutations import ROOT, TARGETS, Mutant, mutants

SELECTION = (
    "tests/test_imports.py",
    "tests/table",
    "tests/semantics",
    "tests/runtime/test_decisions.py",
    "tests/runtime/test_edges.py",
    "tests/runtime/test_explain.py",
    "tests/runtime/test_fields.py",
    "tests/runtime/test_ladder.py",
    "tests/runtime/test_loading.py",
    "tests/runtime/test_words.py",
    "tests/check/test_meaning.py",
    "tests/check/test_names.py",
    "tests/check/test_rule_fixtures.py",
    "tests/lint/test_fixtures.py",
    "tests/model",
)
"""The files and folders of tests that `make quick` runs."""
KILLERS = ("tests/table", "tests/semantics", "tests/runtime")
"""Where the tests of rank, lower and resolver lie: only they are asked of a mutant, so that measuring takes minutes."""
SAMPLE = 60  # mutants of each file
SEED = 10
PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal")


def main(arguments: Sequence[str]) -> int:
    """Run the selection, or measure it; return the exit code."""
    os.chdir(ROOT)
    if list(arguments) != ["--measure"]:
        return subprocess.run([*PYTEST, *SELECTION, *arguments], check=False).returncode
    for file in TARGETS:
        _in_a_fork(file)
    quick, suite = (_processor_seconds([*PYTEST, *tests]) for tests in (SELECTION, ()))
    print(f"quick takes {quick:.0f} s of processor time, the whole suite {suite:.0f} s: {quick / suite:.0%}")
    return 0


def _in_a_fork(file: str) -> None:
    """Measure one file in a process of its own: pytest, once it ran, leaves its tests imported."""
    pid = os.fork()
    if pid == 0:
        tests = [path for path in SELECTION if path.startswith(KILLERS)]
        pytest.main(["-q", "-s", "--no-header", *forked.OPTIONS, *tests], plugins=[_Sample(file)])
        os._exit(0)
    os.waitpid(pid, 0)


class _Sample:
    """A plugin that runs the collected tests on mutants of a file, and prints how many they kill."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.module = import_module(file.removeprefix("src/").removesuffix(".py").replace("/", "."))
        # Every mutant is killed by the whole suite but those that are justified: `make mutants` makes sure of it.
        excused = {entry.key for entry in justified()}
        candidates = [mutant for mutant in mutants(file) if mutant.key not in excused]
        self.sample = random.Random(SEED).sample(candidates, SAMPLE)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Ask the tests of each mutant, in place of a run of the tests."""
        vars(questions)["rounds"] = list  # the questions of `make mutants` are no tests
        passed, reached = self._outcome(forked.start(self.module, None, session.items))
        assert not passed, f"without any change this fails: {reached}"
        tests: dict[str, list[str]] = json.loads(reached)
        survivors = [mutant for mutant in self.sample if not self._killed(mutant, session.items, tests)]
        for survivor in survivors:
            print(f"survived: {survivor}")
        killed = len(self.sample) - len(survivors)
        print(f"\n{self.file}: {killed} of {len(self.sample)} mutants killed, {killed / len(self.sample):.0%}")
        return True

    def _killed(self, mutant: Mutant, items: Sequence[pytest.Item], tests: dict[str, list[str]]) -> bool:
        reaching = None if mutant.is_definition else tests.get(mutant.function, [])
        if reaching == []:
            return False
        return self._outcome(forked.start(self.module, mutant, items, (), reaching))[0]

    def _outcome(self, child: forked.Child) -> tuple[bool, str]:
        while (outcome := child.finished()) is None:
            time.sleep(0.01)
        return outcome


def _processor_seconds(command: Sequence[str | Path]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
