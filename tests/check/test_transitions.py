"""Every transition, legal and illegal: states times events, in tables written by hand from docs/semantics.md (3).

A cell names every rule that finds something in the change, `ok` where none does, and `-` where the event cannot
happen in that state. The tests take the product of all states and all events, so that no cell can be forgotten.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from tests.change_fixtures import changed

Body = dict[str, Any]
Project = dict[str, Any]

PRICES: Body = {"quality": 0.8, "price": {"input": 1, "output": 4}, "latency_ms": 900, "context_window": 128000}
ROUTES: Project = {
    "providers": {
        name: {
            "adapter": "openai",
            "api_key_env": f"{name.upper()}_KEY",
            "base_url": f"https://{name}.example",
            "chat_path": "/v1",
            "stack": "eu",
        }
        for name in ("alpha", "beta")
    },
    "models": {name: {"provider": "alpha", **PRICES} for name in ("sol", "luna", "terra", "comet")},
    "defaults": {"model": "luna"},
    "scoring": {"cost": {"best": 0, "worst": 20}, "latency_ms": {"best": 0, "worst": 9000}},
}


def table(text: str) -> dict[tuple[str, str], str]:
    """(row, column) to cell of a table drawn with bars."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    cells = {}
    for row in rows:
        assert len(row) == len(head), row
        for column, cell in zip(head[1:], row[1:], strict=True):
            assert (row[0], column) not in cells, row
            cells[row[0], column] = cell
    return cells


def found(before: Project, after: Project) -> str:
    """What a cell says of a change: the ids of the rules that find something, or `ok`."""
    assert judged(before, before) == "ok", "the state itself is wrong"
    return judged(before, after)


def judged(before: Project, after: Project) -> str:
    result = changed(written(before), written(after))
    return " ".join(sorted({one.rule for one in result.diagnostics})) or "ok"


def written(project: Project) -> dict[str, bytes]:
    """A project as files; JSON is YAML."""
    folders = {"experiments": "experiments"}
    return {
        f"{folders.get(section, 'routes')}/{section}.yaml": json.dumps({section: body}).encode()
        for section, body in project.items()
        if body
    }


# Experiments

STATES: dict[str, Body | None] = {
    "absent": None,
    "draft": {"status": "draft"},
    "active": {"status": "active"},
    "paused": {"status": "paused"},
    "shelved": {"status": "paused", "archived": True},
    "completed": {"status": "completed", "winner": "b"},
    "archived": {"status": "completed", "winner": "b", "archived": True},
}


def experiment() -> Body:
    return {
        "public_model_id": "preview/x",
        "variants": {
            "a": {
                "label": "A",
                "weight": 0.5,
                "versions": [{"version": 1, "model": "sol"}, {"version": 2, "model": "luna"}],
            },
            "b": {"label": "B", "weight": 0.3, "versions": [{"version": 1, "model": "luna", "api_key_env": "K_KEY"}]},
            "c": {"label": "C", "weight": 0.2, "versions": [{"version": 1, "model": "terra"}]},
        },
    }


def becomes(status: str) -> Callable[[Body], None]:
    def event(body: Body) -> None:
        body["status"] = status
        if status == "active":
            body.pop("archived", None)
        if status != "completed":
            body.pop("winner", None)

    return event


def put(*path: object, to: object) -> Callable[[Body], None]:
    def event(body: Body) -> None:
        at: Any = body
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = to

    return event


def weights(a: float, b: float, c: float) -> Callable[[Body], None]:
    def event(body: Body) -> None:
        for id, weight in zip("abc", (a, b, c), strict=True):
            body["variants"][id]["weight"] = weight

    return event


def slots(**ranges: list[list[int]]) -> Callable[[Body], None]:
    def event(body: Body) -> None:
        for id, owned in ranges.items():
            body["variants"][id]["slots"] = owned

    return event


