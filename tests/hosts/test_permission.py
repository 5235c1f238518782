"""`routecomp probe` sends a key only where the base branch sends it too."""

from __future__ import annotations

import shutil

import pytest

from tests.cli.repository import Repository
from tests.hosts.conftest import routecomp
from tests.hosts.host import Host, local_host

CHANGES = {
    "another key": ("api_key_env: LOCAL_API_KEY", "api_key_env: OTHER_API_KEY"),
    "a secret header": ("stack: eu,", "stack: eu, secret_headers: {x-more: OTHER_API_KEY},"),
    "another header for the key": ("stack: eu,", 'stack: eu, auth: "header:x-own",'),
    "another path": ("stack: eu,", "stack: eu, chat_path: /v2/chat/completions,"),
    "a model's own key": ("latency_ms: 900,", "latency_ms: 900, api_key_env: OTHER_API_KEY,"),
}


def test_another_host(repository: Repository, host: Host) -> None:
    """A pull request's host gets nothing, until somebody says so who has read it."""
    with local_host() as other:
        repository.git("checkout", "-q", "-b", "change")
        repository.edit("routes/all.yaml", (host.url, other.url))
        repository.commit("Another host")
        ran = routecomp(repository, "probe", "small-a")
        assert ran.code == 1
        assert "--changed-hosts" in ran.err
        assert other.asked == []
        assert routecomp(repository, "probe", "--names").code == 1
        assert other.asked == []
        assert routecomp(repository, "probe", "small-a", "--changed-hosts").code == 0
        assert len(other.asked) == 2


@pytest.mark.parametrize("change", CHANGES)
def test_relatives(repository: Repository, host: Host, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """Whatever decides where a key goes, and which."""
    monkeypatch.setenv("OTHER_API_KEY", "another")
    repository.git("checkout", "-q", "-b", "change")
    repository.edit("routes/all.yaml", CHANGES[change])
    for commit in (False, True):  # in the work tree, and committed on the branch
        if commit:
            repository.commit(change)
        ran = routecomp(repository, "probe", "small-a")
        assert ran.code == 1, ran.err
        assert "host or key are not those" in ran.err
    assert host.asked == []


def test_a_new_model_of_a_known_host(repository: Repository, host: Host) -> None:
    """Its name and its params are its own."""
    repository.git("checkout", "-q", "-b", "change")
    repository.edit("routes/all.yaml", ("vendor/small-b", "vendor/small-c"), ("  small-b:", "  small-c:"))
    assert routecomp(repository, "probe", "small-c").code == 0
    assert host.asked[0].body["model"] == "vendor/small-c"


def test_no_repository(repository: Repository, host: Host) -> None:
    """Nobody has reviewed anything."""
    shutil.rmtree(repository.root / ".git")
    ran = routecomp(repository, "probe", "small-a")
    assert ran.code == 1
    assert "no base branch" in ran.err
    assert host.asked == []


def test_the_action_never_probes() -> None:
    """No step of the action, or of the workflow that `init` writes, calls a host."""
    from pathlib import Path

    root = Path(__file__).parents[2]
    files = [root / "action.yml", *(root / "src/routecomp/workspace/templates").rglob("*.y*ml*")]
    assert len(files) > 1
    assert [path for path in files if "probe" in path.read_text(encoding="utf-8")] == []
