"""A project says which versions of routecomp write it: another version refuses to write, and reads with a note."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from routecomp import __version__
from routecomp.cli.app import COMMANDS
from routecomp.cli.output.problem import problem_text
from routecomp.workspace.required_version import WrongVersionError, require_version, required_version
from routecomp.workspace.settings import Settings
from tests.cli.transcripts import SMALL, contents, environment, in_process, project, run

OTHER = 'requires_routecomp: ">=99, <100"\n'
OWN = f'requires_routecomp: "=={__version__}"\n'
EXPERIMENT = """\
experiments:
  plain:
    public_model_id: plain
    status: draft
    on_pause: control
    variants:
      a: {weight: 0.50, versions: [{version: 1, model: claude}]}
      b: {weight: 0.50, versions: [{version: 1, model: mistral-large}]}
"""
WRITES = [
    "compile",
    "compile --check",
    "compile --json",
    "check --fix",
    "schema",
    "promote support-chat mistral-large",
    "promote support-chat mistral-large --dry-run",
    "rollback support-chat",
    "shadow support-chat mistral-large --sample 0.1",
    "retire support-chat mistral-large",
    "experiment start plain",
    "tenant set acme min_quality=0.5",
    "rename model claude opus",
    "share any-claude claude=1",
    "activate mistral-large --evidence evidence.json",
    "import litellm litellm.yaml --into .",
    "test --write",
    "test --update --dry-run",
]
READS = [
    "check",
    "diff --against .",
    "explain --feature support-chat",
    "show",
    "export litellm",
    "test",
    "claims",
    "resolve < /dev/null",
    "audit",
    "why-changed support-chat",
    "lint-migrations",
    "schema decision",
    "migrate status --database sqlite:///x.db",
]
NEITHER = {
    "docs": "reads the package alone",
    "init": "a new project has no settings yet",
    "rules": "reads no project",
    "lint-litellm": "reads LiteLLM files, and no project",
    "merge-driver": "has its own test below",
    "learn": "reads outcomes first; what it writes is written as by every command that edits",
    "publish": "copies what lies in generated/, whichever version wrote it",
    "probe": "calls hosts, and prints what came when it came",
}
NOTE = f"note: routecomp >=99, <100 writes this project, and {__version__} is installed"


@pytest.fixture(scope="module")
def compiled() -> Iterator[Path]:
    """A compiled project in a Git repository, with an edit that `check --fix` and `compile` would act on."""
    with project({**SMALL, "experiments/plain.yaml": EXPERIMENT}) as root:
        assert in_process(["compile"], root).code == 0
        (root / "litellm.yaml").write_text("model_list: [{model_name: a, litellm_params: {model: openai/gpt-4o}}]\n")
        for command in ("git init -q -b main", "git add -A", "git -c user.name=A -c user.email=a@b.c commit -qm start"):
            subprocess.run(shlex.split(command), cwd=root, env=environment(root), check=True)
        (root / "policies/tenants.yaml").write_text("tenants:\n  acme: {preset: balanced, stacks: [us, us]}\n")
        yield root


def test_every_command_is_tried() -> None:
    """A command that is added says here whether it writes a project."""
    assert {line.split()[0] for line in (*WRITES, *READS)} | NEITHER.keys() == COMMANDS.keys()


@pytest.mark.parametrize("command", WRITES)
def test_another_version_refuses_to_write(compiled: Path, command: str) -> None:
    """What would write ends with code 2, says both versions and the line for pip, and changes nothing."""
    (compiled / "routecomp.yaml").write_text(OTHER)
    before = contents(compiled)
    ran = run(f"routecomp {command}", compiled)
    assert ran.code == 2
    assert f"error: routecomp >=99, <100 writes this project, and {__version__} is installed\n" in ran.err
    assert "pip install 'routecomp>=99, <100'" in ran.err
    assert contents(compiled) == before
    if "--json" in command:
        document = json.loads(ran.out)
        assert document["requires_routecomp"] == {"wanted": ">=99, <100", "installed": __version__, "matches": False}
        assert document["failed"]["kind"] == "wrong"
    else:
        assert ran.out == ""


@pytest.mark.parametrize("command", READS)
def test_another_version_reads_with_one_note(compiled: Path, command: str) -> None:
    """What reads ends as it does with the right version, prints the same, and has one note more."""
    runs = []
    for settings in (OWN, OTHER):
        (compiled / "routecomp.yaml").write_text(settings)
        runs.append(run(f"routecomp {command}", compiled))
    own, other = runs
    assert own.code == other.code != 2
    assert other.out == own.out
    assert other.err.count(NOTE) == 1
    assert [line for line in other.err.splitlines() if NOTE not in line] == own.err.splitlines()


@pytest.mark.parametrize("command", ["check --json", "diff --against . --json", "lint-migrations --json"])
def test_json_says_the_same(compiled: Path, command: str) -> None:
    """The documents have the facts of the note, and the key is theirs only where the project has the setting."""
    (compiled / "routecomp.yaml").write_text(OTHER)
    document = json.loads(in_process(shlex.split(command), compiled).out)
    assert document.pop("requires_routecomp") == {
        "wanted": ">=99, <100",
        "installed": __version__,
        "matches": False,
    }
    (compiled / "routecomp.yaml").write_text("")
    assert json.loads(in_process(shlex.split(command), compiled).out) == document


@pytest.mark.parametrize("command", ["status", "verify"])
def test_json_of_migrate(compiled: Path, command: str, tmp_path: Path) -> None:
    """A database is compared whichever version is installed; the document says which one it should be."""
    (compiled / "routecomp.yaml").write_text(OTHER)
    url = f"sqlite:///{tmp_path}/x.db"
    assert in_process(["migrate", "up", "--database", url], compiled).code == 0
    ran = in_process(["migrate", command, "--json", "--database", url], compiled)
    assert json.loads(ran.out)["requires_routecomp"]["matches"] is False
    assert NOTE in ran.err


def test_the_right_version_writes() -> None:
    """With the version that the project asks for, in either file of settings, nothing is said."""
    toml = f'[tool.routecomp]\nrequires_routecomp = "=={__version__}"\n'
    for settings in ({"routecomp.yaml": OWN}, {"pyproject.toml": toml}):
        with project({**SMALL, **settings}) as root:
            ran = in_process(["compile", "--json"], root)
            assert (ran.code, ran.err) == (0, "")
            assert json.loads(ran.out)["requires_routecomp"]["matches"] is True
            assert in_process(["compile", "--check"], root).code == 0


def test_a_merge_is_left_in_conflict() -> None:
    """The merge driver of another version settles nothing, and says which version to install."""
    with project({**SMALL, "routecomp.yaml": OTHER}) as root:
        path = root / "generated/routing_table.json"
        path.parent.mkdir()
        path.write_text("ours\n")
        sides = [str(path)] * 3
        ran = in_process(["merge-driver", *sides, "generated/routing_table.json"], root)
        assert ran.code == 1
        assert f"generated/routing_table.json: {NOTE.removeprefix('note: ')}" in ran.err
        assert "then run `routecomp compile`" in ran.err
        assert path.read_text() == "ours\n"


@pytest.mark.parametrize(
    ("wanted", "matching", "others"),
    [
        ("~=0.2", ["0.2.0", "0.2.7", "0.3.0", "0.2.0+ours"], ["0.1.0", "1.0", "0.2.0rc1", "0.2.0.dev1", "0.3.0rc1"]),
        ("~=0.2.0", ["0.2.0", "0.2.9"], ["0.3.0", "0.2.1rc1"]),
        (">=0.2, <0.4, !=0.3.1", ["0.2", "0.3.0"], ["0.3.1", "0.4", "0.4.0.dev1"]),
        (">=0.3.0rc1", ["0.3.0rc1", "0.3.0rc2", "0.3.0", "1.0"], ["0.3.0.dev1", "0.2.9"]),
        ("==0.2.*", ["0.2.5"], ["0.2.5rc1", "0.3"]),
    ],
)
def test_versions_that_match(wanted: str, matching: list[str], others: list[str]) -> None:
    """Versions are read as pip reads them; a pre-release counts only where one is named."""
    settings = Settings(requires_routecomp=wanted)
    for version in (*matching, *others):
        required = required_version(settings, version)
        assert required is not None
        assert required.matches is (version in matching), version


def test_a_prerelease_is_told_why() -> None:
    """Who tries a pre-release reads that the setting must name one; others do not."""
    settings = Settings(requires_routecomp="~=0.2")
    for version, told in (("0.3.0rc1", True), ("0.3.0.dev4", True), ("1.0", False)):
        with pytest.raises(WrongVersionError) as refusal:
            require_version(settings, version)
        assert ("pre-release" in problem_text(refusal.value)) is told


@pytest.mark.parametrize(
    ("written", "help"),
    [
        ("0.2", '"~=0.2"'),
        ("'1.4.2'", '"~=1.4.2"'),
        ("latest", '"~=0.2"'),
        ("'~=0'", '"~=0.2"'),
        ("===0.2", '"~=0.2"'),
        ("", '"~=0.2"'),
        ("''", '"~=0.2"'),
        ("' , '", '"~=0.2"'),
        ("[0.2]", '"~=0.2"'),
        ("'>=0.2; rm -rf .'", '"~=0.2"'),
        ("'" + ", ".join([">=0.2"] * 40) + "'", '"~=0.2"'),
    ],
)
def test_what_is_no_specifier(written: str, help: str) -> None:
    """A mistake is shown at its place, with what to write, and no command does anything else."""
    with project({**SMALL, "routecomp.yaml": f"requires_routecomp: {written}\n"}) as root:
        ran = in_process(["check"], root)
    assert ran.code == 2
    assert "error[RC117]: `requires_routecomp` must say versions as PEP 440 does" in ran.err
    assert "--> routecomp.yaml:1:2" in ran.err
    assert f"write it as `requires_routecomp: {help}`, in quotes" in ran.err


@pytest.mark.parametrize("written", ["0.2", '"0.2"', '""', '["~=0.2"]', "true"])
def test_what_is_no_specifier_in_toml(written: str) -> None:
    """The same in pyproject.toml, whose settings have no lines."""
    with project({**SMALL, "pyproject.toml": f"[tool.routecomp]\nrequires_routecomp = {written}\n"}) as root:
        ran = in_process(["check"], root)
    assert ran.code == 2
    assert "pyproject.toml, [tool.routecomp] requires_routecomp: `requires_routecomp` must say versions" in ran.err
