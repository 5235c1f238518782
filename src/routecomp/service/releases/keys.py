"""Hold the keys that releases are signed with; no key is ever shown."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

LEAST_BYTES: Final = 32
MOST_KEYS: Final = 8

Keys = str | bytes | Sequence[str | bytes]


class Key:
    """A secret that a publisher and its readers share, and the id by which signatures name it."""

    __slots__ = ("_secret", "id")

    def __init__(self, secret: str | bytes) -> None:
        """Take the text or the bytes of a key. ValueError if it is too short to be one."""
        raw = secret.encode() if isinstance(secret, str) else bytes(secret)
        raw = raw.strip(b" \t\r\n")
        if len(raw) < LEAST_BYTES:
            raise ValueError(
                f"a key has at least {LEAST_BYTES} characters, and this one has {len(raw)}: "
                "`openssl rand -hex 32` makes one"
            )
        self._secret = raw
        self.id: Final = self._hash(b"routecomp key id\n")[:16]

    def sign(self, text: bytes) -> str:
        """Return the HMAC-SHA256 of what a release says of itself, as hexadecimal digits."""
        return self._hash(b"routecomp release\n" + text)

    def has_signed(self, text: bytes, signature: str) -> bool:
        """Return whether a signature is this key's."""
        return hmac.compare_digest(self.sign(text).encode(), signature.encode())

    def _hash(self, text: bytes) -> str:
        return hmac.new(self._secret, text, sha256).hexdigest()

    def __repr__(self) -> str:
        return f"Key({self.id})"


def read_keys(given: Keys | None) -> tuple[Key, ...]:
    """Return the keys that were given, none for None. ValueError for what is no key, and for a list without any."""
    if given is None:
        return ()
    listed = [given] if isinstance(given, str | bytes) else list(given)
    if not listed or len(listed) > MOST_KEYS or not all(isinstance(key, str | bytes) for key in listed):
        raise ValueError(f"`key` is a key as text or bytes, or a list of 1 to {MOST_KEYS} of them")
    return tuple(Key(key) for key in listed)
