"""Test the rows of `routecomp diff`: each small edit of a project has the row that a reader expects."""

from __future__ import annotations

from datetime import date

import pytest

from routecomp.checker import Options
from routecomp.comparer import Compared, diff
from routecomp.review.base.base import Base
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.render.wording import span_text
from tests.cli.transcripts import SMALL

BREAKING, BEHAVIOURAL, COSMETIC = Severity
PROJECT = {
    **SMALL,
    "policies/presets.yaml": """\
presets:
  cost_first:
    description: cheap
preferences:
  default: balanced
  floors: {good: 0.50, frontier: 0.85}
  dial: {quality: +0.10, balanced: 0, cost: -0.10}
  clamp: [good, frontier]
""",
    "policies/more.yaml": """\
tenants:
  globex:
    preset: cost_first
  initech:
    preset: cost_first
    max_quality_loss: 0.05
  umbrella:
    min_quality: 0.55
    banned_providers: [anthropic]
""",
    "experiments/all.yaml": """\
experiments:
  nimbus:
    public_model_id: preview/nimbus
    status: active
    variants:
      control: {label: Control, weight: 0.50, versions: [{version: 1, model: claude}]}
      b: {label: B, weight: 0.30, versions: [{version: 1, model: mistral-large}]}
      c: {weight: 0.20, versions: [{version: 1, model: mistral-large}]}
  later:
    public_model_id: preview/later
    status: draft
    variants:
      control: {weight: 1, versions: [{version: 1, model: claude}]}
""",
}
EDITS = [
    (
        "claude: primary\n      mistral-large: shadow",
        "mistral-large: primary\n      claude: shadow",
        "feature",
        "support-chat",
        "primary",
        "claude",
        "mistral-large",
        BEHAVIOURAL,
        "claude is now shadow; mistral-large was shadow",
    ),
    (
        "mistral-large: shadow",
        "mistral-large: {status: shadow, sample: 0.05, max_daily_usd: 20.00}",
        "feature",
        "support-chat",
        "models.mistral-large",
        "shadow",
        "shadow, sample 0.05, at most 20.00 USD a day",
        BEHAVIOURAL,
        "",
    ),
    ("    then: auto", "    min_quality: 0.6", "feature", "support-chat", "then", "auto", None, BEHAVIOURAL, ""),
    ("min_quality: 0.55", "min_quality: 0.60", "tenant", "umbrella", "min_quality", "0.55", "0.60", BEHAVIOURAL, ""),
    (
        "banned_providers: [anthropic]",
        "banned_providers: [mistral]",
        "tenant",
        "umbrella",
        "banned_providers",
        "anthropic",
        "mistral",
        BEHAVIOURAL,
        "adds mistral; drops anthropic",
    ),
    ("stacks: [eu]", "stacks: [eu, us]", "tenant", "berlin", "stacks", "eu", "eu, us", BEHAVIOURAL, "adds us"),
    (
        "    preset: balanced\n",
        "    preset: balanced\n    fallback_enabled: true\n",
        "tenant",
        "acme",
        "fallback_enabled",
        "true",
        "true",
        COSMETIC,
        "the same value, the default before and its own now",
    ),
    (
        "    description: cheap",
        "    max_quality_loss: 0.20",
        "preset",
        "cost_first",
        "max_quality_loss",
        "0.10",
        "0.20",
        BEHAVIOURAL,
        "reaches 1 tenant",
    ),
    (
        "    description: cheap",
        "    description: cheaper",
        "preset",
        "cost_first",
        "description",
        "cheap",
        "cheaper",
        COSMETIC,
        "",
    ),
    ("input: 5.00", "input: 6.00", "model", "claude", "price.input", "5.00", "6.00", BEHAVIOURAL, "+20 %"),
    (
        "input: 5.00",
        "input: 4.9999",
        "model",
        "claude",
        "price.input",
        "5.00",
        "4.9999",
        BEHAVIOURAL,
        "less than 0.1 % down",
    ),
    (
        "capabilities: [streaming, tools]",
        "capabilities: [vision, streaming]",
        "model",
        "claude",
        "capabilities",
        "streaming, tools",
        "streaming, vision",
        BEHAVIOURAL,
        "adds vision; drops tools",
    ),
    ("latency_ms: 1800", "latency_ms: 1700", "model", "claude", "latency_ms", "1,800 ms", "1,700 ms", BEHAVIOURAL, ""),
    (
        "context_window: 128000",
        "context_window: 128000\n    listed: false",
        "model",
        "mistral-large",
        "listed",
        "true",
        "false",
        BREAKING,
        "",
    ),
    (
        "chat_path: /v1/messages",
        "chat_path: /v2/messages",
        "provider",
        "anthropic",
        "url",
        "https://api.anthropic.com/v1/messages",
        "https://api.anthropic.com/v2/messages",
        BEHAVIOURAL,
        "",
    ),
    (
        "api_key_env: MISTRAL_API_KEY",
        "api_key_env: MISTRAL_KEY",
        "provider",
        "mistral",
        "api_key_env",
        "MISTRAL_API_KEY",
        "MISTRAL_KEY",
        BREAKING,
        "",
    ),
    (
        "candidates: all",
        "candidates: {stacks: [eu]}",
        "target",
        "auto",
        "candidates",
        "all",
        "stacks: eu",
        BEHAVIOURAL,
        "",
    ),
    (
        "candidates: all",
        "candidates: all\n    aliases: [r/auto]",
        "target",
        "auto",
        "aliases",
        "none",
        "r/auto",
        BEHAVIOURAL,
        "adds r/auto",
    ),
    (
        "  model: claude\n",
        "  model: mistral-large\n",
        "defaults",
        "defaults",
        "model",
        "claude",
        "mistral-large",
        BEHAVIOURAL,
        "",
    ),
    (
        "  model: claude\n",
        "  model: claude\n  unknown_tenant: reject\n",
        "defaults",
        "defaults",
        "unknown_tenant",
        "default",
        "reject",
        BREAKING,
        "",
    ),
    (
        "  model: claude\n",
        "  model: claude\n  policy: {min_quality: 0.2}\n",
        "defaults",
        "defaults",
        "policy.min_quality",
        None,
        "0.20",
        BEHAVIOURAL,
        "",
    ),
    (
        "  model: claude\n",
        "  model: claude\n  routes: {x: claude}\n",
        "defaults",
        "defaults",
        "routes.x",
        None,
        "claude",
        BEHAVIOURAL,
        "",
    ),
    (
        "worst: 75.00",
        "worst: 50",
        "scoring",
        "scoring",
        "cost",
        "best 0.00, worst 75.00 USD",
        "best 0.00, worst 50.00 USD",
        COSMETIC,
        "",
    ),
    ("good: 0.50,", "good: 0.45,", "preferences", "preferences", "floors.good", "0.50", "0.45", BEHAVIOURAL, ""),
    ("cost: -0.10", "cost: -0.20", "preferences", "preferences", "dial.cost", "-0.10", "-0.20", BEHAVIOURAL, ""),
    (
        "  clamp: [good, frontier]",
        "  clamp: [good, frontier]\n  gate_env: LIVE",
        "preferences",
        "preferences",
        "gate_env",
        None,
        "LIVE",
        BEHAVIOURAL,
        "",
    ),
    (
        "label: Control",
        "label: The old one",
        "experiment",
        "nimbus",
        "variants.control.label",
        "Control",
        "The old one",
        COSMETIC,
        "",
    ),
    ("status: active", "status: paused", "experiment", "nimbus", "status", "active", "paused", BEHAVIOURAL, ""),
    (
        "versions: [{version: 1, model: mistral-large}]}\n      c",
        "versions: [{version: 1, model: mistral-large}, {version: 2, model: claude}]}\n      c",
        "experiment",
        "nimbus",
        "variants.b",
        "mistral-large",
        "claude",
        BEHAVIOURAL,
        "version 2",
    ),
    ("    status: draft", "    status: draft\n    owner: us", "experiment", "later", "owner", None, "us", COSMETIC, ""),
]


