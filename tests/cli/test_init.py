"""`init`: what it makes is whole, clean and works at once; what it cannot make leaves nothing behind."""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from routecomp import __version__
from routecomp.workspace.new_project import CI, project_files
from tests.cli.transcripts import environment, in_process, project


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as `init` makes it."""
    root = tmp_path_factory.mktemp("init") / "new"
    assert in_process(["init", "new"], root.parent).code == 0
    return root


def test_it_is_clean_and_compiled(made: Path) -> None:
    """The new project has no finding, not even a warning, and generated/ is up to date."""
    assert in_process(["check", "--strict", "--no-cache"], made).code == 0
    assert in_process(["compile", "--check", "--no-cache"], made).code == 0
    assert {path.name for path in (made / "generated").iterdir()} == {
        "routing_table.json",
        "fallback.json",
        "resolver.py",
        "migrations",
    }


def test_what_is_off_may_be_switched_on(made: Path, tmp_path: Path) -> None:
    """The keys that stand in the files as comments are valid where they stand, all at once."""
    shutil.copytree(made, tmp_path / "on")
    found: set[str] = set()
    for path in (tmp_path / "on").glob("[rp]*/*.yaml"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"^    # (\w+): ", text, re.MULTILINE))
        path.write_text(re.sub(r"^    # (\w+: )", r"    \1", text, flags=re.MULTILINE), encoding="utf-8")
    wanted = {"share", "limits", "timeouts", "max_output_tokens", "params", "aliases", "sunset", "successor", "budget"}
    assert found == wanted | {"logical_slug"}
    ran = in_process(["check", "--strict", "--today", "2026-11-30"], tmp_path / "on")
    assert ran.code == 0, ran.out


def test_every_yaml_file_names_its_schema(made: Path) -> None:
    """The modeline of every file leads to a schema that is there."""
    files = [path for folder in ("routes", "policies", "experiments") for path in (made / folder).rglob("*.yaml")]
    assert len(files) == 8
    for path in files:
        name = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
        assert name
        assert (path.parent / name[1]).is_file()


def test_the_version_that_writes_can_be_said(made: Path) -> None:
    """Its settings have a line, still a comment, that lets only the version write which CI installs."""
    settings = made / "routecomp.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("# requires_", "requires_"), encoding="utf-8")
    ran = in_process(["compile", "--check", "--json"], made)
    settings.write_text(text, encoding="utf-8")
    assert ran.code == 0
    assert json.loads(ran.out)["requires_routecomp"]["wanted"] == f"=={__version__}"


def test_the_workflow_runs_what_it_says(made: Path) -> None:
    """Its steps install the wheel in tools/, annotate findings and compare generated/; the commands exit 0 here."""
    workflow = yaml.safe_load((made / ".github/workflows/routecomp.yml").read_text(encoding="utf-8"))
    runs = [step["run"] for step in workflow["jobs"]["check"]["steps"] if "run" in step]
    assert runs[0].splitlines() == [
        "sha256sum --check tools/routecomp.sha256",
        f"python -m pip install tools/routecomp-{__version__}-py3-none-any.whl",
    ]
    assert runs[2:5] == [
        'routecomp check --against "$BASE" --format sarif > "$RUNNER_TEMP/routecomp.sarif" || true',
        'routecomp check --against "$BASE" --format github',
        'routecomp compile --check ${QUEUE:+--against "$QUEUE"}',
    ]
    uses = [step["uses"].partition("@")[0] for step in workflow["jobs"]["check"]["steps"] if "uses" in step]
    assert uses[-1] == "github/codeql-action/upload-sarif"
    assert workflow["permissions"]["security-events"] == "write"
    assert in_process(["compile", "--check"], made).code == 0
    assert in_process(["check", "--no-base", "--format", "github"], made).code == 0


def test_each_ci_has_its_files() -> None:
    """GitHub's, GitLab's or none; beside them the projects are the same."""
    files = {ci: project_files(ci) for ci in CI}
    own = {ci: {path for path in files[ci] if path.startswith((".github/", ".gitlab"))} for ci in CI}
    assert own == {
        "github": {".github/workflows/routecomp.yml", ".github/CODEOWNERS"},
        "gitlab": {".gitlab-ci.yml", ".gitlab/CODEOWNERS"},
        "none": set(),
    }
    for ci in CI:
        rest = {path: data for path, data in files[ci].items() if path not in own[ci] and path != "README.md"}
        assert rest == {path: data for path, data in files["none"].items() if path != "README.md"}
        assert not [path for path, data in files[ci].items() if b"ROUTECOMP_CI" in data]
    assert b"routecomp-%s-py3-none-any.whl" % __version__.encode() in files["gitlab"][".gitlab-ci.yml"]


def test_its_hooks_and_owners(made: Path) -> None:
    """The pre-commit hooks run what is installed, and pre-commit accepts them; owners are suggested for both folders,
    as comments, so that nobody is asked for who is not there."""
    path = made / ".pre-commit-config.yaml"
    done = subprocess.run([sys.executable, "-m", "pre_commit", "validate-config", str(path)], check=False)
    assert done.returncode == 0
    hooks = yaml.safe_load(path.read_text(encoding="utf-8"))["repos"][0]["hooks"]
    assert [hook["entry"] for hook in hooks] == ["routecomp check", "routecomp compile"]
    assert all(hook["language"] == "system" for hook in hooks)
    for ci in ("github", "gitlab"):
        owners = project_files(ci)[f".{ci}/CODEOWNERS"].decode()
        assert all(line.startswith("#") for line in owners.splitlines())
        for folder in ("policies", "experiments"):
            assert re.search(rf"^# /{folder}/ +@your-(org|group)/", owners, re.MULTILINE)


def test_its_readme_keeps_its_word(made: Path, tmp_path: Path) -> None:
    """Every command of the README runs, and so does its Python, with nothing but generated/ beside it."""
    text = (made / "README.md").read_text(encoding="utf-8")
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    commands = [line for line in shell.splitlines() if "pip install" not in line and "sha256sum" not in line]
    assert len(commands) >= 6
    for command in commands:
        done = subprocess.run(["sh", "-c", command], cwd=made, env=environment(made), capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b""), command
    (python,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    shutil.copytree(made / "generated", tmp_path / "generated")
    done = subprocess.run(
        [sys.executable, "-S", "-c", "import sys; sys.path.insert(0, 'generated')\n" + python],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode().startswith("gpt-6.1-sol https://api.openai.com/v1/chat/completions"), done.stderr


def test_two_runs_make_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """Nothing of the day, the machine or the folder goes into the files."""
    again = project_files()
    assert {path: (made / path).read_bytes() for path in again} == again


def test_the_first_commit_is_small(made: Path, tmp_path: Path) -> None:
    """One dialect, no schemas: what Git takes beside the resolver is some 3,500 lines, most of them one baseline."""
    shutil.copytree(made, tmp_path / "new")
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=tmp_path / "new", check=True)
    listed = ["git", "diff", "--cached", "--numstat", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"]
    done = subprocess.run(listed, cwd=tmp_path / "new", check=True, capture_output=True, text=True)
    lines = {
        path: int(count) for count, _, path in (line.split("\t") for line in done.stdout.splitlines()) if count != "-"
    }
    assert {path.split("/")[2] for path in lines if path.startswith("generated/migrations/")} == {"sqlite"}
    assert not [path for path in lines if path.startswith(("schemas/", ".routecomp/"))]
    assert len(lines) < 25
    assert sum(lines.values()) - lines["generated/resolver.py"] < 3700


@pytest.mark.parametrize(
    ("given", "written"), [("postgres,sqlite", {"postgres", "sqlite"}), ("sqlite", {"sqlite"}), ("none", set())]
)
def test_dialects_are_those_asked_for(tmp_path: Path, given: str, written: set[str]) -> None:
    """The settings name them, and the project is up to date with them."""
    assert in_process(["init", "new", "--dialects", given], tmp_path).code == 0
    folder = tmp_path / "new/generated/migrations"
    assert {path.name for path in folder.glob("*")} == written
    assert in_process(["compile", "--check"], tmp_path / "new").code == 0
    assert in_process(["check", "--strict"], tmp_path / "new").code == 0


@pytest.mark.parametrize("given", ["postgres", "oracle", "sqlite,postgre", "", "none,sqlite"])
def test_dialects_that_cannot_be_are_refused(tmp_path: Path, given: str) -> None:
    """An unknown one, or none in which migrations are replayed: exit code 2, a remedy, nothing written."""
    ran = in_process(["init", "new", "--dialects", given], tmp_path)
    assert ran.code == 2
    assert "= help: " in ran.err
    assert not (tmp_path / "new").exists()


def test_a_dialect_can_be_added_later(made: Path, tmp_path: Path) -> None:
    """A second dialect in the settings gets its baseline with the next compilation."""
    shutil.copytree(made, tmp_path / "new")
    settings = tmp_path / "new/routecomp.yaml"
    settings.write_text(settings.read_text().replace("[sqlite]", "[postgres, sqlite]"))
    assert in_process(["compile"], tmp_path / "new").code == 0
    assert (tmp_path / "new/generated/migrations/postgres/0001_baseline.up.sql").is_file()


def test_no_template_word_is_left(made: Path) -> None:
    """Every word that stands for something in the templates is replaced."""
    text = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file() and path.suffix != ".whl")
    assert not re.findall(
        rb"ROUTECOMP_(?!TOKEN|PREFERENCE)[A-Z]+", text.replace((made / "generated/resolver.py").read_bytes(), b"")
    )


@pytest.mark.parametrize(
    "name", ["routes", "policies/x.yaml", "generated", ".github/workflows/routecomp.yml", "routecomp.yaml"]
)
def test_nothing_is_overwritten(name: str) -> None:
    """Whatever of it is there already is named, stays as it is, and nothing is written beside it."""
    with project({name if name.endswith("l") else f"{name}/kept.txt": "mine"}) as root:
        before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        ran = in_process(["init"], root)
        assert ran.code == 2
        assert name.split("/x")[0] in ran.err
        assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_settings_are_not_written_twice(tmp_path: Path) -> None:
    """Where a pyproject.toml has settings, a routecomp.yaml beside it would be refused by every command."""
    (tmp_path / "pyproject.toml").write_text('[tool.routecomp]\noutput = "gen"\n')
    ran = in_process(["init"], tmp_path)
    assert ran.code == 2
    assert ran.err.startswith("error: pyproject.toml has settings under [tool.routecomp]")
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]
    (tmp_path / "pyproject.toml").write_text('[tool.other]\nname = "routecomp"\n')
    assert in_process(["init"], tmp_path).code == 0


def test_what_a_repository_has_already_is_kept() -> None:
    """A README, attributes and owners of one's own stay byte for byte, and what they lack is said."""
    mine = {
        "README.md": "mine",
        ".gitignore": "node_modules/\n",
        ".gitattributes": "*.yaml text eol=lf\n",
        ".github/CODEOWNERS": "* @me\n",
    }
    with project(mine) as root:
        ran = in_process(["init"], root)
        assert ran.code == 0, ran.err
        assert {path: (root / path).read_text() for path in mine} == mine
        assert ran.err == (
            "note: .gitignore is yours and stays as it is; add to it:\n  .routecomp/\n  schemas/\n"
            "note: .gitattributes is yours and stays as it is; add to it:\n  generated/** -text linguist-generated\n"
            "  tools/** -text\n"
            + "".join(
                f"note: {path} is yours and stays as it is; what belongs into it is in the one that "
                "`routecomp init` makes in an empty folder\n"
                for path in ("README.md", ".github/CODEOWNERS")
            )
        )
        assert in_process(["check", "--strict"], root).code == 0
        assert in_process(["compile", "--check"], root).code == 0


