"""Write and read the manifest of a release: what belongs to it, its number, and who signed it.

One line holds one key. Signed are the bytes of all lines before `signatures`; the last line is the SHA-256 of all
before it. A manifest is read only if it is, to the last bit, what `write_manifest` makes of what it says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from routecomp.service.releases.keys import Key
from routecomp.service.releases.names import FILES, MOST_GENERATION
from routecomp.service.tables.files import TABLE

FORMAT: Final = 1
MOST_BYTES: Final = 64 * 1024
"""The size of the largest manifest."""


class Untrusted(Exception):
    """Why a release may not serve, in words."""


class FileFacts(NamedTuple):
    """What is known of a file of a release."""

    sha256: str
    bytes: int


class Manifest(NamedTuple):
    """What a release says of itself."""

    generation: int
    """Its number: each release has a higher one than the one before, also one that brings back old content."""
    parent: int | None
    """The release that was current before; None for the first."""
    rollback_of: int | None
    """The earlier release whose files these are again."""
    git_commit: str | None
    """The commit that holds these files; None where none does, or nobody can tell."""
    files: Mapping[str, FileFacts]
    signatures: Mapping[str, str]
    """The HMAC-SHA256 of each key that signed it, by the key's id."""
    signed: bytes
    """The bytes that are signed."""

    @property
    def digest(self) -> str:
        """The SHA-256 of its table."""
        return self.files[TABLE].sha256


def write_manifest(
    files: Mapping[str, bytes], generation: int, parent: int | None, rollback_of: int | None, git_commit: str | None,
    keys: Sequence[Key],
) -> bytes:  # fmt: skip
    """Return the manifest of a release. The same release has the same bytes, whenever it is written."""
    facts = {
        "manifest": FORMAT,
        "generation": generation,
        "parent": parent,
        "rollback_of": rollback_of,
        "git_commit": git_commit,
        "files": {name: {"sha256": sha256(files[name]).hexdigest(), "bytes": len(files[name])} for name in FILES},
    }
    signed = _lines(facts)
    return _seal(facts, {key.id: key.sign(signed) for key in sorted(keys, key=lambda key: key.id)})


def read_manifest(raw: bytes) -> Manifest:
    """Return what a manifest says; raise Untrusted if it is none that was written, to the last bit."""
    if len(raw) > MOST_BYTES:
        raise Untrusted(f"the manifest has more than {MOST_BYTES} bytes")
    try:
        facts = json.loads(raw, object_pairs_hook=_without_doubles, parse_constant=_refuse, parse_float=_refuse)
        version = facts["manifest"]
        if type(version) is int and version > FORMAT:
            raise Untrusted("the manifest is of a newer version of routecomp: update this service first")
        signatures = facts.pop("signatures")
        del facts["sha256"]
        if version != FORMAT or _seal(facts, signatures) != raw:
            raise Untrusted("the manifest is not as it was written")
        return _read_facts(facts, signatures)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError):
        raise Untrusted("the manifest is not as it was written") from None


def require_signature(manifest: Manifest, keys: Sequence[Key]) -> None:
    """Raise Untrusted unless one of the keys has signed a manifest. Without keys nothing is asked for."""
    if not keys:
        return
    if not manifest.signatures:
        raise Untrusted(f"generation {manifest.generation} is not signed, and a key is configured")
    known = [key for key in keys if key.id in manifest.signatures]
    if not known:
        raise Untrusted(
            f"generation {manifest.generation} is signed by {_ids(manifest.signatures)}, "
            f"and configured is {_ids([key.id for key in keys])}"
        )
    if not any(key.has_signed(manifest.signed, manifest.signatures[key.id]) for key in known):
        raise Untrusted(f"the signature of generation {manifest.generation} is not of what it holds")


def require_file(manifest: Manifest, name: str, raw: bytes) -> None:
    """Raise Untrusted if a file is not the one that a manifest names."""
    facts = manifest.files[name]
    if len(raw) != facts.bytes or sha256(raw).hexdigest() != facts.sha256:
        raise Untrusted(f"{name} is not the file that the manifest of generation {manifest.generation} names")


def _read_facts(facts: dict[str, Any], signatures: dict[str, str]) -> Manifest:
    """Return a manifest of the right kinds; raise Untrusted and what wrong kinds raise."""
    files = {name: FileFacts(facts["files"][name]["sha256"], facts["files"][name]["bytes"]) for name in FILES}
    commit = facts["git_commit"]
    numbers = [facts["generation"], *(facts[key] for key in ("parent", "rollback_of") if facts[key] is not None)]
    sizes = [file.bytes for file in files.values()]
    if (
        not all(type(number) is int and 0 < number <= MOST_GENERATION for number in numbers)
        or max(numbers) != facts["generation"]
        or numbers.count(max(numbers)) != 1
        or not all(type(size) is int and size >= 0 for size in sizes)
        or not all(_HEX.fullmatch(text) for text in [*signatures.values(), *(file.sha256 for file in files.values())])
        or not all(_ID.fullmatch(name) for name in signatures)
        or not (commit is None or _COMMIT.fullmatch(commit))
        or len(facts["files"]) != len(FILES)
    ):
        raise Untrusted("the manifest holds something of the wrong kind")
    return Manifest(
        facts["generation"], facts["parent"], facts["rollback_of"], commit, files, signatures, _lines(facts)
    )


_HEX: Final = re.compile(r"[0-9a-f]{64}")
_ID: Final = re.compile(r"[0-9a-f]{16}")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def _seal(facts: Mapping[str, Any], signatures: Mapping[str, str]) -> bytes:
    """Return a manifest whole: its facts, its signatures, and the SHA-256 of all that."""
    text = _lines(facts) + b"," + _line("signatures", signatures)
    return text + b"," + _line("sha256", sha256(text).hexdigest()) + b"}\n"


def _lines(facts: Mapping[str, Any]) -> bytes:
    """Return facts, one a line, without the end: these are the bytes that are signed."""
    return b"{\n" + b",".join(_line(key, value) for key, value in facts.items())


def _line(key: str, value: Any) -> bytes:
    return f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}\n".encode()


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; ValueError for a key that stands twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _ids(ids: Mapping[str, str] | Sequence[str]) -> str:
    return ", ".join(f"key {name}" for name in ids)
