"""Judge what was read of a release: whether it is whole, and whether one of our keys has signed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from routecomp.service.releases.keys import Key
from routecomp.service.releases.manifest import Manifest, Untrusted, read_manifest, require_file, require_signature
from routecomp.service.releases.names import FILES
from routecomp.service.tables.files import FALLBACK, TABLE, Distrusted, Files, Unread
from routecomp.service.tables.protocol import TableId

Fetch = Callable[[Manifest, str], bytes | Unread]
"""Read a file of a release, by its name."""


def judge(raw: bytes, fetch: Fetch, keys: Sequence[Key], generation: int | None = None) -> Files:
    """Read the files of a release and return them, or why they may not serve.

    `generation` is the number under which the manifest was found, where that says one. All files are read, also
    those that this process does not use: a release of which one bit is wrong is not the one that was published.
    """
    digest = sha256(raw)
    try:
        manifest = read_manifest(raw)
        require_signature(manifest, keys)
        if generation is not None and manifest.generation != generation:
            raise Untrusted(f"the manifest of generation {manifest.generation} lies where {generation} belongs")
        contents: dict[str, bytes] = {}
        for name in FILES:
            content = fetch(manifest, name)
            if isinstance(content, Unread):
                reason = Unread(f"{name} of generation {manifest.generation}: {content.reason}")
                return Files(reason, reason)
            digest.update(content)
            require_file(manifest, name, content)
            contents[name] = content
    except Untrusted as untrusted:
        return distrust(str(untrusted), digest.hexdigest())
    return Files(contents[TABLE], contents[FALLBACK], manifest.generation, raw)


def distrust(reason: str, digest: str) -> Files:
    """Return what a source says that holds something which may not serve; its fallback file is not used either."""
    return Files(Distrusted(f"published set: {reason}", digest), Unread("the published set is refused"))


def find_proof_fault(proof: bytes | None, table_id: TableId, keys: Sequence[Key]) -> str | None:
    """Return why a table that was kept is not proven by what was kept with it; without keys none is asked for."""
    if not keys:
        return None
    if proof is None:
        return "it is not signed, and a key is configured"
    try:
        manifest = read_manifest(proof)
        require_signature(manifest, keys)
    except Untrusted as untrusted:
        return str(untrusted)
    if TableId(manifest.digest, manifest.generation) != table_id:
        return "what is signed is another table"
    return None
