"""A revert may name a model that has ended; any other change may not."""

from __future__ import annotations

from pathlib import Path

from tests.cli.repository import small

END = ("  claude:\n", "  claude:\n    sunset: 2026-06-30\n    successor: mistral-large\n")


def test_a_revert_may_name_what_has_ended(tmp_path: Path) -> None:
    """The file that is again what an earlier commit held is a revert; with one byte more it is a change like others."""
    repository = small(tmp_path)
    path = repository.project / "routes/all.yaml"
    repository.edit("routes/all.yaml", END)
    repository.commit("it ends")
    ended = path.read_bytes()
    repository.edit("routes/all.yaml", ("model: claude", "model: mistral-large"))
    repository.commit("another default")
    repository.git("switch", "-qc", "back")
    path.write_bytes(ended)
    done = repository.check("--today", "2026-11-20")
    assert "RC541" not in done.out, done.out
    path.write_bytes(ended + b"# more\n")
    done = repository.check("--today", "2026-11-20")
    assert "error[RC541]: `defaults` begins to name `claude`, which ended on 2026-06-30, 143 days ago" in done.out
    assert done.code == 1
