"""Turn TensorZero's models, functions and variants into an imported project."""

from __future__ import annotations

from collections.abc import Container, Mapping
from decimal import Decimal
from typing import NamedTuple

from routecomp.interop.assembly import Assembly
from routecomp.interop.body import body_value, is_body_key
from routecomp.interop.catalogue import MOST_PRICE, Catalogue, plain_decimal
from routecomp.interop.counts import count_of
from routecomp.interop.environment import Environment
from routecomp.interop.imported import Conversion, Figure, Model, Provider
from routecomp.interop.ledger import Ledger
from routecomp.interop.names import slug_of
from routecomp.interop.tensorzero_hosts import Place, place_provider
from routecomp.interop.value import Kind, Value

_MODEL, _FUNCTION = "tensorzero::model_name::", "tensorzero::function_name::"
_BODY = {
    "temperature": "temperature",
    "top_p": "top_p",
    "max_tokens": "max_tokens",
    "presence_penalty": "presence_penalty",
    "frequency_penalty": "frequency_penalty",
    "seed": "seed",
    "stop_sequences": "stop",
    "reasoning_effort": "reasoning_effort",
    "service_tier": "service_tier",
    "verbosity": "verbosity",
}
"""Parameters of a variant, and what they are in the body of OpenAI's contract."""
_ANTHROPIC = {name: name for name in ("temperature", "top_p", "max_tokens", "stop_sequences")}
_PROMPTS = ("templates", "system_template", "user_template", "assistant_template", "input_wrappers")
_PRICES = {"/usage/prompt_tokens": "price.input", "/usage/completion_tokens": "price.output"}
_PRICES |= {"/usage/input_tokens": "price.input", "/usage/output_tokens": "price.output"}
_BESIDE = {
    "embedding_models": "embeddings are no chat calls",
    "gateway": "it sets up the gateway",
    "clickhouse": "it sets up the gateway's database",
    "postgres": "it sets up the gateway's database",
    "object_storage": "it sets up the gateway's store",
    "metrics": "what calls came to is measured by what services record",
    "tools": "tools are your service's own",
    "evaluations": "evaluations run beside routing",
    "optimizers": "optimizers run beside routing",
    "provider_types": "defaults of the gateway for hosts",
}
SECTIONS = frozenset(("models", "functions", "rate_limiting", *_BESIDE))
"""The sections of a TensorZero file."""


class _Call(NamedTuple):
    """One way to serve a model: where, and the value that says so."""

    name: str
    place: Place
    value: Value


class _Variant(NamedTuple):
    """A variant that chooses: a model for each provider in their order, its weight, and what names the model."""

    models: list[Model]
    weight: Decimal
    value: Value


def convert_tensorzero(
    root: Value, file: str, environment: Environment, catalogue: Catalogue, taken: Mapping[str, Container[str]]
) -> Conversion:
    """Return the project that a TensorZero file makes."""
    return _Importer(root, Assembly.begin("tensorzero", [file], taken), environment, catalogue).run()


