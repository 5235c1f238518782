"""Run the tests on a mutant in a process of its own, and say whether it was killed, and by what.

The process is a fork of this one, in which pytest has collected the tests: the code of a function is exchanged, or
the constants are set anew (`_change`), so that a mutant costs milliseconds. What cannot be exchanged so is imported
from a file of its own, and the tests with it (`_import`). A process is bounded in time and memory, and a mutant that
exceeds either is killed.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import importlib.util
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants import questions
from tests.mutants.mutations import Mutant

LIMIT_AS = 4 << 30
SECONDS = 600  # of processor, in all; where nothing is wrong it takes a third
SECONDS_EACH = 60  # by the clock: for one test, or for one round of questions
PROCESSOR_EACH = 10  # the same of processor, for all but the slow tests
SLOW = (
    "test_twin",
    "test_swaps",
    "test_stores_are_bounded",
    "test_each_value",
    "test_vectors",
    "test_integrity",
    "test_program",
    "test_hostile_calls",
    "test_deletions",
)  # come last
ROUNDS = 10  # of questions before the tests
OPTIONS = ("-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning")
_SURVIVED, _KILLED = 40, 41  # exit codes; any other is a crash, which is a kill too


@dataclass(eq=False)
class Child:
    """A running process; `said` grows to the name of what runs in it, at last of what killed the mutant."""

    pid: int
    pipe: int
    folder: str
    deadline: float
    wanted: bool  # what is reached by which check
    said: bytes = field(default=b"")

    def finished(self) -> tuple[bool, str] | None:
        """None while it runs; then whether it killed the mutant, and what did."""
        self._listen()
        done, status = os.waitpid(self.pid, os.WNOHANG)
        late = not done and time.monotonic() > self.deadline
        if late:
            os.kill(self.pid, signal.SIGKILL)
            _, status = os.waitpid(self.pid, 0)
        elif not done:
            return None
        self._listen()
        os.close(self.pipe)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)  # what tests started and left
        survived = os.waitstatus_to_exitcode(status) == _SURVIVED
        said = self.said.decode("utf-8", "replace").rstrip("\n").rpartition("\n")[2]
        if survived and self.wanted:
            said = (Path(self.folder) / "reached.json").read_text(encoding="utf-8")
        shutil.rmtree(self.folder, ignore_errors=True)
        return not survived, said if self.wanted or not survived else ""

    def _listen(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while more := os.read(self.pipe, 1 << 16):
                self.said = (self.said + more)[-4096:]


def start(
    module: ModuleType,
    mutant: Mutant | None,
    items: Sequence[pytest.Item],
    first: Sequence[str] = (),
    reached: Sequence[str] | None = None,
) -> Child:
    """Put a mutant of a module (the module as it is, without one) to the questions, then to the tests.

    `first` names questions and tests that are asked before all others, `reached` those in which the function runs:
    the others need not be asked. Of a module as it is these are found out: function to names, as JSON.
    """
    reading, writing = os.pipe()
    folder = tempfile.mkdtemp(prefix="mutant-")
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reading)
            code = _run(module, mutant, items, first, reached, writing, Path(folder))
        except BaseException as error:  # whatever a mutant raises, even SystemExit, kills it
            with contextlib.suppress(OSError):
                os.write(writing, f" ({type(error).__name__})".encode())
            code = _KILLED
        finally:
            os._exit(code)
    os.close(writing)
    os.set_blocking(reading, False)
    return Child(pid, reading, folder, time.monotonic() + 20 * SECONDS, mutant is None)


def _run(
    module: ModuleType,
    mutant: Mutant | None,
    items: Sequence[pytest.Item],
    first: Sequence[str],
    reached: Sequence[str] | None,
    pipe: int,
    folder: Path,
) -> int:
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_AS, LIMIT_AS))
    if mutant is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)

    own = module.__file__  # tests may set another
    now, found = "", defaultdict[str, dict[str, None]](dict)

    def begin(name: str) -> None:
        """Says what runs from now on, and how long it may."""
        nonlocal now
        now = name
        os.write(pipe, name[:1000].encode("utf-8", "backslashreplace") + b"\n")
        signal.setitimer(signal.ITIMER_REAL, SECONDS_EACH * (5 if mutant is None else 1))
        unbounded = mutant is None or any(slow in name for slow in SLOW)  # a profile makes tests several times slower
        signal.setitimer(signal.ITIMER_PROF, 0 if unbounded else PROCESSOR_EACH)

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == own:
            found[frame.f_code.co_qualname.partition(".<locals>")[0]][now] = None

    begin("the import")
    if mutant is None:
        sys.setprofile(note)
        threading.setprofile(note)
    if mutant is None or _change(module, mutant):
        items[0].config._tmp_path_factory._basetemp = folder  # type: ignore[attr-defined]
        items = [item for item in items if reached is None or item.nodeid in reached]
        tests = {item.nodeid: partial(_fails, item, None) for item in items}
        whole = partial(_any_fails, items, begin)
    else:
        program = folder / Path(mutant.file).name
        program.write_text(mutant.source(), encoding="utf-8")
        module, tests = _import(module.__name__, program), {}
        whole = partial(_any_fails_anew, list(dict.fromkeys(str(item.path) for item in items)), folder, begin)
    asked = {
        one.name: partial(_asked_fails, module, one)
        for one in questions.rounds()
        if reached is None or not tests or one.name in reached
    }
    for name in first:
        if check := asked.get(name) or tests.get(name):
            begin(name)
            if check():
                return _KILLED
    # Most of what the first rounds let through is let through by the others as well: the tests come before these.
    rounds = list(asked)
    for names in (rounds[:ROUNDS], None, rounds[ROUNDS:]):
        if names is None and whole():
            return _KILLED
        for name in names or ():
            begin(name)
            if asked[name]():
                return _KILLED
    (folder / "reached.json").write_text(json.dumps({name: list(checks) for name, checks in found.items()}))
    return _SURVIVED


def _asked_fails(module: ModuleType, one: questions.Round) -> bool:
    if module.__name__.endswith("resolver"):
        return questions.resolver_fails(module, one)
    return questions.lowering_fails(importlib.import_module("routecomp.table.lower"), one)


def _fails(item: pytest.Item, following: pytest.Item | None) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def _any_fails(items: Sequence[pytest.Item], begin: Callable[[str], None]) -> bool:
    for item, following in zip(items, [*items[1:], None], strict=bool(items)):
        begin(item.nodeid)
        if _fails(item, following):
            return True
    return False


def _any_fails_anew(files: list[str], folder: Path, begin: Callable[[str], None]) -> bool:
    """Return whether a test fails in a run of pytest that imports the tests anew."""

    class Watch:
        def pytest_runtest_logstart(self, nodeid: str) -> None:
            begin(nodeid)

    begin("the import of the tests")
    return (
        pytest.main(
            ["-x", "-q", "-s", "--tb=no", *OPTIONS, f"--basetemp={folder / 'tests'}", *files], plugins=[Watch()]
        )
        != pytest.ExitCode.OK
    )


# --- Changing a module ---


def _change(module: ModuleType, mutant: Mutant) -> bool:
    """Make a mutant's change in the imported module; false where that cannot be done."""
    if mutant.function == "module":
        return _set_anew(module, mutant)
    owner, _, name = mutant.function.rpartition(".")
    place = vars(getattr(module, owner) if owner else module)
    old = _function(place.get(name))
    if old is None:
        return False
    space = dict(vars(module))
    exec(_compiled(mutant.part()), space)
    new = _function(vars(space[owner])[name] if owner else space[name])
    if new is None or len(new.__code__.co_freevars) != len(old.__code__.co_freevars):
        return False
    old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
    if not owner:
        _set_anew(module, None)  # constants may be made by functions
    return True


