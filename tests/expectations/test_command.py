"""`routecomp test`: what holds, what does not, and what is written; the transcript shows the usual way."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.transcripts import SMALL, contents, in_process, project
from tests.diff.test_command import edit, git

FILE = "policies/expectations.yaml"
DIAL = """\
preferences:
  default: balanced
  floors: {good: 0.50, frontier: 0.80}
  dial: {quality: 0.30, balanced: 0, cost: -0.10}
  clamp: [good, frontier]
  gate_env: LIVE
"""
TWO = """\
expectations:
  berlin-stays-in-europe:  # the reason why
    for: {tenant: [berlin], feature: [support-chat], stream: [true, false]}
    expect: {model: claude}
  nobody:
    request: {feature: support-chat}
    expect:
      model: claude
"""


@pytest.fixture
def root() -> Iterator[Path]:
    """A project in which tenant `berlin` may not use Claude, and two expectations, one of which is wrong."""
    with project({**SMALL, FILE: TWO}) as folder:
        yield folder


def test_exit_codes(root: Path) -> None:
    """1 where something fails, 0 where what is named holds, 2 for a name that is none, 1 for a project with errors."""
    assert in_process(["test"], root).code == 1
    assert in_process(["test", "nobody"], root).code == 0
    assert in_process(["test", "nobodi"], root).code == 2
    assert "did you mean `nobody`?" in in_process(["test", "nobodi"], root).err
    (root / FILE).write_text(TWO.replace("model: claude\n", "model: clod\n"))
    ran = in_process(["test"], root)
    assert (ran.code, ran.out) == (1, "")
    assert "RC207" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        "--write --update",
        "--write nobody",
        "--dry-run",
        "--write --format junit",
        "--json --format text",
        "--today 2026-01-01",
        "--fail-under 80",
        "--moves chains",
        "--coverage --write",
        "--coverage --fail-under 101",
        "--coverage --against no-such-branch",
    ],
)
def test_wrong_usage(root: Path, words: str) -> None:
    """Options that contradict each other, and a day, which has no part in it, end with 2 and write nothing."""
    before = contents(root)
    assert in_process(["test", *words.split()], root).code == 2
    assert contents(root) == before


def test_reports_tell_every_request(root: Path) -> None:
    """JUnit has a case for each request, those that hold too; JSON has each with what was expected and came."""
    suites = ET.fromstring(in_process(["test", "--format", "junit"], root).out)
    cases = {case.get("name"): case.find("failure") is not None for case in suites.iter("testcase")}
    berlin = "expectation `berlin-stays-in-europe` (tenant berlin, feature support-chat, stream {})"
    assert cases == {berlin.format("true"): True, berlin.format("false"): True, "expectation `nobody`": False}
    document = json.loads(in_process(["test", "--json"], root).out)
    assert [document[key] for key in ("expectations", "requests", "failing", "errors")] == [2, 3, 2, 2]
    assert [result["holds"] for result in document["results"]] == [False, False, True]
    assert document["results"][0] == {
        "expectation": "berlin-stays-in-europe",
        "request": {"feature": "support-chat", "tenant": "berlin", "stream": True},
        "gate": "shut",
        "holds": False,
        "expected": {"model": "claude"},
        "got": {"model": "mistral-large"},
        "explain": "routecomp explain --feature support-chat --tenant berlin --stream",
    }
    assert [finding["line"] for finding in document["findings"]] == [4, 4]


def test_people_see_ten_requests(root: Path) -> None:
    """Of an expectation with many requests the first ten are shown, and the others are counted."""
    tokens = ", ".join(map(str, range(1, 31)))
    (root / FILE).write_text(
        f"expectations:\n  many:\n    for: {{input_tokens: [{tokens}]}}\n    request: {{feature: support-chat}}\n"
        "    expect: {model: mistral-large}\n"
    )
    out = in_process(["test"], root).out
    assert out.count("error[expectation]") == 10
    assert "and 20 more requests of expectation `many`" in out


@pytest.mark.parametrize("variable", ["0", "1", None])
def test_the_gate_is_the_expectation_s(root: Path, variable: str | None) -> None:
    """Whatever the environment says, an expectation decides whether the gate is open; the environment stays."""
    entry = "    request: {feature: support-chat, tenant: berlin, preference: quality}\n    expect: {reasons: [%s]}\n"
    (root / "policies/preferences.yaml").write_text(DIAL)
    (root / FILE).write_text(
        "expectations:\n  shut:\n"
        + entry % "preference_inert"
        + "  open:\n    gate: open\n"
        + entry % "preference_relaxed"
    )
    variables = {} if variable is None else {"LIVE": variable}
    document = json.loads(in_process(["test", "--json"], root, variables).out)
    assert document["failing"] == 0, document
    assert document["results"][0]["explain"].startswith("LIVE=1 routecomp explain ")


def test_write_adds_a_file_and_touches_nothing(root: Path) -> None:
    """What is expected already is left out; a file that is there stays as it is, whatever its name."""
    before = contents(root)
    ran = in_process(["test", "--write", "--dry-run"], root)
    assert (ran.code, contents(root)) == (0, before)
    assert "would write  policies/expectations-2.yaml" in ran.out
    assert in_process(["test", "--write"], root).code == 0
    after = contents(root)
    assert {path: after[path] for path in before} == before
    (new,) = after.keys() - before.keys()
    assert new == "policies/expectations-2.yaml"
    text = after[new].decode()
    assert "support-chat-tenants:" in text
    assert "  support-chat:" not in text  # `nobody` asks for it
    assert in_process(["test", "support-chat-tenants"], root).code == 0
    again = in_process(["test", "--write"], root)
    assert (again.out, contents(root)) == ("nothing to write: it is expected already\n", after)


def test_update_is_refused_in_ci(root: Path) -> None:
    """Where CI is set nothing is updated, not even as a dry run; `false` is not set."""
    before = contents(root)
    for words in (["--update"], ["--update", "--dry-run"]):
        assert in_process(["test", *words], root, {"CI": "true"}).code == 2
    assert contents(root) == before
    assert in_process(["test", "--update", "nobody"], root, {"CI": "false"}).code == 0


def test_update_takes_nothing_away(root: Path) -> None:
    """A key that has no value any more is not taken out, nor is anything else written then."""
    (root / "policies/tenants.yaml").write_text("tenants:\n  berlin: {stacks: [eu], banned_models: [mistral-large]}\n")
    before = contents(root)
    ran = in_process(["test", "--update"], root)
    assert ran.code == 1
    assert "expects a `model`, and nothing has one: the status is `rejected_policy`" in ran.err
    assert contents(root) == before


def test_update_writes_the_values_of_today(root: Path) -> None:
    """Values are replaced where they stand, comments stay, generated/ is not touched, and all holds then."""
    before = contents(root)
    dry = in_process(["test", "--update", "--dry-run", "--json"], root)
    assert contents(root) == before
    ran = in_process(["test", "--update"], root)
    assert ran.code == 0, ran.err
    assert json.loads(dry.out)["diff"] in ran.out
    assert (root / FILE).read_text() == TWO.replace("{model: claude}", "{model: mistral-large}")
    assert {path for path, data in contents(root).items() if before.get(path) != data} == {FILE}
    assert in_process(["test"], root).out == "2 expectations, 3 requests: all hold\n"
    assert in_process(["test", "--update"], root).out == "nothing to write: it is expected already\n"


def test_update_splits_a_value_that_some_requests_still_meet() -> None:
    """The value stays for the requests that meet it; the others get rows, which are read and hold."""
    text = "expectations:\n  all:\n    for: {tenant: [acme, berlin]}\n    request: {feature: support-chat}\n"
    for style in ("    expect: {model: claude}\n", "    expect: {model: claude}\n    rows: []\n"):
        with project({**SMALL, FILE: text + style}) as folder:
            assert in_process(["test", "--update"], folder).code == 0
            written = (folder / FILE).read_text()
            assert written.startswith(text + "    expect: {model: claude}\n")
            assert "where: {tenant: berlin}" in written
            assert in_process(["test"], folder).code == 0


def test_nothing_is_half_written(root: Path) -> None:
    """Where one of two files cannot be replaced, because its owner made it read-only, neither is."""
    (root / "policies/more.yaml").write_text(TWO.replace("berlin-stays", "berlin-still-stays").split("  nobody")[0])
    (root / "policies/more.yaml").chmod(stat.S_IRUSR)
    before = contents(root)
    ran = in_process(["test", "--update"], root)
    assert (ran.code, contents(root)) == (2, before)
    assert "policies/more.yaml is read-only: nothing was written" in ran.err
    (root / "policies/more.yaml").chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert in_process(["test", "--update"], root).code == 0
    assert in_process(["test"], root).code == 0


def test_a_rename_renames_expectations(root: Path) -> None:
    """`rename` changes the slugs of models, tenants and features in expectations too, and they hold as before."""
    (root / FILE).write_text(
        "expectations:\n  all:\n    for: {tenant: [acme, berlin], unavailable: [[claude], [mistral]]}\n"
        "    request: {feature: support-chat}\n    expect: {source: table}\n"
        "    rows:\n      - where: {tenant: acme, unavailable: [mistral]}\n"
        "        expect: {model: claude, chain: [claude], chain_begins: [claude], shadows: [], provider: anthropic}\n"
    )
    assert in_process(["test"], root).code == 0
    for kind, old, new in (
        ("model", "claude", "opus"),
        ("tenant", "acme", "acme-inc"),
        ("feature", "support-chat", "chat"),
        ("provider", "mistral", "mistral-ai"),
    ):
        ran = in_process(["rename", kind, old, new, "--no-base"], root)
        assert ran.code == 0, ran.err
        assert in_process(["test"], root).code == 0
        assert re.search(rf"\b{old}\b(?!-)", (root / FILE).read_text()) is None


def committed(root: Path) -> None:
    """Commit the project on main, and turn Claude off for the whole company in the work tree."""
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "the project")
    edit(root, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")


def test_coverage_names_what_no_expectation_asks(root: Path) -> None:
    """The share that is covered, and of each other move a request that, once it is expected, covers it."""
    committed(root)
    document = json.loads(in_process(["test", "nobody", "--coverage", "--json"], root).out)
    coverage = document["coverage"]
    assert [coverage[key] for key in ("covered", "percent", "proven")] == [0, 0, True]
    assert coverage["regions"] >= coverage["moves"] == len(coverage["left"]) > 0
    requests = [row["witness"] for row in coverage["left"]]
    assert {request["tenant"] for request in requests} == {"berlin"}
    entries = {
        f"moved-{number}": {
            "request": each,
            "undeclared": [name for name in each.values() if name == "undeclared-feature"],
            "expect": {"route": "feature"},
        }
        for number, each in enumerate(requests)
    }
    (root / "policies/more.yaml").write_text(json.dumps({"expectations": entries}))
    more = json.loads(in_process(["test", "--coverage", "--json"], root).out)["coverage"]
    assert more["covered"] >= len(requests)


def test_coverage_below_what_is_asked_fails_in_every_format(root: Path) -> None:
    """--fail-under ends with 1 where less is covered, and where nobody knows; people and CI servers see why."""
    committed(root)
    asked = ["test", "nobody", "--coverage", "--fail-under"]
    assert in_process([*asked, "0"], root).code == 0
    ran = in_process([*asked, "1"], root)
    assert (ran.code, ran.out.count('"tenant": "berlin"') > 0) == (1, True)
    assert "--fail-under asks for 1 %" in ran.out
    for format, words in (("junit", "<failure"), ("github", "::error"), ("sarif", '"level": "error"')):
        ran = in_process([*asked, "1", "--format", format], root)
        assert (ran.code, words in ran.out) == (1, True), format
    ran = in_process([*asked, "0", "--proof-seconds", "0"], root)
    assert (ran.code, "sampled, not proven" in ran.out) == (1, True)


def test_nothing_moves_and_all_is_covered(root: Path) -> None:
    """A change that moves nothing, and one that brings the whole project, have nothing to cover."""
    committed(root)
    git(root, "checkout", "-q", "--", ".")
    ran = in_process(["test", "nobody", "--coverage", "--fail-under", "100"], root)
    assert (ran.code, "there is nothing to cover" in ran.out) == (0, True)
    with project({"routes/README.md": "Nothing yet."}) as empty:
        ran = in_process(["test", "nobody", "--coverage", "--fail-under", "100", "--against", str(empty)], root)
        assert (ran.code, "Everything is new" in ran.out) == (0, True), ran
