"""Write a program as objects of Kubernetes for Envoy AI Gateway: routes, backends, credentials."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from routecomp.interop.export.envoy_backend import GATEWAY, Backend, envoy_backend, secret_name
from routecomp.interop.export.export import Export, header
from routecomp.interop.export.fields import Fields
from routecomp.interop.export.losses import DECIDED, becomes, lose_common, lose_context
from routecomp.interop.export.routes import Route, Routes, key_of
from routecomp.interop.export.yaml_text import Value, scalar, yaml_text
from routecomp.model.project import Entry, Program
from routecomp.model.provider import Provider
from routecomp.model.route import Model

TARGET = "envoy-ai-gateway"
NAME = "routecomp"
"""What the Gateway is called that routes hang on, and what routes are called."""
MODEL_HEADER = "x-ai-eg-model"
MOST_RULES = 15
MOST_BACKENDS = 128
MOST_MATCHES = 128
MOST_FIELDS = 16
"""What the CRD of AIGatewayRoute bounds: rules of a route, backends and matches of a rule, fields set in a body."""
_WORDS: Mapping[str, str] = {
    "providers.adapter": "`schema` of the AIServiceBackend",
    "providers.base_url": "the endpoint of the Backend",
    "providers.chat_path": "`prefix` of the schema",
    "providers.stream_path": "the gateway knows where this schema streams",
    "providers.query": "`version` of the schema",
    "providers.headers": "`headerMutation`",
    "providers.secret_headers": "`headerMutation`",
    "providers.auth": "the type of the BackendSecurityPolicy",
    "providers.region": "`region` of the BackendSecurityPolicy",
    "providers.api_key_env": "the Secret of the BackendSecurityPolicy, by the variable's name",
    "providers.params": "`bodyMutation`",
    "providers.timeouts": "`timeouts` of the rules",
    "providers.limits": "a limit",
    "models.provider": "the AIServiceBackend",
    "models.provider_model_name": "`modelNameOverride`",
    "models.price": DECIDED,
    "models.context_window": "no chain has models of other windows",
    "models.max_output_tokens": "no chain has models of other ceilings",
    "models.min_output_tokens": "no chain has models that ask for less",
    "models.capabilities": "no chain has models that can do less",
    "models.params": "`bodyMutation`",
    "models.api_key_env": "the Secret of the BackendSecurityPolicy, by the variable's name",
    "models.limits": "a limit",
    "models.timeouts": "`timeouts` of the rules",
    "models.share": "`weight`",
    "features.fallback": "backends with a later `priority`",
    "features.then": "backends with a later `priority`",
    "resilience.retries": "`numAttemptsPerPriority`",
    "resilience": "it decides nothing that is written",
}


def export_envoy(routes: Routes) -> Export:
    """Return the objects, and the report of what the gateway does not say."""
    program, fields = routes.program, Fields(routes.program)
    lose_common(fields, routes, GATEWAY, TARGET)
    lose_context(fields, routes, GATEWAY)
    _lose_service(fields, routes)
    backends = _backends(routes, fields)
    rules: list[Value] = []
    longest = 1
    exact = [(route, route.exact_names) for route in routes.served]
    wild = [(route, (text,)) for route in routes.served for text in route.patterns]
    # The first rule that matches counts, so the longest pattern comes first, and every name before all patterns.
    for route, names in [*exact, *sorted(wild, key=lambda pair: (-len(pair[1][0]), pair[1]))]:
        references = _references(program, route, backends, fields)
        if references:
            longest = max(longest, len(route.chain) + 1)
            rules += _rules(program, route, names, references)
    parts = [rules[start : start + MOST_RULES] for start in range(0, len(rules), MOST_RULES)]
    if len(parts) > 1:
        for route, (pattern,) in wild:
            fields.lose(
                route.entry,
                ("aliases",),
                f"the rules fill {len(parts)} routes of {MOST_RULES}, and {GATEWAY} may ask `{pattern}` before a name",
                "leave the pattern out, or export a project with fewer names",
            )
    documents: list[Mapping[str, Value]] = []
    for number, part in enumerate(parts, 1):
        name = NAME if len(parts) == 1 else f"{NAME}-{number}"
        documents += [_route(name, part), _traffic(name, program, longest)]
    for backend in dict.fromkeys(backend.name for backend in backends.values()):
        documents += next(made.documents for made in backends.values() if made.name == backend)
    variables = sorted({variable for _, variable in backends if variable is not None})
    text = header("#", routes.tenant) + _secrets(variables, documents) + "---\n".join(map(yaml_text, documents))
    return Export(text.encode(), fields.report(TARGET, becomes(_WORDS, routes)))


def _backends(routes: Routes, fields: Fields) -> dict[tuple[str, str | None], Backend]:
    """Return how each model is called, by provider and variable of the key; those that cannot be are left out."""
    program = routes.program
    made: dict[tuple[str, str | None], Backend] = {}
    taken: set[str] = set()
    for slug, variable in sorted(_calls(routes), key=lambda call: (call[0], call[1] or "")):
        host = program.providers[program.models[slug].body.provider]
        key = (host.slug, variable)
        if key in made:
            continue
        own = host.body.api_key_env
        name = re.sub("[^a-z0-9.-]", "-", host.slug) + ("" if variable == own else f"-{secret_name(variable or '')}")
        while name in taken:  # two slugs that differ in `_` and `-` alone
            name += "-x"
        backend = envoy_backend(host, variable, name, fields)
        if backend is not None:
            taken.add(name)
            made[key] = backend
    return made


def _calls(routes: Routes) -> set[tuple[str, str | None]]:
    """Return each model with each variable of a key that it is called with."""
    program = routes.program
    calls = {(slug, key_of(program, slug)) for route in routes.served for slug in route.chain}
    return calls | {(pick.model, pick.endpoint.api_key_env) for route in routes.served for pick in route.picks}


def _references(
    program: Program, route: Route, backends: Mapping[tuple[str, str | None], Backend], fields: Fields
) -> list[Value]:
    """Return the backends of a rule: those called first share the load, the others follow by priority."""

    def known(slug: str, variable: str | None) -> Backend | None:
        return backends.get((program.models[slug].body.provider, variable))

    weighted = len(route.picks) > 1
    first = [(pick.model, pick.endpoint.api_key_env, pick.weight if weighted else 1) for pick in route.picks]
    levels = [first, *([(slug, key_of(program, slug), 1)] for slug in route.chain)]
    callable_levels = [
        [(slug, backend, weight) for slug, variable, weight in level if (backend := known(slug, variable)) is not None]
        for level in levels
    ]
    references: list[Value] = []
    ranked = enumerate(level for level in callable_levels if level)
    for priority, slug, backend, weight in ((priority, *call) for priority, level in ranked for call in level):
        model = program.models[slug].body
        reference: dict[str, Value] = {
            "name": backend.name,
            "modelNameOverride": model.provider_model_name or slug,
            "weight": weight,
            "priority": priority,
        }
        body = _body(program, slug, fields)
        references.append({**reference, "bodyMutation": {"set": body}} if body else reference)
    if len(references) > MOST_BACKENDS:
        fields.lose(
            route.entry,
            (),
            f"it has {len(references)} models, and a rule of {GATEWAY} at most {MOST_BACKENDS} backends",
            "lower `max_attempts`",
        )
    return references[:MOST_BACKENDS]


def _body(program: Program, slug: str, fields: Fields) -> list[Value]:
    """Return what is set in the body beside what a caller asks, as JSON texts."""
    model = program.models[slug]
    host = program.providers[model.body.provider]
    body: dict[str, Value] = {}
    for text in (host.body.params, model.body.params):
        body |= {} if text is None else json.loads(text, parse_float=Decimal)
    if len(body) > MOST_FIELDS:
        reason = f"{GATEWAY} sets at most {MOST_FIELDS} fields of a body"
        fields.lose(model, ("params",), reason, "leave some out")
    return [{"path": key, "value": _json(value)} for key, value in list(body.items())[:MOST_FIELDS]]


def _json(value: Value) -> str:
    """Return a value as JSON, its numbers as they were written."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)}: {_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return scalar(value) if isinstance(value, Decimal) else json.dumps(value)


