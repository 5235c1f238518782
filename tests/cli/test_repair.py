"""`check --fix` changes what a machine may change, says so, and leaves every other byte as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.transcripts import SMALL, in_process, project

SLIP = "tenants:\n  acme: {presett: balanced}\n"
MENDED = "tenants:\n  acme: {preset: balanced}\n"


def repaired(data: bytes) -> tuple[bytes, int, str]:
    """A file's bytes after `check --fix`, the exit code and what was printed."""
    with project({**SMALL, "policies/tenants.yaml": data}) as root:
        ran = in_process(["check", "--fix", "--unsafe-fixes", "--no-base"], root)
        return (root / "policies/tenants.yaml").read_bytes(), ran.code, ran.out


def test_a_slip_is_mended_and_said() -> None:
    """A misspelt key: renamed, said with its place and rule, and the project is clean."""
    data, code, out = repaired(SLIP.encode())
    assert data == MENDED.encode()
    assert code == 0
    assert "fixed policies/tenants.yaml:2:10: rename it to `preset` (RC112)\n" in out
    assert out.endswith("no findings\n")


@pytest.mark.parametrize(
    "shape",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n# Ünïcödé 💥 at the end  \n",
        lambda text: "# first\r\n" + text,
    ],
)
def test_every_other_byte_stays(shape: object) -> None:
    """Line ends, a byte-order mark, comments, wide characters and a missing last line end survive."""
    assert callable(shape)
    assert repaired(shape(SLIP).encode())[0] == shape(MENDED).encode()


def test_what_needs_a_decision_stays_and_is_reported() -> None:
    """Fixes are made, the rest is reported as a check after them would."""
    data, code, out = repaired(b"tenants:\n  acme: {presett: balanced, stacks: [mars]}\n")
    assert data == b"tenants:\n  acme: {preset: balanced, stacks: [mars]}\n"
    assert code == 1
    assert "names `mars`" in out
    assert "presett" not in out.split("\n", 1)[1]


def test_one_fix_uncovers_the_next() -> None:
    """Fixes are made until none is left, several in one file and several files."""
    files = {
        **SMALL,
        "policies/tenants.yaml": SLIP,
        "policies/b.yaml": "tenants:\n  b: {stakcs: [eu], presett: balanced}\n  c: {objectiv: cheapest}\n",
    }
    with project(files) as root:
        ran = in_process(["check", "--fix", "--unsafe-fixes"], root)
        assert ran.code == 0, ran
        assert ran.out.count("fixed ") == 4
        assert (
            root / "policies/b.yaml"
        ).read_text() == "tenants:\n  b: {stacks: [eu], preset: balanced}\n  c: {objective: cheapest}\n"
        again = in_process(["check", "--fix", "--unsafe-fixes"], root)
        assert "fixed" not in again.out


def test_permissions_stay(tmp_path: Path) -> None:
    """A file keeps its mode."""
    with project({**SMALL, "policies/tenants.yaml": SLIP}) as root:
        (root / "policies/tenants.yaml").chmod(0o640)
        assert in_process(["check", "--fix", "--unsafe-fixes"], root).code == 0
        assert (root / "policies/tenants.yaml").stat().st_mode & 0o777 == 0o640


def test_a_file_without_fixes_is_not_touched() -> None:
    """Neither its bytes nor its time nor its inode change."""
    with project({**SMALL, "policies/tenants.yaml": SLIP}) as root:
        before = (root / "routes/all.yaml").stat()
        assert in_process(["check", "--fix", "--unsafe-fixes"], root).code == 0
        after = (root / "routes/all.yaml").stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_with_a_credential_is_left_alone() -> None:
    """What was blotted out before the check must never be written back in place of the text."""
    text = f"tenants:\n  acme: {{presett: balanced, description: sk-ant-api03-{'Zq8vT1mYp0Kd7RwXu3Lb' * 4}}}\n"
    data, code, out = repaired(text.encode())
    assert data == text.encode()
    assert code == 1
    assert "fixed" not in out
    assert "Zq8vT1mYp0Kd7RwXu3Lb" not in out


def test_a_file_changed_meanwhile_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor that saves while the fix is computed wins: exit 2, its text stays."""
    from routecomp.workspace.publish import publish

    with project({**SMALL, "policies/tenants.yaml": SLIP}) as root:

        def save_first(*arguments: object) -> None:
            (root / "policies/tenants.yaml").write_text("# saved by somebody\n" + SLIP)
            publish(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr("routecomp.workspace.repair.publish", save_first)
        ran = in_process(["check", "--fix", "--unsafe-fixes"], root)
        assert ran.code == 2
        assert "was changed by someone else meanwhile" in ran.err
        assert (root / "policies/tenants.yaml").read_text() == "# saved by somebody\n" + SLIP
        assert sorted(os.listdir(root / "policies")) == ["tenants.yaml"]


def test_machines_get_a_clean_report() -> None:
    """With a machine's format, what was fixed is said on standard error, and the report can be read."""
    import json

    with project({**SMALL, "policies/tenants.yaml": SLIP}) as root:
        ran = in_process(["check", "--fix", "--unsafe-fixes", "--json"], root)
        assert json.loads(ran.out)["findings"] == []
        assert ran.err.startswith("fixed policies/tenants.yaml")
