"""Entries and keys that a bad merge or a hand took out, renamed or doubled: refused, or decided as what is left says.

The living example's table loses each key of each object in turn. What still loads has a line in `LEFT`, which says
how the rest is read.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime.resolver import Router

Table = dict[str, Any]
KeyPath = tuple[Any, ...]
"""The keys, and the numbers of list members, that lead to a key."""
RAW = (Path(__file__).parents[2] / "generated/routing_table.json").read_bytes()
TABLE: Table = json.loads(RAW)
LONG_RUN = pytest.mark.skipif(os.environ.get("ROUTECOMP_HARD") != "1", reason="a long run: make hard")
EVERY = pytest.mark.parametrize("every", [False, pytest.param(True, marks=[LONG_RUN, pytest.mark.hard])])
GATE = TABLE["preferences"]["gate_env"]


def paths(value: Any, above: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of each key of each object."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        if isinstance(value, dict):
            yield (*above, key)
        yield from paths(value[key], (*above, key))


PATHS = [*paths(TABLE)]


def edited(path: KeyPath, edit: Callable[[dict[str, Any], str], None], table: Table = TABLE) -> Table:
    """Return a copy of the table in which one key of one object is edited."""
    table = deepcopy(table) if len(path) == 1 else {**table, path[0]: deepcopy(table[path[0]])}
    body: Any = table
    for step in path[:-1]:
        body = body[step]
    edit(body, path[-1])
    return table


def delete(body: dict[str, Any], key: str) -> None:
    del body[key]


def rename(body: dict[str, Any], key: str) -> None:
    body[f"x-{key}" if key.endswith("*") else f"{key}-x"] = body.pop(key)


def loaded(table: Table) -> Router | None:
    """Return a router for a table, None if the table is refused; a refusal is in words."""
    router = Router.from_bytes(json.dumps(table).encode())
    rejection = router.status()["last_rejection"]
    assert rejection is None or not re.search(r"Error|None", rejection), rejection
    return router if rejection is None else None


@cache
def requests() -> list[dict[str, Any]]:
    """Return requests for every name that callers may send, by every tenant somewhere."""
    tenants = [*TABLE["tenants"], None, "nobody"]
    names = [("feature", name) for name in (*TABLE["features"], *TABLE["defaults"]["routes"], "nothing")]
    for section in ("targets", "aliases", "feature_aliases", "model_aliases", "patterns", "experiments", "models"):
        names += [("model", name) for name in TABLE[section]]
    asked = []
    for number, (argument, name) in enumerate(names):
        for tenant in {tenants[number % len(tenants)], None}:
            asked.append({argument: name, "tenant": tenant, "unit": f"u-{number}", "request_id": f"r-{number}"})
            asked.append({argument: name, "tenant": tenant, "input_tokens": 900, "stack": "avoid-china"})
    for number, tenant in enumerate(tenants):
        asked.append({"feature": [*TABLE["features"]][number % len(TABLE["features"])], "tenant": tenant})
    return asked


def decide(router: Router, request: dict[str, Any]) -> dict[str, Any]:
    return router.resolve_request(request).to_dict() | {"ruleset_hash": None}


@cache
def before() -> list[dict[str, Any]]:
    """Return the decisions of the whole table."""
    router = loaded(TABLE)
    assert router is not None
    return [decide(router, request) for request in requests()]


def as_if(table: Table) -> list[dict[str, Any]]:
    """Return the decisions of another table, which is the reading of what is left."""
    router = loaded(table)
    assert router is not None
    return [decide(router, request) for request in requests()]


def without_tenant(path: KeyPath) -> list[dict[str, Any]]:
    """The tenant is undeclared: it is decided as any name that nobody declares."""
    router = loaded(TABLE)
    assert router is not None
    return [
        decide(router, {**request, "tenant": "nobody"}) if request["tenant"] == path[1] else decision
        for request, decision in zip(requests(), before(), strict=True)
    ]


def without_name(path: KeyPath) -> list[dict[str, Any]]:
    """The name is unknown: as a model it is decided as one that begins so, or else as any name that leads nowhere."""
    router = loaded(TABLE)
    assert router is not None
    begun = [text for text in TABLE["patterns"] if str(path[1]).startswith(text[:-1]) and text != path[1]]
    instead = max(begun, key=len, default="leads-nowhere")
    return [
        decide(router, {**request, "model": instead}) if request.get("model") == path[1] else decision
        for request, decision in zip(requests(), before(), strict=True)
    ]


def without_section(path: KeyPath) -> list[dict[str, Any]]:
    """No name of the section is known; tables of 2.0 have no such section."""
    router = loaded(TABLE)
    assert router is not None
    return [
        decide(router, {**request, "model": "leads-nowhere"}) if request.get("model") in TABLE[path[0]] else decision
        for request, decision in zip(requests(), before(), strict=True)
    ]


def without_feature(path: KeyPath) -> list[dict[str, Any]]:
    """The feature has no rows: its config route answers, else the default model."""
    return as_if(edited((*path, "rows"), lambda body, key: body.update({key: []})))


def without_route(path: KeyPath) -> list[dict[str, Any]]:
    """The feature has no config route: the default model answers where the route did, and the decision says so."""
    decisions = as_if(edited(path, lambda body, key: body.update({key: TABLE["defaults"]["model"]})))
    for request, decision in zip(requests(), decisions, strict=True):
        if request.get("feature") == path[-1] and decision["source"] == "default_route":
            decision["source"] = "default_model"
    return decisions


def without_sample(path: KeyPath) -> list[dict[str, Any]]:
    """The shadow is never mirrored."""
    model = TABLE["features"][path[1]]["rows"][path[3]]["model"]
    return [
        {**decision, "shadows": [slug for slug in decision["shadows"] if slug != model]}
        if decision["route_name"] == path[1]
        else decision
        for decision in before()
    ]


def unread(path: KeyPath) -> list[dict[str, Any]]:
    """The key is for services; no decision reads it."""
    return before()


def without_ceiling(path: KeyPath) -> list[dict[str, Any]]:
    """The model answers with any number of tokens, as context windows allow."""
    table = deepcopy(TABLE)
    table["models"][path[1]]["max_output_tokens"] = 10**9
    return as_if(table)


def without_shares(path: KeyPath) -> list[dict[str, Any]]:
    """The load is not shared: what ranks first serves, and an id changes nothing."""
    without: list[dict[str, Any]] = []
    router = loaded(TABLE)
    assert router is not None
    for request, decision in zip(requests(), before(), strict=True):
        log = router.explain_request(request)
        if "spread" in log:
            first = log["spread"]["stated"]
            plain = decide(router, {**request, "unit": None, "request_id": None})
            plain["reasons"] = [reason for reason in plain["reasons"] if reason != "no_unit"]
            decision = {**plain, "shadows": [slug for slug in decision["shadows"] if slug != first]}
        without.append(decision)
    return without


def without_control(path: KeyPath) -> list[dict[str, Any]]:
    """The experiment rejects what its variant cannot serve, as one that says nothing."""
    return as_if(edited(path, lambda body, key: body.update({key: "reject"})))


def without_provider(path: KeyPath) -> list[dict[str, Any]]:
    """The provider's models serve nobody, and a feature whose primary is one of them has no rows."""
    table = deepcopy(TABLE)
    for model in table["models"].values():
        model["active"] &= model["provider"] != path[1]
    for feature in table["features"].values():
        primary = next(row["model"] for row in feature["rows"] if row["status"] == "primary")
        if table["models"][primary]["provider"] == path[1]:
            feature["rows"] = []
    return as_if(table)


