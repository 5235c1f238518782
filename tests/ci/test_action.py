"""Test the scripts of the GitHub action as a runner runs them, in a repository with a pull request's history."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from routecomp.review.diff.render.markdown import MARKER
from tests.cli.command_server import commands
from tests.cli.transcripts import SMALL, in_process

ROOT = Path(__file__).parents[2]
# `gh` talks to a server there is none of here: this one writes down what it is asked, and answers as told.
GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$RUNNER_TEMP/asked"
case "$*" in
  *--paginate*) cat "$RUNNER_TEMP/comments" ;;
  *) exit "$(cat "$RUNNER_TEMP/answer")" ;;
esac
"""


@dataclass
class Runner:
    """Runs the steps of the action, and keeps what a runner keeps between them: outputs, the summary, a log."""

    project: Path
    temporary: Path
    inputs: dict[str, str]
    event: dict[str, str]
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""
    code: int = 0

    def run(self) -> Runner:
        """Run every step that is a script, in order; `uses` and the installation need a real runner."""
        for step in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]:
            if "run" in step and step["name"] != "Install routecomp" and self._is_wanted(step):
                self._step(step)
        return self

    @property
    def summary(self) -> str:
        path = self.temporary / "summary"
        return path.read_text() if path.exists() else ""

    def requests(self) -> list[str]:
        """Return the requests that `gh` was called with."""
        path = self.temporary / "asked"
        return path.read_text().splitlines() if path.exists() else []

    def _value(self, expression: str) -> str:
        kind, _, rest = expression.partition(".")
        if kind == "inputs":
            return self.inputs[rest]
        if kind == "steps":
            step, _, name = rest.partition(".outputs.")
            return self.outputs.get(step, {}).get(name, "")
        return self.event.get(expression, "")

    def _is_wanted(self, step: dict[str, Any]) -> bool:
        for part in str(step.get("if", "")).split(" && "):
            if part:
                name, sign, value = part.split(" ")
                if (self._value(name) == value.strip("'")) != (sign == "=="):
                    return False
        return True

    def _step(self, step: dict[str, Any]) -> None:
        values = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: self._value(m[1]), value)
            for name, value in step.get("env", {}).items()
        }
        output = self.temporary / "output"
        output.write_text("")
        environment = {
            "PATH": f"{self.temporary}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.temporary),
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_OUTPUT": str(output),
            "LC_ALL": "C.UTF-8",
            "GITHUB_STEP_SUMMARY": str(self.temporary / "summary"),
            "GITHUB_REPOSITORY": "org/repo",
            "GITHUB_EVENT_PATH": str(self.temporary / "event.json"),
            "GITHUB_BASE_REF": self.event.get("github.base_ref", ""),
            "GITHUB_REF_NAME": "main",
            **values,
        }
        process = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            check=False,
            cwd=self.project,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.log += process.stdout + process.stderr
        self.code = self.code or process.returncode
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        self.outputs[step.get("id", step["name"])] = outputs


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a clone whose `origin/main` is a compiled project, on a branch of it."""
    root = tmp_path / "project"
    for path, text in SMALL.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    assert in_process(["compile"], root).code == 0
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "start")
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(root, "checkout", "-q", "--detach")
    return root


def git(root: Path, *arguments: str) -> None:
    """Run a Git command that must succeed."""
    who = {f"GIT_{role}_{key}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    subprocess.run(
        ["git", *arguments],
        cwd=root,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(root.parent), "GIT_CONFIG_NOSYSTEM": "1", **who},
    )


def runner(project: Path, tmp_path: Path, comments: str = "", answer: int = 0, **inputs: str) -> Runner:
    """Make a runner with this Python's routecomp installed, on pull request 7."""
    temporary = tmp_path / "runner"
    temporary.mkdir(parents=True)
    installed = temporary / "routecomp" / "bin"
    installed.mkdir(parents=True)
    (installed / "routecomp").symlink_to(commands() / "routecomp")
    (installed / "python").symlink_to(sys.executable)
    (temporary / "gh").write_text(GH)
    (temporary / "gh").chmod(0o755)
    (temporary / "comments").write_text(comments)
    (temporary / "answer").write_text(str(answer))
    (temporary / "event.json").write_text("{}")
    given = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    defaults = {name: str(option["default"]) for name, option in given.items()} | {"token": "s3cret-t0ken"}
    event = {"github.base_ref": "main", "github.event.pull_request.number": "7"}
    return Runner(project, temporary, defaults | inputs, event)


def edit(project: Path, path: str, old: str, new: str, compile: bool = True) -> None:
    """Replace a text in a file, compile and commit."""
    (project / path).write_text((project / path).read_text().replace(old, new))
    if compile:
        in_process(["compile"], project)
    git(project, "commit", "-qam", "edit")


