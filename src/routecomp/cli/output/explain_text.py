"""Lay out the story of a decision as a page for a terminal: the decision first, then how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from routecomp.cli.output.layout import paragraph
from routecomp.cli.output.page import Page, safe
from routecomp.cli.output.terminal import paint
from routecomp.explain.request import shown
from routecomp.explain.values import names, share
from routecomp.model.project import Program

Json = dict[str, Any]

_RANKED = ("quality", "price.input", "price.output", "output_ratio", "latency_ms")
_MORE = 5


def explain_text(story: Json, program: Program, *, color: bool = False, verbose: bool = False) -> str:
    """Return the page of a story; `verbose` adds values left at their defaults and every surviving model."""
    page = Page(color)
    decision = story["decision"]
    page.lines += [paint(line, "1", color) for line in paragraph(_sentence(story))]
    page.lines += [line for note in story["notes"] for line in paragraph(f"note: {note}", 2, 6)]
    for answer in story["why_not"]:
        _why_not(page, answer)
    page.part("Decision", _decision(story))
    _chain(page, story, verbose)
    _rungs(page, story)
    page.part(
        "Filters", _filters(story["filters"]), header=("group", "filter", "asks for", "left", "first"), right=(3,)
    )
    page.part("Dropped", _dropped(story["filters"], verbose))
    _floor(page, story)
    _rest(page, story)
    fields = [row for row in story["policy"]["fields"] if verbose or row["origin"] != "default"]
    tenant = story["policy"]["tenant"]
    title = "requests without a declared tenant" if tenant is None else f"tenant `{tenant}`"
    page.part(f"Policy of {title}", [(row["field"], row["value"], row["from"]) for row in fields])
    left = len(story["policy"]["fields"]) - len(fields)
    if left:
        page.lines.append(f"  and {left} at their defaults (--verbose shows them)")
    if decision["ruleset_hash"]:
        page.lines += ["", f"ruleset {decision['ruleset_hash'][:16]}…"]
    return "\n".join(page.lines) + "\n"


def _sentence(story: Json) -> str:
    """Say the decision in one sentence."""
    decision, request = story["decision"], story["request"]
    question = (
        f"feature `{shown(request['feature'])}`"
        if isinstance(request.get("feature"), str)
        else f"model `{shown(request['model'])}`"
        if isinstance(request.get("model"), str)
        else "nothing"
    )
    for_whom = f" for tenant `{shown(request['tenant'])}`" if request.get("tenant") is not None else ""
    question = question[0].upper() + question[1:] + for_whom
    if decision["status"] == "unknown_model":
        return f"{question}: unknown_model."
    if decision["status"] == "rejected_experiment":
        return f"{question}: rejected_experiment, since experiment `{decision['experiment']}` is paused."
    if decision["status"] != "ok":
        last = next((step["filter"] for step in story["filters"] if not step["survivors"]), None)
        why = f", since nothing passes the filter `{last}`" if last else ", since there are no candidates"
        return f"{question}: {decision['status']}{why}."
    more = len(decision["chain"]) - 1
    then = f", then {more} more" if more else ", and nothing after it"
    if decision["route"] == "experiment":
        then = f" (experiment `{decision['experiment']}`, variant `{decision['variant']}`)"
    if decision["source"] != "table":
        then = f", from {decision['source']}"
    if decision["route"] == "direct":
        then = ", as named"
    return f"{question}: model `{decision['model']}` at provider `{decision['provider']}`{then}."


def _decision(story: Json) -> list[tuple[str, str]]:
    """Return the rows of the table of the decision: label and value, without those that do not apply."""
    decision, route = story["decision"], story["route"]
    rows = [("status", decision["status"])]
    if route is not None:
        where = f"   {route['at']}" if route["at"] else ""
        rows.append(("route", f"{decision['route'] or route['kind']} `{shown(route['name'])}`{where}"))
        if route["description"]:
            rows.append(("", safe(route["description"])))
        if route["owner"]:
            rows.append(("owner", safe(route["owner"])))
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
        rows.append(("floor", story["floor"]["result"]))
    if story["cost"] is not None:
        cost = story["cost"]
        most = cost["max_output_tokens"]
        bound = "" if most is None else f", at most {most} out"
        if (ceiling := cost["model_max_output_tokens"]) is not None:
            bound += f"; the model answers with at most {ceiling}"
        rows.append(("cost", f"{cost['estimated_cost_usd']} USD for {cost['input_tokens']} tokens in{bound}"))
    if decision["reasons"]:
        rows.append(("reasons", safe(names(decision["reasons"]))))
    return rows


def _chain(page: Page, story: Json, verbose: bool) -> None:
    """Add the chain with the figures it is ranked by, and where they are declared."""
    models = story["chain"]
    ranked = any("score" in model for model in models)
    header = ("", "model", "as", "quality", "ms", "blended $", *(("score",) if ranked else ()))
    rows = [
        (
            str(place),
            model["model"],
            model["as"] + (", preferred" if model.get("preferred") else ""),
            *_figures(model, ranked),
        )
        for place, model in enumerate(models, 1)
    ]
    page.part("Chain", rows, header=header, right=(0, 3, 4, 5))
    by_rank = ranked and story["decision"]["route"] in ("target", "logical")
    spread = story["spread"]
    is_dealt = spread is not None and spread["pick"] != spread["stated"]
    if by_rank and len(models) > 1 and not is_dealt:
        page.lines.append("  The first has the best score; the rest rank with the penalty of fallbacks.")
    further = story["further"]
    limits = story["limits"]
    if further:
        why = limits["max_attempts"]
        reason = f"max_attempts is {why['value']} ({why['at'] or 'default'})"
        if limits["fallback_enabled"]["value"] == "false":
            reason = f"fallback_enabled is false ({limits['fallback_enabled']['at']})"
        shown = further[: None if verbose else _MORE]
        page.lines += paragraph(
            f"{len(further)} more would do, but {reason}: "
            + names([model["model"] for model in shown])
            + (" …" if len(shown) < len(further) else ""),
            2,
            2,
        )
    declared = models if verbose else models[:3]
    page.part(
        "Figures declared at", [(model["model"], _declared(model, verbose)) for model in declared if "figures" in model]
    )
    if len(declared) < len(models):
        page.lines.append(f"  and {len(models) - len(declared)} more (--verbose shows them)")
    if by_rank and models:
        scales = {model["scale"].removesuffix("_ms"): model for model in story["scoring"]}
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
    """Write the two ends of a scale, and where they are declared."""
    return f"on the scale {scale['best']} to {scale['worst']} ({scale['at']})"


def _figures(model: Json, ranked: bool) -> tuple[str, ...]:
    """Return the cells of a model's figures, with the score where models are `ranked`; empty for a last resort."""
    if "figures" not in model:
        return ("", "", "", *(("",) if ranked else ()))
    values = {figure["figure"]: figure["value"] for figure in model["figures"]}
    score = (model["score"],) if ranked else ()
    return (values["quality"], values["latency_ms"], model["blended_cost_usd"], *score)


