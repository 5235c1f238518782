"""Several commands at once in one project: readers see whole files, and the last change has the last word."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from routecomp.runtime.resolver import Router
from routecomp.workspace.files import TEMPORARY
from tests.cli.transcripts import SMALL, contents, environment, in_process, project

ROUTECOMP = str(Path(sys.executable).parent / "routecomp")


def _start(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [ROUTECOMP, *arguments], cwd=root, env=environment(root), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def test_two_compilations_at_once() -> None:
    """Started together, over and over, while the YAML changes: all succeed, the result is that of the last YAML."""
    with project(SMALL) as root:
        for turn in range(4):
            (root / "policies/turn.yaml").write_text(f"tenants:\n  turn-{turn}: {{}}\n")
            running = [_start(root, "compile") for _ in range(3)]
            for process in running:
                _, err = process.communicate()
                assert process.returncode == 0, err
            assert in_process(["compile", "--check", "--no-cache"], root).code == 0
        assert not [name for name in contents(root) if TEMPORARY in name]


def test_a_change_during_a_compilation_is_not_lost() -> None:
    """The YAML changes between two overlapping compilations: the later one has the last word."""
    with project(SMALL) as root:
        first = _start(root, "compile", "--no-cache")
        (root / "policies/late.yaml").write_text("tenants:\n  late: {}\n")
        second = _start(root, "compile", "--no-cache")
        for process in (first, second):
            _, err = process.communicate()
            assert process.returncode == 0, err
        assert b'"late"' in (root / "generated/routing_table.json").read_bytes()
        assert in_process(["compile", "--check", "--no-cache"], root).code == 0


def test_a_reader_never_sees_half_a_file() -> None:
    """A service that loads the table all the time, while it is replaced: every load is of a whole table."""
    with project(SMALL) as root:
        assert in_process(["compile"], root).code == 0
        table, fallback = root / "generated/routing_table.json", root / "generated/fallback.json"
        stop = threading.Event()
        wrong: list[str] = []
        loads = 0

        def read() -> None:
            nonlocal loads
            while not stop.is_set():
                router = Router.from_bytes(table.read_bytes(), fallback.read_bytes())
                loads += 1
                if router.status()["rejected"]:
                    wrong.append(str(router.status()))

        reader = threading.Thread(target=read)
        reader.start()
        try:
            for turn in range(40):
                (root / "policies/turn.yaml").write_text(f"tenants:\n  turn-{turn}: {{}}\n")
                assert in_process(["compile", "--no-cache"], root).code == 0
        finally:
            stop.set()
            reader.join()
        assert wrong == []
        assert loads > 40


def test_checks_beside_a_compilation() -> None:
    """`check` waits for nobody and disturbs nobody."""
    with project(SMALL) as root:
        checks = [_start(root, "check") for _ in range(4)]
        running = [_start(root, "compile"), *checks, _start(root, "compile", "--check")]
        for process in running:
            _, err = process.communicate()
            assert process.returncode == 0 or not err, err
        assert in_process(["compile", "--check", "--no-cache"], root).code == 0