def test_other_files_do_not_matter() -> None:
    """A folder with other things in it is as good as an empty one."""
    with project({"src/app.py": "print()", "LICENSE": "x"}) as root:
        assert in_process(["init"], root).code == 0
        assert in_process(["check", "--strict"], root).code == 0
        assert (root / "src/app.py").read_text() == "print()"


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """Where a file cannot be written, no file and no folder of the project is left, and the message says why."""
    (tmp_path / "other").mkdir()
    # No file may grow beyond 4,000 bytes: the disk is as good as full half-way through.
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import signal, sys\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "from routecomp.cli.main import main\nsys.exit(main(['init', 'a/b']))",
        ],
        # Half a .pyc, written under this limit, would break the runs that follow.
        cwd=tmp_path,
        env={**environment(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)),
    )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("error: a/b was not made: "), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_the_table_answers_as_the_readme_promises(made: Path) -> None:
    """Both tenants get what their policy says: the cheap one for acme, only European hosts for rhein-bank."""
    requests = [
        {"model": "auto", "tenant": "acme"},
        {"model": "auto", "tenant": "rhein-bank"},
        {"model": "preview/assistant", "unit": "u-1"},
    ]
    done = subprocess.run(
        [sys.executable, "generated/resolver.py"],
        cwd=made,
        check=True,
        capture_output=True,
        input="".join(json.dumps(one) + "\n" for one in requests).encode(),
    )
    acme, bank, test = (json.loads(line) for line in done.stdout.splitlines())
    assert acme["model"] == "gpt-6-luna"
    assert bank["chain"] == ["mistral-medium-3", "mistral-small-2603"]
    assert test["experiment"] == "assistant-next"


