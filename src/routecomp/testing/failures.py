"""Make the failures of hosts, in shapes that clients raise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class CallFailed(Exception):
    """A call that a host answered with a status; its attributes are those of openai's and anthropic's errors."""

    def __init__(self, status_code: int, headers: Mapping[str, str] | None = None, body: Any = None) -> None:
        super().__init__(f"status {status_code}")
        self.status_code = status_code
        self.headers = dict(headers or {})
        self.body = body


def status(code: int, *, retry_after: float | None = None, error_code: str | None = None) -> CallFailed:
    """Return what a client raises for a status; `error_code` is the word in the body, such as `insufficient_quota`."""
    headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
    return CallFailed(code, headers, None if error_code is None else {"error": {"code": error_code}})


def hangs() -> TimeoutError:
    """Return what a client raises that has waited long enough; under a `Lab` that time has passed then."""
    return TimeoutError("the host did not answer in time")


def refuses() -> ConnectionRefusedError:
    """Return what a client raises where nobody listens."""
    return ConnectionRefusedError("nobody listens there")


def resets() -> ConnectionResetError:
    """Return what a client raises when the host ends the connection."""
    return ConnectionResetError("the host ended the connection")