def compare(before: dict[str, str], after: dict[str, str]) -> Compared:
    """Compare two projects, each a mapping of paths to texts."""
    old, new = ({path: text.encode() for path, text in side.items()} for side in (before, after))
    return diff(new, Options(today=date(2026, 11, 20)), Base("on main", "main:", old))


def rows(before: dict[str, str], after: dict[str, str]) -> tuple[Row, ...]:
    """Return the rows of a change."""
    comparison = compare(before, after)
    assert comparison.difference is not None, (comparison.wrong, comparison.checked.diagnostics)
    return comparison.difference.rows


@pytest.mark.parametrize(("old", "new", "kind", "name", "what", "before", "after", "severity", "note"), EDITS)
def test_an_edit_is_said(
    old: str,
    new: str,
    kind: str,
    name: str,
    what: str,
    before: str | None,
    after: str | None,
    severity: Severity,
    note: str,
) -> None:
    """Each edit has one row with its values in their units, its severity and its consequence."""
    path = next(path for path, text in PROJECT.items() if old in text)
    edited = {**PROJECT, path: PROJECT[path].replace(old, new, 1)}
    matching = [row for row in rows(PROJECT, edited) if (row.kind, row.name, row.what) == (kind, name, what)]
    assert [(row.before, row.after, row.severity, row.note) for row in matching] == [(before, after, severity, note)]
    (row,) = matching
    assert row.new_span is not None
    assert row.new_span.path == path  # the file, and below both sides' lines
    assert row.old_span is None or row.old_span.path == f"main:{path}"


def test_both_places_are_named() -> None:
    """A row has the line of each side, also where the line moved."""
    path = "policies/more.yaml"
    edited = {**PROJECT, path: "# a line more\n" + PROJECT[path].replace("min_quality: 0.55", "min_quality: 0.60")}
    (row,) = rows(PROJECT, edited)
    assert (span_text(row.old_span), span_text(row.new_span)) == ("main:policies/more.yaml:8", "policies/more.yaml:9")


