"""A change declares what it moves; diff fails where more does, and no change loosens the guards of its base."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from routecomp.model.guards import Guards
from routecomp.review.analysis.compare import compare_tables
from routecomp.review.analysis.guards import Judge
from routecomp.review.analysis.read_intent import DeclaredIntent, intent_in_text, read_intent
from routecomp.review.analysis.report import MoveReport, report_of
from routecomp.review.analysis.side import UNDECLARED
from routecomp.review.analysis.space import Space
from tests.cli.transcripts import SMALL, Ran, in_process, project
from tests.diff.test_command import edit, git
from tests.properties.compare import Case
from tests.properties.strategies import Seeded, program_files
from tests.review.analysis.mutations import mutated


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """Yield the small project, whose change promotes a model: all callers but berlin move."""
    with project(SMALL) as folder:
        git(folder, "init", "-q", "-b", "main")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "start")
        git(folder, "checkout", "-qb", "change")
        edit(folder, "routes/all.yaml", "mistral-large: shadow", "mistral-large: primary")
        edit(folder, "routes/all.yaml", "claude: primary", "claude: shadow")
        yield folder


def event(root: Path, body: object, **more: Any) -> dict[str, str]:
    """Write an event of a pull request with this text; return the variables of its job."""
    path = root.parent / f"{root.name}-event.json"
    path.write_text(json.dumps({"pull_request": {"body": body, **more}}))
    return {"GITHUB_EVENT_PATH": str(path)}


def judged(root: Path, intent: str, *arguments: str) -> Ran:
    """Compare, with an intent in the project's own file."""
    (root / "intent.yaml").write_text(intent)
    return in_process(["diff", *arguments], root)


@pytest.mark.parametrize(
    ("intent", "code"),
    [
        ("intent: {features: [support-chat]}", 0),
        ("intent: {features: [support-chat], changes: [pick]}", 0),
        ("intent: {tenants: [acme], without_tenant: true, undeclared_tenants: true}", 0),
        (
            "intent:\n- {tenants: [acme], features: [support-chat]}\n"
            "- {without_tenant: true, undeclared_tenants: true}\n",
            0,
        ),
        ("intent: nothing", 1),
        ("intent: {tenants: [acme], features: [support-chat]}", 1),
        ("intent: {tenants: [acme], without_tenant: true}", 1),
        ("intent: {features: [support-chat], changes: [chain, said]}", 1),
        ("intent: {models: [auto]}", 1),
        ("intent:\n- {tenants: [acme], features: [support-chat]}\n- {without_tenant: true, models: [auto]}", 1),
    ],
)
def test_what_lies_outside_of_an_intent_fails(root: Path, intent: str, code: int) -> None:
    """Every call that moves lies in some entry, with its caller, its name and its change together."""
    ran = judged(root, intent)
    assert ran.code == code, ran
    assert ("a decision outside of the declared intent (intent.yaml) changes" in ran.err) == bool(code)
    assert "Declared to move (intent.yaml): " in ran.out


