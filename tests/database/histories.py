"""Draw histories of valid programs from a seed: each is the one before it after an edit, or rarely an unrelated one."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from routecomp.checker import Options, check
from routecomp.sql.state import DatabaseState, database_state
from tests.properties.strategies import Project, Seeded, written

Sections = dict[str, Any]


def states(seed: int | str, edits: int) -> Iterator[DatabaseState]:
    """Yield the state of a random program, then the state after each of `edits` edits."""
    dice = random.Random(seed)
    sections = _program(dice)
    found = _state(sections)
    assert found is not None
    yield found
    done = 0
    for _ in range(edits * 30):
        if done == edits:
            return
        tried = copy.deepcopy(sections)
        if dice.random() < 0.1:
            tried = _program(dice)
        else:
            try:
                dice.choice(EDITS)(dice, tried)
            except (IndexError, KeyError, StopIteration):
                continue  # nothing there that this edit could change
        after = _state(tried)
        if after is not None:  # else the edit made no valid program
            sections, done = tried, done + 1
            yield after


def pairs(seed: int | str, number: int) -> Iterator[tuple[DatabaseState, DatabaseState, DatabaseState, DatabaseState]]:
    """Yield `number` pairs of independent edits as states: before, after the first, after the second, after both.

    The two edits change different rows of the database. Each gives a valid program, and so do both together.
    """
    dice = random.Random(seed)
    sections, before = {}, None
    while number:
        if before is None or dice.random() < 0.2:
            sections = _program(dice)
            before = _state(sections)
            assert before is not None
        one, other = dice.choices(EDITS, k=2)
        seeds = [dice.randrange(10**9) for _ in range(2)]
        states = [
            _edited(sections, (one, seeds[0])),
            _edited(sections, (other, seeds[1])),
            _edited(sections, (one, seeds[0]), (other, seeds[1])),
        ]
        first, second, both = states
        if first is None or second is None or both is None:
            continue
        touched = [_cells(before, state) for state in (first, second)]
        if (
            touched[0]
            and touched[1]
            and not _rows(touched[0]) & _rows(touched[1])
            and (_cells(before, both) == {**touched[0], **touched[1]})
        ):
            number -= 1
            yield before, first, second, both


def _edited(sections: Sections, *edits: tuple[Callable[[random.Random, Sections], None], int]) -> DatabaseState | None:
    tried = copy.deepcopy(sections)
    try:
        for edit, seed in edits:
            edit(random.Random(seed), tried)
    except (IndexError, KeyError, StopIteration):
        return None
    return _state(tried)


def _cells(before: DatabaseState, after: DatabaseState) -> dict[tuple[str, Any], Any]:
    """Return the rows that change, each with its new cells (None: removed)."""
    return {
        (name, key): after.tables[name].get(key)
        for name, was in before.tables.items()
        for key in {*was, *after.tables[name]}
        if was.get(key) != after.tables[name].get(key)
    }


def _rows(cells: dict[tuple[str, Any], Any]) -> set[tuple[str, Any]]:
    return set(cells)


def _program(dice: random.Random) -> Sections:
    return Project(Seeded(dice.randrange(10**9)), False).sections


def _state(sections: Sections) -> DatabaseState | None:
    files = {
        f"{_folder(name)}/{name}.yaml": (written({name: body}) + "\n").encode()
        for name, body in sections.items()
        if body not in ({}, None)
    }
    checked = check(files, Options(today=date(2026, 11, 20)))
    return None if checked.program is None else database_state(checked.program)


def _folder(section: str) -> str:
    if section in ("presets", "tenants", "preferences"):
        return "policies"
    return "experiments" if section == "experiments" else "routes"


def _promote(dice: random.Random, s: Sections) -> None:
    rows = s["features"][dice.choice(list(s["features"]))]["models"]
    old = next(name for name, row in rows.items() if row == "primary")
    new = dice.choice([name for name in rows if name != old])
    rows[new], rows[old] = "primary", dice.choice(["shadow", "shadow", "retired"])


def _add_row(dice: random.Random, s: Sections) -> None:
    rows = s["features"][dice.choice(list(s["features"]))]["models"]
    rows.setdefault(
        dice.choice(list(s["models"])),
        dice.choice(["shadow", "retired", {"status": "shadow", "sample": 0.25, "max_daily_usd": 3.5}]),
    )


def _drop_row(dice: random.Random, s: Sections) -> None:
    rows = s["features"][dice.choice(list(s["features"]))]["models"]
    del rows[dice.choice([name for name, row in rows.items() if row != "primary"])]


def _fallback(dice: random.Random, s: Sections) -> None:
    body = s["features"][dice.choice(list(s["features"]))]
    body["fallback"] = dice.sample(list(s["models"]), min(len(s["models"]), dice.randrange(4)))


def _model_figure(dice: random.Random, s: Sections) -> None:
    body = s["models"][dice.choice(list(s["models"]))]
    field, values = dice.choice(
        [
            ("latency_ms", (1, 900, 10**9)),
            ("quality", (0.91, 0.62, 1)),
            ("compliance", (0, 0.5, 1)),
            ("active", ("false", "true")),
        ]
    )
    body[field] = dice.choice(values)


def _drop(section: str) -> Callable[[random.Random, Sections], None]:
    def edit(dice: random.Random, s: Sections) -> None:
        del s[section][dice.choice(list(s[section]))]

    return edit


def _copied(section: str) -> Callable[[random.Random, Sections], None]:
    def edit(dice: random.Random, s: Sections) -> None:
        body = copy.deepcopy(s[section][dice.choice(list(s[section]))])
        name = f"new-{dice.randrange(5)}"
        if section == "targets":
            body["aliases"] = [f"{name}/alias"]
        if section == "experiments":
            body.pop("salt", None)
            body["public_model_id"] = dice.choice([body["public_model_id"], f"preview/{name}"])
        s.setdefault(section, {})[name] = body

    return edit


def _tenant_value(dice: random.Random, s: Sections) -> None:
    body = s["tenants"][dice.choice(list(s["tenants"]))]
    field, values = dice.choice(
        [
            ("banned_providers", ([], list(s["providers"])[:1])),
            ("banned_models", ([], list(s["models"])[-1:])),
            ("fallback_cost_penalty_pct", (0, 100, 3.25)),
            ("max_quality_loss", (0, 1)),
            ("preferred_providers", ([], list(s["providers"]))),
        ]
    )
    body[field] = dice.choice(values)


def _status(dice: random.Random, s: Sections) -> None:
    body = s["experiments"][dice.choice(list(s["experiments"]))]
    body["status"] = dice.choice(["draft", "active", "paused", "completed"])
    if dice.random() < 0.5:
        body.pop("winner", None)
    elif body["status"] == "completed":
        body["winner"] = dice.choice(list(body["variants"]))


def _version(dice: random.Random, s: Sections) -> None:
    variants = s["experiments"][dice.choice(list(s["experiments"]))]["variants"]
    versions = variants[dice.choice(list(variants))].setdefault("versions", [])
    if versions and dice.random() < 0.3:
        versions.pop()
    else:
        versions.append({"version": len(versions) + 1, "model": dice.choice(list(s["models"]))})


def _salts(dice: random.Random, s: Sections) -> None:
    one, other = dice.sample(list(s["experiments"]), 2) if len(s["experiments"]) > 1 else [][0]
    bodies = s["experiments"]
    bodies[one]["salt"], bodies[other]["salt"] = bodies[other].get("salt", other), bodies[one].get("salt", one)


EDITS: tuple[Callable[[random.Random, Sections], None], ...] = (
    _promote,
    _promote,
    _promote,
    _add_row,
    _drop_row,
    _fallback,
    _model_figure,
    _model_figure,
    _tenant_value,
    _tenant_value,
    _status,
    _status,
    _version,
    _salts,
    *(_drop(name) for name in ("features", "targets", "tenants", "experiments", "models", "preferences", "presets")),
    *(_copied(name) for name in ("features", "targets", "tenants", "experiments", "models")),
)