def variants(order: str, **changed_weights: float) -> Callable[[Body], None]:
    """Keep, reorder, rename or add variants: `d` is a new one with what `c` has."""

    def event(body: Body) -> None:
        old = body["variants"]
        body["variants"] = {id: copy.deepcopy(old.get(id, old["c"])) for id in order}
        for id, weight in changed_weights.items():
            body["variants"][id]["weight"] = weight

    return event


def both(*events: Callable[[Body], None]) -> Callable[[Body], None]:
    def event(body: Body) -> None:
        for one in events:
            one(body)

    return event


def new_version(body: Body) -> None:
    body["variants"]["c"]["versions"].append({"version": 2, "model": "sol"})


def version_gone(body: Body) -> None:
    body["variants"]["a"]["versions"].pop()


def key_gone(body: Body) -> None:
    del body["variants"]["b"]["versions"][0]["api_key_env"]


def nothing(body: Body) -> None:
    pass


EVENTS: dict[str, Callable[[Body], None]] = {
    "nothing": nothing,
    "becomes draft": becomes("draft"),
    "becomes active": becomes("active"),
    "becomes paused": becomes("paused"),
    "becomes completed": becomes("completed"),
    "is archived": put("archived", to=True),
    "is unarchived": put("archived", to=False),
    "gets a variant": variants("abcd", c=0.1, d=0.1),
    "loses a variant": variants("ab", b=0.5),
    "variant gets another id": variants("abd"),
    "variants in another order": variants("bac"),
    "another public id": put("public_model_id", to="preview/z"),
    "another salt": put("salt", to="s2"),
    "salt written out": put("salt", to="trial"),
    "another label": put("variants", "b", "label", to="Bee"),
    "weights, fewest units": weights(0.5, 0.4, 0.1),
    "weights, more units": weights(0.4, 0.3, 0.3),
    "weights with slots": both(
        weights(0.4, 0.3, 0.3), slots(a=[[0, 3999]], b=[[5000, 7999]], c=[[4000, 4999], [8000, 9999]])
    ),
    "slots written out": slots(a=[[0, 4999]], b=[[5000, 7999]], c=[[8000, 9999]]),
    "slots dealt anew": slots(a=[[5000, 9999]], b=[[0, 2999]], c=[[3000, 4999]]),
    "new version": new_version,
    "version gone": version_gone,
    "version, another model": put("variants", "a", "versions", 0, "model", to="comet"),
    "version, another key": put("variants", "b", "versions", 0, "api_key_env", to="OTHER_KEY"),
    "version, no key": key_gone,
    "another on_pause": put("on_pause", to="control"),
    "another on_unavailable": put("on_unavailable", to="control"),
    "another winner": put("winner", to="a"),
    "another description": put("description", to="what it is for"),
    "starts with another id": both(becomes("active"), variants("abd")),
    "completes, new version": both(becomes("completed"), new_version),
    "completes, new weights": both(becomes("completed"), weights(0.5, 0.4, 0.1)),
    "completes, new label": both(becomes("completed"), put("variants", "b", "label", to="Bee")),
}
APPEARS = {f"appears {name}": name for name in STATES if name != "absent"}
LEAVES = ("is removed", "gets another name")