@pytest.mark.parametrize(
    ("intent", "wrong"),
    [
        ("intent: {tenants: [acmee], features: [support-chat]}", [("RC824", 1, 20, "did you mean `acme`?")]),
        (
            "intent:\n  tenant: [acme]\n  features: []\n",
            [("RC120", 3, 13, "add an entry"), ("RC112", 2, 3, "did you mean `tenants`?")],
        ),
        (
            "intent:\n  tenant: [acme]\n  features: [suport-chat]\n",
            [("RC112", 2, 3, "did you mean `tenants`?"), ("RC824", 3, 14, "did you mean `support-chat`?")],
        ),
        ("intent:\n", [("RC120", 1, 8, "`intent: nothing`")]),
        ("intent: []\n", [("RC120", 1, 9, "`intent: nothing`")]),
        ("intent: [{}]\n", [("RC120", 1, 10, "`intent: nothing`")]),
        ("intent: everything\n", [("RC120", 1, 9, "`intent: nothing`")]),
        ("- intent\n", [("RC120", 1, 1, "`intent: nothing`")]),
        ("intents: nothing\n", [("RC112", 1, 1, "`intent: nothing`")]),
        ("intent: nothing\nmore: 1\n", [("RC112", 2, 1, "`intent: nothing`")]),
        ("intent: {changes: [picks]}\n", [("RC121", 1, 20, "did you mean `pick`?")]),
        ("intent: {tenants: &a [acme]}\n", [("RC106", 1, 19, "")]),
        ("intent: {tenants: [acme]\n", [("RC103", 1, 9, "")]),
    ],
)
def test_a_mistake_in_an_intent_has_its_place(root: Path, intent: str, wrong: list[tuple[str, int, int, str]]) -> None:
    """Each mistake is a finding of its own, with line, column and a remedy; the change fails and is shown."""
    ran = judged(root, intent, "--json")
    assert ran.code == 1
    findings = json.loads(ran.out)["guards"]["findings"]
    shown = [(each["rule"], each["at"]["line"], each["at"]["column"]) for each in findings]
    assert sorted(shown) == sorted(each[:3] for each in wrong), findings
    for rule, _, _, remedy in wrong:
        assert any(each["rule"] == rule and remedy in each["help"] and each["help"] for each in findings), findings
        assert f"error[{rule}]" in ran.err


def test_a_pull_request_says_what_moves(root: Path) -> None:
    """Text around the intent is left alone; without one nothing is held; a mistake has the line of the text."""
    assert in_process(["diff", "--intent-from-event"], root, event(root, "Faster answers.")).code == 0
    text = "Faster answers.\r\n\r\n```yaml\r\nintent:\r\n  features: [support-chat]\r\n```\r\nThanks!\r\n"
    ran = in_process(["diff", "--intent-from-event"], root, event(root, text))
    assert ran.code == 0, ran
    assert "Declared to move (the pull request's text, line 4): features support-chat." in " ".join(ran.out.split())
    ran = in_process(["diff", "--intent-from-event"], root, event(root, text.replace("[support", "[suport")))
    assert ran.code == 1
    assert "the pull request's text:5:14" in ran.err
    variables = {"CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_DESCRIPTION": "intent: nothing"}
    assert in_process(["diff", "--intent-from-event"], root, variables).code == 1


def test_each_intent_counts(root: Path) -> None:
    """A file and a pull request that both declare something are both held."""
    (root / "intent.yaml").write_text("intent: {features: [support-chat]}")
    ran = in_process(["diff", "--intent-from-event"], root, event(root, "intent: nothing"))
    assert ran.code == 1
    assert "a decision outside of the declared intent (the pull request's text, line 1) changes" in ran.err
    (root / "other.yaml").write_text("intent: nothing")
    assert in_process(["diff"], root).code == 0
    assert in_process(["diff", "--intent", "other.yaml"], root).code == 1
    assert in_process(["diff", "--intent", "nowhere.yaml"], root).code == 2


