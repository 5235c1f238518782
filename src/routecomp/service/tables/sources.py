"""Choose what reads a source: a path or a URL, checked before anything is opened."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from routecomp.runtime.resolver import MAX_BYTES
from routecomp.service.releases.folder import FolderSource
from routecomp.service.releases.keys import Key
from routecomp.service.releases.web import WebSet
from routecomp.service.state import fixed
from routecomp.service.tables import web
from routecomp.service.tables.files import Source


def open_source(
    source: str | os.PathLike[str],
    *,
    fallback: str | os.PathLike[str] | None = None,
    keys: Sequence[Key] = (),
    unsigned: bool = False,
    headers: web.Headers | None = None,
    timeout_s: float = 10.0,
    max_bytes: int | None = None,
) -> Source:
    """Return the source at a path or URL. ValueError for one that is not allowed; nothing is read yet."""
    place = os.fspath(source)
    beside = None if fallback is None else os.fspath(fallback)
    if not isinstance(place, str) or not isinstance(beside, str | None):
        raise ValueError("a source is a path or a URL as text, and so is a fallback file's path")
    if beside is not None and "://" not in beside:
        beside = fixed(beside)
    if keys and unsigned:
        raise ValueError("`key` asks for signatures, and `unsigned=True` for none: give one of them")
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+)://", place)
    if scheme is None:
        if headers is not None:
            raise ValueError("`headers` are for a URL, and the source is a path")
        return FolderSource(fixed(place), beside, MAX_BYTES if max_bytes is None else max_bytes, keys)
    if scheme[1].lower() not in ("http", "https"):
        raise ValueError(f"a source is a path or an https URL, not {scheme[1]}://")
    if beside is not None and "://" in beside:
        raise ValueError("`fallback` is a local file: it is there for when the network is not")
    most = web.MAX_BYTES if max_bytes is None else max_bytes
    if not urlsplit(place).path.endswith("/"):
        if keys:
            raise ValueError(
                f"{web.shown(place)} is the URL of a file, which has no signature; that of a set ends in /"
            )
        made: Source = web.WebSource(place, beside, headers, timeout_s, most)
    else:
        made = WebSet(place, beside, headers, timeout_s, most, keys)
    if not keys and not unsigned:
        raise ValueError(
            f"nothing proves who made the table at {made.name}: give the `key` that releases are published with, "
            "or `unsigned=True` if you trust that server and whoever may write there"
        )
    return made
