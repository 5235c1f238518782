"""A pinned digest: other bytes are refused in words, the last good table serves, and a reload can pin the next one."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import Router, load
from routecomp.table.codec import encode

from .tables import FALLBACK, TABLE, changed

OLD, NEW = encode(TABLE), encode(changed(TABLE, {"features/chat/rows/0/model": "mini"}))
OLD_DIGEST, NEW_DIGEST = sha256(OLD).hexdigest(), sha256(NEW).hexdigest()


def served(router: Router) -> str | None:
    """Return the model that the feature `chat` gets, which tells the tables apart: opus, then mini."""
    return router.resolve(feature="chat").model


def refusal(got: str, wanted: str) -> str:
    return f"routing table: the file's SHA-256 begins with {got}, not with {wanted} as asked for"


def test_the_very_bytes_are_loaded() -> None:
    """The digest may be written in capitals, as some tools do."""
    for digest in (OLD_DIGEST, OLD_DIGEST.upper()):
        router = Router.from_bytes(OLD, sha256=digest)
        assert router.status()["last_rejection"] is None
        assert router.status()["ruleset_hash"] == OLD_DIGEST
        assert served(router) == "opus"


def test_other_bytes_are_refused(tmp_path: Path) -> None:
    """Other bytes are refused, also those of a good table; the ladder answers, and the words name both digests."""
    (tmp_path / "routing_table.json").write_bytes(NEW)
    (tmp_path / "fallback.json").write_bytes(encode(FALLBACK))
    router = load(tmp_path / "routing_table.json", sha256=OLD_DIGEST)
    status = router.status()
    assert status["last_rejection"] == refusal(NEW_DIGEST[:12], OLD_DIGEST[:12])
    assert (status["serving"], status["rejected"]) == ("fallback file", 1)
    for at in range(0, len(OLD), 97):
        for bit in (1, 32):
            flipped = OLD[:at] + bytes([OLD[at] ^ bit]) + OLD[at + 1 :]
            assert Router.from_bytes(flipped, sha256=OLD_DIGEST).status()["serving"] == "nothing"
    assert Router.from_bytes(OLD + b"\n", sha256=OLD_DIGEST).status()["serving"] == "nothing"


def test_digests_that_begin_alike_are_shown_whole() -> None:
    """Of a digest with a slip behind the shown digits everything is shown."""
    slip = OLD_DIGEST[:-1] + ("0" if OLD_DIGEST[-1] != "0" else "1")
    assert Router.from_bytes(OLD, sha256=slip).status()["last_rejection"] == refusal(OLD_DIGEST, slip)


def test_a_pinned_router_stays_pinned(tmp_path: Path) -> None:
    """A file that is swapped under a pinned router is not activated by a plain reload."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(OLD)
    router = load(path, sha256=OLD_DIGEST)
    path.write_bytes(NEW)
    assert router.reload() is False
    assert served(router) == "opus"
    assert router.status()["last_rejection"] == refusal(NEW_DIGEST[:12], OLD_DIGEST[:12])
    path.write_bytes(OLD)
    assert router.reload() is True


def test_a_reload_pins_the_next_table(tmp_path: Path) -> None:
    """The new digest holds from now on: also while the old file is still there, and when the new one has arrived."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(OLD)
    router = load(path)
    assert router.reload(sha256=NEW_DIGEST) is False
    assert served(router) == "opus"
    assert router.status()["last_rejection"] == refusal(OLD_DIGEST[:12], NEW_DIGEST[:12])
    assert router.reload() is False
    path.write_bytes(NEW)
    assert router.reload() is True
    assert served(router) == "mini"
    path.write_bytes(OLD)
    assert router.reload() is False
    assert served(router) == "mini"
    assert router.reload(sha256=OLD_DIGEST) is True
    assert served(router) == "opus"


@pytest.mark.parametrize(
    "digest", ["", "abc", OLD_DIGEST[:-1], OLD_DIGEST + "0", OLD_DIGEST[:-1] + "g", OLD_DIGEST + "\n", 5, b"0" * 64]
)
def test_a_malformed_digest_is_a_mistake_of_the_program(tmp_path: Path, digest: Any) -> None:
    """It raises at once, however good the table is, and a reload with it changes nothing."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(OLD)
    with pytest.raises(ValueError, match="sha256 is not 64 hex digits"):
        load(path, sha256=digest)
    with pytest.raises(ValueError, match="sha256 is not 64 hex digits"):
        Router.from_bytes(OLD, sha256=digest)
    router = load(path)
    path.write_bytes(NEW)
    with pytest.raises(ValueError, match="sha256 is not 64 hex digits"):
        router.reload(sha256=digest)
    assert served(router) == "opus"
    assert router.reload() is True


def test_the_program_pins_too(tmp_path: Path) -> None:
    """`resolver.py --sha256` warns about other bytes; a malformed digest is a usage error."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(OLD)

    def run(digest: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, resolver.__file__, "--table", str(path), "--sha256", digest]
        return subprocess.run(command, input='{"feature": "chat"}\n', capture_output=True, text=True, check=False)

    right = run(OLD_DIGEST)
    assert (right.returncode, right.stderr) == (0, "")
    assert '"model": "opus"' in right.stdout
    other = run(NEW_DIGEST)
    assert other.returncode == 0
    assert other.stderr == f"resolver.py: warning: {refusal(OLD_DIGEST[:12], NEW_DIGEST[:12])}; serving from: nothing\n"
    malformed = run("abc")
    assert malformed.returncode == 2
    assert malformed.stderr.endswith("resolver.py: error: sha256 is not 64 hex digits\n")
