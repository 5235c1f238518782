"""`--require-proof` makes an error of a claim that was sampled, in every command of CI that has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from routecomp.review.analysis.claims import prove
from routecomp.review.analysis.explore import Budget
from tests.cli.transcripts import SMALL, in_process, project

CLAIM = """\
claims:
  dear-is-last: {never_reaches: {models: [dear], by: pick}, features: [support-chat]}
"""
DEAR = """\
models:
  dear:
    provider: anthropic
    quality: 0.60
    price: {input: 20.00, output: 60.00}
    latency_ms: 4000
    context_window: 100000
    capabilities: [streaming]
"""


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A compiled project with a claim that needs a walk; walks may take one step alone, where a machine takes more."""
    monkeypatch.setattr(prove, "Budget", lambda _nodes: Budget(1))
    with project({**SMALL, "routes/dear.yaml": DEAR, "policies/claims.yaml": CLAIM}) as folder:
        assert in_process(["compile"], folder).code == 0
        yield folder


@pytest.mark.parametrize("command", [["check"], ["compile", "--check"]])
def test_a_sampled_claim_is_an_error_where_proof_is_required(root: Path, command: list[str]) -> None:
    """Without the option it is a warning and the exit code is 0; with it the code is 1, from the cache too."""
    ran = in_process(command, root)
    assert (ran.code, "warning[RC802]" in ran.out + ran.err) == (0, True), ran
    for more in ([], [], ["--no-cache"]):
        ran = in_process([*command, "--require-proof", *more], root)
        assert (ran.code, "error[RC802]" in ran.out + ran.err) == (1, True), ran


def test_compile_requires_it_of_a_check_alone(root: Path) -> None:
    assert in_process(["compile", "--require-proof"], root).code == 2
