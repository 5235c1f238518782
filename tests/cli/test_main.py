"""Around every command: help that imports nothing, exit codes, colours, pipes that close, and never a traceback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

import routecomp
from routecomp.cli.app import COMMANDS
from routecomp.cli.commands.check import check
from routecomp.cli.output.progress import Progress, line
from routecomp.diagnostics.render import FORMATS
from tests.cli.transcripts import SMALL, contents, environment, in_process, project

ROUTECOMP = str(Path(sys.executable).parent / "routecomp")
BAD = {**SMALL, "policies/tenants.yaml": "tenants:\n  acme: {presett: balanced}\n"}
# Each of these takes longer to import than `--help` may take.
HEAVY = (
    "yaml",
    "jsonschema",
    "sqlglot",
    "jinja2",
    "hypothesis",
    "subprocess",
    "importlib.metadata",
    "importlib.resources",
    "difflib",
    "routecomp.checker",
    "routecomp.compiler",
    "routecomp.database",
    "routecomp.rules.project",
    "routecomp.sql.read",
    "routecomp.workspace.pages",
    "routecomp.model.reader",
    "routecomp.runtime.resolver",
)


def imported_by(*arguments: str, cwd: Path) -> set[str]:
    """The modules a command has imported when it ends."""
    script = (
        "import sys\nfrom routecomp.cli.main import main\nmain(sys.argv[1:])\n"
        "print('\\n' + ' '.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=cwd,
        env=environment(cwd),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """The help of the whole, and of a command, needs none of the libraries that take their time."""
    assert imported_by("--help", cwd=tmp_path).isdisjoint({*HEAVY, "routecomp.model.suggest", "routecomp.cli.options"})
    for command in ("check", "compile"):
        assert imported_by(command, "--help", cwd=tmp_path).isdisjoint(HEAVY)
    assert imported_by("check", cwd=_example(tmp_path)) > {
        "routecomp.checker",
        "routecomp.model.reader",
    }  # it sees them


def test_nothing_changed_imports_nothing_heavy(tmp_path: Path) -> None:
    """A second `check` or `compile` of the same files imports neither the compiler nor its libraries."""
    root = _example(tmp_path)
    assert in_process(["compile"], root).code == 0
    assert in_process(["check"], root).code == 0
    assert imported_by("check", cwd=root).isdisjoint(HEAVY)
    assert imported_by("compile", cwd=root).isdisjoint(HEAVY)


def _example(folder: Path) -> Path:
    root = folder / "example"
    for name, text in SMALL.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_import_routecomp_is_cheap_and_complete(tmp_path: Path) -> None:
    """`import routecomp` imports nothing but its version; every public name is there when asked for."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; before = set(sys.modules); import routecomp; "
            "print(sorted(m for m in set(sys.modules) - before if 'routecomp' in m))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['routecomp', 'routecomp.version']\n"
    assert {name for name in routecomp.__all__ if getattr(routecomp, name) is None} == set()
    assert set(routecomp.__all__) <= set(dir(routecomp))
    with pytest.raises(AttributeError):
        routecomp.nonsense  # noqa: B018