class _Importer:
    """Reads one file, and keeps what became of its fields."""

    def __init__(self, root: Value, assembly: Assembly, environment: Environment, catalogue: Catalogue) -> None:
        self.root = root
        self.assembly = assembly
        self.environment = environment
        self.catalogue = catalogue
        self.ledger = Ledger()
        self.calls: dict[str, list[_Call]] = {}
        self.models: dict[str, list[Model]] = {}
        self.retries: set[int] = set()

    def run(self) -> Conversion:
        """Import everything."""
        models, functions = self.root.get("models"), self.root.get("functions")
        for name, value in models.fields.items() if models is not None else ():
            self.calls[name] = self._calls(value)
        for name, calls in self.calls.items():
            self._model(name, calls)
        for name, value in functions.fields.items() if functions is not None else ():
            self._function(name, value)
        self._settle()
        project = self.assembly.finish(self.catalogue)
        return Conversion(project, self.ledger.report("tensorzero", self.root))

    def _calls(self, model: Value) -> list[_Call]:
        """Return the providers of a model in the order of its routing, those that can be carried."""
        providers, routing = model.get("providers"), model.get("routing")
        order = [item.text for item in routing.items] if routing is not None else []
        calls = []
        for name in order:
            value = providers.get(name) if providers is not None else None
            if value is None:
                continue
            place = place_provider(value, self.environment, self.ledger)
            if place is not None:
                calls.append(_Call(name, place, value))
        if calls or not order:
            self.ledger.map(routing, "the order of the models")
        else:
            self.ledger.lose(routing, "none of these providers is carried", "declare the model by hand", routes=True)
        for name, value in providers.fields.items() if providers is not None else ():
            if name not in order:
                self.ledger.leave(value, "`routing` does not name it, so nothing calls it")
        return calls

    def _model(self, name: str, calls: list[_Call]) -> None:
        """Make a model callable by its own name: an entry for each provider, tried in order."""
        if not calls:
            return
        slug = slug_of(name)
        several = len(calls) > 1
        names = [_MODEL + name, name]
        is_kept_free = several and slug == name and self.assembly.call.take(name)
        made = [self._entry(call, f"{slug}-{slug_of(call.name)}" if several else slug, [name]) for call in calls]
        if is_kept_free:
            self.assembly.call.taken.discard(name)
        self.models[name] = made
        where = _place_of(calls[0].value)
        self.assembly.chain(name, made, names, f"model `{name}`, {where}")

    def _entry(self, call: _Call, wish: str, names: list[str]) -> Model:
        """Add an entry for one way to serve a model."""
        model = Model(self.assembly.call.make(wish), "", call.place.upstream, _place_of(call.value))
        model.names = [*names, call.place.upstream]
        model.capabilities = ["streaming", "tools"]
        model.api_key_env = call.place.key
        self._figures(model, call)
        self._timeouts(model, call.value)
        self._body_of(model, call.value.get("extra_body"), call.place.provider.adapter)
        for name in ("batch_cost", "discard_unknown_chunks", "provider_tools", "include_encrypted_reasoning"):
            self.ledger.lose(
                call.value.get(name), "no field of a model says it", "your service sends it, if it needs it"
            )
        provider = Provider(**{name: getattr(call.place.provider, name) for name in Provider.__dataclass_fields__})
        return self.assembly.add(model, provider, call.place.wish, call.place.key)

    def _figures(self, model: Model, call: _Call) -> None:
        """Set the prices that the file states, then those of the catalogue where it speaks of this host."""
        cost = call.value.get("cost")
        for entry in cost.items if cost is not None else ():
            key = _PRICES.get(entry.text_of("pointer"), "")
            rate = entry.get("cost_per_million")
            per_unit = entry.get("cost_per_unit")
            number = rate.number if rate is not None else None
            if number is None and per_unit is not None and per_unit.number is not None:
                number = per_unit.number * 1_000_000
            if key and number is not None and 0 <= number <= MOST_PRICE and key not in model.figures:
                model.figures[key] = Figure(plain_decimal(number), f"`cost` of {_place_of(entry)}")
                self.ledger.map(entry, f"`{key}` of the model")
            else:
                self.ledger.lose(entry, "a price beside input and output is nothing a model states")
        if call.place.lookups:
            self.assembly.price(model, self.catalogue, *call.place.lookups)

    def _timeouts(self, model: Model, value: Value) -> None:
        """Set the timeouts that a provider, its model or a variant states; the first that states one counts."""
        stated = value.get("timeouts")
        for keys, name in ((("non_streaming", "total_ms"), "total_ms"), (("streaming", "ttft_ms"), "first_token_ms")):
            inner = stated.get(*keys) if stated is not None else None
            if (milliseconds := count_of(inner)) is not None:
                model.timeouts.setdefault(name, milliseconds)
                self.ledger.map(inner, f"`timeouts.{name}` of the model")
        self.ledger.lose(stated, "a model has one limit for the whole call, and one for the first token")

    def _body_of(self, model: Model, extra: Value | None, adapter: str) -> None:
        """Set what `extra_body` puts into the body, at its top."""
        for entry in extra.items if extra is not None else ():
            pointer, value = entry.text_of("pointer"), entry.get("value")
            key = pointer.removeprefix("/")
            content = body_value(value) if value is not None else None
            if content is not None and "/" not in key and is_body_key(key):
                model.params[key] = content
                self.ledger.map(entry, f"`params.{key}` of the model")
            else:
                self.ledger.lose(entry, "`params` of a model set keys at the top of the body", "write the whole key")
        del adapter

    def _function(self, name: str, value: Value) -> None:
        """Make a function callable: its variants divide its calls, the others follow."""
        variants = value.get("variants")
        weights = self._weights(value, variants)
        chosen: list[_Variant] = []
        only = len(weights) == 1
        for variant, weight in weights.items():
            body = variants.get(variant) if variants is not None else None
            models = self._variant(name, variant, body, only=only) if body is not None else []
            if models and body is not None and (named := body.get("model")) is not None:
                chosen.append(_Variant(models, weight, named))
        for variant, body in variants.fields.items() if variants is not None else ():
            if variant not in weights:
                self.ledger.leave(body, "no experiment names it, so nothing is sent to it")
        self._mark_function(value)
        if not chosen:
            return
        sharing = [variant for variant in chosen if variant.weight > 0]
        if len(sharing) > 1:
            self.assembly.deal([each.models[0] for each in chosen], [each.weight for each in chosen], name)
            for later in [each for each in sharing if len(each.models) > 1][1:]:
                reason = "its providers follow each other; where it is picked, those of an earlier variant come between"
                self.ledger.drop(later.value)
                self.ledger.hint(later.value, reason)
        ranked = sorted(chosen, key=lambda each: (each.weight == 0, each.weight > 0 and len(each.models) == 1))
        chain = [model for each in ranked for model in each.models]
        self.assembly.chain(name, chain, [_FUNCTION + name], f"function `{name}`, {_place_of(value)}")

    def _weights(self, function: Value, variants: Value | None) -> dict[str, Decimal]:
        """Return the variants that may serve a function, with their weights; 0 for those that only follow."""
        names = list(variants.fields) if variants is not None else []
        experiment = function.get("experimentation")
        if experiment is None:
            stated = {name: _weight(variants.get(name, "weight")) for name in names} if variants is not None else {}
            if any(weight is not None for weight in stated.values()):
                for name in names:
                    self.ledger.map(
                        variants.get(name, "weight") if variants is not None else None, "`share` of the model"
                    )
                return {name: weight or Decimal(0) for name, weight in stated.items()}
            return dict.fromkeys(names, Decimal(1))
        candidates = experiment.get("candidate_variants")
        kind = experiment.text_of("type")
        weights = dict.fromkeys(names, Decimal(1))
        if candidates is not None and candidates.kind is Kind.MAPPING:
            weights = {name: _weight(value) or Decimal(0) for name, value in candidates.fields.items()}
        elif candidates is not None:
            weights = {item.text: Decimal(1) for item in candidates.items}
        fallback = experiment.get("fallback_variants")
        for item in fallback.items if fallback is not None else ():
            weights.setdefault(item.text, Decimal(0))
        self.ledger.map(candidates, "`share` of the models")
        self.ledger.map(fallback, "the end of the chain")
        if kind in ("static", "uniform", "static_weights", ""):
            self.ledger.map(experiment.get("type"), "fixed shares")
        else:
            reason = "it moves calls to what does best; here the shares stay equal until somebody changes them"
            self.ledger.hint(experiment, reason, "run an experiment, and read `routecomp experiment stats`")
        return {name: weight for name, weight in weights.items() if name in names}

    def _variant(self, function: str, name: str, body: Value, *, only: bool) -> list[Model]:
        """Return the models of a variant, one for each provider; none where it cannot be carried."""
        kind, ref = body.text_of("type") or "chat_completion", body.text_of("model")
        if kind != "chat_completion":
            instead = "let your service make these calls, or name a feature for each"
            self.ledger.lose(body.get("type"), f"`{kind}` calls several models for one answer", instead, routes=True)
            self.ledger.leave(body, "its variant is not carried")
            return []
        calls = self.calls.get(ref) or self._shorthand(ref, body)
        if ref.startswith("dummy::"):
            self.ledger.leave(body, "it calls nobody")
            return []
        if not calls:
            if not self.ledger.knows(body):
                reason = f"the model `{ref}` is not carried"
                self.ledger.lose(body.get("model"), reason, "declare it by hand", routes=True)
            self.ledger.leave(body, "its variant is not carried")
            return []
        self.ledger.map(body.get("type"), "a chat call")
        self.ledger.map(body.get("model"), "the provider and the name upstream")
        params = {key: value for key, value in body.fields.items() if key in _BODY or key in ("extra_body", "timeouts")}
        if only and not params and ref in self.models:
            self._mark_variant(body)
            return self.models[ref]
        wish = slug_of(f"{function}-{name}" if not only else function)
        several = len(calls) > 1
        made = []
        for call in calls:
            entry = self._entry(call, f"{wish}-{slug_of(call.name)}" if several else wish, [f"{function}/{name}", ref])
            self._params(entry, body, call.place.provider.adapter)
            made.append(entry)
        self._mark_variant(body)
        return made

    def _shorthand(self, ref: str, body: Value) -> list[_Call]:
        """Return where a model of the form `openai::gpt-4o` is called."""
        kind, sign, model = ref.partition("::")
        if not sign:
            return []
        stated = body.get("model")
        assert stated is not None
        fields = {
            "type": Value((), Kind.TEXT, stated.span, text=kind),
            "model_name": Value((), Kind.TEXT, stated.span, text=model),
        }
        value = Value((), Kind.MAPPING, stated.span, fields=fields)
        place = place_provider(value, self.environment, Ledger())
        return [] if place is None else [_Call(kind, place, value)]

    def _params(self, model: Model, body: Value, adapter: str) -> None:
        """Set what a variant puts into the body of its calls."""
        known = _ANTHROPIC if adapter == "anthropic" else _BODY if adapter.startswith(("openai", "azure")) else {}
        for name, value in body.fields.items():
            if name in known:
                content = body_value(value)
                if content is not None:
                    model.params[known[name]] = content
                    self.ledger.map(value, f"`params.{known[name]}` of the model")
            elif name in _BODY:
                instead = "write it under `params` of the model, in the host's own words"
                self.ledger.lose(value, f"hosts that speak `{adapter}` do not have it under this name", instead)
        self._body_of(model, body.get("extra_body"), adapter)
        self._timeouts(model, body)

    def _mark_variant(self, body: Value) -> None:
        """Say what became of the fields of a variant that decide no call."""
        for name in _PROMPTS:
            self.ledger.lose(body.get(name), "prompts are your service's own", "keep the template in your service")
        retries = body.get("retries", "num_retries")
        if (count := count_of(retries, 0)) is not None:
            self.retries.add(count)
            self.ledger.map(retries, "`resilience.retries`: the most that any variant states")
        self.ledger.lose(body.get("retries"), "how long to wait before a retry is the service's own to say")
        self.ledger.lose(body, "what is asked of the answer is your service's own", "let your service send it")

    def _mark_function(self, value: Value) -> None:
        """Say what became of the fields of a function that decide no call."""
        self.ledger.lose(value.get("experimentation"), "it tunes an experiment that a project does not run")
        variants = value.get("variants")
        for name, inner in value.fields.items():
            if inner is not variants:
                self.ledger.lose(inner, f"`{name}` is your service's own", "let your service send it")

    def _settle(self) -> None:
        """Say what became of everything beside models and functions."""
        if self.retries:
            self.assembly.project.resilience["retries"] = max(self.retries)
        for name, reason in _BESIDE.items():
            if name == "embedding_models":
                self.ledger.leave(self.root.get(name), reason)
            else:
                self.ledger.lose(self.root.get(name), reason, "keep it where the gateway runs, if you keep one")
        instead = "give a provider or a model `limits` (rpm, tpm), and tenants a `budget`"
        self.ledger.lose(self.root.get("rate_limiting"), "limits by tags of a call are nothing a project says", instead)
        models = self.root.get("models")
        for value in models.fields.values() if models is not None else ():
            for name, calls in ((key, self.calls.get(key, [])) for key in value.path[-1:] if isinstance(key, str)):
                for model in self.models.get(name, []):
                    self._timeouts(model, value)
                del calls
            self.ledger.lose(value, "no field of a model says it", "your service sends it, if it needs it")


def _weight(value: Value | None) -> Decimal | None:
    """Return a weight, None where none is stated."""
    return value.number if value is not None and value.number is not None and value.number >= 0 else None


def _place_of(value: Value) -> str:
    """Return the file and line of a value, for comments."""
    return f"{value.span.path.rpartition('/')[2]}:{value.span.line}"
