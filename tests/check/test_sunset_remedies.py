"""Each remedy where a model ends is written down and checked: the finding is gone, and nothing new is found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from routecomp.checker import Checked, Options, check
from routecomp.explain.inventory.sunsets import list_sunsets
from routecomp.explain.loaded import Loaded
from routecomp.review.base.base import Base
from routecomp.review.edit.experiment import swap_version
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.promote import promote
from routecomp.rules.references import serving
from routecomp.runtime.resolver import Router
from routecomp.source.edits import apply_edits
from routecomp.table.lower import lower

Json = dict[str, Any]
TODAY = date(2026, 11, 30)
PATHS = {"providers": "routes", "models": "routes", "features": "routes", "targets": "routes", "defaults": "routes"}
PATHS |= {"scoring": "routes", "resilience": "routes", "experiments": "experiments", "tenants": "policies"}


def flow(value: Any) -> str:
    """Write a value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    return "[" + ", ".join(map(flow, value)) + "]" if isinstance(value, list) else str(value)


def files(project: Json) -> dict[str, bytes]:
    """Write a project, a file for each section and a line for each body."""
    return {
        f"{PATHS[name]}/{name}.yaml": "".join(
            [f"{name}:\n", *(f"  {key}: {flow(body)}\n" for key, body in bodies.items())]
        ).encode()
        for name, bodies in project.items()
    }


def model(**more: str) -> Json:
    """Return a model's body."""
    return {
        "provider": "p",
        "quality": "0.80",
        "price": {"input": "2.00", "output": "8.00"},
        "latency_ms": "900",
        "context_window": "200000",
        **more,
    }


def base() -> Json:
    """Return a project in which `a` ends in ten days, `b` follows it, and `c` follows that."""
    wire = {"adapter": "openai", "base_url": "https://api.example.com", "api_key_env": "P_KEY", "stack": "us"}
    return {
        "providers": {"p": wire},
        "models": {
            "a": model(sunset="2026-12-10", successor="b"),
            "b": model(successor="c"),
            "c": model(),
            "z": model(),
        },
        "features": {"chat": {"models": {"a": "primary"}, "fallback": ["z"]}},
        "targets": {"auto": {"candidates": {"models": ["z"]}}},
        "defaults": {"model": "z"},
        "scoring": {"cost": {"best": "0", "worst": "75"}, "latency_ms": {"best": "0", "worst": "10000"}},
    }


def put(*path: Any) -> Callable[[Json], None]:
    """Return the step that puts the last of `path` at the place that the others lead to; None takes it out."""

    def step(project: Json) -> None:
        *above, key, value = path
        for name in above:
            project = project.setdefault(name, {})
        if value is None:
            del project[key]
        else:
            project[key] = deepcopy(value)

    return step


def variants(*models: str) -> Json:
    """Return a running experiment of these models."""
    return {
        "public_model_id": "preview/x",
        "status": "active",
        "variants": {
            f"v{place}": {"weight": "0.50", "versions": [{"version": "1", "model": slug}]}
            for place, slug in enumerate(models)
        },
    }


SERVES: dict[str, list[Callable[[Json], None]]] = {
    "primary": [],
    "primary, b shadow": [put("features", "chat", "models", {"a": "primary", "b": "shadow"})],
    "primary, b shadow and fallback": [
        put("features", "chat", {"models": {"a": "primary", "b": "shadow"}, "fallback": ["b"]})
    ],
    "primary, b shadow and one of two fallbacks": [
        put("features", "chat", {"models": {"a": "primary", "b": "shadow"}, "fallback": ["b", "z"]})
    ],
    "primary, b fallback": [put("features", "chat", {"models": {"a": "primary"}, "fallback": ["b"]})],
    "primary, b retired": [put("features", "chat", "models", {"a": "primary", "b": "retired"})],
    "primary with a floor": [
        put("features", "chat", {"models": {"a": "primary"}, "min_quality": "0.75"}),
        put("models", "b", "quality", "0.60"),
    ],
    "primary, b banned": [put("defaults", "policy", {"banned_models": ["b"]})],
    "fallback": [put("features", "chat", {"models": {"z": "primary"}, "fallback": ["a"]})],
    "fallback behind b": [put("features", "chat", {"models": {"z": "primary"}, "fallback": ["b", "a"]})],
    "fallback, b primary": [put("features", "chat", {"models": {"b": "primary"}, "fallback": ["a", "z"]})],
    "fallback, b retired": [put("features", "chat", {"models": {"z": "primary", "b": "retired"}, "fallback": ["a"]})],
    "fallback and shadow, b primary": [
        put("features", "chat", {"models": {"b": "primary", "a": "shadow"}, "fallback": ["a", "z"]})
    ],
    "fallback below a floor": [
        put("features", "chat", {"models": {"z": "primary"}, "fallback": ["a"], "min_quality": "0.75"}),
        put("models", "b", "quality", "0.60"),
    ],
    "candidate": [put("targets", "auto", "candidates", {"models": ["a", "z"]})],
    "candidate beside b": [put("targets", "auto", "candidates", {"models": ["b", "a"]})],
    "variant": [put("experiments", "x", variants("a", "z"))],
    "winner": [put("experiments", "x", {**variants("a", "z"), "status": "completed", "winner": "v0"})],
    "default model": [put("defaults", "model", "a")],
    "config route": [put("defaults", "routes", {"chat": "a"})],
    "config route of none": [put("defaults", "routes", {"other": "a"})],
    "config route, z primary": [
        put("features", "chat", {"models": {"z": "primary"}, "fallback": ["a"]}),
        put("defaults", "routes", {"chat": "a"}),
    ],
}
FOLLOWS: dict[str, list[Callable[[Json], None]]] = {
    "b lasts": [],
    "b has ended": [put("models", "b", "sunset", "2026-11-01")],
    "b ends before": [put("models", "b", "sunset", "2026-12-05")],
    "b ends soon after": [put("models", "b", "sunset", "2027-01-05")],
    "b is not active": [put("models", "b", "active", "false")],
    "b and c have ended": [
        put("models", "b", "sunset", "2026-11-01"),
        put("models", "c", "sunset", "2026-11-02"),
        put("models", "c", "successor", "z"),
    ],
    "a has ended": [put("models", "a", "sunset", "2026-11-20")],
}


