"""Compare the compiled table and the resolver with the twin: every field of every decision, every order."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from time import monotonic
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.properties.compare import Session, differing, gate, orders_agree, seeded_programs
from tests.properties.request_strategies import Pools, environment, lines, requests
from tests.properties.strategies import Choices, Drawn
from tests.seeds import FRESH

# A failing run says its seed; set it to repeat the run.
HARD = pytest.mark.skipif(os.environ.get("ROUTECOMP_HARD") != "1", reason="a long run: make hard")

# Every example is the same on every run; the seeds of long runs are what differs. A failure is made small by
# `Session.report`, which knows what a program is and takes seconds where Hypothesis takes minutes.
fixed = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


class Asked:
    """A program, and requests or lines with the environment each is asked in."""

    def __init__(self, session: Session, questions: list[tuple[Any, dict[str, str]]]) -> None:
        self.session, self.questions = session, questions

    def __repr__(self) -> str:
        return "(a program and its requests: the message shows the ones that matter)"


@st.composite
def asked_of(
    draw: Callable[[st.SearchStrategy[Any]], Any],
    make: Callable[[Choices, Pools, int], list[Any]],
    count: int,
    has_table: bool = True,
) -> Asked:
    """Return a program and `count` questions to it; `make` is `requests` or `lines`."""
    c = Drawn(draw)
    session = Session.chosen(c, has_table)
    return Asked(session, [(one, environment(c)) for one in make(c, session.case.pools, count)])


@settings(fixed, max_examples=100)
@given(asked_of(requests, 30))
def test_resolver_equals_twin(asked: Asked) -> None:
    """With a table, every field of a decision is what the twin works out."""
    for one, env in asked.questions:
        asked.session.ask(one, env)


@settings(fixed, max_examples=20)
@given(asked_of(requests, 20, has_table=False))
def test_resolver_equals_twin_without_a_table(asked: Asked) -> None:
    """With the fallback file alone, every field of a decision is what the twin works out from the program."""
    for one, env in asked.questions:
        asked.session.ask(one, env)


@settings(fixed, max_examples=20)
@given(asked_of(lines, 20))
def test_json_lines_equal_twin(asked: Asked) -> None:
    """A JSON line, whatever it holds, gets the decision the twin gives it."""
    session = Session(asked.session.case)
    for text, env in asked.questions:
        session.ask_line(text, env)


@settings(fixed, max_examples=40)
@given(asked_of(requests, 0))
def test_orders_equal_exact_ranking(asked: Asked) -> None:
    """The table's plain and penalised order of every policy are the twin's ranking in fractions."""
    orders_agree(asked.session.case)


@settings(fixed, max_examples=20)
@given(asked_of(requests, 10))
def test_explain_decides_the_same(asked: Asked) -> None:
    """`explain` reports the decision `resolve` makes."""
    router = asked.session.router
    for one, env in asked.questions:
        with gate(env):
            explained, resolved = router.explain_request(one)["decision"], router.resolve_request(one).to_dict()
        assert not differing(explained, resolved), one


def test_fresh_seed(capsys: pytest.CaptureFixture[str]) -> None:
    """Programs of another seed than those above; it is printed."""
    with capsys.disabled():
        print(f" [twin: fresh seed {FRESH}; ROUTECOMP_SEED={FRESH} repeats it]", end="", flush=True)
    assert seeded_programs(str(FRESH), range(120), 50) == 120 * 55


@HARD
@pytest.mark.hard
def test_ten_million_decisions(capsys: pytest.CaptureFixture[str]) -> None:
    """10,000 programs (ROUTECOMP_HARD_PROGRAMS: fewer) x 1,000 requests and 100 lines, on two processes."""
    programs, step = int(os.environ.get("ROUTECOMP_HARD_PROGRAMS", "10000")), 20
    parts = [range(first, min(first + step, programs)) for first in range(0, programs, step)]
    start, done, decisions = monotonic(), 0, 0
    with capsys.disabled(), ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        print(f"\ntwin: {programs} programs, seed {FRESH} (ROUTECOMP_SEED={FRESH} repeats it)", flush=True)
        chunks = [pool.submit(seeded_programs, f"hard-{FRESH}", part, 1_000) for part in parts]
        for chunk in as_completed(chunks):
            if chunk.exception() is not None:
                pool.shutdown(cancel_futures=True)
            decisions += chunk.result()
            done += 1
            if done % max(len(chunks) // 20, 1) == 0 or done == len(chunks):
                print(
                    f"  {done}/{len(chunks)} chunks, {decisions} decisions, 0 differences, {monotonic() - start:.0f} s",
                    flush=True,
                )
