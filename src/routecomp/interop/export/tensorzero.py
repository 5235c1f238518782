"""Write a program as a configuration file of TensorZero's gateway: models, and a function for each other name."""

from __future__ import annotations

from collections.abc import Mapping

from routecomp.interop.export.export import Export, header
from routecomp.interop.export.fields import Fields
from routecomp.interop.export.losses import becomes, lose_common, lose_context
from routecomp.interop.export.routes import Route, Routes, key_of
from routecomp.interop.export.tensorzero_call import GATEWAY, tensorzero_call
from routecomp.interop.export.toml_text import toml_table
from routecomp.interop.export.yaml_text import Value
from routecomp.model.project import Entry, Program
from routecomp.model.provider import Provider
from routecomp.model.route import Model

TARGET = "tensorzero"
_MAX_DELAY_S = 10
_WORDS: Mapping[str, str] = {
    "providers.adapter": "`type`",
    "providers.base_url": "`api_base`, or what stands for it",
    "providers.chat_path": "`api_base`, or what stands for it",
    "providers.stream_path": "TensorZero knows where this type streams",
    "providers.query": "a version of the API",
    "providers.headers": "`extra_headers`",
    "providers.secret_headers": "`extra_headers`",
    "providers.auth": "TensorZero sends the key so",
    "providers.region": "`region`",
    "providers.api_key_env": "`api_key_location`",
    "providers.params": "`extra_body`",
    "providers.timeouts": "`timeouts`",
    "providers.limits": "a limit",
    "models.provider": "`routing`",
    "models.provider_model_name": "`model_name`, or what stands for it",
    "models.price": "`cost`",
    "models.context_window": "no chain has models of other windows",
    "models.max_output_tokens": "no chain has models of other ceilings",
    "models.min_output_tokens": "no chain has models that ask for less",
    "models.capabilities": "no chain has models that can do less",
    "models.params": "`extra_body`",
    "models.api_key_env": "`api_key_location`",
    "models.limits": "a limit",
    "models.timeouts": "`timeouts`",
    "models.share": "the weight of a candidate",
    "features.fallback": "`fallback_variants`",
    "features.then": "`fallback_variants`",
    "resilience.retries": "`retries`",
    "resilience": "it decides nothing that is written",
}


def export_tensorzero(routes: Routes) -> Export:
    """Return the file, and the report of what TensorZero does not say."""
    program, fields = routes.program, Fields(routes.program)
    lose_common(fields, routes, GATEWAY, TARGET)
    lose_context(fields, routes, GATEWAY)
    _lose_service(fields, routes)
    tables: list[str] = []
    written: set[str] = set()

    def add(name: str, slug: str, variable: str | None) -> None:
        host = program.models[slug].body.provider
        call = tensorzero_call(program, slug, variable, fields)
        if call is not None:
            written.add(name)
            tables.append(toml_table(("models", name), {"routing": [host]}))
            tables.append(toml_table(("models", name, "providers", host), call))

    for slug in routes.models:
        add(slug, slug, key_of(program, slug))
    for route in routes.served:
        for pick in route.picks:
            if pick.variant is not None and pick.endpoint.api_key_env != key_of(program, pick.model):
                add(_own_name(route, pick.variant), pick.model, pick.endpoint.api_key_env)
    retries = program.sure_resilience.retries
    for route in routes.served:
        for name in route.exact_names:
            if not (route.kind == "direct" and name == route.slug):
                tables += _function(program, route, name, written, retries)
        for pattern in route.patterns:
            reason = f"{GATEWAY} has no names that stand for others: `{pattern}` is not written"
            fields.lose(route.entry, ("aliases",), reason, "name what callers send")
    text = header("#", routes.tenant) + "\n" + "\n".join(tables)
    return Export(text.encode(), fields.report(TARGET, becomes(_WORDS, routes)))


def _function(program: Program, route: Route, name: str, written: set[str], retries: int) -> list[str]:
    """Return the tables of a function: the candidates share the load, the fallbacks follow in order."""
    picks: dict[str, int] = {}
    for pick in route.picks:
        own = pick.variant is not None and pick.endpoint.api_key_env != key_of(program, pick.model)
        model = _own_name(route, pick.variant or "") if own else pick.model
        if model in written:
            picks[model] = picks.get(model, 0) + pick.weight
    chain = [slug for slug in route.chain if slug in written and slug not in picks]
    if not picks and chain:
        picks, chain = {chain[0]: 1}, chain[1:]
    if not picks:
        return []
    tables = [toml_table(("functions", name), {"type": "chat"})]
    for model in (*picks, *chain):
        variant: dict[str, Value] = {"type": "chat_completion", "model": model}
        if retries:
            variant["retries"] = {"num_retries": retries, "max_delay_s": _MAX_DELAY_S}
        tables.append(toml_table(("functions", name, "variants", model), variant))
    candidates: Value = {**picks} if len(picks) > 1 else [*picks]
    experimentation: dict[str, Value] = {"type": "static", "candidate_variants": candidates}
    if chain:
        experimentation["fallback_variants"] = [*chain]
    tables.append(toml_table(("functions", name, "experimentation"), experimentation))
    return tables


def _own_name(route: Route, variant: str) -> str:
    """Return the name of a variant's model that is called with a key of its own."""
    return f"{route.slug}/{variant}"


def _lose_service(fields: Fields, routes: Routes) -> None:
    """Note limits, waits, circuits and hidden models that TensorZero does not have."""
    program = routes.program
    models = [program.models[slug] for slug in routes.models]
    hosts = [program.providers[slug] for slug in {model.body.provider for model in models}]
    entries: list[Entry[Model] | Entry[Provider]] = [*models, *hosts]
    for entry in entries:
        for key in ("rpm", "tpm", "parallel"):
            if getattr(entry.body.limits, key) is not None:
                reason = f"{GATEWAY} limits callers, not what a model gets"
                fields.lose(entry, ("limits", key), reason, "limit callers by `rate_limiting.rules` of your own")
        if entry.body.timeouts.connect_ms is not None:
            fields.lose(entry, ("timeouts", "connect_ms"), f"{GATEWAY} waits for an answer, not for a connection")
    for model in models:
        if not model.body.listed:
            reason = f"{GATEWAY} lets callers name every model"
            fields.lose(model, ("listed",), reason, "let callers reach functions alone, by a proxy before it")
    if program.resilience is not None:
        for key in ("failures", "window_s", "cooloff_s"):
            if program.resilience.has(key):
                reason = f"{GATEWAY} has no circuits: it tries a host that is down at each call"
                fields.lose(program.resilience, (key,), reason, "let a proxy before the hosts have them")
