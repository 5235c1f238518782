"""The copied resolver in a user's repository: its linters, its formatter and its type checker have nothing to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from routecomp.runtime import resolver

STRICT = """
[tool.ruff]
line-length = 88
target-version = "py311"

[tool.ruff.lint]
select = ["ALL"]

[tool.mypy]
strict = true
warn_unreachable = true
extra_checks = true
"""

SERVICE = '''"""A service that asks the resolver."""

import resolver


def call(router: resolver.Router, feature: str) -> str:
    """Return the URL to call for a feature."""
    decision = router.resolve(feature=feature, min_quality=0.8, capabilities=["tools"])
    if decision.status == "ok" and decision.url is not None:
        return decision.url
    floor = router.explain(feature=feature).get("floor")
    return f"{router.status()['serving']}: {floor and floor['from']}"
'''

MISTAKES = {
    'router.resolve(feature="chat", tenat="acme")': 'Unexpected keyword argument "tenat"',
    'router.explain(feature="chat", tenat="acme")': 'Unexpected keyword argument "tenat"',
    "router.resolve(input_tokens=0.5)": 'Argument "input_tokens" to "resolve" of "Router" has incompatible',
    'router.resolve(capabilities="tools")': 'Argument "capabilities" to "resolve" of "Router" has incompatible',
    'router.resolve().status == "rejected"': "Non-overlapping equality check",
    'router.status()["servign"]': 'TypedDict "RouterStatus" has no key "servign"',
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a user's repository with a strict configuration and the resolver beside its code."""
    folder = tmp_path_factory.mktemp("repository")
    (folder / "pyproject.toml").write_text(STRICT, encoding="utf-8")
    (folder / "resolver.py").write_bytes(Path(resolver.__file__).read_bytes())
    (folder / "service.py").write_text(SERVICE, encoding="utf-8")
    return folder


def run(repository: Path, *arguments: str) -> tuple[int, str]:
    """Run a tool in a repository; return its exit code and what it printed."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def test_linter_and_formatter(repository: Path) -> None:
    """Ruff with every rule on finds nothing in the copied file, and would not format it otherwise."""
    code, printed = run(repository, "ruff", "check", "--no-cache", "resolver.py")
    assert code == 0, printed
    code, printed = run(repository, "ruff", "format", "--check", "--no-cache", "resolver.py")
    assert code == 0, printed


def test_type_checker(repository: Path) -> None:
    """mypy with a strict configuration accepts the copied file and a service, and sees a caller's mistakes."""
    (repository / "mistakes.py").write_text(
        "import resolver\nrouter = resolver.load('t')\n" + "\n".join(MISTAKES) + "\n", encoding="utf-8"
    )
    code, printed = run(repository, "mypy", "resolver.py", "service.py", "mistakes.py")
    lines = printed.splitlines()
    assert [line for line in lines if line.startswith(("resolver.py", "service.py"))] == []
    for number, message in enumerate(MISTAKES.values(), start=3):
        assert [line for line in lines if line.startswith(f"mistakes.py:{number}: error: ") and message in line], (
            printed
        )
    assert code == 1