def _function(found: object) -> FunctionType | None:
    found = getattr(found, "__func__", found)  # of a class method
    return found if isinstance(found, FunctionType) else None


def _set_anew(module: ModuleType, mutant: Mutant | None) -> bool:
    """Compute a module's constants, with a mutant's change in one of them."""
    assert module.__file__ is not None
    tree = ast.parse(Path(module.__file__).read_bytes())
    before = dict(vars(module))
    simple = [isinstance(one, ast.Assign | ast.AnnAssign) for one in tree.body]
    if mutant is not None and not simple[mutant.statement]:
        return False
    for number, statement in enumerate(tree.body):
        if mutant is not None and number == mutant.statement:
            exec(_compiled(mutant.part()), vars(module))
        elif simple[number]:
            exec(_compiled(ast.Module([statement], [])), vars(module))
    _hand_on(module, before)
    return True


def _hand_on(module: ModuleType, before: dict[str, Any]) -> None:
    """Give the constants that were set anew to the functions that have the old ones as their arguments' defaults."""
    anew = {id(old): vars(module)[name] for name, old in before.items() if vars(module)[name] is not old}
    own = [one for one in before.values() if getattr(one, "__module__", None) == module.__name__]
    for place in [vars(module), *[vars(one) for one in own if isinstance(one, type)]]:
        for function in filter(None, map(_function, place.values())):
            if function.__defaults__:
                function.__defaults__ = tuple([anew.get(id(old), old) for old in function.__defaults__])
            if function.__kwdefaults__:
                function.__kwdefaults__ = {key: anew.get(id(old), old) for key, old in function.__kwdefaults__.items()}


def _compiled(source: str | ast.Module) -> Any:
    return compile(source, "<mutant>", "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True)


def _import(name: str, program: Path) -> ModuleType:
    """Import a module from another place, and forget every module that knows the one it stands for."""
    forgotten = {name}
    while more := [
        other
        for other, module in sys.modules.items()
        if other not in forgotten
        and other.startswith(("routecomp.", "tests"))
        and (other.startswith("tests") or _knows(module, forgotten))
    ]:
        forgotten.update(more)
    for other in forgotten:
        sys.modules.pop(other, None)
        package, _, leaf = other.rpartition(".")
        vars(sys.modules.get(package, sys)).pop(leaf, None)
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location(name, program)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    package, _, leaf = name.rpartition(".")
    setattr(importlib.import_module(package), leaf, module)
    return module


def _knows(module: ModuleType, forgotten: set[str]) -> bool:
    if hasattr(module, "__path__"):
        return False  # a package: what it holds is taken from it one by one
    return any(
        getattr(value, "__module__", None) in forgotten
        or (isinstance(value, ModuleType) and value.__name__ in forgotten)
        for value in list(vars(module).values())
    )
