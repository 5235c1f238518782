"""Commands as people type them: --root anywhere, JSON, names completed, interrupts and closed pipes quiet."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from routecomp.cli.app import COMMANDS
from tests.cli.transcripts import SMALL, contents, environment, in_process, project

ROUTECOMP = str(Path(sys.executable).parent / "routecomp")
TESTED = {
    **SMALL,
    "experiments/a.yaml": "experiments:\n  'opus-vs-gpt':   # quoted\n    public_model_id: p/x\n",
}
LINES = (["resolve"],)
"""Verbs without --json: `resolve` answers with JSON lines, whatever is asked."""


def verbs() -> Iterator[list[str]]:
    """Yield every command and every verb of a group, as it is typed."""
    for name, (place, _) in COMMANDS.items():
        module, attribute = place.split(":")
        command = getattr(import_module(module), attribute)
        if isinstance(command, click.Group):
            yield from ([name, verb] for verb in command.commands)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield [name]


VERBS = [verb for verb in verbs() if verb not in LINES]


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_each_verb_speaks_json(verb: list[str]) -> None:
    """Where it has nothing to work on, and where it is called in a wrong way, standard output is one JSON document."""
    with project({}) as root:
        alone = in_process([*verb, "--json"], root)
        json.loads(alone.out)
        assert "Traceback" not in alone.err
        wrong = in_process([*verb, "--json", "--nonsense"], root)
        assert wrong.code == 2
        assert json.loads(wrong.out)["failed"]["message"] == f"routecomp {' '.join(verb)} has no option `--nonsense`"
        before = in_process(["--json", *verb], root)
        assert before.code == 2
        assert json.loads(before.out)["failed"]["message"] == "routecomp has no option `--json`"


def test_a_failure_is_json_once() -> None:
    """A problem below the command line, with what was found before it, makes one document; text stays on stderr."""
    with project({**SMALL, "routecomp.yaml": "outptu: x\n"}) as root:
        ran = in_process(["check", "--json"], root)
        document = json.loads(ran.out)
        assert document["findings"][0]["path"] == "routecomp.yaml"
        assert document["failed"]["kind"] == "wrong"
        assert ran.err.startswith("error[")
        assert in_process(["check"], root).out == ""


ROOTS = [
    "--root {0} check",
    "check --root {0}",
    "check {0}",
    "--root / check --root {0}",
    "--root {0} compile",
    "compile {0}",
    "--root {0} show tenants",
    "--root {0} tenant",
    "tenant --root {0}",
    "--root {0} tenant set acme min_quality=0.60 --dry-run",
    "tenant --root {0} set acme min_quality=0.60 --dry-run",
    "--root {0} explain --feature support-chat",
    "--root {0} check routes/all.yaml",
    "check {0}/routes/all.yaml",
    "check {0}/policies {0}/routes",
    "--root {0} rules RC301",
]


@pytest.mark.parametrize("typed", ROOTS)
def test_a_project_is_named_anywhere(typed: str) -> None:
    """--root before a command, behind its group or behind it, and where it is plain the folder itself."""
    with project({}) as empty, project(SMALL) as root:
        ran = in_process(shlex.split(typed.format(root)), empty)
        assert ran.code == 0, ran.err
        assert not (empty / "generated").exists()


def test_json_may_stand_before_the_verb() -> None:
    """--json behind a group counts for its verb, and is forgotten by the next command line."""
    with project(SMALL) as root:
        verb = ["set", "acme", "min_quality=0.60", "--dry-run"]
        before = in_process(["tenant", "--json", *verb], root)
        assert json.loads(before.out) == json.loads(in_process(["tenant", *verb, "--json"], root).out)
        assert in_process(["tenant", *verb], root).out.startswith("--- a/")


def test_a_last_root_counts_and_is_not_remembered() -> None:
    """A folder named for one command line is forgotten by the next."""
    with project(SMALL) as root:
        assert in_process(["--root", str(root / "policies"), "check"], root).code == 2
        assert in_process(["check"], root).code == 0


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("routes/all.yaml", 1),
        ("./routes/../routes/all.yaml", 1),
        ("policies", 1),
        ("policies/tenants.yaml", 1),
        (".", 1),
        ("link.yaml", 1),
        ("routecomp.yaml", 1),
        ("routes/al.yaml", 2),
        ("docs", 2),
        ("/", 2),
        ("..", 2),
    ],
)
def test_the_exit_code_hides_nothing(path: str, code: int) -> None:
    """Whatever part of a project is asked for, an error anywhere in it fails."""
    files = {**SMALL, "routecomp.yaml": "output: generated\n", "docs/a.md": "x"}
    files["policies/tenants.yaml"] = "tenants:\n  acme: {stacks: [mars]}\n"
    with project(files) as root:
        (root / "link.yaml").symlink_to("policies/tenants.yaml")
        ran = in_process(["check", path], root)
        assert ran.code == code, ran
        own = path in ("policies", "policies/tenants.yaml", ".", "link.yaml")
        assert ("RC210" in ran.out) == own
        assert ("1 error in other files" in ran.out) == (code == 1 and not own)


def test_a_second_place_in_the_file_counts() -> None:
    """A finding that points into the file, although it stands in another one, is shown."""
    twice = {**SMALL, "policies/b.yaml": "tenants:\n  acme: {preset: balanced}\n"}
    with project(twice) as root:
        for path in ("policies/b.yaml", "policies/tenants.yaml"):
            assert "error[RC201]" in in_process(["check", path], root).out
        assert "error[RC201]" not in in_process(["check", "routes"], root).out


def completions(words: str, cwd: Path, shell: str = "bash") -> list[str]:
    """Return what a shell is told to complete the last word of a command line with."""
    typed = words.split(" ")
    variables = {"_ROUTECOMP_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(typed) - 1)}
    if shell == "fish":
        variables["COMP_CWORD"] = typed[-1]
    done = subprocess.run(
        [ROUTECOMP], cwd=cwd, env=environment(cwd) | variables, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.split("\n")
    if shell == "zsh":
        return lines[1::3]
    return [line.partition(",")[2].partition("\t")[0] for line in lines if line]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("routecomp che", ["check"]),
        ("routecomp promote sup", ["support-chat"]),
        ("routecomp promote support-chat mis", ["mistral-large"]),
        ("routecomp rollback ", ["support-chat"]),
        ("routecomp tenant set b", ["berlin"]),
        ("routecomp tenant s", ["set"]),
        ("routecomp show ten", ["tenants"]),
        ("routecomp show tenant a", ["acme"]),
        ("routecomp show support-chat --tenant b", ["berlin"]),
        ("routecomp explain sup", ["support-chat"]),
        ("routecomp explain --feature support-chat --tenant b", ["berlin"]),
        ("routecomp explain support-chat --why-not mis", ["mistral-large"]),
        ("routecomp experiment pause o", ["opus-vs-gpt"]),
        ("routecomp experiment swap-version opus-vs-gpt gpt cl", ["claude"]),
        ("routecomp rules RC30", [f"RC30{digit}" for digit in range(1, 10)]),
        ("routecomp docs data", ["database"]),
        ("routecomp docs RC301", ["RC301"]),
        ("routecomp schema dec", ["decision"]),
        ("routecomp check --stri", ["--strict"]),
        ("routecomp --root . promote sup", ["support-chat"]),
        ("routecomp --root /nowhere promote sup", []),
        ("routecomp nonsense x", []),
        ("routecomp promote support-chat claude x", []),
    ],
)
def test_names_are_completed(words: str, expected: list[str]) -> None:
    """Commands, options and what the project declares; where there is nothing to offer, nothing, and no message."""
    with project(TESTED) as root:
        assert completions(words, root) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_answered(shell: str) -> None:
    """Each shell gets its script, and its answers in its form."""
    with project(TESTED) as root:
        assert completions("routecomp tenant set b", root, shell) == ["berlin"]
        variables = environment(root) | {"_ROUTECOMP_COMPLETE": f"{shell}_source"}
        done = subprocess.run([ROUTECOMP], cwd=root, env=variables, capture_output=True, text=True, check=True)
        assert "_ROUTECOMP_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "\x00\xff",
        "features: {a: {models: {m: primary}}}",
        "features:\n\t x:",
        "features: &a\n  ? [x]\n  : y\n",
        "- " * 99,
    ],
)
def test_completion_survives_any_file(text: str) -> None:
    """What cannot be read is left out, and the other files still count."""
    with project(
        {**SMALL, "routes/bad.yaml": text, "policies/x.yaml": "features:\n  su\x1bper: {}\n  sup: {}\n"}
    ) as root:
        os.mkfifo(root / "routes" / "pipe.yaml")
        assert completions("routecomp promote su", root) == ["sup", "support-chat"]


def interrupted_at(module: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the console script, and press Ctrl-C when it begins to load a module."""
    script = (
        "import os, signal, sys\n"
        "class Press:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Press())\n"
        "from routecomp_start import start\n"
        "sys.argv[1:] = ['check', '--no-cache']\n"
        "sys.exit(start())\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script], cwd=cwd, env=environment(cwd), capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("module", ["routecomp", "routecomp.cli", "click", "routecomp.checker"])
def test_an_interrupt_while_modules_load(module: str) -> None:
    """Exit code 130 and one line, from the first module of the package on."""
    with project(SMALL) as root:
        done = interrupted_at(module, root)
        assert (done.returncode, done.stdout, done.stderr) == (130, "", "error: interrupted\n")


@pytest.mark.parametrize("command", ["check --no-cache", "compile", "migrate up --database sqlite:///x.db --from g"])
def test_an_interrupt_in_the_middle(command: str) -> None:
    """Ctrl-C while a command works: exit code 130, one line, and no half-written file."""
    with project(SMALL) as root:
        assert in_process(["compile", "--no-cache"], root).code == 0
        (root / "generated" / "migrations").rename(root / "g")
        before = contents(root / "generated")
        script = (
            "import os, signal, sys\nfrom routecomp.cli.main import main\n"
            "seen = []\n"
            "def press(event, _):\n"
            "    if event in ('open', 'sqlite3.connect'):\n"
            "        seen.append(event)\n"
            "        if len(seen) == int(sys.argv[1]):\n"
            "            os.kill(os.getpid(), signal.SIGINT)\n"
            "import routecomp.compiler, routecomp.database.runner, routecomp.workspace.check\n"
            "sys.addaudithook(press)\n"
            "sys.exit(main(sys.argv[2:]))\n"
        )
        for number in ("2", "9", "20"):
            done = subprocess.run(
                [sys.executable, "-c", script, number, *command.split()],
                cwd=root,
                env=environment(root),
                capture_output=True,
                text=True,
                check=False,
            )
            assert "Traceback" not in done.stderr
            assert done.returncode in (0, 130), done
            assert not [path for path in contents(root) if path.endswith(".routecomp-tmp")]
        if command == "compile":
            assert set(before) <= set(contents(root / "generated"))


@pytest.mark.parametrize(
    "command", ["rules", "rules --json", "docs --search the", "docs semantics", "--help", "check -h"]
)
def test_a_closed_pipe(command: str) -> None:
    """`| head` ends a command quietly."""
    with project(SMALL) as root:
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; '{ROUTECOMP}' {command} | true"],
            cwd=root,
            env=environment(root),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        assert done.returncode in (0, 141, 128 + signal.SIGPIPE)


@pytest.mark.parametrize(
    ("typed", "help"),
    [
        ("explain x --min-output-tokens 5", "`--max-output-tokens` is known, but it is another word"),
        ("explain x --max-quality 0.5", "`--min-quality` is known, but it is another word"),
        ("explain x --max-output-token 5", "did you mean `--max-output-tokens`?"),
        ("explain last-call", "`first-call` is known, but it is another word"),
        ("explain first-call --why-not mistral-larg", "did you mean `mistral-large`?"),
    ],
)
def test_no_opposite_is_meant(typed: str, help: str) -> None:
    """A near name that means the opposite is told apart, whoever suggests it."""
    files = {**SMALL, "routes/more.yaml": "features:\n  first-call:\n    models: {claude: primary}\n"}
    with project(files) as root:
        assert f"help: {help}" in in_process(shlex.split(typed), root).err


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("--root a init b", "a/b"),
        ("init b --root a", "a/b"),
        ("--root a init", "a"),
        ("init --root a", "a"),
        ("--root a init --root c", "c"),
        ("init b", "b"),
        ("--root a init .", "a"),
    ],
)
def test_init_makes_the_folder_that_is_named(typed: str, made: str, tmp_path: Path) -> None:
    """--root and DIR name a new project together, as they name one that is there; nothing else is made."""
    ran = in_process([*shlex.split(typed), "--dialects", "none", "--json"], tmp_path)
    assert ran.code == 0, ran
    assert (tmp_path / made / "routes").is_dir()
    assert [path.name for path in tmp_path.iterdir()] == [made.split("/")[0]]
    assert [path.parent for path in tmp_path.rglob("routes")] == [tmp_path / made]


