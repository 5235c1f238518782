"""Lay out what a project declares as a page for a terminal: all bodies of a kind, or everything about one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from routecomp.cli.output.layout import paragraph, table
from routecomp.cli.output.page import Page, safe
from routecomp.cli.output.terminal import paint
from routecomp.explain.values import names

Json = dict[str, Any]
_LISTED = 8


def overview_text(counts: Mapping[str, int]) -> str:
    """Return the page that counts the bodies of each kind."""
    rows = [(f"{count:,}", kind) for kind, count in counts.items()]
    return "\n".join(table(rows, indent=0, right=(0,))) + (
        "\n\n`routecomp show KIND` lists them, `routecomp show KIND NAME` says everything about one.\n"
    )


def list_text(kind: str, rows: Sequence[Json], color: bool) -> str:
    """Return the page with one line for each body of a kind (in the plural), or that there are none."""
    header, cells, right = _TABLES[kind]
    if not rows:
        return f"no {kind} are declared\n"
    head = tuple(paint(word, "2", color) for word in header)
    return "\n".join(table([head, *(tuple(cells(row)) for row in rows)], indent=0, right=right)) + "\n"


def body_text(kind: str, body: Json, color: bool, verbose: bool) -> str:
    """Return the page with everything about one body of a kind (in the plural); `verbose` cuts no list short."""
    page = Page(color)
    word = kind.removesuffix("s")
    _add_title(page, word, body)
    _PAGES[kind](page, body, verbose)
    return "\n".join(page.lines) + "\n"


def _add_title(page: Page, word: str, body: Json) -> None:
    """Add a body's name, where it stands, what it is for, who answers for it and what it was called."""
    place = f"   {body['at']}" if body["at"] else ""
    page.lines.append(paint(f"{word} `{body[word]}`", "1", page.color) + place)
    if body["description"]:
        page.lines += paragraph(safe(body["description"]), 2)
    if body["owner"]:
        page.lines.append(f"  owner: {safe(body['owner'])}")
    if body["was"]:
        page.lines.append(f"  was: {body['was']}, until the release after its rename")


def _add_policy(page: Page, fields: Sequence[Json]) -> None:
    """Add an effective policy, each value with its origin."""
    page.part("Effective policy", [(row["field"], row["value"], row["from"]) for row in fields])


def _tenant(page: Page, body: Json, verbose: bool) -> None:
    """Add a tenant's policy, the models it may not use, and what answers it."""
    _add_policy(page, body["policy"])
    page.part("Budget", [(row["field"], row["value"], row["at"]) for row in body["budget"]])
    page.lines += [line for note in body["notes"] for line in paragraph(f"note: {note}", 2, 6)]
    page.part(
        "Models it may not use",
        [(_count(row["models"], "model"), row["why"], _list(row["models"], verbose)) for row in body["barred"]],
    )
    page.part("Who answers it", [(f"{row['kind']} `{row['name']}`", _chain(row, verbose)) for row in body["serves"]])
    page.lines += ["", f"It may use {_count(body['models'], 'model')}, as far as its policy goes."]


def _preset(page: Page, body: Json, verbose: bool) -> None:
    """Add a preset's policy and the tenants that use it."""
    if body["built_in"]:
        page.lines.append("  built in; nothing in the files changes it")
    _add_policy(page, body["policy"])
    page.part("Used by", [(_count(body["tenants"], "tenant"), _list(body["tenants"], verbose))])


def _model(page: Page, body: Json, verbose: bool) -> None:
    """Add a model's fields, how its load is shared, its other hosts, its uses, and for whom it is out of reach."""
    page.part(
        "Fields",
        [
            ("provider", body["provider"], f"stack {body['stack']}"),
            *((row["field"], row["value"], row["at"] or "default") for row in body["fields"]),
            *([("aliases", names(body["aliases"]))] if body["aliases"] else []),
        ],
    )
    page.part(
        "Shared load",
        [
            (row["model"], row["share"], f"slots {row['slots'][0]} to {row['slots'][1]}", row["at"])
            for row in body["shared_load"]
        ],
    )
    page.part("Other hosts of the same model", [(slug,) for slug in body["other_hosts"]])
    page.part(
        "Used by",
        [
            (f"{row['kind']} `{row['name']}`" if row["kind"] != "defaults" else "defaults", row["as"], row["at"] or "")
            for row in body["used_by"]
        ],
    )
    if not body["used_by"]:
        page.lines += ["", "Nothing uses it."]
    page.part(
        "Out of reach for",
        [(_count(row["tenants"], "tenant"), row["why"], _list(row["tenants"], verbose)) for row in body["barred_for"]],
    )


