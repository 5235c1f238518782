"""Find what is wrong with the URL that a base URL and a path make (docs/semantics.md, section 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from itertools import pairwise
from typing import NamedTuple

_ALLOWED = re.compile(r"[!-~]+", re.ASCII)
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", re.ASCII)
_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)


class Fault(NamedTuple):
    """What is wrong with `base_url` or `chat_path`.

    `instead` is a text that is right beyond doubt, `beside` what the other of the two contributes.
    """

    field: str
    message: str
    help: str
    instead: str | None = None
    beside: str = ""


def url_faults(base_url: str, chat_path: str) -> list[Fault]:
    """Return what is wrong with a URL; repeated segments are looked for only where nothing else is wrong.

    No message repeats a user name or a password.
    """
    faults = [*_base(base_url), *_path(chat_path)]
    return faults or list(_repeated(base_url, chat_path))


def _base(url: str) -> Iterator[Fault]:
    """Yield the faults of `base_url`; without a readable scheme or host, no further ones."""
    if not _ALLOWED.fullmatch(url):
        yield Fault("base_url", _why_not_allowed(url), "write it with visible ASCII characters alone")
        return
    scheme, separator, rest = url.partition("://")
    if not separator or not scheme.isalpha():
        yield Fault("base_url", "is not an absolute URL", "begin it with https://")
        return
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    host = authority
    if "@" in authority:
        host = authority.rpartition("@")[2]
        yield Fault(
            "base_url", "holds a user name or a password", "take it out, and name the key's variable in `api_key_env`"
        )
    name, _, port = host.rpartition(":") if re.search(r":[^\]:]*$", host) else (host, "", None)
    if not name:
        yield Fault("base_url", "has no host", "write the host after the two slashes")
        return
    if not _is_host(name):
        yield Fault("base_url", "has a host that is not one", "write a host name or an address, as in api.example.com")
        return
    if port is not None and not (_PORT.fullmatch(port) and int(port) <= 65_535):
        yield Fault("base_url", "has a port that is not one", "write a port from 1 to 65535, or leave it out")
    if scheme.lower() == "http":
        if not is_loopback(name):
            yield Fault("base_url", f"sends calls to {name} over http, in the clear", "write https://")
    elif scheme.lower() != "https":
        yield Fault("base_url", f"has the scheme {scheme}", "write https://")
    if "\\" in rest:
        yield Fault("base_url", "holds a backslash", "write a slash")
    if "#" in rest:
        yield Fault("base_url", "holds a fragment (`#…`), which is never sent", "leave it out")
    elif "?" in rest:
        yield Fault("base_url", "holds a query (`?…`), which the path would be added to", "put it into `chat_path`")


def _path(path: str) -> Iterator[Fault]:
    """Yield the first fault of `chat_path`, if it has one."""
    if not _ALLOWED.fullmatch(path):
        yield Fault("chat_path", _why_not_allowed(path), "write it with visible ASCII characters alone")
    elif "://" in path.partition("?")[0]:
        yield Fault("chat_path", "is a whole URL", "keep its path here, and put what stands before it into `base_url`")
    elif "\\" in path:
        yield Fault("chat_path", "holds a backslash", "write a slash")
    elif "#" in path:
        yield Fault("chat_path", "holds a fragment (`#…`), which is never sent", "leave it out")


def _repeated(base_url: str, chat_path: str) -> Iterator[Fault]:
    """Yield a fault for the first two adjacent equal segments: within one of the two texts, or where they meet."""
    scheme, _, rest = base_url.partition("://")
    host, _, base_path = rest.partition("/")
    base = [segment for segment in base_path.split("/") if segment]
    path = [segment for segment in chat_path.partition("?")[0].split("/") if segment]
    for field, segments in (("base_url", base), ("chat_path", path)):
        for left, right in pairwise(segments):
            if left == right:
                yield Fault(field, f"repeats the segment `{left}`", f"write /{left}/ once")
                return
    if base and path and base[-1] == path[0]:
        both = base[-1]
        instead = "/".join([f"{scheme}://{host}", *base[:-1]])
        yield Fault(
            "base_url",
            f"ends in the segment `{both}`, with which `chat_path` begins: /{both}/{both}/",
            f"write /{both} in one of the two",
            instead,
            f"/{both} again",
        )


def is_loopback(host: str) -> bool:
    """Return whether requests to a host stay on the machine: localhost, 127.0.0.0/8, [::1]."""
    if host.lower() == "localhost":
        return True
    if host.startswith("["):
        return _ipv6(host) == 1 and "." not in host  # [::0.0.0.1], which the database does not know, is nobody's way
    try:
        return IPv4Address(host).is_loopback
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    """Return whether a text is a host name, an IPv4 address, or an IPv6 address in brackets without a zone."""
    if host.startswith("["):
        return _ipv6(host) is not None
    return len(host) <= 253 and _HOST.fullmatch(host.lower()) is not None and ".." not in host


def _ipv6(host: str) -> int | None:
    """Return the IPv6 address in brackets as a number; None if the text is none, or has a zone."""
    try:
        address = IPv6Address(host[1:-1]) if host.endswith("]") and "%" not in host else None
    except ValueError:
        return None
    return None if address is None else int(address)


def _why_not_allowed(text: str) -> str:
    """Return what is wrong with a text that is not of visible ASCII characters alone (a predicate for a message)."""
    if not text:
        return "is empty"
    return "holds a space" if " " in text else "holds a character that URLs do not have"
