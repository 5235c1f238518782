"""Find what is wrong with the URLs that a provider's base URL and paths make (docs/semantics.md, section 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from routecomp.model.adapters import HOLE
from routecomp.model.hosts import is_host, is_link_local, is_loopback, is_own_network

_ALLOWED = re.compile(r"[!-~]+", re.ASCII)
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://", re.ASCII).match
"""What a whole URL begins with; further in, a path may hold one: there are relays that take their target so."""
_VERSION = re.compile(r"v[0-9]+((alpha|beta)[0-9]*)?", re.ASCII)
_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)


class Fault(NamedTuple):
    """What is wrong with `base_url` or a path."""

    field: str
    message: str
    help: str


class Called(NamedTuple):
    """A base URL that holds the call of one model: the path from there on, the model, and the base without them."""

    path: str
    model: str
    instead: str


class Repeat(NamedTuple):
    """A run of segments that a URL holds twice in a row: the run, the field it ends in, and where it begins again.

    `instead` is the base URL without its end, where that end is what the path begins with.
    """

    run: str
    field: str
    instead: str | None


def url_faults(base_url: str, paths: Mapping[str, str], *, allow_http: bool = False) -> list[Fault]:
    """Return what is wrong with a base URL and with the paths that are declared, by the name of their field.

    No message repeats a user name or a password.
    """
    return [*_base(base_url, allow_http), *(fault for field, path in paths.items() for fault in _path(field, path))]


def url_repeat(base_url: str, field: str, path: str) -> Repeat | None:
    """Return the first run of segments that the URL of a base and a path repeats, the shortest there; None if none.

    The query is not looked at, nor what `{model}` will become.
    """
    scheme, _, rest = base_url.partition("://")
    host, _, base_path = rest.partition("/")
    base = [segment for segment in base_path.split("/") if segment]
    segments = base + [segment for segment in path.partition("?")[0].split("/") if segment]
    for start in range(len(segments)):
        for size in range(1, (len(segments) - start) // 2 + 1):
            middle, end = start + size, start + 2 * size
            if segments[start:middle] != segments[middle:end]:
                continue
            instead = None
            if middle == len(base):
                instead = "/".join([f"{scheme}://{host}", *base[:start]])
            where = "base_url" if middle <= len(base) else field
            return Repeat("/".join(segments[start:middle]), where, instead)
    return None


def call_in_base(base_url: str, path: str) -> Called | None:
    """Return what a base URL holds of the path that is joined to it, as far as the model's name; None if nothing.

    Versions (`v1`, `v1beta`) count as the same. The model's place in the path is the one where `{model}` stands.
    """
    scheme, _, rest = base_url.partition("://")
    host, _, base_path = re.split("[?#]", rest)[0].partition("/")
    base = [segment for segment in base_path.split("/") if segment]
    wanted = [segment for segment in path.partition("?")[0].split("/") if segment]
    place = next((index for index, segment in enumerate(wanted) if HOLE in segment), 0)
    if place == 0:
        return None
    for start in range(len(base) - place):
        if all(map(_is_same_step, base[start : start + place], wanted)):
            model = base[start + place].partition(":")[0]
            return Called("/".join(base[start:]), model, "/".join([f"{scheme}://{host}", *base[:start]]))
    return None


def _is_same_step(mine: str, other: str) -> bool:
    """Return whether two segments are the same, or both versions."""
    return mine == other or bool(_VERSION.fullmatch(mine) and _VERSION.fullmatch(other))


def _base(url: str, allow_http: bool) -> Iterator[Fault]:
    """Yield the faults of `base_url`; without a readable scheme or host, no further ones."""
    if not _ALLOWED.fullmatch(url):
        yield Fault("base_url", _why_not_allowed(url), "write it with visible ASCII characters alone")
        return
    scheme, separator, rest = url.partition("://")
    if not separator or not scheme.isalpha():
        yield Fault("base_url", "is not an absolute URL", "begin it with https://")
        return
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    host, before = authority, ""
    if "@" in authority:
        before, _, host = authority.rpartition("@")
        yield Fault(
            "base_url", "holds a user name or a password", "take it out, and name the key's variable in `api_key_env`"
        )
    name, _, port = host.rpartition(":") if re.search(r":[^\]:]*$", host) else (host, "", None)
    if not name:
        yield Fault("base_url", "has no host", "write the host after the two slashes")
        return
    if not is_host(name):
        yield Fault("base_url", "has a host that is not one", "write a host name or an address, as in api.example.com")
        return
    if port is not None and not (_PORT.fullmatch(port) and int(port) <= 65_535):
        yield Fault("base_url", "has a port that is not one", "write a port from 1 to 65535, or leave it out")
    if scheme.lower() == "http":
        yield from _over_http(name, allow_http)
    elif scheme.lower() != "https":
        yield Fault("base_url", f"has the scheme {scheme}", "write https://")
    if "\\" in rest:
        yield Fault("base_url", "holds a backslash", "write a slash")
    if "{" in rest.removeprefix(before):
        yield Fault("base_url", "holds a brace", f"put {HOLE} into `chat_path` and `stream_path`")
    if "#" in rest:
        yield Fault("base_url", "holds a fragment (`#…`), which is never sent", "leave it out")
    elif "?" in rest:
        yield Fault("base_url", "holds a query (`?…`), which the path would be added to", "put it into `query`")


def _over_http(host: str, allow_http: bool) -> Iterator[Fault]:
    """Yield the fault of a host that is called over http, unless it is this machine, or of one's own network."""
    if is_loopback(host) or (allow_http and is_own_network(host)):
        return
    if is_link_local(host):
        help = "name another host: machines ask there for their own credentials"
    elif is_own_network(host):
        help = "write https://, or add `allow_http: true` if plain http within your own network is meant"
    else:
        help = "write https://" + ("; `allow_http` is for hosts of your own network" if allow_http else "")
    yield Fault("base_url", f"sends calls to {host} over http, in the clear", help)


def _path(field: str, path: str) -> Iterator[Fault]:
    """Yield the first fault of a path, if it has one."""
    outside = path.replace(HOLE, "")
    if not _ALLOWED.fullmatch(path):
        yield Fault(field, _why_not_allowed(path), "write it with visible ASCII characters alone")
    elif _WHOLE(path):
        yield Fault(field, "is a whole URL", "keep its path here, and put what stands before it into `base_url`")
    elif "\\" in path:
        yield Fault(field, "holds a backslash", "write a slash")
    elif "#" in path:
        yield Fault(field, "holds a fragment (`#…`), which is never sent", "leave it out")
    elif path.count(HOLE) > 1:
        yield Fault(field, f"holds {HOLE} twice", "keep one of the two")
    elif "{" in outside or "}" in outside:
        yield Fault(field, f"holds a brace that is not part of {HOLE}", f"write {HOLE} where the model's name belongs")
    elif path.count("?") > 1:
        yield Fault(field, "holds two question marks", "join the parts of the query with &")
    elif path.endswith("?"):
        yield Fault(field, "ends in a question mark", "leave it out")


def _why_not_allowed(text: str) -> str:
    """Return what is wrong with a text that is not of visible ASCII characters alone (a predicate for a message)."""
    if not text:
        return "is empty"
    return "holds a space" if " " in text else "holds a character that URLs do not have"