def test_a_change_is_commented(project: Path, tmp_path: Path) -> None:
    """The diff is in the summary and a new comment, its counts are outputs, and the log never has the token."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    result = runner(project, tmp_path).run()
    assert result.code == 0, result.log
    assert result.summary.startswith(MARKER)
    security = result.summary.index("host `api.anthropic.com`")
    assert security < result.summary.index("tenant `berlin`")
    assert {key: value for key, value in result.outputs["diff"].items() if key not in ("file", "code")} == {
        "changed": "true",
        "breaking": "1",
        "behavioural": "6",
        "cosmetic": "0",
    }
    assert result.requests()[-1].startswith("api --silent --method POST repos/org/repo/issues/7/comments -F body=@")
    assert result.inputs["token"] not in result.log + result.summary + "".join(result.requests())
    assert Path(result.outputs["check"]["file"]).read_text().startswith("{")


@pytest.mark.parametrize(
    ("text", "inputs", "code"),
    [
        ("intent: {tenants: [berlin]}", {}, 0),
        ("intent: {tenants: [acme]}", {}, 1),
        ("intent: {tenants: [acme]}", {"intent": "false"}, 0),
        ("intent: {tenants: [$(exit 9), '; exit 9 ;']}", {}, 1),
        ("intent: {tenants: [berlin]}", {"outages": "true"}, 0),
    ],
)
def test_more_may_not_move_than_a_pull_request_says(
    project: Path, tmp_path: Path, text: str, inputs: dict[str, str], code: int
) -> None:
    """The diff is a comment, and the job fails, where a decision moves outside of the intent of the text."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    started = runner(project, tmp_path, "", 0, **inputs)
    (started.temporary / "event.json").write_text(json.dumps({"pull_request": {"body": text}}))
    result = started.run()
    assert result.code == code, result.log
    assert "--method POST" in result.requests()[-1]
    assert ("with nothing unavailable" in result.summary) == ("outages" not in inputs)
    assert ("**not allowed**" in result.summary) == bool(code)


def test_the_comment_is_replaced(project: Path, tmp_path: Path) -> None:
    """An existing comment is replaced, also where nothing changes any more."""
    result = runner(project, tmp_path, comments="42\n43\n").run()
    assert result.code == 0, result.log
    assert result.outputs["diff"]["changed"] == "false"
    assert "--method PATCH repos/org/repo/issues/comments/42 " in result.requests()[-1]


def test_nothing_to_say_is_no_comment(project: Path, tmp_path: Path) -> None:
    """Where nothing changes and there is no comment, none is written."""
    result = runner(project, tmp_path).run()
    assert result.code == 0
    assert not [line for line in result.requests() if "--method" in line]


def test_a_token_that_may_not_write_fails_nothing(project: Path, tmp_path: Path) -> None:
    """On a pull request from a fork the diff is in the summary, there is a warning, and the job passes."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    result = runner(project, tmp_path, answer=1).run()
    assert result.code == 0
    assert "::warning title=routecomp::" in result.log
    assert result.summary


def test_findings_and_stale_files_fail(project: Path, tmp_path: Path) -> None:
    """An error is annotated at its place and fails the job; so does a stale generated/."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [mars]", compile=False)
    result = runner(project, tmp_path).run()
    assert result.code == 1
    assert "::error file=policies/tenants.yaml,line=5" in result.log
    assert not result.summary


def test_stale_files_fail_alone(project: Path, tmp_path: Path) -> None:
    """A valid change without its compiled files fails, and its diff is shown."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]", compile=False)
    result = runner(project, tmp_path, comment="false").run()
    assert result.code == 1
    assert result.summary
    assert not result.requests()


@pytest.mark.parametrize("before", ["HEAD~2", "0" * 40, "", "f" * 40], ids=["known", "none", "missing", "unknown"])
def test_a_push_is_compared_with_what_was_there(project: Path, tmp_path: Path, before: str) -> None:
    """A push is compared with the commit before the push, or, where that is unknown, with the parent of HEAD."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    edit(project, "policies/tenants.yaml", "preset: balanced", "preset: cost_first")
    git(project, "update-ref", "refs/heads/main", "HEAD")
    started = runner(project, tmp_path)
    started.event = {"github.event.repository.default_branch": "main", "github.event.before": before}
    result = started.run()
    assert result.code == 0, result.log
    assert ("`stacks`" in result.summary) == (before == "HEAD~2")
    assert ("preset" in result.summary) == (before != "")
    assert not result.requests()


MISSED = "expectations:\n  berlin: {request: {feature: support-chat, tenant: berlin}, expect: {model: claude}}\n"
"""An expectation that does not hold: Claude is not in Europe."""


def expect(project: Path) -> None:
    """Commit an expectation that does not hold."""
    (project / "policies/expectations.yaml").write_text(MISSED)
    git(project, "add", "-A")
    git(project, "commit", "-qm", "expect")


def test_an_expectation_that_is_not_met(project: Path, tmp_path: Path) -> None:
    """It is an annotation at its line and fails the job, which has said before what the change does."""
    expect(project)
    result = runner(project, tmp_path).run()
    assert result.code == 1, result.log
    assert "::error file=policies/expectations.yaml,line=2,col=78," in result.log
    assert result.summary.startswith(MARKER)


def test_litellm_files_are_linted_beside_a_project_and_without_one(project: Path, tmp_path: Path) -> None:
    """Findings are annotations and fail the job; without a project in the repository nothing else is done."""
    mistyped = "model_list:\n- model_name: a\n  litellm_params: {model: openai/gpt-4o, api_bse: https://x.example}\n"
    (project / "conf").mkdir()
    (project / "conf" / "litellm.yaml").write_text(mistyped)
    (project / "conf" / "good.yaml").write_text(mistyped.replace("api_bse", "api_base"))
    beside = runner(project, tmp_path / "beside", litellm="conf/litellm.yaml\nconf/good.yaml\n").run()
    assert beside.code == 1
    assert "::error file=conf/litellm.yaml,line=3," in beside.log
    assert runner(project, tmp_path / "pattern", litellm="  \n  conf/lite*.yaml \r\n").run().code == 1
    assert runner(project, tmp_path / "blank", litellm=" \n\n").run().code == 0
    assert runner(project, tmp_path / "missing", litellm="conf/none*.yaml").run().code == 2
    alone = tmp_path / "alone"
    shutil.copytree(project / "conf", alone / "conf")
    assert runner(alone, tmp_path / "good", litellm="conf/good.yaml").run().code == 0
    assert runner(alone, tmp_path / "bad", litellm="conf/litellm.yaml").run().code == 1