LEFT: dict[str, Callable[[KeyPath], list[dict[str, Any]]]] = {
    r"tenants/.+": without_tenant,
    r"(?!.*/on_unavailable$)(aliases|feature_aliases|model_aliases|patterns|experiments|targets)/.+": without_name,
    r"feature_aliases|model_aliases|patterns|unanswered": without_section,
    r"unanswered/.+": unread,  # nobody in `requests` sends it
    r"experiments/.+/on_unavailable": without_control,
    r"shares|shares/[^/]+": without_shares,
    r"features/[^/]+": without_feature,
    r"features/.+/rows/\d+/sample_bp": without_sample,
    r"features/.+/rows/\d+/max_daily_cents": unread,
    r"models/.+/(sunset|successor)": unread,
    r"models/.+/max_output_tokens": without_ceiling,
    r"providers/[^/]+": without_provider,
    r"defaults/routes/.+": without_route,
}
"""What may be taken out, and how the rest then decides."""


NAMED = {"tenants": "tenant", "aliases": "model", "experiments": "model", "targets": "model", "features": "feature",
         "feature_aliases": "model", "model_aliases": "model"}  # fmt: skip
"""Sections whose names callers send, and the argument in which they do."""


def reading(path: KeyPath) -> Callable[[KeyPath], list[dict[str, Any]]]:
    text = "/".join(map(str, path))
    readings = [reading for pattern, reading in LEFT.items() if re.fullmatch(pattern, text)]
    assert len(readings) == 1, f"nothing says how a table without {text} is read"
    return readings[0]


