"""Turn a Portkey config into an imported project: one name, whose targets are a chain or divide its calls."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath

from routecomp.interop.assembly import Assembly
from routecomp.interop.body import body_value, is_body_key
from routecomp.interop.catalogue import Catalogue
from routecomp.interop.counts import count_of
from routecomp.interop.environment import Environment
from routecomp.interop.imported import UNKNOWN_HOST, Conversion, Model, Provider
from routecomp.interop.ledger import Ledger
from routecomp.interop.located import NotThisError
from routecomp.interop.names import slug_of, variable_of
from routecomp.interop.portkey_hosts import HOSTS, Host
from routecomp.interop.urls import AWS_REGION, host_of, provider_fault, set_openai_base
from routecomp.interop.value import Kind, Value
from routecomp.model.fields import UPSTREAM_NAME

_PASSED = ("weight", "retry", "request_timeout", "override_params", "strategy", "targets", "provider", "custom_host")
_FORWARDED = "a header that callers send is passed on by your service"
_LOST = {
    "cache": ("answers are kept by your service, or by a proxy", "keep a cache in your service"),
    "input_guardrails": ("guardrails are your service's own", "check what is sent in your service"),
    "output_guardrails": ("guardrails are your service's own", "check what comes back in your service"),
    "before_request_hooks": ("hooks are your service's own", "call them in your service"),
    "after_request_hooks": ("hooks are your service's own", "call them in your service"),
    "forward_headers": (_FORWARDED, "let your service do it"),
    "strict_open_ai_compliance": ("it shapes the answer, not the routing", "read what the host answers"),
    "metadata": ("what is told of calls is your service's own", "see the outcomes that services record"),
}


@dataclass(slots=True)
class _Choice:
    """What a config, or a part of it, chooses among: models in the order in which they are tried, and their weights.

    The weights are those of the first choice; 0 for those that only follow.
    """

    models: list[Model] = field(default_factory=list)
    weights: list[Decimal] = field(default_factory=list)


def convert_portkey(
    root: Value, environment: Environment, catalogue: Catalogue, taken: Mapping[str, Container[str]]
) -> Conversion:
    """Return the project that a config makes; raise `NotThisError` for a file that is none."""
    path = root.span.path
    known = {_snake(name) for name in root.fields}
    if not known & {"targets", "provider", "virtual_key", "strategy"}:
        raise NotThisError(f"{path}:1:1: it has no `targets` and no `provider`", "name a config of Portkey")
    file = PurePath(path).name
    name = PurePath(path).stem
    assembly = Assembly.begin("portkey", [file], taken)
    is_free = assembly.call.take(name)
    importer = _Importer(assembly, name, environment, catalogue)
    choice = importer.choose(root, {})
    if is_free:
        assembly.call.taken.discard(name)
    if choice.models:
        assembly.deal(choice.models, choice.weights, name)
        ranked = sorted(range(len(choice.models)), key=lambda place: choice.weights[place] == 0)
        assembly.chain(name, [choice.models[place] for place in ranked], [name], f"`{name}`, the config {file}")
    return Conversion(assembly.finish(catalogue), importer.ledger.report("portkey", root))


class _Importer:
    """Reads one config, and keeps what became of its fields."""

    def __init__(self, assembly: Assembly, name: str, environment: Environment, catalogue: Catalogue) -> None:
        self.assembly = assembly
        self.name = name
        self.environment = environment
        self.catalogue = catalogue
        self.ledger = Ledger()

    def choose(self, value: Value, above: Mapping[str, Value]) -> _Choice:
        """Return what a config or one of its targets chooses among; it inherits what stands above it."""
        own = {_snake(key): inner for key, inner in value.fields.items()}
        inherited = {key: inner for key, inner in above.items() if key not in ("targets", "strategy", "weight")}
        fields = {**inherited, **own}
        self._settings(own)
        targets = own.get("targets")
        if targets is None or not targets.items:
            model = self._target(value, fields)
            return _Choice() if model is None else _Choice([model], [Decimal(1)])
        mode = own["strategy"].text_of("mode") if "strategy" in own else "single"
        if mode not in ("fallback", "loadbalance", "single", ""):
            reason = f"`{mode}` chooses by what a call holds, which is nothing a project says"
            instead = "let callers ask for a name of their own: a feature or a target for each condition"
            self.ledger.lose(own["strategy"], reason, instead, routes=True)
            self.ledger.leave(targets, "its strategy is not carried")
            return _Choice()
        return self._combine(mode, targets, fields, own.get("strategy"))

    def _combine(self, mode: str, targets: Value, fields: Mapping[str, Value], strategy: Value | None) -> _Choice:
        """Return what several targets choose among: in order, or by weight."""
        is_weighted = mode == "loadbalance" and any(_weight(target) for target in targets.items)
        silent = [target for target in targets.items if is_weighted and not _weight(target)]
        for target in silent:
            self.ledger.leave(target, "its weight is 0: nothing is sent to it")
        choices = [(target, self.choose(target, fields)) for target in targets.items if target not in silent]
        stated = [(target, choice) for target, choice in choices if choice.models]
        if mode == "loadbalance" and len(stated) > 1:
            reason = (
                "the models share the calls; a call that fails goes to the others too, where Portkey leaves them out"
            )
            self.ledger.hint(strategy.get("mode") if strategy is not None else None, reason)
        self.ledger.map(strategy.get("mode") if strategy is not None else None, "a chain, or `share` of the models")
        codes = strategy.get("on_status_codes") if strategy is not None else None
        self.ledger.hint(codes, "every failure that another model may cure leads on", "see docs/service.md, failures")
        if mode in ("single", ""):
            for target, _ in stated[1:]:
                self.ledger.leave(target, "`single` calls the first target alone")
            stated = stated[:1]
        made = _Choice()
        total = sum(_weight(target) for target, _ in stated)
        for place, (target, choice) in enumerate(stated):
            factor = Decimal(place == 0) if mode != "loadbalance" else _weight(target) if total else Decimal(1)
            own = sum(choice.weights)
            made.models += choice.models
            made.weights += [factor * weight / own if own else Decimal(0) for weight in choice.weights]
        return made

    def _settings(self, own: Mapping[str, Value]) -> None:
        """Read what counts for the whole project, and say what no project says."""
        retry = own.get("retry")
        for key in ("attempts", "count"):
            stated = retry.get(key) if retry is not None else None
            if (count := count_of(stated, 0)) is not None:
                earlier = self.assembly.project.resilience.get("retries", 0)
                self.assembly.project.resilience["retries"] = max(count, earlier)
                self.ledger.map(stated, "`resilience.retries`: the most that any target states")
        self.ledger.lose(
            retry, "which failures are tried again is judged by their kind", "see docs/service.md, failures"
        )
        for key, (reason, instead) in _LOST.items():
            self.ledger.lose(own.get(key), reason, instead)

    def _target(self, value: Value, fields: Mapping[str, Value]) -> Model | None:
        """Return the model that one target calls; None, and the ledger says why, where it names none."""
        prompt = fields.get("prompt_id")
        if prompt is not None:
            instead = "keep the prompt in your service, and name its provider and model here"
            self.ledger.lose(prompt, "a prompt of Portkey says provider and model there", instead, routes=True)
            self.ledger.leave(value, "its target is not carried")
            return None
        stated = fields.get("provider")
        kind = stated.text if stated is not None and not stated.text.startswith("@") else ""
        kind = "" if _integration(_model_of(fields)) else kind
        host = HOSTS.get(kind)
        if kind and host is None:
            instead = "declare it as a provider with `adapter: custom` if your service can call it"
            self.ledger.lose(stated, f"no adapter of routecomp speaks to the provider `{kind}`", instead, routes=True)
            self.ledger.leave(value, "its target is not carried")
            return None
        provider, wish = self._provider(kind, host, fields)
        custom = fields.get("custom_host")
        if (fault := provider_fault(provider)) is not None:
            self.ledger.lose(custom, f"`custom_host` {fault[0]}", fault[1], routes=True)
            self.ledger.leave(value, "its target is not carried")
            return None
        model = self._model(value, fields, kind, provider, wish)
        self._mark(value, stated, fields, provider)
        return model

    def _provider(self, kind: str, host: Host | None, fields: Mapping[str, Value]) -> tuple[Provider, str]:
        """Return where a target calls, and what the slug of that is made of."""
        text = {key: self.environment.text(inner) for key, inner in fields.items() if inner.kind is Kind.TEXT}
        custom = text.get("custom_host", "").rstrip("/")
        if host is None:
            named = _integration(_model_of(fields)) or text.get("provider", "").removeprefix("@")
            unsaid = slug_of(named) if named else f"{UNKNOWN_HOST}{len(self.assembly.project.models) + 1}"
            return Provider("", "", custom), host_of(custom) if custom else unsaid
        provider = Provider("", host.adapter, host.base)
        if kind == "azure-openai":
            resource = text.get("azure_resource_name", "") or text.get("resource_name", "")
            provider.base_url = f"https://{resource}.openai.azure.com" if resource else ""
            version = text.get("azure_api_version", "") or text.get("api_version", "")
            provider.query = {"api-version": version}
            provider.open_query = [] if version else ["api-version"]
        elif kind == "bedrock":
            region = text.get("aws_region", "") if AWS_REGION.fullmatch(text.get("aws_region", "")) else ""
            provider.base_url = f"https://bedrock-runtime.{region}.amazonaws.com" if region else ""
            provider.auth = "sigv4"
        elif host.adapter in ("openai", "openai_compatible"):
            set_openai_base(provider, custom or host.base)
            provider.adapter = "openai_compatible" if custom else host.adapter
        elif custom and kind == "anthropic":
            provider.base_url = custom.removesuffix("/v1")
            provider.chat_path = None if custom.endswith("/v1") else "/messages"
        elif custom:
            provider.base_url = custom
        return provider, host_of(custom) if custom else slug_of(kind)

    def _model(self, value: Value, fields: Mapping[str, Value], kind: str, provider: Provider, wish: str) -> Model:
        """Add the model of a target."""
        override = fields.get("override_params")
        named = _model_of(fields)
        if integration := _integration(named):
            named = named.removeprefix(f"@{integration}/")
        upstream = named if UPSTREAM_NAME.fullmatch(named) else ""
        for key in ("azure_deployment_id", "deployment_id"):
            if (deployment := fields.get(key)) is not None and UPSTREAM_NAME.fullmatch(deployment.text):
                upstream = deployment.text
        host = HOSTS.get(kind)
        base = f"{slug_of(self.name)}-{len(self.assembly.project.models) + 1}"
        model = Model(
            self.assembly.call.make(base), "", upstream, f"{PurePath(value.span.path).name}:{value.span.line}"
        )
        model.names = [upstream, f"{kind}/{upstream}"]
        model.capabilities = ["streaming", "tools"]
        for key, inner in override.fields.items() if override is not None else ():
            content = body_value(inner)
            if key == "model":
                continue
            if (
                content is None
                or not is_body_key(key)
                or not provider.adapter.startswith(("openai", "azure", "anthropic"))
            ):
                self.ledger.lose(
                    inner, "the host has it under another name, or no body may hold it", "write it under `params`"
                )
            else:
                model.params[key] = content
                self.ledger.map(inner, f"`params.{key}` of the model")
        timeout = fields.get("request_timeout")
        if (milliseconds := count_of(timeout)) is not None:
            model.timeouts["total_ms"] = milliseconds
            self.ledger.map(timeout, "`timeouts.total_ms` of the model")
        if provider.auth is None and host is not None and host.key is None:
            provider.auth = "none"
        usual = host.key if host is not None and "custom_host" not in fields else None
        if provider.auth is None:
            model.api_key_env = usual or variable_of(wish)
            taken = {earlier.api_key_env for earlier in self.assembly.project.models}
            if model.api_key_env in taken and "api_key" in fields:
                model.api_key_env = variable_of(model.slug)
        if host is not None and upstream and "custom_host" not in fields:
            self.assembly.price(model, self.catalogue, f"{host.catalogue}/{upstream}", upstream)
        return self.assembly.add(model, provider, wish, usual if provider.auth is None else model.api_key_env)

    def _mark(self, value: Value, stated: Value | None, fields: Mapping[str, Value], provider: Provider) -> None:
        """Say what became of the fields of a target."""
        ledger = self.ledger
        missing = [] if provider.adapter else ["adapter"]
        word = "`TODO`: say which host it is" if missing else "the provider"
        ledger.map(stated, word)
        for key in ("virtual_key", "api_key"):
            reason = "a credential stands in the file: it is neither written nor shown"
            if key == "virtual_key":
                reason = "a virtual key is kept by Portkey, and so is the host that it opens"
            ledger.lose(fields.get(key), reason, "put the host's key into the variable that `api_key_env` names")
        named = fields["override_params"].get("model") if "override_params" in fields else None
        ledger.map(named, "`provider_model_name` of the model")
        for key, inner in value.fields.items():
            name = _snake(key)
            if name == "weight":
                ledger.map(inner, "`share` of the model")
            elif name.startswith(
                ("azure_", "aws_region", "custom_host", "resource_name", "deployment_id", "api_version")
            ):
                ledger.map(inner, "the provider's URL")
            elif name not in _PASSED:
                ledger.lose(inner, "no field of a model says it", "your service sends it, if the host needs it")


def _model_of(fields: Mapping[str, Value]) -> str:
    """Return the model that a target names, as it is written there; empty where it names none."""
    override = fields.get("override_params")
    return override.text_of("model") if override is not None else ""


def _integration(model: str) -> str:
    """Return the integration of Portkey that a model's name begins with, as in `@openai-prod/gpt-4o`; else nothing."""
    first, slash, rest = model.partition("/")
    return first.removeprefix("@") if first.startswith("@") and slash and rest else ""


def _weight(target: Value) -> Decimal:
    """Return the weight of a target; 1 where it states none."""
    value = target.get("weight")
    if value is None or value.number is None or value.number < 0:
        return Decimal(1)
    return value.number


def _snake(name: str) -> str:
    """Return a key in small letters with underscores: configs take both kinds."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