def _rules(program: Program, route: Route, names: tuple[str, ...], references: list[Value]) -> Iterator[Value]:
    """Yield the rules of a route: one, or several where it has more names than a rule may match."""
    timeouts = _timeouts(program, route)
    for start in range(0, len(names), MOST_MATCHES):
        matches: list[Value] = [{"headers": [_match(name)]} for name in names[start : start + MOST_MATCHES]]
        rule: dict[str, Value] = {"matches": matches, "backendRefs": references}
        yield {**rule, "timeouts": timeouts} if timeouts else rule


def _match(name: str) -> Value:
    """Return what a request's model is compared with: a name, or all that begin as a pattern does."""
    if name.endswith("*"):
        expression = "".join(f"\\{sign}" if sign in r"\.+*?()|[]{}^$" else sign for sign in name[:-1]) + ".*"
        return {"type": "RegularExpression", "name": MODEL_HEADER, "value": expression}
    return {"type": "Exact", "name": MODEL_HEADER, "value": name}


def _timeouts(program: Program, route: Route) -> dict[str, Value]:
    """Return the longest wait for one backend of a route, where all of its models say one, and for all together."""
    waits = [_total_ms(program, slug) for slug in route.models]
    known = [wait for wait in waits if wait is not None]
    if len(known) < len(waits) or not known:
        return {}
    tries = (len(route.chain) + 1) * (program.sure_resilience.retries + 1)
    return {"request": _duration(max(known) * tries), "backendRequest": _duration(max(known))}