def _provider(page: Page, body: Json, verbose: bool) -> None:
    """Add how a provider is called, its models, and the tenants that ban, exclude or prefer it."""
    page.part(
        "Calls",
        [
            ("adapter", body["adapter"]),
            ("url", body["url"]),
            *([("stream url", body["stream_url"])] if body["stream_url"] != body["url"] else []),
            ("base url", body["base_url"]),
            ("stack", body["stack"]),
            ("auth", body["auth"] + (f", signed for {body['region']}" if body["region"] else "")),
            ("key", f"in {body['api_key_env']}" if body["api_key_env"] else "none"),
            *[("header", f"{name}: {value}") for name, value in body["headers"].items()],
            *[("header", f"{name}: from {variable}") for name, variable in body["secret_headers"].items()],
            *([("plain http", "allowed")] if body["allow_http"] else []),
        ],
    )
    page.part("Kept by your service", [(row["field"], safe(row["value"]), row["at"] or "") for row in body["kept"]])
    header, cells, right = _TABLES["models"]
    page.part("Models", [tuple(cells(row)) for row in body["hosts"]], header=header, right=right)
    for key, words in (
        ("banned_by", "Banned by"),
        ("outside_stacks_of", "Outside the stacks of"),
        ("preferred_by", "Preferred by"),
    ):
        if body[key]:
            page.part(words, [(_count(body[key], "tenant"), _list(body[key], verbose))])


def _feature(page: Page, body: Json, verbose: bool) -> None:
    """Add a feature's registry, what follows its primary, and its chains."""
    page.part(
        "Registry",
        [
            (
                row["model"],
                row["status"]
                + ("" if row["sample"] is None else f", sample {row['sample']}")
                + ("" if row["max_daily_usd"] is None else f", at most {row['max_daily_usd']} USD a day"),
                row["at"],
            )
            for row in body["rows"]
        ],
    )
    page.part(
        "After the primary",
        [
            ("fallback", names(body["fallback"])),
            ("then", body["then"] or "none"),
            ("min_quality", body["min_quality"] or "none"),
            *([("aliases", names(body["aliases"]))] if body["aliases"] else []),
        ],
    )
    _chains(page, body["chains"], verbose)


def _target(page: Page, body: Json, verbose: bool) -> None:
    """Add a target's aliases, its candidates and their quality floor, and its chains."""
    selector = body["candidates"]
    if isinstance(selector, dict):
        ((key, value),) = selector.items()
        selector = key if key == "models" else f"{key} {value if isinstance(value, str) else names(value)}"
    page.part(
        "Candidates",
        [
            ("aliases", names(body["aliases"])),
            ("candidates", selector),
            (_count(body["models"], "model"), _list(body["models"], verbose)),
            ("min_quality", body["min_quality"] or "none"),
        ],
    )
    _chains(page, body["chains"], verbose)


def _chains(page: Page, chains: Sequence[Json], verbose: bool) -> None:
    """Add the chains and the tenants that get them, the commonest first."""
    rows = []
    for row in sorted(chains, key=lambda row: (-len(row["tenants"]), str(row["tenants"]))):
        tenants = [f"`{tenant}`" if tenant is not None else "no tenant" for tenant in row["tenants"]]
        rows.append((_chain(row, True), _list(tenants, verbose)))
    page.lines += ["", paint("Chain, and for whom", "1;34", page.color)]
    for chain, whom in rows:
        page.lines += paragraph(chain, 2, 2)
        page.lines += paragraph(whom, 6, 2)


def _experiment(page: Page, body: Json, verbose: bool) -> None:
    """Add an experiment's facts, its variants and all their versions."""
    answers = "answers for its public model id" if body["answers"] else "answers nobody"
    page.part(
        "Experiment",
        [
            ("public_model_id", body["public_model_id"]),
            ("status", body["status"] + (", archived" if body["archived"] else "") + f": {answers}"),
            ("winner", body["winner"] or "none"),
            ("on_pause", body["on_pause"]),
            ("on_unavailable", body["on_unavailable"]),
            ("salt", safe(body["salt"])),
        ],
    )
    page.part(
        "Variants",
        [
            (
                row["variant"],
                row["weight"],
                ", ".join(f"{first} to {last}" for first, last in row["slots"]),
                "" if row["label"] is None else safe(row["label"]),
                row["at"],
            )
            for row in body["variants"]
        ],
        header=("id", "weight", "slots", "label", ""),
    )
    page.part(
        "Versions",
        [
            (
                row["variant"],
                str(version["version"]),
                version["model"],
                "serves" if version["serves"] else "",
                version["at"]
                + ("" if version["api_key_env"] is None else f" with the key in {version['api_key_env']}"),
            )
            for row in body["variants"]
            for version in row["versions"]
        ],
    )