EXPERIMENTS = table("""
                          | absent | draft | active | paused | shelved | completed   | archived
nothing                   | ok     | ok    | ok     | ok     | ok      | ok          | ok
appears draft             | ok     | -     | -      | -      | -       | -           | -
appears active            | ok     | -     | -      | -      | -       | -           | -
appears paused            | ok     | -     | -      | -      | -       | -           | -
appears shelved           | ok     | -     | -      | -      | -       | -           | -
appears completed         | ok     | -     | -      | -      | -       | -           | -
appears archived          | ok     | -     | -      | -      | -       | -           | -
is removed                | -      | ok    | RC512  | RC512  | RC512   | RC512       | ok
gets another name         | -      | ok    | RC512  | RC512  | RC512   | RC512       | ok
becomes draft             | -      | ok    | RC511  | RC511  | RC511   | RC511       | RC511
becomes active            | -      | ok    | ok     | ok     | ok      | RC511       | RC511
becomes paused            | -      | RC511 | ok     | ok     | ok      | RC511       | RC511
becomes completed         | -      | RC511 | ok     | ok     | ok      | ok          | ok
is archived               | -      | ok    | RC316  | ok     | ok      | ok          | ok
is unarchived             | -      | ok    | ok     | ok     | ok      | ok          | ok
gets a variant            | -      | ok    | RC513  | RC513  | RC513   | RC513 RC519 | RC513 RC519
loses a variant           | -      | ok    | RC513  | RC513  | RC513   | RC513 RC519 | RC513 RC519
variant gets another id   | -      | ok    | RC513  | RC513  | RC513   | RC513       | RC513
variants in another order | -      | ok    | RC520  | RC520  | RC520   | RC519       | RC519
another public id         | -      | ok    | RC514  | RC514  | RC514   | RC514       | RC514
another salt              | -      | ok    | RC515  | RC515  | RC515   | RC515       | RC515
salt written out          | -      | ok    | ok     | ok     | ok      | ok          | ok
another label             | -      | ok    | ok     | ok     | ok      | RC516       | RC516
weights, fewest units     | -      | ok    | ok     | ok     | ok      | RC519       | RC519
weights, more units       | -      | ok    | RC520  | RC520  | RC520   | RC519       | RC519
weights with slots        | -      | ok    | ok     | ok     | ok      | RC519       | RC519
slots written out         | -      | ok    | ok     | ok     | ok      | ok          | ok
slots dealt anew          | -      | ok    | RC520  | RC520  | RC520   | RC519       | RC519
new version               | -      | ok    | ok     | ok     | ok      | RC518       | RC518
version gone              | -      | ok    | RC517  | RC517  | RC517   | RC517       | RC517
version, another model    | -      | ok    | RC517  | RC517  | RC517   | RC517       | RC517
version, another key      | -      | ok    | RC517  | RC517  | RC517   | RC517       | RC517
version, no key           | -      | ok    | RC517  | RC517  | RC517   | RC517       | RC517
another on_pause          | -      | ok    | ok     | ok     | ok      | ok          | ok
another on_unavailable    | -      | ok    | ok     | ok     | ok      | ok          | ok
another winner            | -      | RC319 | RC319  | RC319  | RC319   | ok          | ok
another description       | -      | ok    | ok     | ok     | ok      | ok          | ok
starts with another id    | -      | ok    | RC513  | RC513  | RC513   | RC511 RC513 | RC511 RC513
completes, new version    | -      | RC511 | RC518  | RC518  | RC518   | RC518       | RC518
completes, new weights    | -      | RC511 | RC519  | RC519  | RC519   | RC519       | RC519
completes, new label      | -      | RC511 | ok     | ok     | ok      | RC516       | RC516
""")


@pytest.mark.parametrize(("event", "state"), list(product([*EVENTS, *APPEARS, *LEAVES], STATES)))
def test_experiments(event: str, state: str) -> None:
    """An experiment in any state, and anything that can happen to it: found is exactly what the table says."""
    start = STATES[state]
    now = None if start is None else {**experiment(), **start}
    if event in APPEARS:
        new = {**experiment(), **(STATES[APPEARS[event]] or {})}
        later: Project | None = None if now is not None else {"trial": new}
    elif now is None:
        later = {} if event == "nothing" else None
    elif event in LEAVES:
        later = {} if event == "is removed" else {"trial-b": now}
    else:
        body = copy.deepcopy(now)
        EVENTS[event](body)
        later = {"trial": body}
    if later is None:
        assert EXPERIMENTS[event, state] == "-"
        return
    before = {**ROUTES, "experiments": {} if now is None else {"trial": now}}
    assert found(before, {**ROUTES, "experiments": later}) == EXPERIMENTS[event, state]


