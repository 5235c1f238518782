"""Ask z3 whether two tables pick alike, as docs/semantics.md says what they pick; the proof's own code is not used.

One view is a policy and a ranked route. Every argument is free: stack, one capability or several, streaming, tokens in
and out, a floor or a preference, a latency budget, one provider unavailable, a cap of cost. Views that deal a load, and
chains, are not encoded. Run in .venv-peers: needs z3.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import z3

ONE = 10_000
MOST = 10**9
STATUSES = {"rejected_policy": -1, "rejected_unavailable": -2, "rejected_floor": -3, "rejected_cost": -4}
Table = Mapping[str, Any]


def deals_a_load(table: Table, kind: str, name: str) -> bool:
    """Return whether a view may deal a load among models."""
    sharing = {slug for rows in table.get("shares", {}).values() for _, slug in rows}
    return not sharing.isdisjoint(
        slug for slug, _ in _candidates(table, next(iter(table["policies"].values())), kind, name)
    )


def _candidates(table: Table, policy: Mapping[str, Any], kind: str, name: str) -> list[tuple[str, bool]]:
    """Return the models of a route in the order of its picks, each with whether it has to be listed."""
    models = table["models"]
    if kind == "logical":
        return [(slug, True) for slug in table["orders"][policy["plain"]].split() if models[slug]["logical"] == name]
    if kind == "target":
        return [(slug, True) for slug in table["orders"][policy["plain"]].split() if _chosen(table, name, slug)]
    feature = table["features"][name]
    primary = [row["model"] for row in feature["rows"] if row["status"] == "primary"]
    if not policy["fallback"]:
        return [(slug, False) for slug in primary]
    retired = {row["model"] for row in feature["rows"] if row["status"] == "retired"}
    rest = []
    if feature["then"] is not None:
        order = table["orders"][policy["penalised"]].split()
        rest = [slug for slug in order if slug not in retired and _chosen(table, feature["then"], slug)]
    return [(slug, False) for slug in dict.fromkeys([*primary, *feature["fallback"], *rest])]


def _chosen(table: Table, target: str, slug: str) -> bool:
    model, chosen = table["models"][slug], table["targets"][target]["candidates"]
    if not (model["active"] and model["listed"]):
        return False
    if chosen == "all":
        return True
    ((how, names),) = chosen.items()
    if how == "models":
        return slug in names
    if how == "stacks":
        return table["providers"][model["provider"]]["stack"] in names
    return bool(model["logical"] == names)


class Arguments:
    """The arguments of a request, as variables of z3."""

    def __init__(self, tables: Sequence[Table], *, caps: bool) -> None:
        models = [model for table in tables for model in table["models"].values()]
        self.stacks = sorted({provider["stack"] for table in tables for provider in table["providers"].values()})
        self.providers = sorted({model["provider"] for model in models})
        words = sorted({"streaming", *itertools.chain.from_iterable(model["capabilities"] for model in models)})
        self.stack, self.outage, self.floor_mode = z3.Ints("stack outage floor_mode")
        self.asks = {word: z3.Bool(f"asks {word}") for word in words}
        self.asks_unknown = z3.Bool("asks for what nobody has")
        self.gives_output, self.gives_budget, self.gives_cap = z3.Bools("gives_output gives_budget gives_cap")
        self.tokens, self.output, self.budget, self.cap, self.quality = z3.Ints("tokens output budget cap quality")
        self.bounds = [
            self.stack >= -1, self.stack <= 2 * len(self.stacks),
            self.outage >= -1, self.outage < len(self.providers),
            self.floor_mode >= 0, self.floor_mode <= 4,
            self.quality >= -1, self.quality <= 10_001,
            *(z3.And(each >= 0, each <= MOST) for each in (self.tokens, self.output, self.budget)),
            self.cap >= -1,
            z3.Implies(z3.Not(self.gives_output), self.output == 0),
        ]  # fmt: skip
        if not caps:
            self.bounds.append(z3.Not(self.gives_cap))

    def on_stack(self, word: str, declared: Collection[str]) -> Any:
        """Return the condition under which the caller's `stack` lets a stack through.

        A word that the table does not declare lets nothing through, also behind `avoid-`.
        """
        avoided = [len(self.stacks) + self.stacks.index(other) for other in declared if other != word]
        return z3.Or(self.stack == -1, self.stack == self.stacks.index(word), *[self.stack == each for each in avoided])


def _picked(table: Table, policy_name: str, kind: str, name: str, given: Arguments, numbers: Mapping[str, int]) -> Any:
    """Return what a view picks: the number of a model, or below 0 that of a status."""
    policy = table["policies"][policy_name]
    declared = {provider["stack"] for provider in table["providers"].values()}
    rows = []
    for slug, must_be_listed in _candidates(table, policy, kind, name):
        model = table["models"][slug]
        stack = table["providers"][model["provider"]]["stack"]
        is_permitted = (
            model["active"]
            and (model["listed"] or not must_be_listed)
            and slug not in policy["banned_models"]
            and model["logical"] not in policy["banned_models"]
            and model["provider"] not in policy["banned_providers"]
            and (policy["stacks"] is None or stack in policy["stacks"])
            and model["compliance_bp"] >= policy["compliance_bp"]
        )
        if is_permitted:
            rows.append((slug, model, given.on_stack(stack, declared)))
    if not rows:
        return z3.IntVal(STATUSES["rejected_policy"])
    permitted = [passes for _, _, passes in rows]
    able = [z3.And(passes, _is_able(model, given)) for _, model, passes in rows]
    afforded = [z3.And(passes, _is_afforded(model, given)) for passes, (_, model, _) in zip(able, rows, strict=True)]
    qualities = [model["quality_bp"] for _, model, _ in rows]
    floors = [each for each in (policy["min_quality_bp"], _own_floor(table, kind, name)) if each is not None]
    preferences = table.get("preferences")
    base = max(floors) if floors else (0 if preferences is None else preferences["good_bp"])
    floor = given.quality
    for number, word in enumerate(("quality", "balanced", "cost"), start=1):
        floor = z3.If(given.floor_mode == number, _dialled(preferences, base, word), floor)
    floor = z3.If(given.floor_mode == 0, base, floor)
    base_of_it = z3.If(given.floor_mode == 4, given.quality, z3.IntVal(base))

    def reaching(passing: Sequence[Any], bound: Any) -> list[Any]:
        return [z3.And(passes, bound <= quality) for passes, quality in zip(passing, qualities, strict=True)]

    is_relaxed = z3.And(z3.Not(z3.Or(reaching(afforded, floor))), z3.Or(reaching(afforded, base_of_it)))
    survives = reaching(afforded, z3.If(is_relaxed, base_of_it, floor))
    firsts = _firsts(survives)
    latencies = [model["latency_ms"] for _, model, _ in rows]
    best = z3.Sum([z3.If(first, quality, 0) for first, quality in zip(firsts, qualities, strict=True)])
    its_latency = z3.Sum([z3.If(first, latency, 0) for first, latency in zip(firsts, latencies, strict=True)])
    is_late = z3.And(given.gives_budget, its_latency > given.budget)
    quick = _firsts(
        [
            z3.And(each, latency <= given.budget, quality >= best - policy["max_quality_loss_bp"])
            for each, latency, quality in zip(survives, latencies, qualities, strict=True)
        ]
    )
    is_quick = z3.And(is_late, z3.Or(quick))
    result = z3.If(z3.Or(reaching(able, floor)), STATUSES["rejected_cost"], STATUSES["rejected_floor"])
    result = z3.If(z3.Or(able), result, STATUSES["rejected_unavailable"])
    result = z3.If(z3.Or(permitted), result, STATUSES["rejected_policy"])
    for (slug, _, _), first, other in zip(rows, firsts, quick, strict=True):
        result = z3.If(z3.If(is_quick, other, first), numbers[slug], result)
    return result


def _own_floor(table: Table, kind: str, name: str) -> int | None:
    own: int | None = None if kind == "logical" else table[f"{kind}s"][name]["min_quality_bp"]
    return own


def _dialled(preferences: Mapping[str, Any] | None, base: int, word: str) -> int:
    if preferences is None or preferences["gate_env"] is None or word == preferences["default"]:
        return base
    delta: int = preferences["dial_bp"].get(word, 0)
    low: int = preferences["clamp_bp"][0]
    high: int = preferences["clamp_bp"][1]
    if delta > 0:
        return max(base, min(base + delta, high))
    return min(base, max(base + delta, low)) if delta < 0 else base


def _is_able(model: Mapping[str, Any], given: Arguments) -> Any:
    missing = [asks for word, asks in given.asks.items() if word not in model["capabilities"]]
    ceiling = model.get("max_output_tokens")
    return z3.And(
        given.outage != given.providers.index(model["provider"]),
        z3.Not(given.asks_unknown),
        *map(z3.Not, missing),
        given.tokens + given.output <= model["context_window"],
        z3.Implies(given.gives_output, given.output >= model["min_output_tokens"]),
        *([] if ceiling is None else [z3.Implies(given.gives_output, given.output <= ceiling)]),
    )


def _is_afforded(model: Mapping[str, Any], given: Arguments) -> Any:
    """Return whether the estimated cost is at most the cap, both times 10,000."""
    expected = given.tokens * model["output_ratio_bp"]
    expected = z3.If(z3.And(given.gives_output, given.output * ONE < expected), given.output * ONE, expected)
    ceiling = model.get("max_output_tokens")
    if ceiling is not None:
        expected = z3.If(expected > ceiling * ONE, ceiling * ONE, expected)
    cost = given.tokens * model["input_pusd"] * ONE + expected * model["output_pusd"]
    return z3.Or(z3.Not(given.gives_cap), cost <= given.cap * ONE)


def _firsts(passing: Sequence[Any]) -> list[Any]:
    """Return for each place whether it is the first that passes."""
    firsts, before = [], z3.BoolVal(False)
    for passes in passing:
        firsts.append(z3.And(passes, z3.Not(before)))
        before = z3.Or(before, passes)
    return firsts


def picks_alike(before: Table, after: Table, policies: tuple[str, str], kind: str, name: str, *, caps: bool) -> bool:
    """Return whether no request of a view is picked for otherwise, or rejected otherwise."""
    given = Arguments((before, after), caps=caps)
    numbers = {slug: number for number, slug in enumerate(sorted({*before["models"], *after["models"]}))}
    solver = z3.Solver()
    solver.add(*given.bounds)
    pairs = zip((before, after), policies, strict=True)
    old, new = [_picked(table, policy, kind, name, given, numbers) for table, policy in pairs]
    solver.add(old != new)
    result = solver.check()
    assert result != z3.unknown, solver.reason_unknown()
    return bool(result == z3.unsat)