def verdict(now: Json, before: dict[str, bytes] | None = None) -> Checked:
    """Check a project, and its change."""
    return check(files(now), Options(TODAY), base=None if before is None else Base("on main", "main:", before))


def ending(checked: Checked) -> set[tuple[str, str]]:
    """Return the places that are served by a model which ends soon."""
    soon = {
        slug
        for slug, entry in checked.declared.models.items()
        if entry.body.sunset is not None and (date.fromisoformat(entry.body.sunset) - TODAY).days <= 60
    }
    return {
        (place.where.replace("fallback 2", "fallback 1"), place.slug)
        for place in serving(checked.declared, soon.__contains__)
    }


def rules(checked: Checked) -> set[str]:
    """Return the rules that found something, but for the one on endings."""
    return {diagnostic.rule for diagnostic in checked.diagnostics} - {"RC411"}


def sunsets(project: Json) -> Json:
    """Return what `show sunsets` says of model `a`."""
    checked = verdict(project)
    assert checked.program is not None, [each.message for each in checked.diagnostics]
    table = lower(checked.program)
    loaded = Loaded(checked.program, table, Router.from_bytes(table.data, table.fallback_data))
    return next(row for row in list_sunsets(loaded) if row["model"] == "a")


def written(project: Json, place: Json) -> Iterator[Json]:
    """Yield the project after each step that a place is to be written by; nothing where somebody has to choose."""
    write, now = place["write"], deepcopy(project)
    feature = now["features"]["chat"]
    if "another model" in write and not (write.startswith("take it out") and place["kind"] == "feature"):
        return
    if place["kind"] == "defaults":
        key, _, other = write.partition(": ")
        put("defaults", *(["routes"] if place["name"] == "routes" else []), key, other)(now)
        yield now
        return
    if swap := re.fullmatch(r"`routecomp experiment swap-version (\S+) (\S+) (\S+)`", write):
        name, id, other = swap.groups()
        yield from edited(now, lambda checked: swap_version(checked.declared, name, id, other, None))
        return
    if begun := re.fullmatch(r"`routecomp experiment archive (\w)`, .* another experiment of `(\S+)` with (\w)", write):
        name, id, other = begun.groups()
        now["experiments"][name]["archived"] = "true"
        now["experiments"]["next"] = {**variants(other, "z"), "public_model_id": id}
        yield now
        return
    if row := re.match(r"(\w): shadow", write):
        feature["models"][row[1]] = "shadow"
        yield deepcopy(now)
    if swap := re.search(r"`routecomp promote (\S+) (\S+)`", write):
        name, other = swap.groups()
        yield from edited(now, lambda checked: promote(checked.declared, name, other))
        return
    holder, key = (
        (feature, "fallback") if place["kind"] == "feature" else (now["targets"]["auto"]["candidates"], "models")
    )
    if write.startswith("take it out"):
        holder[key] = [slug for slug in holder[key] if slug != "a"]
        if not holder[key]:
            del holder[key]
    if there := re.fullmatch(r"(\w) in its place", write):
        holder[key] = [there[1] if slug == "a" else slug for slug in holder[key]]
    if write.endswith("a: retired"):
        feature["models"]["a"] = "retired"
    yield now


def edited(project: Json, plan: Callable[[Checked], Plan]) -> Iterator[Json]:
    """Yield the project as a command leaves it, the bodies that it may edit as lines; a refusal fails the test."""
    texts = {path: data.decode() for path, data in files(project).items()}
    edits = plan(verdict(project)).edits
    now = deepcopy(project)
    for name in ("features", "experiments"):
        path = f"{PATHS[name]}/{name}.yaml"
        text = apply_edits(texts.get(path, ""), [edit for edit in edits if edit.span.path == path])
        for key, body in re.findall(r"(?m)^  (\w+): (.*)$", text):
            now[name][key] = read(body)
    yield now