def test_no_cell_of_experiments_is_missing() -> None:
    """The table has a cell for every state and event, and no other."""
    assert EXPERIMENTS.keys() == set(product([*EVENTS, *APPEARS, *LEAVES], STATES))


# Promotions

CAPPED = {"status": "shadow", "sample": 0.05, "max_daily_usd": 20}
CHALLENGER: dict[str, object] = {
    "absent": None,
    "shadow": "shadow",
    "sampled": {"status": "shadow", "sample": 0.05},
    "capped": CAPPED,
    "retired": "retired",
}
INCUMBENT: dict[str, object] = {
    "shadow": "shadow",
    "sampled": {"status": "shadow", "sample": 0.05},
    "capped": CAPPED,
    "other cap": {**CAPPED, "max_daily_usd": 30},
    "retired": "retired",
    "removed": None,
    "primary": "primary",
}

PROMOTIONS = table("""
challenger was | shadow | sampled | capped | other cap | retired     | removed     | primary
absent         | RC501  | RC501   | RC501  | RC501     | RC501 RC504 | RC501 RC503 | RC303 RC501
shadow         | ok     | RC505   | RC505  | RC505     | RC504       | RC503       | RC303
sampled        | RC505  | ok      | RC505  | RC505     | RC504       | RC503       | RC303
capped         | RC505  | RC505   | ok     | RC505     | RC504       | RC503       | RC303
retired        | RC502  | RC502   | RC502  | RC502     | RC502 RC504 | RC502 RC503 | RC303 RC502
""")


@pytest.mark.parametrize(("was", "becomes"), list(product(CHALLENGER, INCUMBENT)))
def test_promotions(was: str, becomes: str) -> None:
    """A model in any status becomes primary, and the incumbent anything: found is exactly what the table says."""
    before = {"sol": "primary", "terra": "shadow"} | ({"luna": CHALLENGER[was]} if CHALLENGER[was] else {})
    after = {"luna": "primary", "terra": "shadow"} | ({"sol": INCUMBENT[becomes]} if INCUMBENT[becomes] else {})
    assert found(feature(before), feature(after)) == PROMOTIONS[was, becomes]


def test_no_cell_of_promotions_is_missing() -> None:
    """The table has a cell for every pair, and no other."""
    assert PROMOTIONS.keys() == set(product(CHALLENGER, INCUMBENT))


FIGURES: dict[str, object] = {"bare": "shadow", "small": {"status": "shadow", "sample": 0.05}, "capped": CAPPED}
SHADOWS = ("luna", "terra", "comet")


def reached(start: dict[str, str]) -> set[tuple[tuple[tuple[str, str], ...], frozenset[str]]]:
    """Every state that promotions one after the other lead to, and the models that took part on the way there."""
    found: set[tuple[tuple[tuple[str, str], ...], frozenset[str]]] = set()
    left: list[tuple[dict[str, str], frozenset[str]]] = [(start, frozenset())]
    while left:
        rows, who = left.pop()
        key = tuple(sorted(rows.items())), who
        if key in found:
            continue
        found.add(key)
        [primary] = [model for model, row in rows.items() if row == "primary"]
        for model in rows:
            if model != primary:
                left.append(({**rows, model: "primary", primary: rows[model]}, who | {model, primary}))
    return found


@pytest.mark.parametrize("figures", list(product(FIGURES, repeat=3)), ids="-".join)
def test_several_promotions_in_one_change(figures: tuple[str, ...]) -> None:
    """Judged against the base, a change hands the samples over if promotions in a row do, and not otherwise.

    Rows that took part in no promotion are free.
    """
    start = {"sol": "primary", **dict(zip(SHADOWS, figures, strict=True))}
    possible = [(dict(rows), who) for rows, who in reached(start)]
    rows_of = {**FIGURES, "primary": "primary"}
    for later in product(FIGURES, repeat=3):
        end = {"luna": "primary", **dict(zip(("sol", "terra", "comet"), later, strict=True))}
        legal = any(
            all(rows[model] == end[model] for model in who) and rows["luna"] == "primary" for rows, who in possible
        )
        before = feature({model: rows_of[row] for model, row in start.items()})
        after = feature({model: rows_of[row] for model, row in end.items()})
        assert judged(before, after) == ("ok" if legal else "RC505"), (start, end)