def sampled(every: bool) -> list[KeyPath]:
    """Return the paths of six entries of each section and of two keys of each kind, or every path."""
    if every:
        return PATHS
    kinds: Counter[KeyPath] = Counter()
    kept = []
    for path in PATHS:
        kind = (len(path) > 2, path[0], *(step for step in path[2:] if type(step) is str))
        kinds[kind] += 1
        if kinds[kind] <= (2 if len(path) > 2 else 6):
            kept.append(path)
    return kept


@EVERY
def test_each_key_taken_out_and_renamed(every: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one of its keys a table is refused, or decides as the reading in `LEFT` says; a renamed key is one less.

    An entry that is renamed answers by its new name, too.
    """
    monkeypatch.delenv(GATE, raising=False)
    refused, read = 0, set()
    for path in sampled(every):
        router, renamed = loaded(edited(path, delete)), loaded(edited(path, rename))
        if path[0] == "shares" and len(path) == 2:  # another name of shares is that of no logical model
            assert renamed is None, path
            renamed = router
        if router is None or renamed is None:
            assert (router, renamed) == (None, None), path
            refused += 1
            continue
        read.add(path[0])
        for request, decision in zip(requests(), reading(path)(path), strict=True):
            assert decide(router, request) == decision, (path, request)
            assert decide(renamed, request) == decision, (path, request)
        if path[0] in NAMED and len(path) == 2:
            for request, decision in zip(requests(), before(), strict=True):
                if request.get(NAMED[path[0]]) == path[1]:
                    now = decide(renamed, {**request, NAMED[path[0]]: f"{path[1]}-x"})
                    # Which requests a shadow mirrors depends on the name of the feature.
                    apart = {"shadows": None, "route_name": None}
                    assert now | apart == decision | apart, (path, request)
    assert refused > 80
    assert read == {
        "tenants", "aliases", "experiments", "features", "providers", "defaults", "shares", "models",
        "feature_aliases", "model_aliases", "patterns", "unanswered",
    }  # fmt: skip


@EVERY
def test_each_key_twice(every: bool) -> None:
    """A key that stands twice in its object is refused, whether its values are equal or not."""
    for number, path in enumerate(sampled(every)):
        value = (lambda body, key: body[key]) if number % 2 else (lambda body, key: None)
        twice = edited(path, lambda body, key: body.update({"@twice": value(body, key)}))  # noqa: B023
        raw = json.dumps(twice).replace('"@twice"', json.dumps(path[-1]))
        rejection = str(Router.from_bytes(raw.encode()).status()["last_rejection"])
        assert rejection == f"routing table: key {path[-1]!r} stands twice in one object", path
