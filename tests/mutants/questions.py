"""Ask a mutated module a few thousand questions whose answers were worked out once: the first stage.

The answers are those of `generated/vectors.json` and of the twin (`tests/properties/reference.py`), on programs of
fixed seeds; so they are what the ordinary tests compare with, asked without the time pytest takes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from routecomp.model.project import Program
from tests.mutants.mutations import ROOT
from tests.properties.compare import Case, Session
from tests.properties.request_strategies import environment, lines, requests
from tests.properties.strategies import GATE, Seeded

PROGRAMS = 120
CALLS = 50


@dataclass(frozen=True)
class Question:
    """A call (or a line) and the environment it is made in; and the right answer as JSON, without the table's hash."""

    asked: Any
    env: dict[str, str]
    answer: str


@dataclass(frozen=True)
class Round:
    """What is asked of one router."""

    name: str
    table: bytes | None
    fallback: bytes
    last_resort: str | None
    questions: list[Question]
    case: Case | None = None


@cache
def rounds() -> list[Round]:
    """All there is to ask."""
    return [*_vectors(), *(_program(number) for number in range(PROGRAMS))]


@cache
def example() -> tuple[Program, bytes, bytes]:
    """Return the living example, and what it compiles to."""
    from datetime import date

    from routecomp.checker import Options, check

    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in ("routes", "policies", "experiments")
        for path in (ROOT / folder).rglob("*.yaml")
    }
    program = check(files, Options(today=date(2026, 11, 20))).program
    assert program is not None
    generated = ROOT / "generated"
    return program, (generated / "routing_table.json").read_bytes(), (generated / "fallback.json").read_bytes()


def resolver_fails(resolver: ModuleType, one: Round) -> bool:
    """Whether a resolver answers a question of the round wrongly."""
    return _asked(resolver, one, one.table, one.fallback)


def lowering_fails(lowering: ModuleType, one: Round) -> bool:
    """Whether lowering compiles the round's program to another order, or to a table that answers wrongly."""
    from routecomp.runtime import resolver

    lower: Callable[[Program], Any] = lowering.lower
    if one.case is None:
        program, table, fallback = example()
        made = lower(program)
        return bool((made.data, made.fallback_data) != (table, fallback))
    made = lower(one.case.program)
    body, twin = json.loads(made.data), one.case.twin
    for tenant, name in [*body["tenants"].items(), (None, body["defaults"]["policy"])]:
        policy = body["policies"][name]
        if [body["orders"][policy[key]].split(" ") for key in ("plain", "penalised")] != [
            *twin.orders(twin.policy(tenant))
        ]:
            return True
    return _asked(resolver, one, None if one.table is None else made.data, made.fallback_data)


def _asked(resolver: ModuleType, one: Round, table: bytes | None, fallback: bytes) -> bool:
    router = resolver.Router.from_bytes(table, fallback, one.last_resort)
    # Twice: what is remembered is asked as well.
    for question in [*one.questions, *one.questions]:
        os.environ.pop(GATE, None)
        os.environ.update(question.env)
        if isinstance(question.asked, bytes):
            answer = json.loads(resolver.resolve_line(router, question.asked))
        else:
            answer = router.resolve_request(question.asked).to_dict()
        del answer["ruleset_hash"]
        if json.dumps(answer, sort_keys=True) != question.answer:
            return True
    return False


def _vectors() -> Iterator[Round]:
    file = json.loads((ROOT / "generated/vectors.json").read_text(encoding="ascii"))
    _, table, fallback = example()
    for has_table in (True, False):
        questions = [
            Question(one["request"], {file["gate_env"]: "1" if one["gate"] else "0"}, _answer(one["decision"]))
            for one in file["vectors"]
            if one["table"] is has_table
        ]
        yield Round(f"vectors, table {has_table}", table if has_table else None, fallback, None, questions)


def _program(number: int) -> Round:
    c = Seeded(f"mutants/{number}")
    session = Session.chosen(c, has_table=number % 8 != 0, crowds=True)
    case, pools = session.case, session.case.pools
    questions = []
    for call in requests(c, pools, CALLS):
        env = dict(environment(c))
        questions.append(
            Question(call, env, _answer(case.twin.decide(call, env, session.has_table, session.last_resort)))
        )
    if session.last_resort is None:
        for text in lines(c, pools, CALLS // 10):
            env = dict(environment(c))
            questions.append(
                Question(
                    text.encode("utf-8", "surrogatepass"),
                    env,
                    _answer(case.twin.decide_line(text, env, session.has_table)),
                )
            )
    return Round(
        f"program mutants/{number}",
        case.table if session.has_table else None,
        case.fallback,
        session.last_resort,
        questions,
        case,
    )


def _answer(decision: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in decision.items() if key != "ruleset_hash"}, sort_keys=True)
