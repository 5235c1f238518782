"""Compile a program, put its resolver and its twin side by side, and say where their answers differ."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.diagnostics.diagnostic import Severity
from routecomp.model.project import Program
from routecomp.runtime.resolver import Decision, Router, resolve_line
from tests.properties.reference import Twin
from tests.properties.request_strategies import Pools, environment, lines, requests
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
        errors = [
            f"{one.rule} {one.span}: {one.message}"
            for one in made.checked.diagnostics
            if one.severity is Severity.ERROR
        ]
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
        table: dict[str, Any] = json.loads(self.table)
        return table


def shown(files: Files) -> str:
    """Return the program as a failure shows it."""
    return "\n".join(f"# {path}\n{text.decode()}" for path, text in sorted(files.items()))


@contextmanager
def gate(env: Mapping[str, str]) -> Iterator[None]:
    """Set the gate's variable to this, or to nothing, for a while."""
    before = os.environ.pop(GATE, None)
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.pop(GATE, None)
        if before is not None:
            os.environ[GATE] = before


def differing(got: Mapping[str, Any], want: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the keys whose values (or their types: `true` is not 1) differ: the resolver's value, the twin's."""
    keys = [key for key in {**got, **want} if key != "ruleset_hash"]
    return {
        key: (got.get(key, "missing"), want.get(key, "missing"))
        for key in keys
        if json.dumps(got.get(key, "missing")) != json.dumps(want.get(key, "missing"))
    }


@dataclass(frozen=True, repr=False)
class Session:
    """A case, served: with its table or with the fallback file alone, with or without a last resort."""

    case: Case
    has_table: bool = True
    last_resort: str | None = None

    @classmethod
    def chosen(cls, c: Choices, has_table: bool = True, crowds: bool = False) -> Session:
        """Return a session over a generated program."""
        case = Case.of(program_files(c, crowds))
        if not chance(c, 30):
            return cls(case, has_table)
        # A last resort: any model of the table, or of the fallback file where there is no table.
        defaults = case.program.sure_defaults
        known = sorted(case.program.models) if has_table else [defaults.model, *defaults.routes.values()]
        return cls(case, has_table, pick(c, known))

    @cached_property
    def router(self) -> Router:
        return Router.from_bytes(self.case.table if self.has_table else None, self.case.fallback, self.last_resort)

    def ask(self, asked: dict[str, Any], env: Mapping[str, str]) -> None:
        """Ask both the same; fail where they differ."""
        with gate(env):
            decision = self.router.resolve_request(asked)
        got = decision.to_dict()
        want = self.case.twin.decide(asked, env, self.has_table, self.last_resort)
        if got != {**want, "ruleset_hash": got["ruleset_hash"]}:
            raise AssertionError(self.report(asked, env))
        self.ask_endpoints(decision)

    def ask_endpoints(self, decision: Decision) -> None:
        """Ask both how the models of a decision are called; fail where they differ."""
        for asked, slugs in ((self.router.endpoint, decision.chain), (self.router.shadow, decision.shadows)):
            for slug in slugs:
                key = decision.api_key_env if slug == decision.model and slug in decision.chain else None
                if (slug, key) in self.called:
                    continue
                self.called.add((slug, key))
                want = self.case.twin.endpoint(slug)
                # "api_key_env (optional) overrides the provider's" of an experiment's version
                want["api_key_env"] = key or want["api_key_env"]
                got = asked(decision, slug)
                assert got is not None
                different = {name: (getattr(got, name), value) for name, value in want.items()
                             if getattr(got, name) != value}  # fmt: skip
                assert not different, f"{slug}: (resolver, twin) {different}\n{shown(self.case.files)}"

    @cached_property
    def called(self) -> set[tuple[str, str | None]]:
        """The models whose endpoints were compared, each with its key."""
        return set()

    def ask_line(self, text: str, env: Mapping[str, str]) -> None:
        """Ask both the same as a JSON line, which knows no last resort; fail where they differ."""
        with gate(env):
            got = json.loads(resolve_line(self.router, text.encode("utf-8", "surrogatepass")))
        different = differing(got, self.case.twin.decide_line(text, env, self.has_table))
        assert not different, (
            f"line {text!r}\nenvironment {env}, table {self.has_table}\n"
            f"(resolver, twin): {different}\n{shown(self.case.files)}"
        )

    def different(self, asked: dict[str, Any], env: Mapping[str, str]) -> dict[str, tuple[Any, Any]]:
        """Where the two answers differ."""
        with gate(env):
            got = self.router.resolve_request(asked).to_dict()
        return differing(got, self.case.twin.decide(asked, env, self.has_table, self.last_resort))

    def report(self, asked: dict[str, Any], env: Mapping[str, str]) -> str:
        """Say what differs, on the smallest program and request found that still show it."""
        for key in list(asked):
            fewer = {other: value for other, value in asked.items() if other != key}
            if self.different(fewer, env):
                asked = fewer
        small = self.smaller(asked, env)
        return (
            f"request {asked!r}\nenvironment {dict(env)}, table {self.has_table}, last resort "
            f"{self.last_resort}\n(resolver, twin): {small.different(asked, env)}\n{shown(small.case.files)}"
        )

    def smaller(self, asked: dict[str, Any], env: Mapping[str, str]) -> Session:
        """Return the session without the sections and bodies (a line each) of its program that make no difference."""
        small = self
        for size in ("sections", "bodies", "bodies"):
            for path, text in small.case.files.items():
                pieces = re.split(rb"^(?=\w)" if size == "sections" else rb"(?<=\n)", text, flags=re.MULTILINE)
                for piece in reversed(pieces):
                    fewer = {**small.case.files, path: small.case.files.get(path, b"").replace(piece, b"")}
                    trial = self.over({name: text for name, text in fewer.items() if text.strip()})
                    if piece and trial is not None and trial.different(asked, env):
                        small = trial
        return small

    def over(self, files: Files) -> Session | None:
        """Return the same session over other files, if they are a program that holds what it needs."""
        checked = compile(files, Options(today=TODAY)).checked
        if checked.errors or self.last_resort not in (None, *checked.declared.models):
            return None
        return Session(Case.of(files), self.has_table, self.last_resort)


def seeded_programs(seed: str, programs: range, count: int) -> int:
    """Compare on programs `seed/0`, `seed/1` …; the number of compared decisions. Failures name the seed."""
    for number in programs:
        c = Seeded(f"{seed}/{number}")
        try:
            session = Session.chosen(c, has_table=number % 8 != 0, crowds=True)
            for asked in requests(c, session.case.pools, count):
                session.ask(asked, environment(c))
            plain = Session(session.case, session.has_table)
            for text in lines(c, session.case.pools, count // 10):
                plain.ask_line(text, environment(c))
            orders_agree(session.case)
        except AssertionError as failure:
            raise AssertionError(f"program {seed}/{number}, {count} requests\n{failure}") from None
    return len(programs) * (count + count // 10)


def orders_agree(case: Case) -> None:
    """Fail unless the table's two orders of every policy are the twin's ranking."""
    table = case.parsed_table
    for tenant, name in [*table["tenants"].items(), (None, table["defaults"]["policy"])]:
        policy = table["policies"][name]
        got = [table["orders"][policy[key]].split(" ") for key in ("plain", "penalised")]
        want = [*case.twin.orders(case.twin.policy(tenant))]
        assert got == want, f"tenant {tenant}: orders (table, twin) {got}, {want}\n{shown(case.files)}"
