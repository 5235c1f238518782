"""Keys stay where they are: a variable that is no provider's key is sent to no host."""

from __future__ import annotations

from datetime import date

import pytest

from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.model.key_names import DEFAULT_KEY_NAMES
from tests.check.project import DEFAULTS, PROVIDERS, project
from tests.cli.transcripts import SMALL, in_process
from tests.cli.transcripts import project as folder

EXPERIMENT = """\
experiments:
  trial:
    public_model_id: preview/trial
    status: {status}
    variants:
      a: {{weight: 0.5, versions: [{{version: 1, model: good}}]}}
      b: {{weight: 0.5, versions: [{{version: 1, model: fair, api_key_env: {first}}}, {{version: 2, model: fair}}]}}
"""


def of_provider(name: str) -> dict[str, bytes]:
    """A project whose providers take their key from this variable."""
    return project(routes_providers=PROVIDERS.replace("ALPHA_KEY", name).replace("BETA_KEY", name))


def of_version(name: str, status: str = "active") -> dict[str, bytes]:
    """A project with an experiment of which an earlier version takes its key from this variable."""
    keyless = PROVIDERS.replace("api_key_env: ALPHA_KEY", "auth: none").replace("BETA_KEY", "OTHER_API_KEY")
    return project(routes_providers=keyless, experiments_trial=EXPERIMENT.format(status=status, first=name))


def refused(files: dict[str, bytes], *key_names: str) -> bool:
    """Whether the project is refused for the name of a variable alone; then nothing at all is compiled."""
    options = Options(date(2026, 11, 20), key_names=key_names or DEFAULT_KEY_NAMES)
    compilation = compile(files, options)
    ids = {diagnostic.rule for diagnostic in compilation.checked.diagnostics}
    assert ids <= {"RC326"}
    assert bool(ids) == (not compilation.artifacts)
    return bool(ids)


@pytest.mark.parametrize("made", [of_provider, of_version], ids=["provider", "version"])
@pytest.mark.parametrize(
    "name",
    [
        "OPENAI_API_KEY",
        "MISTRAL_KEY",
        "HF_TOKEN",
        "AWS_BEARER_TOKEN_BEDROCK",
        "_KEY",
        "CIRCLE_API_KEY",
        "MY_GITHUB_KEY",
    ],
)
def test_names_of_keys(made: object, name: str) -> None:
    """What the default allows, wherever it stands."""
    assert callable(made)
    assert not refused(made(name))


@pytest.mark.parametrize("made", [of_provider, of_version], ids=["provider", "version"])
@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_URL",
        "PGPASSWORD",
        "AWS_SECRET_ACCESS_KEY_ID",
        "KEY",
        "TOKEN",
        "MISTRAL_KEY_2",
        "mistral_api_key",
        "Mistral_Api_Key",
        "XAWS_BEARER_TOKEN_X",
        "HOME",
        "GITHUB_TOKEN",
        "github_token",
        "GitHub_Api_Key",
        "CI_JOB_TOKEN",
        "CI_REGISTRY_KEY",
        "ACTIONS_RUNTIME_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    ],
)
def test_names_of_other_things(made: object, name: str) -> None:
    """What the default does not allow: other things of the machine, a build's own tokens, other spellings."""
    assert callable(made)
    assert refused(made(name))


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "github_token", "CI_JOB_TOKEN", "ci_key", "ACTIONS_RUNTIME_TOKEN"])
@pytest.mark.parametrize("pattern", ["*", "*_TOKEN", "*TOKEN", "*_key", "*i*_*"])
def test_no_setting_allows_a_builds_own(name: str, pattern: str) -> None:
    """Names of a build machine's own tokens are refused whatever the setting says."""
    assert refused(of_provider(name), pattern)


def test_the_setting_replaces_the_default() -> None:
    """A list of one's own allows what it names, and no more."""
    assert not refused(of_provider("AZURE_OPENAI_API_KEY_SWC"), "AZURE_OPENAI_API_KEY_*")
    assert refused(of_provider("OPENAI_API_KEY"), "AZURE_OPENAI_API_KEY_*")
    assert not refused(of_provider("mistral_key"), "*_key")
    keyless = PROVIDERS.replace("api_key_env: ALPHA_KEY", "auth: none").replace("api_key_env: BETA_KEY", "auth: none")
    assert not refused(project(routes_providers=keyless), "NOTHING")


@pytest.mark.parametrize("status", ["draft", "active", "paused"])
def test_experiments_of_every_status(status: str) -> None:
    """A draft answers nobody today; the name in it is refused today."""
    assert refused(of_version("DATABASE_URL", status))


def test_a_gate_is_no_key() -> None:
    """The variable that opens the dial is read by the service and sent nowhere."""
    preferences = """\
preferences:
  default: balanced
  floors: {good: 0.50, frontier: 0.85}
  dial: {quality: +0.10, balanced: 0, cost: -0.10}
  clamp: [good, frontier]
  gate_env: CI_ROUTING_LIVE
"""
    assert not refused(project(policies_preferences=preferences, routes_defaults=DEFAULTS))


def test_commands_refuse_and_write_nothing() -> None:
    """`compile` leaves the output folder alone, the fallback file too; the setting of the project counts."""
    page = SMALL["routes/all.yaml"].replace("ANTHROPIC_API_KEY", "DEPLOY_SECRET")
    with folder({**SMALL, "routes/all.yaml": page}) as root:
        ran = in_process(["compile"], root)
        assert ran.code == 1
        assert "RC326" in ran.out
        assert not (root / "generated").exists()
        (root / "routecomp.yaml").write_text('key_names: ["*_SECRET", "*_API_KEY"]\n')
        assert in_process(["compile"], root).code == 0
        assert "DEPLOY_SECRET" in (root / "generated" / "routing_table.json").read_text()