FILE, FIX = "routes/all.yaml", "--fix --diff"


@pytest.mark.parametrize(
    ("folder", "typed"),
    [
        ("my project", f"check {FILE}"),
        ("my project", f"check {FIX}"),
        ("my project", f"check {FIX} {FILE} ."),
        (".", f"check 'my project/{FILE}'"),
        (".", f"check {FIX} 'my project'"),
        (".", f"check {FIX} 'my project/{FILE}' 'my project'"),
        (".", f"check --root 'my project' {FILE}"),
        (".", f"--root 'my project' check {FIX}"),
        (".", f"check '{{0}}/my project/{FILE}'"),
        ("my project/routes", "check all.yaml"),
        ("my project/routes", f"check {FIX} all.yaml .."),
        ("/", f"check '{{0}}/my project/{FILE}'"),
        ("/", f"check {FIX} '{{0}}/my project'"),
    ],
)
def test_a_suggested_command_finds_the_project(folder: str, typed: str, tmp_path: Path) -> None:
    """What a message suggests works in the folder in which the first command was typed."""
    for name, text in {**SMALL, "policies/tenants.yaml": "tenants:\n  acme: {presett: balanced}\n"}.items():
        (tmp_path / "my project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "my project" / name).write_text(text)
    ran = in_process(shlex.split(typed.format(tmp_path)), tmp_path / folder)
    (suggested,) = re.findall(r"`(routecomp check[^`]*)` shows all|then `(routecomp check[^`]*)`", ran.out)
    command = shlex.split("".join(suggested))[1:]
    assert ("--root" in command) == (folder != "my project")
    again = in_process(command, tmp_path / folder)
    assert again.code == (0 if "--fix" in command else 1), again
    assert "RC112" in again.out


@pytest.mark.parametrize(
    "options", [["--feature"], ["--model"], ["--feature", "support-chat", "--tenant"]], ids=" ".join
)
def test_a_key_in_the_wrong_place_is_not_shown(options: list[str]) -> None:
    """What is pasted as a name, and is a credential, has stars in the answer, for people and for programs."""
    secret = "sk-" + "proj-Zq8vT3mXw2Lk9RbN4yHc7JdF5gP1sA6uE0oIiKjMnBvCxZ"
    with project(SMALL) as root:
        for more in ([], ["--json"], ["--verbose"]):
            for given in (secret, f"Bearer {secret}"):
                ran = in_process(["explain", *options, given, *more], root)
                assert ran.code == 0
                assert secret[:20] not in ran.out + ran.err
