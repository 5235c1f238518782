"""Fill the keys of a request from the environment; no message holds a value."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from routecomp.explain.wire import Header
from routecomp.service.calls.keys import is_key

_AWS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


class NoKeyError(Exception):
    """A call cannot be made: a key is not there. The text says which variable, and what to do."""


def filled(headers: tuple[Header, ...], environment: Mapping[str, str]) -> dict[str, str]:
    """Return headers with their keys; raise `NoKeyError` for a variable that is unset, empty, or holds no one line."""
    values = {}
    for header in headers:
        if header.variable is None:
            values[header.name] = header.value
            continue
        key = environment.get(header.variable, "")
        if not key:
            raise NoKeyError(f"{header.variable} is not set: set it in the environment, never on the command line")
        if not is_key(key):
            raise NoKeyError(f"{header.variable} is not one line of plain text: blanks or line ends stand around it")
        values[header.name] = header.value + key
    return values


def signed(
    method: str, url: str, headers: dict[str, str], body: bytes | None, region: str, environment: Mapping[str, str]
) -> dict[str, str]:
    """Return the headers of a request that AWS takes; raise `NoKeyError` where keys or botocore are missing."""
    missing = [name for name in _AWS[:2] if not environment.get(name)]
    if missing:
        raise NoKeyError(f"{' and '.join(missing)} not set: set AWS's keys in the environment")
    try:
        auth, request, credentials = (
            import_module(f"botocore.{name}") for name in ("auth", "awsrequest", "credentials")
        )
    except ImportError:
        raise NoKeyError("calls of this host are signed by botocore: pip install botocore") from None
    keys = credentials.Credentials(*[environment.get(name) or None for name in _AWS])
    asked = request.AWSRequest(method=method, url=url, data=body or b"", headers=headers)
    auth.SigV4Auth(keys, "bedrock", region).add_auth(asked)
    return dict(asked.headers.items())
