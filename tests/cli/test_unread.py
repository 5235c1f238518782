"""A folder whose name is nearly right is said: nobody reads what stands in it."""

from __future__ import annotations

import pytest

from tests.cli.transcripts import SMALL, in_process, project

TENANTS = "tenants:\n  carla: {stacks: [eu]}\n"
EXPERIMENT = "experiments: {}\n"


@pytest.mark.parametrize(
    ("path", "text", "folder"),
    [
        ("policy/tenants.yaml", TENANTS, "policies"),
        ("Policies/tenants.yml", TENANTS, "policies"),
        ("policy/eu/deep/tenants.yaml", "# ours\n" + TENANTS, "policies"),
        ("route/models.yaml", "models: {}\n", "routes"),
        ("ROUTES/targets.yaml", "targets: {}\n", "routes"),
        ("experiment/a.yaml", EXPERIMENT, "experiments"),
    ],
)
def test_a_folder_that_is_nearly_one(path: str, text: str, folder: str) -> None:
    """It is a warning with its place, from memory too; under --strict it counts, and a waiver there holds."""
    with project({**SMALL, path: text}) as root:
        for _ in range(2):
            ran = in_process(["check"], root)
            assert ran.code == 0
            assert f"{path.split('/')[0]}/ is not read" in ran.out
            assert f"move its files to {folder}/" in ran.out
            assert path in ran.out
        assert in_process(["check", "--strict"], root).code == 3
        compiled = in_process(["compile"], root)
        assert "RC217" in compiled.out + compiled.err
        waiver = '# routecomp:allow RC217 until=2099-01-01 reason="another tool reads it"\n'
        (root / path).write_text(waiver + text.removeprefix("# ours\n"))
        assert in_process(["check", "--strict"], root).code == 0
        (root / path).unlink()
        assert in_process(["check", "--strict"], root).code == 0


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("policy/opa.yaml", "package: x\nrules: []\n"),
        ("policy/readme.md", TENANTS),
        ("policy/.hidden.yaml", TENANTS),
        ("route/tenants.yaml", TENANTS),
        ("charts/tenants.yaml", TENANTS),
        ("policy/broken.yaml", "tenants:\n - [\n"),
        (".policy/tenants.yaml", TENANTS),
    ],
)
def test_folders_of_others(path: str, text: str) -> None:
    """Other tools' folders and files, and hidden ones, are nobody's mistake."""
    with project({**SMALL, path: text}) as root:
        assert in_process(["check", "--strict"], root).code == 0


def test_a_credential_in_such_a_file_is_not_shown() -> None:
    """The line that is shown has stars in its place."""
    secret = "sk-ant-api03-" + "Zq8vT1mYp0Kd7RwXu3Lb" * 4
    with project({**SMALL, "policy/tenants.yaml": f"tenants: {{a: {{description: {secret}}}}}\n"}) as root:
        out = in_process(["check"], root).out
        assert "policy/ is not read" in out
        assert secret not in out