def _declared(model: Json, verbose: bool) -> str:
    """List figures and where they stand: `routes/models/a.yaml:12 quality 0.86, :13 price.input 5.00`.

    Without `verbose` only the figures that models are ranked by.
    """
    file = ""
    parts = []
    for figure in model["figures"]:
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
    """Return a row for each filter; a group's name and equal first models are written once."""
    rows = []
    group, above = "", None
    for step in filters:
        rows.append(
            (
                step["group"] if step["group"] != group else "",
                step["filter"],
                safe(step["asks"]),
                str(step["survivors"]),
                "as above" if step["first"] == above and above else names(step["first"], none=""),
            )
        )
        group, above = step["group"], step["first"]
    return rows


def _dropped(filters: Sequence[Json], verbose: bool) -> list[tuple[str, str]]:
    """Return a row for each filter that dropped models: its name, and each model with what it has of what is asked for.

    Without `verbose` the first five of a filter are named.
    """
    rows = []
    for step in filters:
        dropped = step["dropped_for"] if verbose else step["dropped_for"][:_MORE]
        left = len(step["dropped_for"]) - len(dropped)
        text = names([f"{row['model']} ({row['has']})" for row in dropped])
        if dropped:
            rows.append((step["filter"], safe(text) + (f" and {left} more" if left else "")))
    return rows