def _count(items: int | Sequence[object], word: str) -> str:
    """Return a number, or the length of a list, with its noun, in the plural unless it is 1."""
    number = items if isinstance(items, int) else len(items)
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _list(slugs: Sequence[str], verbose: bool) -> str:
    """Write names as a list: the first eight and how many more, or all where `verbose`; nothing for no names."""
    if verbose or len(slugs) <= _LISTED + 1:
        return names(list(slugs), none="")
    return f"{names(list(slugs[:_LISTED]))} and {len(slugs) - _LISTED:,} more"


def _chain(row: Json, verbose: bool) -> str:
    """Write a chain, without `verbose` its first two models; where it was rejected, the status."""
    if row["status"] != "ok":
        return str(row["status"])
    chain = row["chain"]
    return " → ".join(chain) if verbose or len(chain) <= 2 else f"{chain[0]} → {chain[1]} → and {len(chain) - 2} more"


def _short(text: str | None) -> str:
    """Shorten a description to its first sentence, of at most 60 characters, for the last column of a table."""
    if text is None:
        return ""
    first = safe(text).split(". ", 1)[0].rstrip(".")
    return first if len(first) <= 60 else first[:59].rstrip() + "…"


_TABLES: dict[str, tuple[tuple[str, ...], Any, tuple[int, ...]]] = {
    "tenants": (
        ("tenant", "preset", "objective", "min_quality", "stacks", "models", ""),
        lambda row: (
            row["tenant"],
            row["preset"],
            row["objective"],
            row["min_quality"] or "",
            names(row["stacks"] or (), "all"),
            str(row["models"]),
            _short(row["description"]),
        ),
        (5,),
    ),
    "models": (
        ("model", "provider", "stack", "quality", "ms", "blended $", "uses", ""),
        lambda row: (
            row["model"],
            row["provider"],
            row["stack"],
            row["quality"],
            str(row["latency_ms"]),
            row["blended_cost_usd"],
            str(row["uses"]),
            "not active" if not row["active"] else "not listed" if not row["listed"] else "",
        ),
        (3, 4, 5, 6),
    ),
    "features": (
        ("feature", "primary", "shadows", "fallback", "then", ""),
        lambda row: (
            row["feature"],
            names(row["primary"]),
            str(len(row["shadow"])),
            str(len(row["fallback"])),
            row["then"] or "",
            _short(row["description"]),
        ),
        (2, 3),
    ),
    "targets": (
        ("target", "models", "min_quality", "aliases", ""),
        lambda row: (
            row["target"],
            str(len(row["models"])),
            row["min_quality"] or "",
            names(row["aliases"], ""),
            _short(row["description"]),
        ),
        (1,),
    ),
    "experiments": (
        ("experiment", "public_model_id", "status", "answers", "variants", ""),
        lambda row: (
            row["experiment"],
            row["public_model_id"],
            row["status"] + (", archived" if row["archived"] else ""),
            "yes" if row["answers"] else "",
            " ".join(f"{id} {weight}" for id, weight in row["variants"].items()),
            _short(row["description"]),
        ),
        (),
    ),
    "providers": (
        ("provider", "adapter", "stack", "models", "key"),
        lambda row: (row["provider"], row["adapter"], row["stack"], str(row["models"]), row["api_key_env"] or "none"),
        (3,),
    ),
    "presets": (
        ("preset", "tenants", ""),
        lambda row: (row["preset"], str(len(row["tenants"])), "built in" if row["built_in"] else row["at"]),
        (1,),
    ),
}
"""The header of each kind, a function from a body to its cells, and the columns that are flush right."""

_PAGES = {
    "tenants": _tenant,
    "presets": _preset,
    "models": _model,
    "providers": _provider,
    "features": _feature,
    "targets": _target,
    "experiments": _experiment,
}
