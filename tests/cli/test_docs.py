"""`routecomp docs`: every page, every link within the pages, and the ways that lead from a finding to its page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import routecomp.version
from routecomp.diagnostics.render import FORMATS
from routecomp.rules.registry import rules
from routecomp.workspace.pages import anchors_of, find_page, pages, pages_folder
from tests.cli.transcripts import SMALL, environment, in_process, project


@pytest.mark.parametrize("name", sorted(pages()))
def test_every_link_of_a_page_works_as_an_argument(name: str) -> None:
    """What a page links to is shown by `routecomp docs`, under the name and the part that stand in the link."""
    listed = pages()
    text = re.sub(r"```.*?```|`[^`\n]*`", "", listed[name].text, flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        target, _, anchor = link.partition("#")
        path = os.path.normpath(os.path.join(os.path.dirname(listed[name].path), target)) if target else ""
        if urlsplit(link).scheme or (target and not path.startswith(pages_folder() + os.sep)):
            continue  # another place, or a file of the repository beside docs/
        page = find_page(target, listed) if target else listed[name]
        assert page is not None, link
        assert not target or page.path in (path, os.path.join(path, "README.md")), link
        assert not anchor or anchor in anchors_of(page.text), link


def test_every_rule_has_its_page_and_reports_lead_to_it() -> None:
    """A finding names its page in the text report; in SARIF each rule names the command that shows its page."""
    with project({**SMALL, "policies/tenants.yaml": "tenants:\n  acme: {stacks: [mars], preset: x}\n"}) as root:
        text = in_process(["check"], root).out
        (first, rest) = re.findall(r"`routecomp docs (RC\d+)` explains the first; so for (RC\d+)\n$", text)[0]
        assert {first, rest} == set(re.findall(r"error\[(RC\d+)\]", text))
        assert in_process(["docs", first], root).out.startswith(f"# {first} ")
        log = json.loads(in_process(["check", "--format", "sarif"], root).out)
        described = log["runs"][0]["tool"]["driver"]["rules"]
        assert {rule["id"] for rule in described} == set(rules())
        for rule in described:
            assert f"`routecomp docs {rule['id']}`" in rule["help"]["text"]


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_knows_no_disk(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report says nothing of where routecomp is installed, and is the same where its pages are not."""
    with project({**SMALL, "policies/tenants.yaml": "tenants:\n  acme: {stacks: [mars], preset: x}\n"}) as root:
        whole = in_process(["check", "--format", format], root)
        assert whole.code == 1
        assert "file:" not in whole.out
        assert str(Path(routecomp.__file__).parents[2]) not in whole.out
        monkeypatch.setattr(routecomp.version, "__file__", str(root / "package" / "version.py"))
        assert in_process(["docs"], root).code == 2
        assert in_process(["check", "--format", format], root) == whole


def test_a_terminal_gets_a_pager(tmp_path: Path) -> None:
    """On a terminal a page goes through $PAGER; on a pipe it is the text of the file."""
    (tmp_path / "pager").write_text("#!/bin/sh\necho PAGED; cat\n")
    (tmp_path / "pager").chmod(0o755)
    variables = environment(tmp_path) | {"PAGER": str(tmp_path / "pager"), "TERM": "xterm"}
    script = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    script_path = str(Path(sys.executable).parent / "routecomp")
    command = [sys.executable, "-c", script, script_path, "docs", "settings"]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("PAGED")
    assert in_process(["docs", "settings"], tmp_path).out == (Path(pages_folder()) / "settings.md").read_text()


def test_several_pages_and_parts_are_shown(tmp_path: Path) -> None:
    """Each page that is named is shown, in text, as JSON and by its place; a part that is not there, never."""
    names = ["RC301", "settings#who-may-write-a-project"]
    texts = [in_process(["docs", name], tmp_path).out for name in names]
    assert in_process(["docs", *names], tmp_path).out == "\n".join(texts)
    records = json.loads(in_process(["docs", *names, "--json"], tmp_path).out)
    assert [record["text"] for record in records] == texts
    assert records[0] == json.loads(in_process(["docs", names[0], "--json"], tmp_path).out)
    paths = in_process(["docs", *names, "--path"], tmp_path).out
    assert paths == "".join(in_process(["docs", name, "--path"], tmp_path).out for name in names)
    for option in ("--path", "--json"):
        assert in_process(["docs", "settings#who-may-wander", option], tmp_path).code == 2
    assert in_process(["docs", "settings", "--path", "--json"], tmp_path).code == 2
    assert in_process(["docs", "settings", "weasel"], tmp_path).out == ""