def _why_not(page: Page, answer: Json) -> None:
    """Add why a model was not picked, with the numbers of what ranks before it."""
    page.part(f"Why not {answer['model']}", [(safe(answer["because"]),)])
    step = answer["dropped_by"]
    if step is not None:
        places = [("asked at", step["asks_at"]), ("declared at", step["has_at"])]
        page.lines += [f"  {words} {place}" for words, place in places if place]
    if answer["itself"] is None:
        return
    models = [*answer["before"], answer["itself"]]
    ranked = "score" in answer["itself"]
    shown_models = models if len(models) <= _MORE + 1 else [*models[:_MORE], models[-1]]
    header = ("model", "as", "quality", "ms", "blended $", *(("score",) if ranked else ()))
    page.part(
        "Before it, and it",
        [
            (model["model"], model["as"] + (", preferred" if model["preferred"] else ""), *_figures(model, ranked))
            for model in shown_models
        ],
        header=header,
        right=(2, 3, 4),
    )
    if len(shown_models) < len(models):
        page.lines.append(f"  and {len(models) - len(shown_models)} more between them")


def _floor(page: Page, story: Json) -> None:
    """Add the steps to the floor; nothing for a route without a floor."""
    floor = story["floor"]
    if floor is None:
        return
    rows = [(step["value"] or floor["result"], step["what"], step["at"] or "") for step in floor["steps"]]
    if floor["relaxed"]:
        rows.append((floor["base"], "nothing cleared the dialled floor: back to the base", ""))
    rows.append((floor["result"], "the floor that was applied", ""))
    page.part("Floor", rows, right=(0,))


def _rungs(page: Page, story: Json) -> None:
    """Add the rungs below the registry; nothing where none were tried."""
    rows = [
        (rung["source"], rung["model"], rung["refused"] or "passes", rung["at"] or "") for rung in story["rungs"] or ()
    ]
    page.part("Rungs below the registry", rows)


def _rest(page: Page, story: Json) -> None:
    """Add the latency budget, the experiment and the shadows, each where the request has to do with any."""
    latency = story["latency"]
    if latency is not None:
        loss = next(row for row in story["policy"]["fields"] if row["field"] == "max_quality_loss")
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
    _spread(page, story["spread"])
    experiment = story["experiment"]
    if experiment is not None:
        slot = experiment["slot"]
        where = (
            "no unit, so no slot"
            if slot is None
            else f"slot {slot} of salt `{safe(experiment['salt'])}`, range {experiment['range'][0]} to "
            f"{experiment['range'][1]} of variant `{experiment['owner']}`"
        )
        rows = [(f"`{experiment['experiment']}`", f"{experiment['status']}, {experiment['at']}"), ("unit", where)]
        if experiment["unavailable"] is not None:
            rows.append(("barred", f"variant `{experiment['unavailable']}`: on_unavailable is control"))
        page.part("Experiment", rows)
        page.part(
            "Variants",
            [
                (
                    variant["variant"],
                    variant["weight"],
                    f"version {variant['version']}",
                    variant["model"],
                    variant["at"] + ("" if variant["model_at"] == variant["at"] else f", {variant['model_at']}"),
                )
                for variant in experiment["variants"]
            ],
        )
    page.part(
        "Shadows",
        [
            (shadow["model"], "mirrored" if shadow["mirrored"] else "not mirrored", _slot(shadow), shadow["at"])
            for shadow in story["shadows"]
        ],
    )


def _spread(page: Page, spread: Json | None) -> None:
    """Add whose slot the request has among the models that share a load; nothing where the pick states no share."""
    if spread is None:
        return
    rows = []
    for model in spread["models"]:
        first, last = model["slots"]
        words = model["why"] or ""
        if spread["slot"] is not None and model["model"] == spread["pick"]:
            words = "serves"
        rows.append((model["model"], model["share"], f"slots {first} to {last}", words, model["at"]))
    page.part(f"Spread of `{spread['logical']}`", rows)
    page.lines += paragraph(_dealt(spread), 2, 2)


def _dealt(spread: Json) -> str:
    """Say to which model a request is dealt: `slot 4,711 belongs to a; barred, next is b`."""
    if spread["slot"] is None:
        return f"no request_id or unit, so no slot: {spread['pick']} serves"
    dealt = f"slot {spread['slot']:,} belongs to {spread['owner']}"
    return dealt if spread["owner"] == spread["pick"] else f"{dealt}; {spread['owner_why']}, next is {spread['pick']}"


def _slot(shadow: Json) -> str:
    """Say why a shadow is mirrored to or not: its filters, its sample and the request's slot."""
    if not shadow["allowed"]:
        return "a filter of permission or ability bars it"
    if shadow["slot"] is None:
        return f"sample {shadow['sample']}; no unit or request_id, so no slot"
    return f"sample {shadow['sample']}: slots below {shadow['sample_bp']}; this is {shadow['slot']}"
