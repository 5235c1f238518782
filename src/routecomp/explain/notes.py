"""Explain the reasons of a decision in sentences, with a did-you-mean for names that nobody declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from routecomp.explain.request import shown
from routecomp.model.call_names import call_names, pattern_of
from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Program
from routecomp.model.suggest import closest
from routecomp.runtime.resolver import ARGUMENTS
from routecomp.table.lower import answering_experiments


def notes(program: Program, request: Mapping[str, Any], decision: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each reason of a decision, and for each name of its request that nobody declares.

    The first sentence of an `unknown_model` says what was not found. There are none where nothing needs explaining.
    """
    sentences = [_reason(program, request, reason, decision["route"]) for reason in decision["reasons"]]
    if decision["status"] == "unknown_model":
        sentences.insert(0, _unknown_model(program, request))
    return [*sentences, *_undeclared_words(program, request)]


def objective_note(program: Program, feature: str, policy: EffectivePolicy) -> str | None:
    """Say what the objective `cheapest` does not change on a declared feature; None under another objective."""
    if policy.objective != "cheapest":
        return None
    then = program.features[feature].body.then
    declared = f"`objective: cheapest` does not choose the primary and the fallbacks of feature `{feature}`: they stand"
    if then is None or not policy.fallback_enabled:
        return f"{declared} as they are declared, and nothing else is ranked"
    return f"{declared} as they are declared; it ranks the models of `then: {then}`, which follow"


def _reason(program: Program, request: Mapping[str, Any], reason: str, route: str | None) -> str:
    """Explain one reason of a decision by a route in a sentence; a KeyError for one that nobody gave a sentence."""
    preferences = None if program.preferences is None else program.preferences.body
    word = request.get("preference")
    if reason.startswith("ignored:"):
        return _ignored(reason.partition(":")[2], request)
    if reason == "alias":
        return _alias(program, request["model"])
    if reason == "feature_unknown":
        return f"feature `{shown(request['feature'])}` is not declared: the rungs below the registry answer" + _meant(
            request["feature"], {*program.features, *program.sure_defaults.routes}
        )
    if reason == "tenant_unknown":
        reject = program.sure_defaults.unknown_tenant == "reject"
        return (
            f"tenant `{shown(request['tenant'])}` is not declared: "
            + ("it is rejected" if reject else "the default policy counts")
            + _meant(request["tenant"], program.tenants)
        )
    if reason == "preference_inert" and preferences is not None:
        gate = preferences.gate_env
        why = "no gate_env is declared" if gate is None else f'{gate} is not "1" here'
        return f"preference `{word}` is inert, because its gate is shut: {why}"
    if reason == "preference_unknown":
        known = () if preferences is None else ("quality", "balanced", "cost")
        return f"preference `{shown(word)}` is unknown and counts as the default" + (
            _meant(word, known) if known else "; the project declares no preferences"
        )
    return {
        "preference_relaxed": f"nothing clears the floor of preference `{word}`, so the base floor counts",
        "latency_budget_missed": "no survivor is within the latency budget, so the pick stays as it was",
        "no_unit": "without a unit no variant is assigned: the first one serves"
        if route == "experiment"
        else "without a request_id or unit the load is not dealt: the pick serves",
        "variant_unavailable": "what the request needs bars its variant's model: the first variant serves",
        "paused_control": "the experiment is paused: the first variant serves everyone",
    }[reason]


def _alias(program: Program, name: str) -> str:
    """Say what an alias stands for, or a name that begins with a pattern."""
    uses = {use.name: use for use in call_names(program) if use.kind in ("alias", "pattern")}
    if name in uses:
        return f"`{shown(name)}` is an alias of {uses[name].entry.title}"
    pattern = pattern_of(name, (text for text, use in uses.items() if use.kind == "pattern")) or ""
    return (
        f"`{shown(name)}` is declared nowhere and begins as `{pattern}` does, an alias of {uses[pattern].entry.title}"
    )


def _ignored(argument: str, request: Mapping[str, Any]) -> str:
    """Say why an argument of a request was ignored."""
    if argument not in ARGUMENTS:
        return f"`{shown(argument)}` is no argument of a request and was ignored" + _meant(argument, ARGUMENTS)
    if argument == "max_cost_usd" and request.get("input_tokens") is None:
        return "`max_cost_usd` was ignored: without `input_tokens` there is no estimated cost"
    if argument in ("tenant", "unit", "request_id"):
        return f"`{argument}` was ignored: it is neither text nor a whole number from -10¹⁸ to 10¹⁸"
    return f"`{argument}` was ignored: its value is of the wrong kind or out of range"


def _unknown_model(program: Program, request: Mapping[str, Any]) -> str:
    """Say what a request named that stands for nothing, or that it named nothing."""
    name = request.get("model")
    if not isinstance(name, str):
        return "the request names neither a feature nor a model"
    silent = [slug for slug, entry in program.experiments.items() if entry.body.public_model_id == name]
    if silent:
        return f"`{shown(name)}` is the public model id of experiment `{silent[-1]}`, which answers nobody"
    return f"no target, alias, public model id, model or logical model is called `{shown(name)}`" + _meant(
        name, callable_names(program)
    )


def callable_names(program: Program) -> list[str]:
    """Return every name a caller may send as `model`: those of experiments only where the experiment answers."""
    return [
        *program.targets,
        *(use.name for use in call_names(program) if use.kind == "alias"),
        *answering_experiments(program.experiments.values()),
        *program.models,
        *program.logical_models,
    ]


def _undeclared_words(program: Program, request: Mapping[str, Any]) -> Iterable[str]:
    """Yield a sentence for each name of a request that is read, and that nobody declares."""
    stack = request.get("stack")
    if isinstance(stack, str) and stack.removeprefix("avoid-") not in program.stacks:
        yield (
            f"no provider declares the stack `{shown(stack.removeprefix('avoid-'))}`: nothing passes"
            + _meant(stack.removeprefix("avoid-"), program.stacks)
        )
    capabilities = {word for entry in program.models.values() for word in entry.body.capabilities}
    for word in _texts(request.get("capabilities")):
        if word not in capabilities:
            yield (f"no model declares the capability `{shown(word)}`: nothing passes" + _meant(word, capabilities))
    known = {*program.models, *program.providers}
    for name in _texts(request.get("unavailable")):
        if name not in known:
            yield (
                f"`{shown(name)}` in `unavailable` is no model and no provider, and means nothing" + _meant(name, known)
            )


def _texts(value: Any) -> list[str]:
    """Return the texts among the items of a list; none for anything else."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _meant(word: Any, words: Iterable[str]) -> str:
    """Return a did-you-mean with the nearest of `words`; empty where none is near, or `word` is no text."""
    near = closest(word, words) if isinstance(word, str) else None
    return f"; did you mean `{near}`?" if near else ""