def read(text: str) -> Any:
    """Read what `flow` writes."""
    quoted = re.sub(r"[^][{},: ]+(?:/[^][{},: ]+)*", lambda word: json.dumps(word[0]), text)
    return json.loads(quoted)


@pytest.mark.parametrize("serves", SERVES)
def test_each_remedy_is_one(serves: str) -> None:
    """What stands in `show sunsets` is done line by line: none brings another finding, and in the end nothing is left.

    Only where no successor can take over, it is left to the author.
    """
    for follows, steps in FOLLOWS.items():
        project = base()
        for step in (*SERVES[serves], *steps):
            step(project)
        was = verdict(project)
        if was.program is None:
            assert "b is not active" in follows or "floor" in serves or "banned" in serves, follows
            continue
        the_finding_names_who_can(was)
        for _ in range(8):
            row = sunsets(project)
            ways = [list(written(project, place)) for place in row["serves"]]
            if not any(ways):
                break
            for now in next(filter(None, ways)):
                done = verdict(now, files(project))
                new = [
                    each.message for each in done.diagnostics if each.rule != "RC411" and each.rule not in rules(was)
                ]
                assert not new, (follows, row["serves"], new)
                project = now
        left = [place["write"] for place in sunsets(project)["serves"]]
        assert all("another model" in write for write in left), (follows, left)
        assert not left or "lasts" not in follows or serves in ("primary with a floor", "primary, b banned"), left
        soon = {where for where, slug in ending(verdict(project)) if slug != "a"}
        assert soon <= {where for where, slug in ending(was) if slug != "a"}, follows


def the_finding_names_who_can(checked: Checked) -> None:
    """See that the remedy of RC411 names no model that ends or is switched off."""
    helps = [each.help for each in checked.diagnostics if each.rule == "RC411" and "is `a`" in each.message]
    for help in helps:
        named = re.search(r"(?:(?:bring in|with)(?: its successor)?|name) `(\w)`", help)
        if named is None:
            assert "another model" in help or help.startswith("take it out of `fallback`: its successor"), help
            continue
        body = checked.declared.models[named[1]].body
        assert body.active, help
        assert body.sunset is None, help


def test_chains_that_do_not_name_it() -> None:
    """A model serves whoever has it in a chain, at any place: through a target, `then`, and its logical model."""
    project = base()
    for step in (
        put("models", "a", "logical_slug", "any-a"),
        put("models", "a", "quality", "0.70"),
        put("features", "chat", {"models": {"z": "primary"}, "then": "auto"}),
        put("targets", "auto", "candidates", "all"),
        put("resilience", {"max_attempts": "2"}),
        put("tenants", {"banned": {"banned_models": ["a"]}, "free": {"preset": "balanced"}}),
    ):
        step(project)
    row = sunsets(project)
    assert row["serves"] == []
    assert {(chain["kind"], chain["name"], chain["position"]) for chain in row["chains"]} == {
        ("feature", "chat", 4),
        ("target", "auto", 4),
        ("logical model", "any-a", 1),
    }
    assert all(chain["tenants"] == [None, "free"] for chain in row["chains"])
    put("models", "a", "active", "false")(project)
    assert sunsets(project)["chains"] == []
    put("models", "a", "active", "true")(project)
    put("features", "chat", "models", "a", "retired")(project)
    done = verdict(project)
    assert not done.diagnostics
    assert [chain["name"] for chain in sunsets(project)["chains"]] == ["auto", "any-a"]


def test_what_has_ended_may_be_retired() -> None:
    """The row that takes an ended model out of a `then` is no new reference to it."""
    project = base()
    put("models", "a", "sunset", "2026-11-01")(project)
    put("features", "chat", {"models": {"z": "primary"}, "then": "auto"})(project)
    put("targets", "auto", "candidates", "all")(project)
    before = files(project)
    put("features", "chat", "models", "a", "retired")(project)
    assert not verdict(project, before).diagnostics
    put("features", "chat", "models", "a", "shadow")(project)
    (finding,) = verdict(project, before).diagnostics
    assert (finding.rule, finding.help) == ("RC541", "name its successor `b`")
    put("features", "chat", "models", "b", "shadow")(project)
    (finding,) = verdict(project, before).diagnostics
    assert finding.help == "take it out: its successor `b` is there already"


def test_the_finding_on_a_winner_is_what_show_says() -> None:
    """A completed experiment takes no further version, so the finding names the way that can be followed."""
    project = base()
    for step in (put("features", "chat", {"models": {"z": "primary"}}), *SERVES["winner"]):
        step(project)
    (finding,) = [each for each in verdict(project).diagnostics if each.rule == "RC411"]
    archive = "`routecomp experiment archive x`, and in the same change begin another experiment of `preview/x` with"
    assert finding.help == f"{archive} its successor `b`"
    (place,) = sunsets(project)["serves"]
    assert place["write"] == f"{archive} b"
