"""A file of the project's form beside its folders is said: nobody reads what stands in it."""

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
        ("charts/tenants.yaml", TENANTS),
        ("tests/data/tenants.yaml", TENANTS),
        ("docs/tenants.yaml", TENANTS),
        (".github/tenants.yaml", TENANTS),
        ("generated/tenants.yaml", TENANTS),
        ("node_modules/x/tenants.yaml", TENANTS),
        ("a/b/c/d/tenants.yaml", TENANTS),
        ("docker-compose.yml", "services:\n  web: {image: x}\n"),
        ("dbt_project.yml", "models:\n  shop:\n    +materialized: view\n    staging: {+tags: [a]}\n"),
        ("dbt/schema.yml", "models:\n  - name: orders\n    description: x\n"),
        ("litellm.yaml", "model_list: []\n"),
        ("prometheus.yml", "scrape_configs: []\n"),
        ("mkdocs.yml", "site_name: x\n"),
        ("values.yaml", "tenants:\n  acme: {replicas: 2, host: a.example}\ntargets: {cpu: 80}\ndefaults: {model: x}\n"),
        ("config/app.yaml", "models:\n  big: {provider: openai, path: a}\nproviders:\n  openai: {region: us}\n"),
        ("config/app.yaml", "features:\n  dark_mode: {description: x, owner: y}\n  chat: true\n"),
        ("hydra.yaml", "defaults:\n  - model: big\nexperiments: {a: {seed: 1}}\n"),
        ("policy/broken.yaml", "tenants:\n - [\n"),
        (".policy/tenants.yaml", TENANTS),
    ],
)
def test_folders_of_others(path: str, text: str) -> None:
    """Other tools' folders and files, and hidden ones, are nobody's mistake."""
    with project({**SMALL, path: text}) as root:
        assert in_process(["check", "--strict"], root).code == 0


MODELS = SMALL["routes/all.yaml"].partition("models:")[2].partition("features:")[0]


@pytest.mark.parametrize(
    ("path", "text", "folder"),
    [
        ("tenants.yaml", TENANTS, "policies"),
        ("tenants/tenants.yaml", TENANTS, "policies"),
        ("config/policies/a.yml", "tenants:\n  a: {}\n  b: {banned_providers: [mistral]}\n", "policies"),
        ("route/tenants.yaml", TENANTS, "policies"),
        ("presets.yaml", "presets:\n  balanced: {min_quality: 0.6}\n", "policies"),
        ("conf/models.yaml", "models:" + MODELS, "routes"),
        ("targets.yml", "targets:\n  quick: {candidates: all}\n", "routes"),
        ("a/features.yml", "features:\n  chat: {models: {claude: primary}}\n", "routes"),
        (
            "preferences.yaml",
            "preferences: {default: balanced, floors: {good: 0.5}, dial: {quality: 0.1}, clamp: [good, good]}\n",
            "policies",
        ),
    ],
)
def test_a_file_of_the_projects_form(path: str, text: str, folder: str) -> None:
    """Wherever it lies, what it holds says that it belongs to the project; moved as the help says, it is read."""
    with project({**SMALL, path: text}) as root:
        ran = in_process(["check"], root)
        assert ran.code == 0
        assert "1 warning" in ran.out
        assert "is not read: what stands in it decides nothing" in ran.out
        assert f"{folder}/" in ran.out
        assert path in ran.out
        assert in_process(["check", "--strict"], root).code == 3


def test_a_folder_that_was_renamed() -> None:
    """All its files are one finding; the command in the help puts the first of them right."""
    moved = {path: text for path, text in SMALL.items() if not path.startswith("policies/")}
    files = {"tenants/a.yaml": TENANTS, "tenants/b.yaml": TENANTS.replace("carla", "dora")}
    with project({**moved, **files}) as root:
        out = in_process(["check"], root).out
        assert "tenants/a.yaml is not read (nor is 1 other file in tenants/)" in out
        assert "`mkdir -p policies && git mv tenants/a.yaml policies/`" in out
        assert "1 warning in" in out


def test_another_project_in_a_folder() -> None:
    """A folder with routes/ of its own is a project of its own."""
    other = {f"emea/{path}": text for path, text in SMALL.items()}
    with project({**SMALL, **other}) as root:
        assert in_process(["check", "--strict"], root).code == 0


def test_a_credential_in_such_a_file_is_not_shown() -> None:
    """The line that is shown has stars in its place."""
    secret = "sk-ant-api03-" + "Zq8vT1mYp0Kd7RwXu3Lb" * 4
    with project({**SMALL, "policy/tenants.yaml": f"tenants: {{a: {{description: {secret}}}}}\n"}) as root:
        out = in_process(["check"], root).out
        assert "policy/ is not read" in out
        assert secret not in out
