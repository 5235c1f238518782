"""Read the text of a pull request from what CI hands to its jobs.

INVARIANT: the text is somebody else's. It is read from a file or a variable, never from a command line, and parsed as
an intent alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from routecomp.workspace.files import NotReadableError, read_regular
from routecomp.workspace.problem import Problem, visible

GITHUB: Final = "GITHUB_EVENT_PATH"
GITLAB: Final = "CI_MERGE_REQUEST_DESCRIPTION"
_GITLAB_ID: Final = "CI_MERGE_REQUEST_IID"
_GITLAB_IS_CUT: Final = "CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED"
_MOST_BYTES: Final = 64 * 1024 * 1024


class RequestText(NamedTuple):
    """The text of a pull request; `name` is what it is called, and `is_cut` says that its end is missing."""

    name: str
    text: str
    is_cut: bool = False


def read_event(variables: Mapping[str, str]) -> RequestText | None:
    """Return the text of the pull request that a job runs for; None where it runs for none, as after a push.

    GitHub, Gitea and Forgejo name a file with the event, GitLab sets variables. Raises a `Problem` where neither is
    there, or the file cannot be read.
    """
    if variables.get(_GITLAB_ID):
        is_cut = variables.get(_GITLAB_IS_CUT) == "true"
        return RequestText("the merge request's text", variables.get(GITLAB, ""), is_cut)
    path = variables.get(GITHUB)
    if path:
        return _github(path)
    if variables.get("GITLAB_CI"):
        return None
    raise Problem(
        f"no event of a pull request is known here: neither {GITHUB} nor {GITLAB} is set",
        "elsewhere write what the change moves into a file, and name it with --intent FILE",
    )


def _github(path: str) -> RequestText | None:
    """Return the text of the pull request in an event file; None where the event is of another kind."""
    try:
        data = read_regular(path, _MOST_BYTES)
    except NotReadableError as failure:
        raise Problem(f"the event in {visible(path)} ({GITHUB}) {failure.reason}", _REMEDY) from None
    try:
        event: Any = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Problem(f"the event in {visible(path)} ({GITHUB}) is no JSON", _REMEDY) from None
    request = event.get("pull_request") if isinstance(event, dict) else None
    if request is None:
        return None
    body = request.get("body") if isinstance(request, dict) else request
    if body is not None and not isinstance(body, str):
        raise Problem(f"the event in {visible(path)} ({GITHUB}) has no text of its pull request", _REMEDY)
    return RequestText("the pull request's text", body or "")


_REMEDY: Final = "run it where CI wrote that file, or without --intent-from-event"