def test_an_intent_that_was_merged_is_none_of_the_next_change(root: Path) -> None:
    """What stands on the base declares nothing for a change; a change of it does."""
    git(root, "stash", "-q")
    (root / "intent.yaml").write_text("intent: nothing\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "an intent")
    git(root, "branch", "-f", "main")
    git(root, "stash", "pop", "-q")
    ran = in_process(["diff"], root)
    assert ran.code == 0, ran
    assert "intent.yaml is that of the other side" in ran.err
    assert judged(root, "intent: nothing  # again\n").code == 1


@pytest.mark.parametrize("loosened", ["", "guards: {only: [tenant=acme, tenant=berlin]}\n", "guards: {}\n"])
def test_no_change_loosens_its_own_guards(root: Path, loosened: str) -> None:
    """The settings of the base count: a change that drops a guard, or widens it, is held to it all the same."""
    git(root, "stash", "-q")
    (root / "routecomp.yaml").write_text("guards: {only: [tenant=berlin], require_intent: true, require_proof: true}\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "guards")
    git(root, "branch", "-f", "main")
    git(root, "stash", "pop", "-q")
    (root / "routecomp.yaml").write_text(loosened or "output: generated\n")
    ran = in_process(["diff"], root)
    assert ran.code == 1
    assert "a decision changes that `guards.only` on main does not name" in ran.err
    assert "no intent is declared, which `guards.require_intent` on main asks for" in ran.err
    assert "security setting `guards`" in ran.out
    assert in_process(["diff", "--moves", "none"], root).code == 2


def test_a_guard_counts_once_it_is_merged(root: Path) -> None:
    """A guard that the change itself brings does not hold it: it is for those that follow."""
    (root / "routecomp.yaml").write_text("guards: {no_decision_change: true}\n")
    assert in_process(["diff"], root).code == 0


def test_an_intent_may_be_asked_for(root: Path) -> None:
    """--require-intent fails where decisions move and nothing is declared, in a pull request and by hand."""
    assert in_process(["diff", "--require-intent"], root).code == 1
    assert in_process(["diff", "--require-intent", "--intent-from-event"], root, event(root, "")).code == 1
    assert judged(root, "intent: {features: [support-chat]}", "--require-intent").code == 0
    (root / "intent.yaml").unlink()
    (root.parent / "push.json").write_text('{"ref": "refs/heads/main"}')
    push = {"GITHUB_EVENT_PATH": str(root.parent / "push.json")}
    ran = in_process(["diff", "--require-intent", "--intent-from-event"], root, push)
    assert ran.code == 0
    assert "this is no pull request" in ran.err
    assert in_process(["diff", "--intent-from-event"], root).code == 2  # no CI that is known


HOSTILE_EVENTS = [
    b"",
    b"\xff\xfe",
    b"[" * 100_000,
    b"null",
    b"[]",
    b'"x"',
    b"{",
    b"1" * 10_000,
    b'{"pull_request": 7}',
    b'{"pull_request": []}',
    b'{"pull_request": {}}',
    b'{"pull_request": {"body": null}}',
    b'{"pull_request": {"body": {"intent": "nothing"}}}',
    b'{"pull_request": {"body": "intent: \\ud800"}}',
    b'{"pull_request": {"body": "intent: \\u0000"}}',
    b'{"pull_request": {"body": "intent: {tenants: [$(touch pwned), `touch pwned`, \'; touch pwned; \']}"}}',
    b'{"pull_request": {"body": "intent: {tenants: [\\u202eacme, \\u001b[31m]}"}}',
    b'{"pull_request": {"body": "intent: &a [*a, *a]"}}',
    b'{"pull_request": {"body": "intent: !!python/object/apply:os.system [touch pwned]"}}',
    b'{"pull_request": {"body": "intent: ' + b"[" * 5_000 + b'"}}',
    b'{"pull_request": {"body": "intent: ' + b"x" * 300_000 + b'"}}',
    b'{"pull_request": {"body": "intent: nothing\\nintent: nothing"}}',
    b'{"pull_request": {"body": "intent:\\n  tenants: [\'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH\']"}}',
]


@pytest.mark.parametrize("data", HOSTILE_EVENTS, ids=range(len(HOSTILE_EVENTS)))
def test_a_hostile_event_stays_text(root: Path, data: bytes) -> None:
    """Whatever an event holds: no traceback, nothing is run, and nothing unseen is printed."""
    path = root.parent / "hostile.json"
    path.write_bytes(data)
    for format in ("text", "sarif", "markdown"):
        ran = in_process(["diff", "--intent-from-event", "--format", format], root, {"GITHUB_EVENT_PATH": str(path)})
        assert ran.code in (0, 1, 2), ran.err[-2000:]
        assert "Traceback" not in ran.err
        assert "internal" not in ran.err
        assert not {*"\x1b\u202e\x00"} & {*(ran.out + ran.err)}
        assert "abcdefghijklmnopqrstuvwxyz0123456789" not in ran.out + ran.err
        assert len(ran.err) < 20_000
    assert not [*root.rglob("pwned")]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["intent:", "intent: nothing", "  tenants: [a]", "- features: [x]", "", "<!--", "-->", "```", "x"]
        )
        | st.text(max_size=15),
        max_size=8,
    ).map("\n".join)
)
def test_any_text_is_read(text: str) -> None:
    """No text raises; a finding names a line of the text, and what is read says what a file would say."""
    intent, _ = intent_in_text("text", text, "the text")
    if intent is None:
        return
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in intent.errors:
        assert finding.span is not None
        assert 1 <= finding.span.line <= len(lines) + 1
        assert finding.help
    assert intent.errors or intent.entries or "nothing" in text


