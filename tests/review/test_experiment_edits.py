"""Test edits of experiments and tenants in files of any style: only the intended values change."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routecomp.parse.edit import RefusedError
from routecomp.review.edit.experiment import archive, change_status, complete, reweight, rotate_key, swap_version
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.tenant import GROUPS, set_tenant
from routecomp.rules.change.moved_units import moved, slot_owners
from tests.review.pages import COMMENTS, apply_plan, check_files, project
from tests.review.test_edits import assert_inserted, comments

SETTINGS = settings(max_examples=80, deadline=None)
FEATURES = b"features:\n  chat: {models: {alpha-1: primary}}\n"
TRIAL = "experiments/trial.yaml"
TENANTS = "policies/tenants.yaml"


@st.composite
def experiments(draw: st.DrawFn, statuses: tuple[str, ...] = ("draft", "active", "paused")) -> bytes:
    """Draw a file with one experiment of two or three variants, each in its own style."""
    weights = draw(st.sampled_from([("0.50", "0.5"), ("0.9", "0.1"), ("0.3333", "0.3333", "0.3334")]))
    lines = [
        f"experiments:{draw(COMMENTS)}",
        "  trial:",
        "    public_model_id: preview/trial",
        f"    status: {draw(st.sampled_from(statuses))}{draw(COMMENTS)}",
        "    variants:",
    ]
    slotted = draw(st.booleans())
    start = 0
    for id, weight in zip("abc", weights, strict=False):
        count = round(float(weight) * 10_000)
        slots = f"[[{start}, {start + count - 1}]]"
        start += count
        key = draw(st.sampled_from(["", ", api_key_env: A_KEY"]))
        style = draw(st.sampled_from(["flow", "block", "long", "blocks"]))
        inner = f"{{version: 1, model: alpha-1{key}}}"
        if style == "flow":
            middle = f", slots: {slots}" if slotted else ""
            lines.append(f"      {id}: {{weight: {weight}{middle}, versions: [{inner}]}}{draw(COMMENTS)}")
            continue
        lines += [f"      {id}:{draw(COMMENTS)}", f"        weight: {weight}{draw(COMMENTS)}"]
        lines += [f"        slots: {slots}"] if slotted else []
        if style == "block":
            lines += ["        versions:", f"        - {inner}{draw(COMMENTS)}"]
        elif style == "blocks":
            lines += ["        versions:", "          -   version: 1", f"              model: alpha-1{draw(COMMENTS)}"]
        else:
            comma = draw(st.sampled_from(["", ","]))
            lines += ["        versions: [", f"            {inner}{comma}{draw(COMMENTS)}", "          ]"]
    text = "\n".join(lines) + draw(st.sampled_from(["\n", "", "\n# the end\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode()


def files(page: bytes) -> dict[str, bytes]:
    """Return a project with this experiment."""
    return project(FEATURES, experiments_trial=page)


@SETTINGS
@given(experiments(), st.sampled_from(["start", "pause", "resume", "complete"]))
def test_a_step_changes_one_word(page: bytes, verb: str) -> None:
    """A command that the status allows changes that word; one that it does not allow is refused."""
    state = check_files(files(page))
    status = state.declared.experiments["trial"].body.status
    new = {
        ("draft", "start"): "active",
        ("active", "pause"): "paused",
        ("paused", "resume"): "active",
        ("active", "complete"): "completed",
        ("paused", "complete"): "completed",
    }.get((status, verb))

    def planned() -> Plan:
        if verb == "complete":
            return complete(state.declared, "trial", None)
        return change_status(state.declared, "trial", verb)

    if new is None:
        with pytest.raises(RefusedError):
            planned()
        return
    plan = planned()
    after = apply_plan(files(page), state, plan)[TRIAL]
    assert after == page.replace(f"status: {status}".encode(), f"status: {new}".encode())


@SETTINGS
@given(experiments(("paused",)))
def test_a_winner_and_an_archived_mark_are_lines_of_their_own(page: bytes) -> None:
    """`winner` and `archived` are inserted behind the status, whatever comment stands there."""
    state = check_files(files(page))
    after = apply_plan(files(page), state, complete(state.declared, "trial", "b"))
    assert re.sub(rb"\r?\n    winner: b(?=\r?\n)", b"", after[TRIAL]) == page.replace(b": paused", b": completed")
    state = check_files(after)
    archived = apply_plan(after, state, archive(state.declared, "trial"))[TRIAL]
    assert re.sub(rb"\r?\n    archived: true(?=\r?\n)", b"", archived) == after[TRIAL]


@SETTINGS
@given(experiments(), st.sampled_from(["a", "b"]), st.booleans())
def test_a_version_is_an_insertion(page: bytes, id: str, rotate: bool) -> None:
    """A new version is inserted behind the last one, in its style; without it the file is the old one."""
    state = check_files(files(page))
    old = state.declared.experiments["trial"].body.variants[id].versions
    plan = (
        rotate_key(state.declared, "trial", id, "B_KEY")
        if rotate
        else swap_version(state.declared, "trial", id, "beta-2", None)
    )
    after = apply_plan(files(page), state, plan)
    versions = check_files(after).declared.experiments["trial"].body.variants[id].versions
    assert versions[:-1] == old
    last = versions[-1]
    assert (last.version, last.model) == (2, "alpha-1" if rotate else "beta-2")
    # The same provider: the variant's own key stays.
    assert last.api_key_env == ("B_KEY" if rotate else old[0].api_key_env)
    assert_inserted(page, after[TRIAL])
    assert comments(page) == comments(after[TRIAL])
    assert after[TRIAL].count(b"\r") == (after[TRIAL].count(b"\n") if b"\r" in page else 0)


@SETTINGS
@given(experiments(), st.integers(1, 9_998), st.integers(1, 9_998))
def test_a_reweighting_moves_the_least_share(page: bytes, first: int, second: int) -> None:
    """The new slots are a partition, the fewest possible units move, and the notes say how many."""
    state = check_files(files(page))
    before = state.declared.experiments["trial"].body
    new = {"a": first, "b": 10_000 - first}
    if "c" in before.variants:
        assume(first + second < 10_000)
        new = {"a": first, "b": second, "c": 10_000 - first - second}
    assume(any(new[id] != variant.weight for id, variant in before.variants.items()))
    plan = reweight(state.declared, "trial", {id: f"0.{weight:04}" for id, weight in new.items()})
    after = apply_plan(files(page), state, plan)
    body = check_files(after).declared.experiments["trial"].body
    assert {id: variant.weight for id, variant in body.variants.items()} == new
    assert slot_owners(body) is not None
    units = moved(before, body)
    assert units is not None
    least = sum(max(0, new[id] - variant.weight) for id, variant in before.variants.items())
    if before.status != "draft":
        assert units.slots == units.least == least
        share = f"{least / 100:.2f}".rstrip("0").rstrip(".")
        assert plan.notes == (f"{share} % of the units move; {share} % is the least possible",)
    assert bare(page) == bare(after[TRIAL])
    assert comments(page) == comments(after[TRIAL])


def bare(data: bytes) -> list[bytes]:
    """Return a page without its weights and slots."""
    text = re.sub(rb"(weight: [\d.]+)|(,? ?slots: \[\[.*?\]\])", b"", re.sub(rb"#[^\r\n]*", b"", data))
    return text.replace(b",", b" ").split()


def test_a_draft_without_slots_gets_none() -> None:
    """In a draft without slots only the weights change, and the note says that no unit is assigned yet."""
    page = (
        b"experiments:\n  trial:\n    public_model_id: x\n    status: draft\n    variants:\n"
        b"      a: {weight: 0.5}\n      b: {weight: 0.5}\n"
    )
    state = check_files(files(page))
    plan = reweight(state.declared, "trial", {"a": "0.6", "b": "0.4"})
    assert apply_plan(files(page), state, plan)[TRIAL] == page.replace(b"a: {weight: 0.5", b"a: {weight: 0.6").replace(
        b"b: {weight: 0.5", b"b: {weight: 0.4"
    )
    assert plan.notes == ("no unit has been assigned yet: nobody moves",)
    with pytest.raises(RefusedError, match="no version to copy"):
        rotate_key(state.declared, "trial", "a", "KEY")
    first = apply_plan(files(page), state, swap_version(state.declared, "trial", "a", "beta-2", "A_KEY"))[TRIAL]
    assert b"a: {weight: 0.5, versions: [{version: 1, model: beta-2, api_key_env: A_KEY}]}" in first


def test_a_completed_experiment_takes_nothing_more() -> None:
    """A completed experiment refuses new weights, versions and statuses."""
    page = (
        b"experiments:\n  trial:\n    public_model_id: x\n    status: completed\n    archived: true\n"
        b"    variants:\n      a: {weight: 0.5, versions: [{version: 1, model: alpha-1}]}\n"
        b"      b: {weight: 0.5}\n"
    )
    declared = check_files(files(page)).declared
    calls: list[Callable[[], Plan]] = [
        lambda: reweight(declared, "trial", {"a": "0.6", "b": "0.4"}),
        lambda: swap_version(declared, "trial", "a", "beta-2", None),
        lambda: rotate_key(declared, "trial", "a", "KEY"),
        lambda: change_status(declared, "trial", "start"),
        lambda: change_status(declared, "trial", "resume"),
        lambda: archive(declared, "trial"),
    ]
    for call in calls:
        with pytest.raises(RefusedError, match=r"completed|archived already"):
            call()


@st.composite
def tenants(draw: st.DrawFn) -> tuple[bytes, bool]:
    """Draw a file with one tenant, and whether it is in flow style."""
    flow = draw(st.booleans())
    stacks = draw(st.booleans())
    fields = ["preset: balanced", "min_quality: 0.5", "weights: {quality: 0.40, latency: 0.30, cost: 0.30}"]
    fields = draw(st.permutations(fields))
    if flow:
        more = ", stacks: [us, eu]" if stacks else ""
        text = f"tenants:\n  acme: {{{', '.join(fields)}{more}}}{draw(COMMENTS)}\n"
    else:
        lines = [f"    {field}{draw(COMMENTS)}\n" for field in fields]
        if stacks:
            items = "".join(f"      - {word}{draw(COMMENTS)}\n" for word in ("us", "eu"))
            lines.insert(draw(st.integers(0, 3)), f"    stacks:\n{items}")
        text = f"tenants:\n  acme:{draw(COMMENTS)}\n{''.join(lines)}"
    text += draw(st.sampled_from(["", "  other: {preset: cost_first}\n"]))
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode(), flow


@SETTINGS
@given(tenants())
def test_a_value_that_stands_there_is_replaced(drawn: tuple[bytes, bool]) -> None:
    """A scalar and a part of the weights are replaced in place."""
    page, _ = drawn
    state = check_files(project(FEATURES, policies_tenants=page))
    plan = set_tenant(
        state.declared, "acme", [("min_quality", "0.65"), ("weights.cost", "0.10"), ("weights.latency", "0.50")]
    )
    after = apply_plan(project(FEATURES, policies_tenants=page), state, plan)[TENANTS]
    assert after == page.replace(b"min_quality: 0.5", b"min_quality: 0.65").replace(
        b"cost: 0.30}", b"cost: 0.10}"
    ).replace(b"latency: 0.30", b"latency: 0.50")


@SETTINGS
@given(tenants())
def test_a_new_value_is_inserted_and_goes_again(drawn: tuple[bytes, bool]) -> None:
    """Setting a key and removing it again restores the bytes, comments included."""
    page, _ = drawn
    files = project(FEATURES, policies_tenants=page)
    state = check_files(files)
    after = apply_plan(
        files,
        state,
        set_tenant(state.declared, "acme", [("banned_models", "beta-2, gamma-3"), ("owner", "the team: #1")]),
    )
    body = check_files(after).declared.tenants["acme"].body
    assert (body.banned_models, body.owner) == (("beta-2", "gamma-3"), "the team: #1")
    assert_inserted(page, after[TENANTS])
    state = check_files(after)
    back = apply_plan(after, state, set_tenant(state.declared, "acme", [("owner", ""), ("banned_models", "")]))
    assert back[TENANTS] == page


@SETTINGS
@given(tenants(), st.booleans())
def test_all_of_a_tenants_keys_can_go(drawn: tuple[bytes, bool], new: bool) -> None:
    """A tenant without keys becomes `{}`, or has only the new keys, with every comment kept or the edit refused."""
    page, flow = drawn
    files = project(FEATURES, policies_tenants=page)
    state = check_files(files)
    keys = [key.text for key, _ in state.declared.tenants["acme"].node.items]
    wanted = [*((key, "") for key in keys), *([("owner", "x")] if new else [])]
    try:
        after = apply_plan(files, state, set_tenant(state.declared, "acme", wanted))
    except RefusedError as refused:
        assume("a comment stands in what would be taken out" not in refused.message)
        raise
    body = check_files(after).declared.tenants["acme"].body
    assert set(vars(body)) == ({"owner"} if new else set())
    assert sorted(comments(after[TENANTS])) == sorted(comments(page))
    if not flow and not new:
        assert re.search(rb"acme: \{\} *(#.*)?\r?$", after[TENANTS], re.MULTILINE)


@SETTINGS
@given(tenants(), st.sampled_from([("us",), ("eu",), ("us", "eu"), ("eu", "us"), ("us", "eu", "us")]))
def test_lists_change_item_by_item(drawn: tuple[bytes, bool], wanted: tuple[str, ...]) -> None:
    """A list becomes the intended one, or the edit is refused because a comment would be lost."""
    page, _ = drawn
    files = project(FEATURES, policies_tenants=page)
    state = check_files(files)
    try:
        plan = set_tenant(state.declared, "acme", [("stacks", ",".join(wanted))])
    except RefusedError as refused:
        why = refused.message
        assume("already" not in why and "comments inside" not in why)
        raise
    after = apply_plan(files, state, plan)
    assert check_files(after).declared.tenants["acme"].body.stacks == wanted
    assert sorted(comments(after[TENANTS])) == sorted(comments(page))


BUDGETS = {
    "none": "{preset: balanced}",
    "daily": "{preset: balanced, budget: {daily_usd: 5.00}}  # mine",
    "both": "\n    budget:\n      daily_usd: 5.00  # a day\n      monthly_usd: 100.00\n    stacks: [us]",
    "plain": "\n    budget:\n      daily_usd: 5.00\n      monthly_usd: 100.00\n    stacks: [us]  # mine",
    "weights": "\n    weights: {quality: 0.40, latency: 0.30, cost: 0.30}",
}


@pytest.mark.parametrize(
    ("page", "given", "daily", "monthly"),
    [
        ("none", ["budget.daily_usd=7.50"], 750, None),
        ("none", ["budget.daily_usd=7.5", "budget.monthly_usd=90"], 750, 9000),
        ("none", ["budget={daily_usd: 7}"], 700, None),
        ("weights", ["budget.monthly_usd=9", "weights.quality=0.50", "weights.cost=0.20"], None, 900),
        ("daily", ["budget.daily_usd=7.50"], 750, None),
        ("daily", ["budget.monthly_usd=90"], 500, 9000),
        ("daily", ["budget.monthly_usd=90", "budget.daily_usd="], None, 9000),
        ("daily", ["budget=daily_usd: 6, monthly_usd: 60"], 600, 6000),
        ("daily", ["budget.daily_usd="], None, None),
        ("daily", ["budget="], None, None),
        ("both", ["budget.daily_usd=7.50"], 750, 10000),
        ("both", ["budget.monthly_usd="], 500, None),
        ("both", ["budget=daily_usd: 1, monthly_usd: 2"], 100, 200),
        ("plain", ["budget.daily_usd=", "budget.monthly_usd="], None, None),
    ],
)
def test_each_key_within_a_key(page: str, given: list[str], daily: int | None, monthly: int | None) -> None:
    """What the YAML can say of a budget, `tenant set` can write, one by one and whole; comments stay."""
    files = project(FEATURES, policies_tenants=f"tenants:\n  acme: {BUDGETS[page]}\n".encode())
    state = check_files(files)
    pairs = [(key, value) for key, _, value in (text.partition("=") for text in given)]
    plan = set_tenant(state.declared, "acme", pairs)
    after = apply_plan(files, state, plan)
    budget = check_files(after).declared.tenants["acme"].body.budget
    assert (budget.daily_usd, budget.monthly_usd) == (daily, monthly), after[TENANTS]
    assert comments(after[TENANTS]) == comments(files[TENANTS])
    assert "budget" in plan.title


def test_every_key_of_a_tenant_can_be_given() -> None:
    """The keys within keys that the command knows are those of the model."""
    assert {(group, *part.fields) for group, part in GROUPS.items()} == {
        ("weights", "quality", "latency", "cost"),
        ("budget", "daily_usd", "monthly_usd"),
    }


def test_what_is_refused() -> None:
    """Unknown tenants and keys, values of the wrong kind and incomplete weights are refused with a message."""
    page = b"tenants:\n  acme: {preset: balanced}\n"
    declared = check_files(project(FEATURES, policies_tenants=page)).declared
    for id, settings_, message in (
        ("acmee", [("preset", "balanced")], "no tenant `acmee`"),
        ("acme", [("min_qualty", "0.5")], "no `min_qualty`"),
        ("acme", [("min_quality", "1.5")], "`min_quality` is `1.5`"),
        ("acme", [("weights.cost", "0.5")], "no weights of its own"),
        ("acme", [("weights.speed", "0.5")], "no `speed`"),
        ("acme", [("budget.daily", "5")], "`budget` has no `daily`"),
        ("acme", [("budget.daily_usd", "")], "no `budget.daily_usd` to take out"),
        ("acme", [("budget", "7.50")], "a few keys with a value each"),
        ("acme", [("budget.daily_usd", "5.123")], "3 decimals"),
        ("acme", [("budget.daily_usd", "5"), ("budget", "{daily_usd: 5}")], "given twice"),
        ("acme", [("preset.x", "5")], "no `preset.x`"),
        ("acme", [("preset", "balanced")], "says that already"),
        ("acme", [("owner", "")], "no `owner` to take out"),
        ("acme", [("owner", "a"), ("owner", "b")], "given twice"),
        ("acme", [("fallback_enabled", "maybe")], "neither true nor false"),
    ):
        with pytest.raises(RefusedError) as refused:
            set_tenant(declared, id, settings_)
        assert message in refused.value.message
