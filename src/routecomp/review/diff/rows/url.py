"""Write URLs and the variables of keys for a report, without user names, passwords and credentials."""

from __future__ import annotations

import re
from collections.abc import Collection

from routecomp.diagnostics.credentials.detect import star_secrets

_USERINFO = re.compile(r"(?<=//)[^/?#\\]*@")
_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/*([^/?#\\]*)")


def safe_text(text: str) -> str:
    """Return a text of a table with stars for the user name and password of a URL, and for credentials."""
    return star_secrets(_USERINFO.sub("***@", text))


def host_of(url: str) -> str:
    """Return host and port of a URL, in small letters; the whole URL where it has none."""
    match = _HOST.match(_USERINFO.sub("", url))
    return match[1].lower() if match is not None and match[1] else safe_text(url)


def endpoint_text(url: str, keys: Collection[str]) -> str:
    """Write where requests go, and the variables of the keys that go with them."""
    return f"{url}, {key_text(keys, 'and')}"


def key_text(keys: Collection[str], word: str = "or") -> str:
    """Write the variables of keys that go with requests, joined by a word."""
    return f"with the key in {f' {word} '.join(sorted(keys))}" if keys else "without a key"