def _duration(milliseconds: int) -> str:
    """Return a duration of the Gateway API, whose parts have at most five digits each."""
    seconds, rest = divmod(milliseconds, 1000)
    hours, seconds = divmod(seconds, 3600)
    parts = ((hours, "h"), (seconds, "s"), (rest, "ms"))
    return "".join(f"{min(count, 99_999)}{unit}" for count, unit in parts if count)


def _total_ms(program: Program, slug: str) -> int | None:
    """Return the longest wait for an answer of a model."""
    model = program.models[slug].body
    return model.timeouts.total_ms or program.providers[model.provider].body.timeouts.total_ms


def _route(name: str, rules: list[Value]) -> Mapping[str, Value]:
    """Return an AIGatewayRoute."""
    parent: Value = [{"name": NAME, "kind": "Gateway", "group": "gateway.networking.k8s.io"}]
    spec: Value = {"parentRefs": parent, "rules": rules}
    return {
        "apiVersion": "aigateway.envoyproxy.io/v1beta1",
        "kind": "AIGatewayRoute",
        "metadata": {"name": name},
        "spec": spec,
    }


def _traffic(name: str, program: Program, longest: int) -> Mapping[str, Value]:
    """Return the policy that goes on to the next priority where a backend fails."""
    attempts = program.sure_resilience.retries + 1
    retry: Value = {
        "numAttemptsPerPriority": attempts,
        "numRetries": longest * attempts - 1,
        "retryOn": {
            "httpStatusCodes": [429, 500, 502, 503, 504],
            "triggers": ["connect-failure", "retriable-status-codes"],
        },
    }
    target: Value = [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": name}]
    return {
        "apiVersion": "gateway.envoyproxy.io/v1alpha1",
        "kind": "BackendTrafficPolicy",
        "metadata": {"name": name},
        "spec": {"targetRefs": target, "retry": retry},
    }


def _secrets(variables: list[str], documents: list[Mapping[str, Value]]) -> str:
    """Return the comment that says which Secrets must be there, one for each variable that a policy names."""
    named = json.dumps([document for document in documents if document["kind"] == "BackendSecurityPolicy"])
    lines = [
        f'#   kubectl create secret generic {secret_name(variable)} --from-literal=apiKey="${variable}"\n'
        for variable in variables
        if f'"secretRef": {{"name": "{secret_name(variable)}"}}' in named
    ]
    head = f"# The Gateway `{NAME}` is yours; so are the Secrets with the keys:\n" if lines else ""
    return head + "".join(lines)


def _lose_service(fields: Fields, routes: Routes) -> None:
    """Note limits, waits and circuits that the gateway does not have."""
    program = routes.program
    models = [program.models[slug] for slug in routes.models]
    hosts = [program.providers[slug] for slug in {model.body.provider for model in models}]
    entries: list[Entry[Model] | Entry[Provider]] = [*models, *hosts]
    for entry in entries:
        for key in ("rpm", "tpm", "parallel"):
            if getattr(entry.body.limits, key) is not None:
                reason = f"{GATEWAY} limits what clients send by route, not what a backend gets"
                fields.lose(entry, ("limits", key), reason, "limit clients by a BackendTrafficPolicy of your own")
        for key in ("connect_ms", "first_token_ms"):
            if getattr(entry.body.timeouts, key) is not None:
                fields.lose(entry, ("timeouts", key), f"a route of {GATEWAY} has no such wait for each backend")
    for route in routes.served:
        waits = {slug: _total_ms(program, slug) for slug in route.models}
        if len(set(waits.values())) > 1:
            for slug, wait in waits.items():
                model = program.models[slug]
                owner: Entry[Model] | Entry[Provider] = model
                if model.body.timeouts.total_ms is None:
                    owner = program.providers[model.body.provider]
                if wait is not None:
                    reason = f"a rule of {GATEWAY} has one timeout for all of its backends, as in `{route.names[0]}`"
                    if not fields.has(owner, ("timeouts", "total_ms")):
                        fields.lose(owner, ("timeouts", "total_ms"), reason, "let the models of a chain wait as long")
    if program.resilience is not None:
        for key in ("failures", "window_s", "cooloff_s"):
            if program.resilience.has(key):
                reason = f"{GATEWAY} has no circuit for each model"
                fields.lose(program.resilience, (key,), reason, "set `healthCheck.passive` in a policy of your own")