def moves_of(seed: int) -> MoveReport:
    """Return the moves of a random change, with all chains."""
    dice = random.Random(seed)
    before = Case.of(program_files(Seeded(f"moves-{seed}"))).table
    return report_of(compare_tables(before, mutated(before, dice), None, Space(cost=False)))


def entry(name: tuple[str, str], caller: str | None, change: str) -> dict[str, Any]:
    """Return an entry of an intent for the moves of one caller on one name."""
    who: dict[str, Any] = {"tenants": [caller]}
    who = {"without_tenant": True} if caller is None else {"undeclared_tenants": True} if caller == UNDECLARED else who
    return {**who, f"{name[0]}s": [name[1]], "changes": [change]}


@pytest.mark.parametrize("seed", range(8))
def test_an_intent_that_says_all_passes_and_each_smaller_one_fails(seed: int) -> None:
    """One entry for each caller, name and change that moves: nothing is outside; without one, something is."""
    moves = moves_of(seed)
    triples = {(name, caller, row.move.change) for row in moves.rows for name, callers in row.who for caller in callers}
    entries = [entry(*triple) for triple in sorted(triples, key=repr)]

    def outside(entries: list[dict[str, Any]]) -> int:
        intent = read_intent("i", json.dumps({"intent": entries or "nothing"}).encode(), "i")
        assert not intent.errors, intent
        _, verdict = Judge(intents=[intent])(moves)
        assert not verdict.findings
        assert bool(verdict.broken) == bool(verdict.outside)
        return verdict.outside

    assert outside(entries) == 0
    dice = random.Random(seed)
    for _ in range(min(len(entries), 6)):
        left_out = dice.randrange(len(entries))
        assert outside([each for number, each in enumerate(entries) if number != left_out]) > 0
    assert outside([]) == len(moves.rows)


def test_rows_that_are_not_allowed_come_first() -> None:
    """The moves outside are the first of the report, in their order; the others follow, and none is lost."""
    moves = next(report for report in map(moves_of, range(99)) if len(report.rows) > 2)
    last = moves.rows[-1]
    entries = [entry(name, c, row.move.change) for row in moves.rows[:-1] for name, callers in row.who for c in callers]
    intent = read_intent("i", json.dumps({"intent": entries}).encode(), "i")
    ordered, verdict = Judge(intents=[intent])(moves)
    assert verdict.outside == 1
    assert [id(row) for row in ordered.rows] == [id(last), *[id(row) for row in moves.rows[:-1]]]


def test_what_was_sampled_breaks_every_guard() -> None:
    """A guard that a comparison cannot answer is broken, an intent too; without guards nothing is."""
    sampled = MoveReport((), 5, 2, "every request", 50, 3)
    for judge in (Judge([(Guards(require_proof=True), "")]), Judge(intents=[DeclaredIntent("x")])):
        _, verdict = judge(sampled)
        assert [str(guard) for guard in verdict.broken] == ["sampled, not proven: 2 of 5 views were over the bound"]
    assert not Judge()(sampled)[1].broken
