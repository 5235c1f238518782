"""The story of a decision in, a page for a terminal out: the decision first, then how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from routecomp.cli.output.layout import paragraph, table
from routecomp.cli.output.terminal import paint
from routecomp.diagnostics.render.shown import visible
from routecomp.explain.origins import names, share
from routecomp.explain.reasons import shown
from routecomp.model.project import Program

Json = dict[str, Any]

_RANKED = ("quality", "price.input", "price.output", "output_ratio", "latency_ms")
_MORE = 5


def explain_text(told: Json, program: Program, *, color: bool = False, verbose: bool = False) -> str:
    """The page. `verbose` adds every value that was left at its default and every surviving model."""
    page = _Page(color)
    decision = told["decision"]
    page.lines += [paint(line, "1", color) for line in paragraph(_sentence(told))]
    page.lines += [line for note in told["notes"] for line in paragraph(f"note: {note}", 2, 6)]
    page.part("Decision", _decision(told))
    _chain(page, told, verbose)
    _rungs(page, told)
    page.part("Filters", _filters(told["filters"]), header=("group", "filter", "asks for", "left", "first"), right=(3,))
    if verbose:
        page.part("Dropped", [(one["filter"], names(one["dropped"])) for one in told["filters"] if one["dropped"]])
    _floor(page, told)
    _rest(page, told)
    fields = [row for row in told["policy"]["fields"] if verbose or row["origin"] != "default"]
    tenant = told["policy"]["tenant"]
    title = "requests without a declared tenant" if tenant is None else f"tenant `{tenant}`"
    page.part(f"Policy of {title}", [(row["field"], row["value"], row["from"]) for row in fields])
    left = len(told["policy"]["fields"]) - len(fields)
    if left:
        page.lines.append(f"  and {left} at their defaults (--verbose shows them)")
    if decision["ruleset_hash"]:
        page.lines += ["", f"ruleset {decision['ruleset_hash'][:16]}…"]
    return "\n".join(page.lines) + "\n"


class _Page:
    def __init__(self, color: bool) -> None:
        self.color = color
        self.lines: list[str] = []

    def part(
        self, title: str, rows: Sequence[Sequence[str]], *, header: Sequence[str] = (), right: Sequence[int] = ()
    ) -> None:
        """A titled table; nothing where there are no rows."""
        if rows:
            head = [tuple(paint(word, "2", self.color) for word in header)] if header else []
            self.lines += ["", paint(title, "1;34", self.color), *table([*head, *rows], right=right)]


def _sentence(told: Json) -> str:
    """The decision in one sentence."""
    decision, request = told["decision"], told["request"]
    asked = (
        f"feature `{shown(request['feature'])}`"
        if isinstance(request.get("feature"), str)
        else f"model `{shown(request['model'])}`"
        if isinstance(request.get("model"), str)
        else "nothing"
    )
    for_whom = f" for tenant `{shown(request['tenant'])}`" if isinstance(request.get("tenant"), str) else ""
    asked = asked[0].upper() + asked[1:] + for_whom
    if decision["status"] == "unknown_model":
        return f"{asked}: unknown_model."
    if decision["status"] == "rejected_experiment":
        return f"{asked}: rejected_experiment, since experiment `{decision['experiment']}` is paused."
    if decision["status"] != "ok":
        last = next((one["filter"] for one in told["filters"] if not one["survivors"]), None)
        why = f", since nothing passes the filter `{last}`" if last else ", since there are no candidates"
        return f"{asked}: {decision['status']}{why}."
    more = len(decision["chain"]) - 1
    then = f", then {more} more" if more else ", and nothing after it"
    if decision["route"] == "experiment":
        then = f" (experiment `{decision['experiment']}`, variant `{decision['variant']}`)"
    if decision["source"] != "table":
        then = f", from {decision['source']}"
    if decision["route"] == "direct":
        then = ", as named"
    return f"{asked}: model `{decision['model']}` at provider `{decision['provider']}`{then}."


def _decision(told: Json) -> list[tuple[str, str]]:
    decision, route = told["decision"], told["route"]
    rows = [("status", decision["status"])]
    if route is not None:
        where = f"   {route['at']}" if route["at"] else ""
        rows.append(("route", f"{decision['route'] or route['kind']} `{shown(route['name'])}`{where}"))
        if route["description"]:
            rows.append(("", _safe(route["description"])))
        if route["owner"]:
            rows.append(("owner", _safe(route["owner"])))
    if decision["source"] not in ("table", None):
        rows.append(("source", decision["source"]))
    if decision["status"] == "ok":
        rows += [
            ("model", decision["model"]),
            ("call", f"{decision['upstream_model']} at {decision['url']} ({decision['adapter']})"),
            ("key", f"in {decision['api_key_env']}" if decision["api_key_env"] else "none"),
        ]
        rows.append(("shadows", names(decision["shadows"])))
    if decision["floor_bp"] is not None:
        rows.append(("floor", told["floor"]["result"]))
    if told["cost"] is not None:
        cost = told["cost"]
        most = cost["max_output_tokens"]
        bound = "" if most is None else f", at most {most} out"
        rows.append(("cost", f"{cost['estimated_cost_usd']} USD for {cost['input_tokens']} tokens in{bound}"))
    if decision["reasons"]:
        rows.append(("reasons", _safe(names(decision["reasons"]))))
    return rows


def _chain(page: _Page, told: Json, verbose: bool) -> None:
    """The chain with the figures it is ranked by, and where they are declared."""
    models = told["chain"]
    ranked = any("score" in one for one in models)
    header = ("", "model", "as", "quality", "ms", "blended $", *(("score",) if ranked else ()))
    rows = [
        (str(place), one["model"], one["as"] + (", preferred" if one.get("preferred") else ""), *_figures(one, ranked))
        for place, one in enumerate(models, 1)
    ]
    page.part("Chain", rows, header=header, right=(0, 3, 4, 5))
    by_rank = ranked and told["decision"]["route"] in ("target", "logical")
    if by_rank and len(models) > 1:
        page.lines.append("  The first has the best score; the rest rank with the penalty of fallbacks.")
    further = told["further"]
    limits = told["limits"]
    if further:
        why = limits["max_attempts"]
        reason = f"max_attempts is {why['value']} ({why['at'] or 'default'})"
        if limits["fallback_enabled"]["value"] == "false":
            reason = f"fallback_enabled is false ({limits['fallback_enabled']['at']})"
        shown = further[: None if verbose else _MORE]
        page.lines += paragraph(
            f"{len(further)} more would do, but {reason}: "
            + names([one["model"] for one in shown])
            + (" …" if len(shown) < len(further) else ""),
            2,
            2,
        )
    declared = models if verbose else models[:3]
    page.part("Figures declared at", [(one["model"], _declared(one, verbose)) for one in declared if "figures" in one])
    if len(declared) < len(models):
        page.lines.append(f"  and {len(models) - len(declared)} more (--verbose shows them)")
    if by_rank and models:
        scales = {one["scale"].removesuffix("_ms"): one for one in told["scoring"]}
        page.part(
            f"Score of {models[0]['model']}",
            [
                (
                    part["part"],
                    f"{part['weight']} x {part['of']}",
                    f"= {part['product']}",
                    "" if part["part"] not in scales else _scale(scales[part["part"]]),
                )
                for part in models[0]["score_parts"]
            ],
        )


def _scale(scale: Json) -> str:
    return f"on the scale {scale['best']} to {scale['worst']} ({scale['at']})"


def _figures(one: Json, ranked: bool) -> tuple[str, ...]:
    if "figures" not in one:
        return ("", "", "", *(("",) if ranked else ()))
    values = {figure["figure"]: figure["value"] for figure in one["figures"]}
    score = (one["score"],) if ranked else ()
    return (values["quality"], values["latency_ms"], one["blended_cost_usd"], *score)


def _declared(one: Json, verbose: bool) -> str:
    """`routes/models/a.yaml:12 quality 0.86, :13 price.input 5.00 …`: a file is named once."""
    file = ""
    parts = []
    for figure in one["figures"]:
        if not verbose and figure["figure"] not in _RANKED:
            continue
        if figure["at"] is None:
            parts.append(f"default {figure['figure']} {figure['value']}")
            continue
        path, _, line = figure["at"].rpartition(":")
        place = f":{line}" if path == file else figure["at"]
        file = path
        parts.append(f"{place} {figure['figure']} {figure['value']}")
    return ", ".join(parts)


def _filters(filters: Sequence[Json]) -> list[tuple[str, str, str, str, str]]:
    rows = []
    group, above = "", None
    for one in filters:
        rows.append(
            (
                one["group"] if one["group"] != group else "",
                one["filter"],
                _safe(one["asks"]),
                str(one["survivors"]),
                "as above" if one["first"] == above and above else names(one["first"], none=""),
            )
        )
        group, above = one["group"], one["first"]
    return rows


def _floor(page: _Page, told: Json) -> None:
    floor = told["floor"]
    if floor is None:
        return
    rows = [(step["value"] or floor["result"], step["what"], step["at"] or "") for step in floor["steps"]]
    if floor["relaxed"]:
        rows.append((floor["base"], "nothing cleared the dialled floor: back to the base", ""))
    rows.append((floor["result"], "the floor that was applied", ""))
    page.part("Floor", rows, right=(0,))


def _rungs(page: _Page, told: Json) -> None:
    rows = [(one["source"], one["model"], one["refused"] or "passes", one["at"] or "") for one in told["rungs"] or ()]
    page.part("Rungs below the registry", rows)


def _rest(page: _Page, told: Json) -> None:
    """Latency budget, experiment, shadows."""
    latency = told["latency"]
    if latency is not None:
        loss = next(row for row in told["policy"]["fields"] if row["field"] == "max_quality_loss")
        least = share(max(latency["least_quality_bp"], 0))
        page.part(
            "Latency budget",
            [
                ("budget", f"{latency['budget_ms']} ms"),
                ("without it", latency["unconstrained"]),
                ("least quality", f"{least}: max_quality_loss {loss['value']} ({loss['from']}) below that"),
                ("within it", f"{latency['survivors']}" + (", so it is missed" if latency["missed"] else "")),
                ("pick", latency["pick"]),
            ],
        )
    experiment = told["experiment"]
    if experiment is not None:
        slot = experiment["slot"]
        where = (
            "no unit, so no slot"
            if slot is None
            else f"slot {slot} of salt `{_safe(experiment['salt'])}`, range {experiment['range'][0]} to "
            f"{experiment['range'][1]} of variant `{experiment['owner']}`"
        )
        page.part(
            "Experiment",
            [(f"`{experiment['experiment']}`", f"{experiment['status']}, {experiment['at']}"), ("unit", where)],
        )
        page.part(
            "Variants",
            [
                (
                    one["variant"],
                    one["weight"],
                    f"version {one['version']}",
                    one["model"],
                    one["at"] + ("" if one["model_at"] == one["at"] else f", {one['model_at']}"),
                )
                for one in experiment["variants"]
            ],
        )
    page.part(
        "Shadows",
        [
            (one["model"], "mirrored" if one["mirrored"] else "not mirrored", _slot(one), one["at"])
            for one in told["shadows"]
        ],
    )


def _slot(one: Json) -> str:
    if not one["allowed"]:
        return "a filter of permission or ability bars it"
    if one["slot"] is None:
        return f"sample {one['sample']}; no unit or request_id, so no slot"
    return f"sample {one['sample']}: slots below {one['sample_bp']}; this is {one['slot']}"


def _safe(text: Any) -> str:
    return visible(str(text))
