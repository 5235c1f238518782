"""What `init` writes works on the day it is written: its own steps, on a machine that has no checkout of routecomp."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from routecomp import __version__
from routecomp.workspace.own_wheel import running_wheel
from tests.ci.bare import HERE, machine, shell
from tests.ci.test_action import git
from tests.cli.transcripts import in_process

WHEEL = f"tools/routecomp-{__version__}-py3-none-any.whl"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A machine with Python, Git and a registry that lacks routecomp."""
    return machine(tmp_path_factory.mktemp("bare") / "machine")


def made(folder: Path, *options: str) -> Path:
    """Make a project as a newcomer does, commit it, and clone it as a runner does, on a branch with a change."""
    ran = in_process(["init", str(folder / "mine"), *options], folder)
    assert ran.code == 0, ran.err
    root = folder / "mine"
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    git(folder, "clone", "-q", str(root), "clone")
    return folder / "clone"


def steps(root: Path, variables: dict[str, str], event: dict[str, str]) -> tuple[str, int, list[str]]:
    """Run every script of the workflow in order, but the one that talks to the forge; return log, code and scripts."""
    shared = root.parent / "env"
    shared.touch()
    (root.parent / "event.json").write_text("{}")
    log, code, scripts = "", 0, []
    workflow: Any = yaml.safe_load((root / ".github/workflows/routecomp.yml").read_text())
    for step in workflow["jobs"]["check"]["steps"]:
        if "run" not in step or "gh api" in step["run"]:
            continue
        scripts.append(step["run"])
        own = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: event.get(m[1], ""), value)
            for name, value in step.get("env", {}).items()
        }
        kept = dict(line.split("=", 1) for line in shared.read_text().splitlines())
        runner = {"RUNNER_TEMP": str(root.parent), "GITHUB_ENV": str(shared)}
        runner["GITHUB_EVENT_PATH"] = str(root.parent / "event.json")
        runner["GITHUB_STEP_SUMMARY"] = str(root.parent / "summary")
        done = shell(step["run"], root, variables | runner | kept | own)
        log += done.stdout + done.stderr
        code = code or done.returncode
    return log, code, scripts


def test_the_workflow_runs_where_no_checkout_is(tmp_path: Path, bare: dict[str, str]) -> None:
    """Its steps install the wheel of the project and pass; what runs then is what lies in the project alone."""
    root = made(tmp_path)
    git(root, "switch", "-qc", "change")
    (root / "policies/tenants.yaml").write_text((root / "policies/tenants.yaml").read_text().replace("0.60", "0.62"))
    log, code, scripts = steps(root, bare, {"github.base_ref": "main"})
    assert "compile --check" in "".join(scripts)
    assert code == 1, log  # the change was not compiled
    assert f"{WHEEL}: OK" in log
    assert "generated/ is not what the YAML compiles to" in log
    compiled = shell("routecomp compile && git commit -qam change", root, bare | {"EMAIL": "a@example.com"})
    assert compiled.returncode == 0, compiled.stderr
    log, code, _ = steps(root, bare, {"github.base_ref": "main"})
    assert code == 0, log
    assert "min_quality" in (tmp_path / "summary").read_text()
    where = shell("python -c 'import routecomp, sys; print(routecomp.__file__, sys.path)'", tmp_path, bare).stdout
    assert bare["HOME"] in where
    assert str(HERE) not in where

    # README.md and the hooks keep their word too.
    readme = (root / "README.md").read_text()
    (commands,) = re.findall(r"## Every day\n\n```sh\n(.*?)```", readme, re.DOTALL)
    assert shell(commands, root, bare).returncode == 0
    hooks = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files"],
        cwd=root,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert hooks.returncode == 0, hooks.stdout
    assert hooks.stdout.count("Passed") == 2

    # The pages are there, offline, and links lead to them.
    assert shell("routecomp docs RC301", tmp_path, bare).stdout.startswith("# RC301 weights-sum")
    path = shell("routecomp docs RC301 --path", tmp_path, bare).stdout
    assert path.startswith(bare["HOME"])

    # A project that is made there gets the same compiler: from the file it was installed from, or packed anew.
    data = (root / WHEEL).read_bytes()
    for name in ("again", "anew"):
        assert shell(f"routecomp init {name} --ci gitlab", tmp_path, bare).returncode == 0
        assert (tmp_path / name / WHEEL).read_bytes() == data
        if name == "again":
            (root / WHEEL).rename(tmp_path / "moved.whl")
    script = yaml.safe_load((tmp_path / "anew" / ".gitlab-ci.yml").read_text())["routecomp"]["script"][0]
    assert shell(script, tmp_path / "anew", bare).returncode == 0


