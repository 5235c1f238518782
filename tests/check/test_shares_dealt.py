"""RC409 says only what is so: by no weights and for no policy is another host picked; one way to the load is enough."""

from __future__ import annotations

from datetime import date

import pytest

from routecomp.checker import Options, check
from routecomp.table.lower import lower
from tests.rule_fixtures import FOLDER

BASE = (FOLDER / "RC409-share-never-dealt" / "bad" / "routes" / "all.yaml").read_text(encoding="utf-8")
DEAR = ("input: 4.50", "input: 5.50")
"""The host without a share ranks behind the others then."""
EVEN = ("input: 4.50", "input: 5.00")
LATENCY = "latency_ms: 1800\n    context_window: 200000\ndefaults"
"""The end of the host without a share."""


def rules_of(*edits: tuple[str, str], more: str = "") -> list[str]:
    """Return the rules of the findings on the bad example after edits."""
    text = BASE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    files = {"routes/all.yaml": text.encode(), "policies/more.yaml": more.encode()}
    return [finding.rule for finding in check({path: data for path, data in files.items() if data}, DAY).diagnostics]


DAY = Options(today=date(2026, 11, 20))
OTHER = "  b: {adapter: anthropic, base_url: https://b.example, api_key_env: B_KEY, stack: eu}\nmodels:\n"


@pytest.mark.parametrize(
    ("edits", "more", "is_found"),
    [
        ((), "", True),
        ((DEAR,), "", False),
        (((LATENCY, LATENCY.replace("1800", "1801")),), "", False),
        ((EVEN,), "", False),  # a tie, and its slug is the last
        ((EVEN, ("opus-third:", "opus-a:"), ("model: opus-third", "model: opus-a")), "", True),
        ((("defaults:", "features:\n  chat: {models: {opus-first: primary}}\ndefaults:"),), "", False),
        ((("defaults:", "targets:\n  auto: {candidates: {models: [opus-first]}}\ndefaults:"),), "", False),
        ((("defaults:", "targets:\n  auto: {candidates: all}\ndefaults:"),), "", True),
        ((), "tenants:\n  acme: {banned_models: [opus-third]}\n", False),
        ((), "tenants:\n  acme: {banned_models: [opus]}\n", True),
        ((("models:\n", OTHER), ("opus-first:\n    provider: anthropic", "opus-first:\n    provider: b")),
         "tenants:\n  acme: {preferred_providers: [b]}\n", False),
    ],
)  # fmt: skip
def test_what_is_found(edits: tuple[tuple[str, str], ...], more: str, is_found: bool) -> None:
    """Each neighbour of the bad example is found or not."""
    assert ("RC409" in rules_of(*edits, more=more)) == is_found


@pytest.mark.parametrize("seed", range(12))
def test_orders_agree(seed: int) -> None:
    """Where it is found, the host without a share comes before the others in every order of the table."""
    weights = f"{{quality: 0.{seed:02}, latency: 0.{99 - 3 * seed:02}, cost: {(1 + 2 * seed) / 100:.2f}}}"
    policy = f"tenants:\n  acme: {{objective: {'cheapest' if seed == 11 else 'weighted'}, weights: {weights}}}\n"
    files = {"routes/all.yaml": BASE.encode(), "policies/more.yaml": policy.encode()}
    checked = check(files, DAY)
    assert checked.program is not None
    assert "RC409" in [finding.rule for finding in checked.diagnostics]
    orders = lower(checked.program).content["orders"]
    assert isinstance(orders, dict)
    assert {order.split()[0] for order in orders.values()} == {"opus-third"}
