"""Edits of shares: only the shares change, whatever the style, and what does not add up is refused with a figure."""

from __future__ import annotations

import pytest

from routecomp.model.project import Declared
from routecomp.parse.edit import RefusedError
from routecomp.review.edit.share import share_load
from routecomp.rules.change.moved_units import Moved, moved_shares
from tests.review.pages import apply_plan, check_files

PATH = "routes/hosts.yaml"
TAIL = "quality: 0.9, price: {input: 1, output: 2}, latency_ms: 9, context_window: 9"
HOSTS = f"""\
models:
  # both keys of one host
  a: {{provider: host, logical_slug: big, share: 0.50, {TAIL}}}  # first
  b:
    provider: host
    share: 0.5   # the rest
    quality: 0.9
    price: {{input: 1, output: 2}}
    latency_ms: 9
    context_window: 9
    logical_slug: big
  c:
    logical_slug: big  # may help out
    provider: host
    quality: 0.9
    price: {{input: 1, output: 2}}
    latency_ms: 9
    context_window: 9
  other: {{provider: host, logical_slug: small, {TAIL}}}
"""
FILES = {
    PATH: HOSTS.encode(),
    "routes/rest.yaml": b"""\
providers:
  host: {adapter: openai, base_url: "https://h.example", chat_path: /v1/chat/completions, api_key_env: A_KEY, stack: us}
defaults: {model: a}
scoring: {cost: {best: 0, worst: 75}, latency_ms: {best: 0, worst: 100}}
""",
}


def declared() -> Declared:
    checked = check_files(FILES)
    assert not checked.errors, checked.diagnostics
    return checked.declared


def shared(**shares: str) -> str:
    """Return the file after the edit; the edited project is checked, and declares what was planned."""
    checked = check_files(FILES)
    return apply_plan(FILES, checked, share_load(checked.declared, "big", shares))[PATH].decode()


def test_only_the_shares_change() -> None:
    """The comments, the order and the style of every other value stay; a new share follows the logical slug."""
    text = shared(a="0.2", b="0.3", c="0.50")
    wanted = HOSTS.replace("share: 0.50", "share: 0.2").replace("share: 0.5   #", "share: 0.3   #")
    assert text == wanted.replace("# may help out\n", "# may help out\n    share: 0.50\n")


def test_a_share_is_taken_out() -> None:
    """`B=` leaves the model among the hosts, and its comment where it was."""
    text = shared(a="1", b="")
    assert text == HOSTS.replace("share: 0.50", "share: 1").replace("    share: 0.5   # the rest\n", "    # the rest\n")
    assert shared(a="", b="").count("share") == 0


@pytest.mark.parametrize(
    ("shares", "message", "help"),
    [
        ({"a": "0.6"}, "would add up to 1.10, not 1", "0.10 too much: write a=0.50; b kept its share"),
        ({"a": "0.6", "b": "0.3"}, "would add up to 0.90, not 1", "0.10 too little: write b=0.40"),
        ({"a": "1", "b": "1", "c": "1"}, "would add up to 3.00, not 1", "2.00 too much"),
        ({"a": "0.5", "b": "0.50"}, "has these shares already", ""),
        ({"a": "0"}, "model `a`: `share` is `0`; it must be above 0, at most 1", ""),
        ({"a": "0.12345"}, "model `a`: `share` has 5 decimals", ""),
        ({"other": "1"}, "model `other` is no host of logical model `big`", "`a`, `b`, `c`"),
    ],
)
def test_what_does_not_fit_is_refused(shares: dict[str, str], message: str, help: str) -> None:
    """Each fault in its words, with the figure to write where shares do not add up."""
    with pytest.raises(RefusedError) as refused:
        share_load(declared(), "big", shares)
    assert message in str(refused.value)
    assert help in refused.value.help


def test_an_unknown_logical_model_is_refused() -> None:
    """With the one that was meant."""
    with pytest.raises(RefusedError) as refused:
        share_load(declared(), "bigg", {"a": "1"})
    assert (str(refused.value), refused.value.help) == ("there is no logical model `bigg`", "did you mean `big`?")


def test_the_units_that_move() -> None:
    """Ranges shift where one before them changes: more units may move than the shares differ by."""
    halves = [(0, "a"), (5_000, "b")]
    assert moved_shares(halves, halves) == Moved(0, 0)
    assert moved_shares(halves, [(0, "a"), (6_000, "b")]) == Moved(1_000, 1_000)
    assert moved_shares(halves, [(0, "a"), (2_000, "b"), (5_000, "c")]) == Moved(8_000, 5_000)
    assert moved_shares(halves, [(0, "b")]) == Moved(5_000, 5_000)
    note = "10 % of the units move to another model, the least possible"
    assert share_load(declared(), "big", {"a": "0.6", "b": "0.4"}).notes == (note,)
    note = "80 % of the units move to another model; the shares change by 50 %"
    assert share_load(declared(), "big", {"a": "0.2", "b": "0.3", "c": "0.5"}).notes == (note,)
