"""Test the script of the GitLab template against a server that behaves like GitLab's API for notes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from routecomp.review.diff.render.markdown import MARKER
from tests.ci.test_action import edit, expect, git, project
from tests.cli.command_server import search_path

__all__ = ["project"]
ROOT = Path(__file__).parents[2]
NOTES = "/api/v4/projects/9/merge_requests/4/notes"
TOKEN = "t0ken-of-a-project"
ME = 71


class GitLab(ThreadingHTTPServer):
    """The notes of one merge request: oldest first, in pages of at most 100, written only with the token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.notes: list[dict[str, Any]] = []
        self.requests: list[str] = []

    def add(self, author: int, body: str) -> dict[str, Any]:
        """Add a note."""
        note = {"id": 1000 + len(self.notes), "author": {"id": author}, "body": body}
        self.notes.append(note)
        return note


class _Handler(BaseHTTPRequestHandler):
    server: GitLab

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: the tests read `requests`."""

    def _answer(self, code: int, content: object, **headers: str) -> None:
        data = json.dumps(content).encode()
        self.send_response(code)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def _serve(self) -> None:
        url = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        self.server.requests.append(f"{self.command} {self.path}")
        if self.headers.get("PRIVATE-TOKEN") != TOKEN:
            self._answer(401, {"message": "401 Unauthorized"})
        elif (self.command, url.path) == ("GET", "/api/v4/user"):
            self._answer(200, {"id": ME})
        elif (self.command, url.path) == ("GET", NOTES):
            query = parse_qs(url.query)
            size, page = min(int(query["per_page"][0]), 100), int(query["page"][0])
            more = len(self.server.notes) > page * size
            self._answer(200, self.server.notes[(page - 1) * size : page * size], X_Next_Page=str(page + 1) * more)
        elif (self.command, url.path) == ("POST", NOTES):
            self._answer(201, self.server.add(ME, body["body"]))
        elif self.command == "PUT" and url.path.startswith(NOTES + "/"):
            note = next(one for one in self.server.notes if str(one["id"]) == url.path.rpartition("/")[2])
            note["body"] = body["body"]
            self._answer(200, note)
        else:
            self._answer(404, {"message": "404 Not Found"})

    do_GET = do_POST = do_PUT = _serve  # the names the standard library calls


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    """Yield a server on this machine."""
    server = GitLab()
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def run(project: Path, gitlab: GitLab, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script of the job without the installation, as a pipeline of merge request 4 does."""
    script = yaml.safe_load((ROOT / "templates/routecomp.gitlab-ci.yml").read_text())["routecomp"]["script"]
    assert "pip install" in script[0]
    [script] = script[1:]
    environment = {
        "PATH": search_path(),
        "HOME": str(project.parent),
        "LC_ALL": "C.UTF-8",
        "CI_API_V4_URL": f"http://127.0.0.1:{gitlab.server_port}/api/v4",
        "CI_PROJECT_ID": "9",
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_IID": "4",
        "ROUTECOMP_TOKEN": TOKEN,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": "origin/main",
        **variables,
    }
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_note_is_written_once_and_then_replaced(project: Path, gitlab: GitLab) -> None:
    """The second run finds its note behind a page of other notes, one of which quotes it, and replaces it."""
    for number in range(100):
        gitlab.add(5, f"note {number}" if number else f"{MARKER}\nquoted by somebody")
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    result = run(project, gitlab)
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(gitlab.notes) == 101
    first = gitlab.notes[-1]["body"]
    assert first.startswith(MARKER)
    assert "tenant `berlin`" in first
    assert first == (project / "routecomp-diff.md").read_text()
    assert "<testsuite" in (project / "routecomp-junit.xml").read_text()

    edit(project, "policies/tenants.yaml", "preset: balanced", "preset: cost_first")
    result = run(project, gitlab)
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(gitlab.notes) == 101
    assert gitlab.notes[-1]["body"] != first
    assert "cost_first" in gitlab.notes[-1]["body"]
    assert [note["body"] for note in gitlab.notes[1:100]] == [f"note {number}" for number in range(1, 100)]
    assert gitlab.requests[-1] == f"PUT {NOTES}/{gitlab.notes[-1]['id']}"
    assert TOKEN not in result.stdout + result.stderr


def test_a_token_that_may_not_write_fails_nothing(project: Path, gitlab: GitLab) -> None:
    """With a token that may not write, the job says so and passes; without a token there is no request."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    result = run(project, gitlab, ROUTECOMP_TOKEN="another")
    assert result.returncode == 0
    assert "the diff could not be written as a note; it is an artifact of this job" in result.stdout
    assert not gitlab.notes
    gitlab.requests.clear()
    assert run(project, gitlab, ROUTECOMP_TOKEN="").returncode == 0
    assert not gitlab.requests


def test_more_may_not_move_than_a_merge_request_says(project: Path, gitlab: GitLab) -> None:
    """The note is written, and the job fails, where a decision moves outside of the intent of the text."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    assert run(project, gitlab, CI_MERGE_REQUEST_DESCRIPTION="intent: {tenants: [berlin]}").returncode == 0
    assert "not allowed" not in gitlab.notes[-1]["body"]
    result = run(project, gitlab, CI_MERGE_REQUEST_DESCRIPTION="Hello\n\nintent: {tenants: [acme]}\n$(exit 9)")
    assert result.returncode == 1, result.stdout + result.stderr
    assert "**not allowed**" in gitlab.notes[-1]["body"]
    cut = {"CI_MERGE_REQUEST_DESCRIPTION": "Hello", "CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED": "true"}
    result = run(project, gitlab, **cut)
    assert result.returncode == 2
    assert "put it first in the text" in result.stderr


def test_findings_fail_the_job(project: Path, gitlab: GitLab) -> None:
    """An error is in the log and in the test report, and the job fails."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [mars]", compile=False)
    result = run(project, gitlab)
    assert result.returncode == 1
    assert "RC210" in result.stdout
    assert "RC210" in (project / "routecomp-junit.xml").read_text()


@pytest.mark.parametrize("before", ["HEAD~2", "0" * 40], ids=["known", "none"])
def test_a_push_is_compared_with_what_was_there(project: Path, gitlab: GitLab, before: str) -> None:
    """On the main branch the diff is that of the push, or of the last commit, and no note is written."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    edit(project, "policies/tenants.yaml", "preset: balanced", "preset: cost_first")
    git(project, "update-ref", "refs/remotes/origin/main", "HEAD")
    result = run(
        project, gitlab, CI_MERGE_REQUEST_DIFF_BASE_SHA="", CI_MERGE_REQUEST_IID="", CI_COMMIT_BEFORE_SHA=before
    )
    assert result.returncode == 0, result.stdout + result.stderr
    report = (project / "routecomp-diff.md").read_text()
    assert "cost_first" in report
    assert ("stacks" in report.partition("<details>")[0]) == (before == "HEAD~2")
    assert not gitlab.requests


def test_an_expectation_that_is_not_met(project: Path, gitlab: GitLab) -> None:
    """It fails the job and is in its test report; the note has been written all the same."""
    expect(project)
    result = run(project, gitlab)
    assert result.returncode == 1
    assert 'failures="1"' in (project / "routecomp-test-junit.xml").read_text()
    assert len(gitlab.notes) == 1
    (project / "policies/tenants.yaml").write_text("tenants: 7\n")
    assert run(project, gitlab).returncode == 1
    assert not (project / "routecomp-test-junit.xml").exists()