@pytest.mark.parametrize("first", ["", "import routecomp.rules.registry", "from routecomp.checker import Options"])
def test_check_can_be_called_whatever_was_imported_before(first: str) -> None:
    """`routecomp.check` is a function for users although a package has its name."""
    script = (
        f"{first}\nimport datetime, routecomp\nfrom routecomp import check\n"
        "found = routecomp.check({'routes/a.yaml': b'x'}, routecomp.Options(today=datetime.date(2026, 1, 1)))\n"
        "again = check({'routes/a.yaml': b'x'}, options=routecomp.Options(today=datetime.date(2026, 1, 1)))\n"
        "assert found.errors == again.errors > 0\nimport routecomp.rules.registry as registry\n"
        "assert routecomp.rules.registry is registry"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_version_is_the_packages() -> None:
    """The number in the code is the one the package is built with."""
    pyproject = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert f'\nversion = "{routecomp.__version__}"\n' in pyproject


def test_python_m_routecomp(tmp_path: Path) -> None:
    """Without the console script, the module does the same."""
    done = subprocess.run(
        [sys.executable, "-m", "routecomp", "--version"], cwd=tmp_path, capture_output=True, check=True
    )
    assert done.stdout == f"routecomp {routecomp.__version__}\n".encode()


def test_an_interrupt_at_the_very_start(tmp_path: Path) -> None:
    """Ctrl-C while the libraries are still being imported is an interrupt like any other."""
    script = (
        "import sys\nclass Interrupt:\n    def find_spec(self, name, *_):\n"
        "        if name == 'click':\n            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\nfrom routecomp.cli.main import main\nsys.exit(main(['check']))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "error: interrupted\n")


def test_every_command_exists_and_is_described() -> None:
    """Each entry of the table leads to a command whose own help begins as the table says."""
    with project({}) as root:
        for name, (_, short) in COMMANDS.items():
            ran = in_process([name, "--help"], root)
            assert ran.code == 0, ran
            assert ran.out.startswith(f"Usage: routecomp {name}")
            assert short.endswith(".")


def test_formats_are_those_of_the_renderers() -> None:
    """The words of --format are the formats there are."""
    option = next(param for param in check.params if param.name == "format")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == FORMATS


@pytest.mark.parametrize(
    "arguments",
    [
        ["chek"],
        ["check", "--nonsense"],
        ["compile", "a", "b"],
        ["check", "--format", "xml"],
        ["check", "--root"],
        ["check", "--today", "20260101"],
        ["check", "--today", "2026-02-30"],
        ["check", "--json", "--format", "text"],
        ["--nonsense"],
        [],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    """Exit 2, one message, and a way on."""
    with project(SMALL) as root:
        ran = in_process(arguments, root)
        assert ran.code == 2
        assert "--help" in ran.out + ran.err or "did you mean" in ran.err


@pytest.mark.parametrize(
    ("files", "arguments", "code"),
    [
        (SMALL, ["check"], 0),
        (BAD, ["check"], 1),
        ({}, ["check"], 2),
        (SMALL, ["compile"], 0),
        (BAD, ["compile"], 1),
        (SMALL, ["compile", "--check"], 1),
    ],
)
def test_exit_codes(files: dict[str, str], arguments: list[str], code: int) -> None:
    """What the exit code says of a project."""
    with project(files) as root:
        assert in_process(arguments, root).code == code


def test_strict_turns_warnings_into_exit_3_and_writes_nothing() -> None:
    """Warnings pass, and with --strict they do not."""
    warned = {
        **SMALL,
        "policies/tenants.yaml": "tenants:\n  a:\n    objective: cheapest\n"
        "    weights: {quality: 0.40, latency: 0.30, cost: 0.30}\n",
    }
    with project(warned) as root:
        assert in_process(["check"], root).code == 0
        assert in_process(["check", "--strict"], root).code == 3
        assert in_process(["compile", "--strict"], root).code == 3
        assert not (root / "generated").exists()
        assert in_process(["compile"], root).code == 0
        assert in_process(["compile", "--strict"], root).code == 3


def test_an_internal_error_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ours: exit 70, its type, no traceback and nothing of the configuration; the traceback when asked for."""

    def fail(*_: object) -> None:
        raise KeyError("sk-ant-do-not-show")

    monkeypatch.setattr("routecomp.workspace.check.check", fail)
    with project(SMALL) as root:
        ran = in_process(["check", "--no-cache"], root)
        assert ran.code == 70
        assert "internal error: KeyError" in ran.err
        assert "Traceback" not in ran.err
        assert "do-not-show" not in ran.err
        monkeypatch.setattr("tests.cli.transcripts.environment", lambda at: {**environment(at), "ROUTECOMP_DEBUG": "1"})
        assert "Traceback" in in_process(["check", "--no-cache"], root).err


@pytest.mark.parametrize(
    "failure", [MemoryError, RecursionError, OSError(28, "No space left on device"), KeyboardInterrupt]
)
def test_whatever_is_raised_no_traceback(failure: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short memory, a full disk anywhere, an interrupt at any time."""

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr("routecomp.workspace.check.check", fail)
    with project(SMALL) as root:
        ran = in_process(["check", "--no-cache"], root)
        assert ran.err.count("\nerror: ") + ran.err.startswith("error: ") == 1
        assert "Traceback" not in ran.err
        codes: dict[object, int] = {MemoryError: 2, RecursionError: 70, KeyboardInterrupt: 130}
        assert ran.code == codes.get(failure, 2)


def test_a_part_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    """An installation with a missing part says which."""
    script = "import sys; sys.modules['yaml'] = None; from routecomp.cli.main import main; sys.exit(main())"
    root = _example(tmp_path)
    (root / "policies/more.yaml").write_text("tenants:\n  'quoted': {}\n")  # it takes libyaml
    done = subprocess.run(
        [sys.executable, "-c", script, "check", "--no-cache"],
        cwd=root,
        env=environment(root),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "a part of routecomp cannot be loaded: yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    """`routecomp … | head`: no message, no traceback, and an exit code that is not "findings"."""
    for _ in range(3):
        process = subprocess.Popen(
            [ROUTECOMP, "check", "--help"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait() == 141


@pytest.mark.parametrize(
    ("redirection", "code", "message"),
    [
        (">/dev/full", 2, "no space left on device"),
        (">&-", 0, ""),
        ("2>&-", 0, ""),
        (">&- 2>&-", 0, ""),
        (">/dev/full 2>/dev/full", 2, ""),
    ],
)
def test_output_that_goes_nowhere(tmp_path: Path, redirection: str, code: int, message: str) -> None:
    """Closed or full standard streams: an honest exit code and no traceback."""
    root = _example(tmp_path)
    done = subprocess.run(
        ["sh", "-c", f"routecomp check {redirection}"],
        cwd=root,
        env=environment(root),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert message in done.stderr
    assert "Exception" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_current_folder_is_gone(tmp_path: Path) -> None:
    """A shell that stands in a deleted folder is told so."""
    done = subprocess.run(
        ["sh", "-c", "mkdir gone; cd gone; rmdir ../gone; routecomp check"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "the current folder does not exist any more" in done.stderr


def test_colour_only_where_it_is_seen(tmp_path: Path) -> None:
    """None in a pipe; on request; never against NO_COLOR or in a machine's format."""
    root = _example(tmp_path)
    (root / "policies/tenants.yaml").write_text(BAD["policies/tenants.yaml"])

    def colours(format: str = "text", **more: str) -> bool:
        variables = {key: value for key, value in environment(root).items() if key != "TERM"} | more
        done = subprocess.run(
            [ROUTECOMP, "check", "--format", format], cwd=root, env=variables, capture_output=True, check=False
        )
        assert done.returncode == 1
        return b"\x1b[" in done.stdout

    assert not colours()
    assert colours(FORCE_COLOR="1")
    assert not colours(FORCE_COLOR="0")
    assert not colours(FORCE_COLOR="1", NO_COLOR="1")
    assert not colours("json", FORCE_COLOR="1")


def test_colour_on_a_terminal(tmp_path: Path) -> None:
    """On a terminal the report is coloured; on a dumb one, or with NO_COLOR, it is not."""
    root = _example(tmp_path)
    assert "\x1b[" in _on_a_terminal(root, TERM="xterm")
    assert "\x1b[" not in _on_a_terminal(root, TERM="dumb")
    assert "\x1b[" not in _on_a_terminal(root, TERM="xterm", NO_COLOR="1")


def _on_a_terminal(root: Path, **more: str) -> str:
    import pty

    main, side = pty.openpty()
    variables = {**environment(root), **more}
    process = subprocess.Popen([ROUTECOMP, "check"], cwd=root, env=variables, stdout=side, stderr=side)
    os.close(side)
    process.wait()
    shown = os.read(main, 100_000).decode()
    os.close(main)
    assert "no findings" in shown
    return shown


def test_progress_waits_a_second_and_cleans_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a long command shows a line that goes when it ends; a quick one, or a pipe, shows nothing."""
    written: list[str] = []

    class Terminal:
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> None:
            written.append(text)

        def flush(self) -> None:
            pass

    clock = [100.0]
    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    monkeypatch.setenv("TERM", "xterm")
    with Progress() as progress:
        progress("reading", 1, 4)
        clock[0] += 0.9
        progress("reading", 2, 4)
        assert written == []
        clock[0] += 0.2
        progress("reading", 3, 4)
        progress("reading", 4, 4)  # at once: not worth a redraw
        assert written == ["\r\x1b[K" + line("reading", 3, 4)]
    assert written[-1] == "\r\x1b[K"
    written.clear()
    monkeypatch.setenv("TERM", "dumb")
    with Progress() as progress:
        clock[0] += 5
        progress("reading", 1, 4)
    assert written == []
    assert line("reading", 5_000, 10_000) == "reading [############            ] 5,000 of 10,000 files"
    assert line("writing", 0, 0) == "writing …"


def test_reports_are_the_same_bytes_in_every_locale(tmp_path: Path) -> None:
    """Umlauts of a file name and a description, whatever the locale says about encodings."""
    root = _example(tmp_path)
    (root / "policies/größe.yaml").write_text("tenants:\n  a: {descripton: Köln 💥}\n", encoding="utf-8")
    outputs = set()
    for variables in (
        {"LC_ALL": "C"},
        {"LC_ALL": "C.UTF-8"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii"},
    ):
        done = subprocess.run(
            [ROUTECOMP, "check"], cwd=root, env={**environment(root), **variables}, capture_output=True, check=False
        )
        assert done.returncode == 1, done.stderr
        outputs.add(done.stdout)
    (only,) = outputs
    assert "Köln 💥".encode() in only


def test_an_interrupt_leaves_the_output_whole(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a compilation: exit 130, one word, each file the earlier or the new one, no leftovers."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
    from support.projects import project as large
    from support.projects import write

    root = tmp_path / "large"
    write(root, large(2000))
    assert in_process(["compile"], root).code == 0
    before = contents(root / "generated")
    (root / "policies/tenants/00/tenant-00000.yaml").write_text("tenants:\n  somebody-new: {}\n")
    process = subprocess.Popen(
        [ROUTECOMP, "compile", "--no-cache"],
        cwd=root,
        env=environment(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while process.poll() is None and processor_time(process.pid) < 0.3:  # about half of its work
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130, (out, err)
    assert re.fullmatch(rb"\s*error: interrupted[^\n]*\n", err)
    found = contents(root / "generated")  # how far it came before the signal is the machine's affair
    assert in_process(["compile"], root).code == 0
    after = contents(root / "generated")
    assert after != before
    assert found.keys() == before.keys()
    assert [name for name, body in found.items() if body not in (before[name], after[name])] == []
    if b"nothing in it was changed" in err:
        assert found == before


def processor_time(process: int) -> float:
    """Seconds of processor that a process has used (Linux)."""
    used = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def test_shells_can_complete_commands(tmp_path: Path) -> None:
    """The completion script a shell asks for completes the names of commands."""
    asked = {"_ROUTECOMP_COMPLETE": "bash_complete", "COMP_WORDS": "routecomp co", "COMP_CWORD": "1"}
    done = subprocess.run(
        [ROUTECOMP], cwd=tmp_path, env={**environment(tmp_path), **asked}, capture_output=True, text=True, check=False
    )
    assert done.stdout == "plain,compile\n"
