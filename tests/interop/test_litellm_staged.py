"""As a hook, the linter passes over files of other tools, and reads a part with the file that includes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.cli.main import main

_GROUP = "model_list:\n- {{model_name: {}, litellm_params: {{model: openai/gpt-4o, api_key: os.environ/K}}}}\n"
_OTHERS = {
    "docker-compose.litellm.yml": "services:\n  litellm: {image: x}\n",
    "k8s/litellm-deployment.yaml": "apiVersion: v1\nkind: ConfigMap\n---\napiVersion: v1\nkind: Service\n",
    ".github/workflows/litellm.yml": "on: push\njobs: {a: {runs-on: x}}\n",
    "litellm-values.yaml": "image: {tag: x}\nproxy_config:\n  model_list: []\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a file that includes two parts, one of which falls back to the other, and other files."""
    monkeypatch.chdir(tmp_path)
    files = {
        **_OTHERS,
        "main.yaml": "include: [conf/litellm-a.yaml, conf/litellm-b.yaml]\n",
        "conf/litellm-a.yaml": _GROUP.format("a"),
        "conf/litellm-b.yaml": _GROUP.format("b") + "router_settings: {fallbacks: [{b: [a]}]}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Return the exit code of the command, and what it prints."""
    code = main(["lint-litellm", *arguments])
    return code, capsys.readouterr().out


def test_a_part_is_linted_with_what_includes_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By itself the part names a group that nothing defines."""
    part = "conf/litellm-b.yaml"
    assert run(capsys, part)[0] == 1
    code, page = run(capsys, "--staged", part)
    assert (code, page.startswith("checked 3 files: no findings")) == (0, True)
    (folder / "conf" / "litellm-a.yaml").write_text(_GROUP.format("c"))
    assert run(capsys, "--staged", part)[0] == 1


def test_files_of_other_tools_are_passed_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Their names have `litellm` in them all the same; a misspelt section is no other tool's."""
    assert run(capsys, "--staged", *_OTHERS)[0] == 0
    (folder / "litellm.yaml").write_text(_GROUP.format("a").replace("model_list", "modle_list"))
    assert run(capsys, "--staged", *_OTHERS, "litellm.yaml")[0] == 1