@pytest.mark.parametrize(("was", "becomes"), list(product(CHALLENGER, CHALLENGER)))
def test_rows_that_are_no_primary_change_freely(was: str, becomes: str) -> None:
    """Whatever a model is besides primary, it may become anything else besides primary."""
    before = {"sol": "primary"} | ({"luna": CHALLENGER[was]} if CHALLENGER[was] else {})
    after = {"sol": "primary"} | ({"luna": CHALLENGER[becomes]} if CHALLENGER[becomes] else {})
    assert found(feature(before), feature(after)) == "ok"


@pytest.mark.parametrize("status", ["absent", "shadow", "sampled", "capped", "retired"])
def test_a_new_feature_starts_with_any_primary(status: str) -> None:
    """A feature the base does not declare may begin as it likes, and a feature may leave."""
    rows = {"luna": "primary"} | ({"sol": CHALLENGER[status]} if CHALLENGER[status] else {})
    assert found(ROUTES, feature(rows)) == "ok"
    assert found(feature(rows), ROUTES) == "ok"


def feature(rows: Body) -> Project:
    return {**ROUTES, "features": {"chat": {"models": rows}}}


# Models

NAMED: dict[str, Project] = {
    "nowhere": {},
    "feature row": {"features": {"chat": {"models": {"sol": "primary", "comet": "retired"}}}},
    "fallback": {"features": {"chat": {"models": {"sol": "primary"}, "fallback": ["comet"]}}},
    "candidates": {"targets": {"auto": {"candidates": {"models": ["sol", "comet"]}}}},
    "config route": {"defaults": {"model": "luna", "routes": {"draft": "comet"}}},
    "default model": {"defaults": {"model": "comet"}},
    "ban": {"defaults": {"model": "luna", "policy": {"banned_models": ["comet"]}}},
    "archived test": {
        "experiments": {
            "trial": {
                **experiment(),
                "status": "completed",
                "archived": True,
                "variants": {"a": {"weight": 1, "versions": [{"version": 1, "model": "comet"}]}},
            }
        }
    },
}
MODEL_EVENTS = ("is removed", "is removed with it", "another provider", "is inactive", "another upstream name")

MODELS = table("""
named in      | is removed | is removed with it | another provider | is inactive | another upstream name
nowhere       | ok         | ok                 | RC532            | ok          | ok
feature row   | RC531      | ok                 | RC532            | ok          | ok
fallback      | RC531      | ok                 | RC532            | RC407       | ok
candidates    | RC531      | ok                 | RC532            | ok          | ok
config route  | RC531      | ok                 | RC532            | RC404       | ok
default model | RC531      | ok                 | RC532            | RC404       | ok
ban           | RC531      | ok                 | RC532            | ok          | ok
archived test | RC531      | ok                 | RC532            | ok          | ok
""")


@pytest.mark.parametrize(("where", "event"), list(product(NAMED, MODEL_EVENTS)))
def test_models(where: str, event: str) -> None:
    """A model that is named in any place, and anything that can happen to it: found is what the table says."""
    before = {**ROUTES, **NAMED[where]}
    after = copy.deepcopy(ROUTES if event == "is removed with it" else before)
    if event.startswith("is removed"):
        del after["models"]["comet"]
    elif event == "another provider":
        after["models"]["comet"]["provider"] = "beta"
    elif event == "is inactive":
        after["models"]["comet"]["active"] = False
    else:
        after["models"]["comet"]["provider_model_name"] = "comet-2"
    assert found(before, after) == MODELS[where, event]


def test_no_cell_of_models_is_missing() -> None:
    """The table has a cell for every place and event, and no other."""
    assert MODELS.keys() == set(product(NAMED, MODEL_EVENTS))
