"""Write a request as a command of curl for sh, in which keys are the names of variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import quote

from routecomp.explain.wire import Header, WireRequest

_BRACKETS = "[]{}"
_PLAIN = re.compile(r"[A-Za-z0-9_: -]+", re.ASCII)


def curl_text(request: WireRequest) -> str:
    """Return the command, an argument a line, and comments on what the project does not know.

    INVARIANT: whatever the request holds, sh runs curl alone, and curl sends these bytes: a text stands in single
    quotes, and in double quotes stand only letters, digits and a variable.
    """
    notes = "".join(f"# {note}\n" for note in request.notes)
    return notes + " \\\n  ".join(["curl " + quote(request.url), *_options(request)]) + "\n"


def _options(request: WireRequest) -> Iterator[str]:
    """Yield the options of a command."""
    if any(sign in request.url for sign in _BRACKETS):
        yield "--globoff"
    if "/." in request.url:
        yield "--path-as-is"
    if request.is_stream:
        yield "--no-buffer"
    if request.region is not None:
        yield f"--aws-sigv4 {quote(f'aws:amz:{request.region}:bedrock')}"
        yield '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"'
        yield '--header "x-amz-security-token: $AWS_SESSION_TOKEN"'
    for header in request.headers:
        yield f"--header {_header(header)}"
    yield f"--data-raw {quote(request.body)}"


def _header(header: Header) -> str:
    """Return the argument of a header. A header without a value ends in `;`: with a colon curl would leave it out."""
    if header.variable is None:
        return quote(f"{header.name}: {header.value}" if header.value.strip() else f"{header.name};")
    before = f"{header.name}: {header.value}"
    if _PLAIN.fullmatch(before):
        return f'"{before}${header.variable}"'
    return f'{quote(before)}"${header.variable}"'
