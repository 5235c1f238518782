"""`routecomp.testing.expect`: a decision is as expected, or an AssertionError says how it is not."""

from __future__ import annotations

import json
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from routecomp import testing
from routecomp.runtime.resolver import Router, load
from routecomp.testing import expect
from routecomp.testing.expected import explain_line
from tests.cli.transcripts import SMALL, in_process, project

TABLE = Path(__file__).parents[2] / "generated" / "routing_table.json"
ASKED = {"feature": "kb-answer", "tenant": "elbufer-bank"}


@pytest.fixture(scope="module")
def router() -> Router:
    """A router over the living example."""
    return load(TABLE)


def test_what_is_decided_is_returned(router: Router) -> None:
    """An expectation that holds returns its decision; lists are any sequence, reasons in any order."""
    decision = router.resolve(feature="kb-answer", tenant="nobody", preference="fast")
    values = decision._asdict()
    held = {"chain": list(decision.chain), "chain_begins": decision.chain[:2], "reasons": decision.reasons[::-1]}
    assert (
        expect(router, {**ASKED, "tenant": "nobody", "preference": "fast"}, **held, model=values["model"]) == decision
    )


@pytest.mark.parametrize("source", [TABLE, TABLE.parent, str(TABLE)], ids=["file", "folder", "text"])
def test_a_table_is_loaded(source: Any) -> None:
    """A path is the compiled table, or the folder that holds one."""
    assert expect(source, ASKED, status="ok").source == "table"


def test_a_service_is_asked() -> None:
    """A service decides as its router does, and nothing is captured."""
    with testing.open(TABLE) as lab:
        assert expect(lab.service, ASKED, status="ok").ruleset_hash is not None
        assert lab.outcomes == []


def test_what_is_not_as_expected(router: Router) -> None:
    """The error names each key, what it is and should be, and the command that explains it."""
    model = router.resolve(**ASKED).model  # type: ignore[arg-type]
    with pytest.raises(AssertionError) as raised:
        expect(router, ASKED, model="x", status="ok", chain_begins=("x",))
    assert str(raised.value) == (
        f"`model` is `{model}`, not `x`, and `chain_begins` is [{model}], not [x]\n"
        "  routecomp explain --feature kb-answer --tenant elbufer-bank"
    )
    with pytest.raises(AssertionError, match=r"`model` is null, not `x`; the status is `rejected_policy`"):
        expect(router, {**ASKED, "stack": "mars"}, model="x")
    assert expect(router, {**ASKED, "stack": "mars"}, model=None, chain=[]).status == "rejected_policy"


def test_wrong_use(router: Router, tmp_path: Path) -> None:
    """A key that no decision has, nothing at all, an argument that is none, and a table that is none are refused."""
    with pytest.raises(TypeError, match="no `modle` to expect"):
        expect(router, ASKED, modle="x")
    with pytest.raises(TypeError, match="nothing is expected"):
        expect(router, ASKED)
    with pytest.raises(TypeError):
        expect(router, {"feture": "x"}, model="x")
    with pytest.raises(ValueError, match="is not used"):
        expect(tmp_path / "none.json", ASKED, model="x")


REQUESTS: list[dict[str, Any]] = [
    {"feature": "support-chat"},
    {"model": "auto", "tenant": "-x y", "min_quality": Decimal("0.5500"), "stream": True, "tools": False},
    {"model": "auto", "unit": 7, "request_id": "it's", "input_tokens": 1200, "max_cost_usd": 1e-7, "stack": "avoid-us"},
    {"feature": "support-chat", "capabilities": ["vision"], "unavailable": ["mistral", "claude"], "unit": ""},
    {"feature": "support-chat", "unavailable": ["a,b", " c"], "capabilities": []},
    {"feature": 7, "tenant": ["a"], "min_quality": -0.5},
    {"tenant": "acme"},
    {},
]


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_the_command_explains_that_request(request_: dict[str, Any]) -> None:
    """The line that a report names is accepted by the shell and by `explain`, which decides the same request."""
    words = shlex.split(explain_line(request_))
    assert words[:2] == ["routecomp", "explain"]
    with project(SMALL) as root:
        assert in_process(["compile"], root).code == 0
        ran = in_process([*words[1:], "--json"], root)
        assert ran.code == 0, ran.err
        story = json.loads(ran.out)
        decision = load(root / "generated/routing_table.json").resolve_request(dict(request_))
        assert story["decision"] == decision.to_dict()


def test_the_open_gate_is_said() -> None:
    """Where the gate is open, the command opens it too."""
    assert explain_line({"feature": "x"}, "LIVE") == "LIVE=1 routecomp explain --feature x"