@pytest.mark.parametrize(
    ("weights", "slots", "note"),
    [
        (("0.40", "0.30", "0.30"), None, "20.0 % of units move, 10.0 % would do"),
        (
            ("0.40", "0.30", "0.30"),
            ("[[0, 3999]]", "[[5000, 7999]]", "[[4000, 4999], [8000, 9999]]"),
            "10.0 % of units move, the least possible",
        ),
        (("0.4999", "0.3001", "0.20"), None, "0.01 % of units move, the least possible"),
    ],
)
def test_units_that_move(weights: tuple[str, ...], slots: tuple[str, ...] | None, note: str) -> None:
    """A change of weights says how many units change their variant, and how few would be possible."""
    path = "experiments/all.yaml"
    text = PROJECT[path]
    for id, was, now in zip(("control", "b", "c"), ("0.50", "0.30", "0.20"), weights, strict=True):
        share = f"weight: {now}" if slots is None else f"weight: {now}, slots: {slots[('control', 'b', 'c').index(id)]}"
        head, mark, tail = text.partition(f"      {id}: ")
        text = head + mark + tail.replace(f"weight: {was}", share, 1)
    (row,) = [row for row in rows(PROJECT, {**PROJECT, path: text}) if row.what == "weights"]
    assert row.note == note


def test_what_comes_and_goes() -> None:
    """Removing a name that callers send is breaking; adding one is not."""
    gone = {
        path: text.replace("  umbrella:\n    min_quality: 0.55\n    banned_providers: [anthropic]\n", "")
        for path, text in PROJECT.items()
    }
    assert [(row.kind, row.name, row.what, row.severity) for row in rows(PROJECT, gone)] == [
        ("host", "api.anthropic.com", "gets requests of", BEHAVIOURAL),  # undeclared, it is not kept from there
        ("tenant", "umbrella", "removed", BREAKING),
    ]
    assert [(row.what, row.severity) for row in rows(gone, PROJECT)] == [("added", BEHAVIOURAL)]


def test_comments_order_and_layout_are_nothing() -> None:
    """Other comments, another order of keys or another file is no change."""
    moved = {**PROJECT}
    moved["policies/elsewhere.yaml"] = "# moved\n" + moved.pop("policies/more.yaml")
    difference = compare(PROJECT, moved).difference
    assert difference is not None
    assert (difference.rows, difference.decisions.groups, difference.changed) == ((), (), False)


def test_hints_tell_what_no_plain_call_notices() -> None:
    """A smaller context window changes only long calls: the group has that hint, and so has its witness."""
    path = "routes/all.yaml"
    edited = {**PROJECT, path: PROJECT[path].replace("context_window: 200000", "context_window: 150000")}
    difference = compare(PROJECT, edited).difference
    assert difference is not None
    assert difference.decisions.changed == 0
    hinted = {tuple(group.cases[0].hints) for group in difference.decisions.groups}
    assert hinted == {(("input_tokens", 200_000),)}
    assert {group.change for group in difference.decisions.groups} == {"rejected"}
    assert all(group.witness["input_tokens"] == 200_000 for group in difference.decisions.groups)


def test_a_broken_rule_of_change_is_shown_with_the_change() -> None:
    """A change that breaks a rule is compared all the same, and the report has the diagnostic."""
    path = "routes/all.yaml"
    edited = {
        **PROJECT,
        path: PROJECT[path].replace("claude: primary\n      mistral-large: shadow", "mistral-large: primary"),
    }
    difference = compare(PROJECT, edited).difference
    assert difference is not None
    assert [refusal.rule for refusal in difference.refused] == ["RC503"]
    assert difference.decisions.groups


def test_waivers_in_force_are_listed() -> None:
    """The report lists the waivers in force, with rule, last day and reason."""
    path = "routes/all.yaml"
    waived = PROJECT[path].replace(
        "      claude: primary",
        '      # routecomp:allow RC403 until=2026-12-01 reason="for now"\n      claude: primary',
    )
    difference = compare(PROJECT, {**PROJECT, path: waived}).difference
    assert difference is not None
    assert [(waiver.rule, waiver.until, waiver.reason) for waiver in difference.waivers] == [
        ("RC403", date(2026, 12, 1), "for now")
    ]


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_side_with_errors_is_named(side: str) -> None:
    """Nothing is compared with a side that has errors, and the errors are those of that side."""
    broken = {**PROJECT, "policies/more.yaml": PROJECT["policies/more.yaml"].replace("0.55", "nine")}
    comparison = compare(broken, PROJECT) if side == "before" else compare(PROJECT, broken)
    assert comparison.difference is None
    wrong = comparison.wrong if side == "before" else comparison.checked.diagnostics
    assert [diagnostic.rule for diagnostic in wrong] == ["RC115"]
    assert bool(comparison.wrong) == (side == "before")


def test_the_meaning_of_a_base_is_checked_too() -> None:
    """A base whose files can be read but break a rule has errors."""
    broken = {
        **PROJECT,
        "routes/all.yaml": PROJECT["routes/all.yaml"].replace("mistral-large: shadow", "mistral-large: primary"),
    }
    assert [diagnostic.rule for diagnostic in compare(broken, PROJECT).wrong] == ["RC303"]
