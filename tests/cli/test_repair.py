"""`check --fix` changes what a machine may change, says so, and leaves every other byte as it was."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
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
    data, code, out = repaired(b"tenants:\n  acme: {presett: balanced}\n  b: {stacks: [mars]}\n")
    assert data == b"tenants:\n  acme: {preset: balanced}\n  b: {stacks: [mars]}\n"
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


def test_a_rename_is_not_made_without_being_asked_for() -> None:
    """Only safe fixes are made; the report says how many others there are, and what makes them."""
    text = "tenants:\n  acme: {presett: balanced}\n  b: {min_quality: '0.5'}\n"
    with project({**SMALL, "policies/tenants.yaml": text}) as root:
        ran = in_process(["check", "--fix", "--no-base"], root)
        assert (root / "policies/tenants.yaml").read_text() == text.replace("'0.5'", "0.5")
        assert ran.code == 1
        assert ran.out.startswith(
            "fixed policies/tenants.yaml:3:20: write `0.5` (RC115)\n"
            "1 unsafe fix is left: read it with `routecomp check --fix --unsafe-fixes --diff`, "
            "then `routecomp check --fix --unsafe-fixes`\n"
        )
        assert "= fix: rename it to `preset` (unsafe: routecomp check --fix --unsafe-fixes)" in ran.out


def test_a_diff_writes_nothing() -> None:
    """`--diff` shows the safe fixes, then the unsafe ones apart, and the report of the files as they are."""
    text = "tenants:\n  acme: {presett: balanced}\n  b: {min_quality: '0.5'}\n"
    with project({**SMALL, "policies/tenants.yaml": text}) as root:
        before = {path: path.stat().st_mtime_ns for path in root.rglob("*.yaml")}
        ran = in_process(["check", "--fix", "--diff", "--no-base"], root)
        assert {path: path.stat().st_mtime_ns for path in root.rglob("*.yaml")} == before
        assert (root / "policies/tenants.yaml").read_text() == text
        assert ran.code == 1
        safe, _, unsafe = ran.out.partition("1 unsafe fix is left")
        assert "-  b: {min_quality: '0.5'}\n+  b: {min_quality: 0.5}\n" in safe
        assert "+  acme" not in safe
        assert "# -  acme: {presett: balanced}\n# +  acme: {preset: balanced}\n" in unsafe
        assert "2 errors in" in unsafe
        both = in_process(["check", "--fix", "--diff", "--unsafe-fixes", "--no-base"], root)
        assert "+  acme: {preset: balanced}\n+  b: {min_quality: 0.5}\n" in both.out
        assert (root / "policies/tenants.yaml").read_text() == text


@pytest.mark.parametrize("options", [(), ("--unsafe-fixes",)])
def test_a_diff_is_a_patch_of_what_would_be_made(options: tuple[str, ...]) -> None:
    """What `git apply` makes of the output is what the same command makes without `--diff`."""
    files = {**SMALL, "policies/a.yaml": "tenants:\n  a: {presett: balanced}\n  b: {min_quality: '0.5'}\n"}
    files["policies/b.yaml"] = "tenants:\n  c: {objectiv: cheapest}\n  d: {fallback_enabled: no}\n"
    for without in ((), ("a: {presett: balanced}", "c: {objectiv: cheapest}"), ("'0.5'", "no}")):
        own = {path: _with_text(text, without) for path, text in files.items()}
        with project(own) as root, project(own) as other:
            shown = in_process(["check", "--fix", "--diff", "--no-base", *options], root)
            in_process(["check", "--fix", "--no-base", *options], other)
            subprocess.run(["git", "apply", "-"], cwd=root, input=shown.out.encode(), check=False, capture_output=True)
            assert {path: (root / path).read_bytes() for path in own} == {
                path: (other / path).read_bytes() for path in own
            }


def _with_text(text: str, without: tuple[str, ...]) -> str:
    """Return a file without the mistakes that some of its pieces are."""
    for piece in without:
        right = piece.replace("presett", "preset").replace("objectiv:", "objective:")
        text = text.replace(piece, right.replace("'", "").replace("no}", "false}"))
    return text


def test_options_of_fix_need_it() -> None:
    """`--diff` and `--unsafe-fixes` alone are wrong usage."""
    with project(SMALL) as root:
        for option in ("--diff", "--unsafe-fixes"):
            ran = in_process(["check", option], root)
            assert ran.code == 2
            assert f"{option} goes with --fix" in ran.err


def test_a_fix_that_brings_another_finding_is_not_made() -> None:
    """What a fix would uncover is said in its place; the other fixes are made all the same."""
    data, code, out = repaired(b"tenants:\n  a: {presett: balanced, stacks: [mars]}\n  b: {presett: balanced}\n")
    assert data == b"tenants:\n  a: {presett: balanced, stacks: [mars]}\n  b: {preset: balanced}\n"
    assert code == 1
    assert "left policies/tenants.yaml:2:7: rename it to `preset` (RC112): RC210 would be found then at" in out


def test_fixes_never_add_a_finding() -> None:
    """Whatever is fixed, with both kinds of fixes: what is found then was found before."""
    texts = [
        "tenants:\n  a: {presett: balanced, min_quality: '0.5'}\n",
        "tenants:\n  a: {objectiv: cheapest, weights: {quality: 0.2, latency: 0.5, cost: 0.2}}\n",
        "tenants:\n  a: {min_quality: 5e-1, fallback_enabled: yes, presett: balancedd}\n",
        "tenants:\n  a: {stacks: eu, banned_model: [small]}\n",
        "tenents:\n  a: {presett: balanced}\n",
    ]
    for text in texts:
        with project({**SMALL, "policies/tenants.yaml": text}) as root:
            found = in_process(["check", "--json", "--no-base"], root)
            for option in ([], ["--unsafe-fixes"]):
                left = in_process(["check", "--fix", *option, "--json", "--no-base"], root)
                before, after = (
                    Counter((f["rule"], f["message"]) for f in json.loads(ran.out)["findings"]) for ran in (found, left)
                )
                assert not after - before, (text, option)


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
    with project({**SMALL, "policies/tenants.yaml": SLIP}) as root:
        ran = in_process(["check", "--fix", "--unsafe-fixes", "--json"], root)
        assert json.loads(ran.out)["findings"] == []
        assert ran.err.startswith("fixed policies/tenants.yaml")


AZURE = "base_url: https://x.openai.azure.com, chat_path: '/openai/deployments/{model}/chat/completions?api-version=1'"


@pytest.mark.parametrize(
    ("body", "written", "left"),
    [
        (f"adapter: azure, {AZURE}, api_key_env: X_KEY", "adapter: azure_openai", ""),
        ("adapter: azure, base_url: https://x.openai.azure.com, api_key_env: X_KEY", "adapter: azure_openai", "RC332"),
        ("adapter: vertex_ai, base_url: https://eu.example.com, api_key_env: X_KEY", "adapter: vertex", "RC332"),
        ("adapter: ollama, base_url: https://ollama.example.com", "adapter: openai_compatible", "RC334"),
        ("adapter: groq, base_url: https://api.groq.com, api_key_env: X_KEY", "adapter: openai_compatible", ""),
    ],
)
def test_a_foreign_adapter_is_written(body: str, written: str, left: str) -> None:
    """What the unread body held besides is no harm of the fix: it is found then, and the fix is not offered again."""
    with project({**SMALL, "routes/more.yaml": f"providers:\n  more: {{{body}, stack: eu}}\n"}) as root:
        ran = in_process(["check", "--fix", "--unsafe-fixes", "--no-base"], root)
        assert written in (root / "routes/more.yaml").read_text()
        assert (ran.code, f"error[{left}]" in ran.out) == (int(bool(left)), bool(left)), ran.out
        assert "RC121" not in in_process(["check", "--no-base"], root).out