@pytest.mark.parametrize(("line", "named"), [("*.whl", "tools/"), ("generated/", "generated/"), ("/tools", "tools/")])
def test_it_says_what_git_would_leave_out(tmp_path: Path, line: str, named: str) -> None:
    """Where a `.gitignore` that is there keeps out what CI needs, `init` says so; where it does not, nothing."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text(f"{line}\n.routecomp/\nschemas/\n")
    assert f"note: your .gitignore keeps {named} out of Git" in in_process(["init"], tmp_path).err


def test_it_says_where_ci_files_are_read(tmp_path: Path) -> None:
    """Below the top of a repository the files of CI do nothing, and `init` says so; at the top it says nothing."""
    subprocess.run(["git", "init", "-q", str(tmp_path / "repository")], check=True)
    below = in_process(["init", "llm"], tmp_path / "repository")
    assert below.code == 0
    assert "note: llm/ is not the top of its repository" in below.err
    top = tmp_path / "repository"
    moves = [line for line in below.err.splitlines() if " && mv -n " in line]
    assert len(moves) == 3
    for line in moves:
        subprocess.run(["sh", "-e", "-c", line], cwd=top, check=True)
    assert not [path for path in (top / "llm").rglob("*") if path.name in ("CODEOWNERS", "routecomp.yml")]
    assert "they name llm/ already" in below.err
    assert "do nothing\nuntil they are moved" in (top / "llm/README.md").read_text()
    [job] = yaml.safe_load((top / ".github/workflows/routecomp.yml").read_text())["jobs"].values()
    assert job["defaults"] == {"run": {"working-directory": "llm"}}
    assert "# /llm/policies/ " in (top / ".github/CODEOWNERS").read_text()
    [hooks] = yaml.safe_load((top / ".pre-commit-config.yaml").read_text())["repos"]
    for hook, file in zip(hooks["hooks"], ("llm/routes/models.yaml", "llm/generated/fallback.json"), strict=True):
        assert re.match(hook["files"], file)
        assert re.match(hook["files"], "llm/routecomp.yaml")
        assert not re.match(hook["files"], file.removeprefix("llm/"))
        assert in_process(hook["entry"].split()[1:], top).code == 0
    subprocess.run(["git", "init", "-q", str(tmp_path / "other")], check=True)
    assert in_process(["init"], tmp_path / "other").err == ""
    assert "do nothing" not in (tmp_path / "other/README.md").read_text()


@pytest.mark.parametrize("folder", ["llm", "a/b.c", "two words"])
def test_gitlab_files_of_a_folder(tmp_path: Path, folder: str) -> None:
    """GitLab's job goes into the project's folder first; a name that needs quotes is left to the reader."""
    text = project_files("gitlab", prefix=f"{folder}/")[".gitlab-ci.yml"].decode()
    job = yaml.safe_load(text)["routecomp"]
    is_named = " " not in folder
    assert (job["script"][0] == f"cd {folder}") == is_named
    assert job["artifacts"]["paths"] == [f"{folder}/routecomp-diff.md" if is_named else "routecomp-diff.md"]


def _git(folder: Path, *arguments: str) -> None:
    """Run a Git command that must succeed, as somebody, with nobody's own configuration."""
    who = {f"GIT_{role}_{key}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, env={**environment(folder), **who})


def _repository(folder: Path, *branches: str, default: str | None = None) -> Path:
    """Make a repository with a commit on each of some branches; HEAD is on the last one, or, of none, on `trunk`."""
    folder.mkdir(exist_ok=True)
    _git(folder, "init", "-q", "-b", branches[0] if branches else "trunk")
    if branches:
        _git(folder, "commit", "-q", "--allow-empty", "-m", "start")
    for branch in branches[1:]:
        _git(folder, "switch", "-q", "-c", branch)
    if default is not None:
        _git(folder, "config", "init.defaultBranch", default)
    return folder


@pytest.mark.parametrize(
    ("branches", "default", "named"),
    [
        ((), None, "trunk"),  # no commit yet
        (("main",), None, None),
        (("master",), None, None),
        (("develop",), None, "develop"),
        (("release/2.x",), None, "release/2.x"),
        (("1.0",), None, "1.0"),  # a number, if it stood without quotes
        (("on",), None, "on"),  # a truth value
        (("a#b,c",), None, "a#b,c"),  # a comment, or two branches
        (("main", "add-routes"), None, None),  # `init` on a branch of its own
        (("develop", "add-routes"), "develop", "develop"),
    ],
)
def test_an_unusual_main_branch_is_named(
    tmp_path: Path, branches: tuple[str, ...], default: str | None, named: str | None
) -> None:
    """CI's checkout knows no default branch: the settings and the workflow name it, where it is not main or master."""
    root = _repository(tmp_path / "repository", *branches, default=default)
    ran = in_process(["init"], root)
    assert (ran.code, ran.err) == (0, "")
    settings = yaml.safe_load((root / "routecomp.yaml").read_text(encoding="utf-8"))
    assert settings.get("base_branch") == named
    workflow = (root / ".github/workflows/routecomp.yml").read_text(encoding="utf-8")
    pushes = yaml.load(workflow, yaml.BaseLoader)["on"]["push"]["branches"]
    assert pushes == (["main", "master"] if named is None else [named])
    assert in_process(["check", "--strict", "--no-base"], root).code == 0


def test_the_default_branch_of_the_remote_counts(tmp_path: Path) -> None:
    """In a clone it is the branch that origin calls its default, whatever branch `init` is run on, in any folder."""
    _repository(tmp_path / "origin", "main", "trunk")
    _git(tmp_path, "clone", "-q", "origin", "clone")
    _git(tmp_path / "clone", "switch", "-q", "-c", "add-routes")
    assert in_process(["init", "a/b"], tmp_path / "clone").code == 0
    settings = (tmp_path / "clone/a/b/routecomp.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(settings)["base_branch"] == "trunk"


def test_what_may_be_the_main_branch_is_not_guessed(tmp_path: Path) -> None:
    """Where nothing tells two branches apart, none is named, and `init` says who has to."""
    root = _repository(tmp_path / "repository", "develop", "add-routes")
    ran = in_process(["init"], root)
    assert ran.code == 0
    assert "name it as `base_branch` in routecomp.yaml" in ran.err
    assert "base_branch" not in yaml.safe_load((root / "routecomp.yaml").read_text(encoding="utf-8"))


def test_ci_finds_the_base_that_init_named(tmp_path: Path) -> None:
    """A checkout as CI makes it, of a branch, with no default branch of its remote: the rules of change are checked."""
    origin = _repository(tmp_path / "origin", "trunk")
    assert in_process(["init"], origin).code == 0
    _git(origin, "add", "-A")
    _git(origin, "commit", "-qm", "routes")
    _git(origin, "switch", "-q", "-c", "change")
    _git(origin, "commit", "-q", "--allow-empty", "-m", "change")
    checkout = tmp_path / "checkout"
    _git(tmp_path, "init", "-q", "-b", "unused", "checkout")
    _git(checkout, "remote", "add", "origin", str(origin))
    _git(checkout, "fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*")
    _git(checkout, "checkout", "-q", "--detach", "origin/change")
    ran = in_process(["check"], checkout)
    assert (ran.code, ran.err) == (0, "")
    settings = checkout / "routecomp.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("base_branch: trunk", ""), encoding="utf-8")
    assert in_process(["check"], checkout).code == 2


@pytest.mark.parametrize(
    ("here", "words"),
    [
        ("routes", ["init"]),
        ("policies", ["init", "--json"]),
        (".", ["init", "policies/x"]),
        (".", ["init", "--root", "generated/a/b"]),
        ("schemas", ["init", "../experiments/new"]),
    ],
)
def test_a_folder_of_a_project_gets_no_other_one(made: Path, here: str, words: list[str]) -> None:
    """What the project reads or writes is its own: nothing is written there, and the message names the project."""
    before = sorted(made.rglob("*.yaml"))
    ran = in_process(words, made / here)
    assert ran.code == 2
    assert f"of the project {made}" in ran.err
    assert sorted(made.rglob("*.yaml")) == before


def test_beside_the_folders_of_a_project_there_may_be_another(made: Path, tmp_path: Path) -> None:
    """A folder that the project around it does not read is free; so is one that is only called `routes`."""
    shutil.copytree(made, tmp_path / "outer")
    assert in_process(["init", "services/chat"], tmp_path / "outer").code == 0
    assert in_process(["check", "--strict", "--no-cache"], tmp_path / "outer").code == 0
    (tmp_path / "other" / "policies").mkdir(parents=True)
    assert in_process(["init"], tmp_path / "other" / "policies").code == 0