def test_another_wheel_is_not_installed(tmp_path: Path, bare: dict[str, str]) -> None:
    """A wheel whose bytes are not those of its sum, or that is missing, stops the job before pip sees it."""
    root = made(tmp_path)
    data = (root / WHEEL).read_bytes()
    for changed in (data + b"x", data[:-1], None):
        (root / WHEEL).unlink(missing_ok=True)
        if changed is not None:
            (root / WHEEL).write_bytes(changed)
        step = yaml.safe_load((root / ".github/workflows/routecomp.yml").read_text())["jobs"]["check"]["steps"][2][
            "run"
        ]
        done = shell(step, root, bare)
        assert done.returncode != 0
        assert "Processing" not in done.stdout


def test_a_wheel_can_be_named(tmp_path: Path) -> None:
    """The bytes of the named file are those in tools/; its sum is that of the file."""
    name, data = running_wheel()
    (tmp_path / name).write_bytes(data)
    root = made(tmp_path, "--compiler", str(tmp_path / name))
    assert (root / WHEEL).read_bytes() == data
    assert (root / "tools/routecomp.sha256").read_text() == f"{hashlib.sha256(data).hexdigest()}  {WHEEL}\n"


@pytest.mark.parametrize(
    ("compiler", "installed"),
    [
        (f"=={__version__}", f"routecomp=={__version__}"),
        (
            "git+https://git.example/a/routecomp@" + "0f" * 20,
            "routecomp @ git+https://git.example/a/routecomp@" + "0f" * 20,
        ),
        ("git+file:///srv/routecomp@" + "0f" * 20, "git+file:///srv/routecomp@" + "0f" * 20),
    ],
)
@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_what_pip_finds_is_written_everywhere(tmp_path: Path, compiler: str, installed: str, ci: str) -> None:
    """With a version or a commit there is no tools/; CI, README and hooks all install it."""
    root = made(tmp_path, "--compiler", compiler, "--ci", ci)
    assert not (root / "tools").exists()
    workflow = ".github/workflows/routecomp.yml" if ci == "github" else ".gitlab-ci.yml"
    for path in (workflow, "README.md"):
        assert f'python -m pip install "{installed}"' in (root / path).read_text(), path
    hooks = yaml.safe_load((root / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [(hook["language"], hook["additional_dependencies"]) for hook in hooks] == [("python", [installed])] * 2


@pytest.mark.parametrize(
    "compiler",
    [
        "==9.9",
        "0.2.0",
        "routecomp-9.9-py3-none-any.whl",
        f"nowhere/routecomp-{__version__}-py3-none-any.whl",
        "git+https://git.example/a/routecomp",
        "git+https://git.example/a/routecomp@main",
        "git+https://git.example/a/routecomp@0f0f0f0",
        "git+https://me:secret@git.example/a@" + "0f" * 20,
        "git+https://secret@git.example/a@main",
        "git+https://git.example/a';rm -rf /'@" + "0f" * 20,
        "",
    ],
)
def test_what_would_not_work_is_refused(tmp_path: Path, compiler: str) -> None:
    """Another version, a branch, a password, what is not there: exit code 2, a remedy, and nothing is written."""
    ran = in_process(["init", "mine", "--compiler", compiler], tmp_path)
    assert ran.code == 2
    assert "= help: " in ran.err
    assert "secret" not in ran.err
    assert list(tmp_path.iterdir()) == []


def test_every_action_is_pinned_by_commit() -> None:
    """Each `uses` of ours and of what `init` writes names a commit, and its version beside it."""
    templates = HERE / "src/routecomp/workspace/templates"
    files = [HERE / "action.yml", HERE / ".github/workflows/ci.yml", HERE / "docs/ci.md"]
    files += list(templates.rglob("*.yml"))
    uses = [line for path in files for line in path.read_text().splitlines() if re.match(r"\s*(- )?uses: ", line)]
    assert len(uses) > 6
    for line in uses:
        assert re.search(r"uses: (\./$|OWNER/|[\w/-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$)", line), line


@pytest.mark.hard
def test_the_steps_run_with_the_real_registry(tmp_path: Path, bare: dict[str, str]) -> None:
    """What routecomp depends on comes from the registry; so does what builds a commit of this repository."""
    online = {name: value for name, value in bare.items() if name not in ("PIP_NO_INDEX", "PIP_FIND_LINKS")}
    online |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=HERE, capture_output=True, text=True, check=True).stdout
    for number, options in enumerate(((), ("--compiler", f"git+file://{HERE}@{commit.strip()}"))):
        (tmp_path / str(number)).mkdir()
        root = made(tmp_path / str(number), *options)
        shutil.rmtree(Path(bare["HOME"]) / "python")
        subprocess.run([sys.executable, "-m", "venv", bare["HOME"] + "/python"], check=True)
        log, code, _ = steps(root, online, {})
        assert code == 0, log
