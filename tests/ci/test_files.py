"""Test that the action, the workflows, the GitLab template and the hooks are valid by their published schemas."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from routecomp import __version__
from routecomp.workspace.new_project import project_files

ROOT = Path(__file__).parents[2]
PACKAGED = ROOT / "src" / "routecomp" / "workspace" / "templates" / "ci"
WORKFLOW = PACKAGED / "github" / "dot-github" / "workflows" / "routecomp.yml"
GITLAB = ROOT / "templates" / "routecomp.gitlab-ci.yml"
SCHEMAS = [
    ("vendor.github-actions", ROOT / "action.yml", ()),
    ("vendor.github-workflows", ROOT / ".github/workflows/ci.yml", ()),
    ("vendor.github-workflows", WORKFLOW, ()),
    ("vendor.gitlab-ci", GITLAB, ("--data-transform", "gitlab-ci")),
]


def runs(node: Any) -> Iterator[str]:
    """Yield every script of a workflow or an action."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "run":
            yield value
        else:
            yield from runs(value)


@pytest.mark.parametrize(("schema", "path", "more"), SCHEMAS, ids=lambda value: getattr(value, "name", None))
def test_a_file_is_valid(schema: str, path: Path, more: tuple[str, ...], tmp_path: Path) -> None:
    """The published schema accepts the file, and refuses it with an unknown key."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *more]
    result = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    broken = tmp_path / "broken.yml"
    broken.write_text(
        path.read_text(encoding="utf-8")
        .replace("name: routecomp\n", "name: [1]\n", 1)
        .replace("name: ci\n", "name: [1]\n", 1)
        .replace("script:", "skript:", 1)
    )
    assert subprocess.run([*command, str(broken)], capture_output=True, check=False).returncode == 1


def test_the_hooks_are_valid() -> None:
    """Pre-commit accepts the manifest, which has the three hooks."""
    manifest = ROOT / ".pre-commit-hooks.yaml"
    result = subprocess.run([sys.executable, "-m", "pre_commit", "validate-manifest", str(manifest)], check=False)
    assert result.returncode == 0
    assert [hook["id"] for hook in yaml.safe_load(manifest.read_text())] == [
        *("routecomp-check", "routecomp-compile", "routecomp-lint-litellm"),
    ]


def test_no_expression_is_pasted_into_a_script() -> None:
    """Values that a pull request's author chooses reach scripts as variables, never as part of their text."""
    for path in (ROOT / "action.yml", ROOT / ".github/workflows/ci.yml", WORKFLOW):
        scripts = list(runs(yaml.safe_load(path.read_text())))
        assert scripts
        assert not [script for script in scripts if "${{" in script], path


def test_tokens_stay_where_they_are_needed() -> None:
    """Only the step that comments has the token, and no script prints it or turns on tracing."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    holding = [step["name"] for step in action["runs"]["steps"] if "inputs.token" in str(step)]
    assert holding == ["Comment"]
    for path in (ROOT / "action.yml", WORKFLOW, GITLAB):
        text = path.read_text()
        assert "set -x" not in text
        assert not re.search(r"echo.*TOKEN", text)


def test_the_gitlab_template_is_what_init_writes() -> None:
    """The file to include equals the one that `init --ci gitlab` writes, with the wheel of this version in tools/."""
    assert project_files("gitlab")[".gitlab-ci.yml"] == GITLAB.read_bytes()
    assert f"tools/routecomp-{__version__}-py3-none-any.whl" in GITLAB.read_text()
