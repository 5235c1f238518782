"""A program's files in, its resolver and its twin side by side out, and where their answers differ."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from routecomp.compiler import Options, compile
from routecomp.diagnostics.diagnostic import Severity
from routecomp.model.program import Program
from routecomp.runtime.resolver import Router, resolve_line
from tests.properties.reference import Twin
from tests.properties.request_strategies import Pools, environment, line, request
from tests.properties.strategies import GATE, Choices, Files, Seeded, chance, pick, program_files

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Case:
    """One valid program, compiled."""

    files: Files
    program: Program
    table: bytes
    fallback: bytes

    @classmethod
    def of(cls, files: Files) -> Case:
        """Compile a generated program; a finding that is an error fails the test that asked for it."""
        made = compile(files, Options(today=TODAY))
        errors = [f"{one.rule} {one.span}: {one.message}" for one in made.checked.diagnostics
                  if one.severity is Severity.ERROR]
        assert not errors, f"a program of the strategies is refused: {errors}\n{shown(files)}"
        assert made.checked.program is not None
        named = {path.rsplit("/", 1)[-1]: text for path, text in made.artifacts.items()}
        return cls(files, made.checked.program, named["routing_table.json"], named["fallback.json"])

    @cached_property
    def twin(self) -> Twin:
        return Twin(self.program)

    @cached_property
    def pools(self) -> Pools:
        return Pools(self.program)

    @cached_property
    def parsed_table(self) -> dict[str, Any]:
        return dict(json.loads(self.table))

    def router(self, has_table: bool = True, last_resort: str | None = None) -> Router:
        """The resolver with the table, or with the fallback file alone."""
        return Router.from_bytes(self.table if has_table else None, self.fallback, last_resort)

    def choose_last_resort(self, c: Choices, has_table: bool) -> str | None:
        """A slug the ladder may end at: any model of the table, or of the fallback file without one."""
        if not chance(c, 30):
            return None
        defaults = self.program.sure_defaults
        known = sorted(self.program.models) if has_table else [defaults.model, *defaults.routes.values()]
        return pick(c, known)


def shown(files: Files) -> str:
    """The program as a failure shows it."""
    return "\n".join(f"# {path}\n{text.decode()}" for path, text in sorted(files.items()))


@contextmanager
def gate(env: Mapping[str, str]) -> Iterator[None]:
    """The process environment with exactly this of the gate's variable."""
    before = os.environ.pop(GATE, None)
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.pop(GATE, None)
        if before is not None:
            os.environ[GATE] = before


def differing(got: Mapping[str, Any], want: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The keys whose values (or their types: `true` is not 1) differ: the resolver's value, the twin's."""
    keys = [key for key in {**got, **want} if key != "ruleset_hash"]
    return {key: (got.get(key, "missing"), want.get(key, "missing")) for key in keys
            if json.dumps(got.get(key, "missing")) != json.dumps(want.get(key, "missing"))}


def one_request(case: Case, c: Choices, router: Router, has_table: bool, last_resort: str | None) -> None:
    """Ask both the same; fail where they differ."""
    env, asked = environment(c), request(c, case.pools)
    with gate(env):
        got = router.resolve(**asked).to_dict()
    want = case.twin.decide(asked, env, has_table, last_resort)
    if got != {**want, "ruleset_hash": got["ruleset_hash"]}:
        raise AssertionError(report(case, router, asked, env, has_table, last_resort))


def one_line(case: Case, c: Choices, router: Router, has_table: bool) -> None:
    """Ask both the same as a JSON line; fail where they differ."""
    env, text = environment(c), line(c, case.pools)
    with gate(env):
        got = json.loads(resolve_line(router, text.encode("utf-8", "surrogatepass")))
    want = case.twin.decide_line(text, env, has_table)
    different = differing(got, want)
    assert not different, (f"line {text!r}\nenvironment {env}, table {has_table}\n"
                           f"(resolver, twin): {different}\n{shown(case.files)}")


def report(case: Case, router: Router, asked: dict[str, Any], env: Mapping[str, str], has_table: bool,
           last_resort: str | None) -> str:
    """What differs, with the arguments that make no difference left out."""
    def ask(some: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
        with gate(env):
            got = router.resolve(**some).to_dict()
        return differing(got, case.twin.decide(some, env, has_table, last_resort))

    for key in list(asked):
        fewer = {other: value for other, value in asked.items() if other != key}
        if ask(fewer):
            asked = fewer
    return (f"request {asked!r}\nenvironment {dict(env)}, table {has_table}, last resort {last_resort}\n"
            f"(resolver, twin): {ask(asked)}\n{shown(case.files)}")


def seeded_programs(seed: str, programs: range, requests: int) -> int:
    """Compare on programs `seed/0`, `seed/1` …; the number of compared decisions. Failures name the seed."""
    count = 0
    for number in programs:
        name = f"{seed}/{number}"
        c = Seeded(name)
        try:
            case = Case.of(program_files(c, crowds=True))
            has_table = number % 8 != 0
            last_resort = case.choose_last_resort(c, has_table)
            router = case.router(has_table, last_resort)
            for _ in range(requests):
                one_request(case, c, router, has_table, last_resort)
            lines = case.router(has_table)
            for _ in range(requests // 10):
                one_line(case, c, lines, has_table)
            orders_agree(case)
        except AssertionError as failure:
            raise AssertionError(f"program {name} ({requests} requests)\n{failure}") from None
        count += requests + requests // 10
    return count


def orders_agree(case: Case) -> None:
    """The table's two orders of every policy are the twin's ranking."""
    table = case.parsed_table
    for tenant, name in [*table["tenants"].items(), (None, table["defaults"]["policy"])]:
        policy = table["policies"][name]
        got = [table["orders"][policy[key]].split(" ") for key in ("plain", "penalised")]
        want = [*case.twin.orders(case.twin.policy(tenant))]
        assert got == want, f"tenant {tenant}: orders (table, twin) {got}, {want}\n{shown(case.files)}"
