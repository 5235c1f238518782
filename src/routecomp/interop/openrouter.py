"""Turn a request for OpenRouter, or its list of models, into an imported project."""

from __future__ import annotations

from collections.abc import Container, Mapping
from decimal import Decimal
from pathlib import PurePath

from routecomp.interop.assembly import Assembly
from routecomp.interop.body import body_value, is_body_key
from routecomp.interop.catalogue import MOST_PRICE, Catalogue, per_million
from routecomp.interop.counts import count_of
from routecomp.interop.imported import Conversion, Figure, Model, Provider
from routecomp.interop.ledger import Ledger
from routecomp.interop.located import NotThisError
from routecomp.interop.names import is_call_name, slug_of
from routecomp.interop.value import Kind, Value
from routecomp.model.fields import UPSTREAM_NAME

_KEY = "OPENROUTER_API_KEY"
_FREE = ":free"
_CAPABILITIES = {"tools": "tools", "structured_outputs": "json-schema", "reasoning": "reasoning"}


def convert_openrouter(root: Value, catalogue: Catalogue, taken: Mapping[str, Container[str]]) -> Conversion:
    """Return the project that a file makes; raise `NotThisError` for one that is neither."""
    path = root.span.path
    assembly = Assembly.begin("openrouter", [PurePath(path).name], taken)
    ledger = Ledger()
    listed = root.get("data") if root.kind is Kind.MAPPING else root
    if (
        listed is not None
        and listed.kind is Kind.LIST
        and listed.items
        and all(item.get("id") for item in listed.items)
    ):
        _read_list(listed, assembly, ledger)
    elif root.get("models") is not None or root.get("model") is not None:
        _read_request(root, assembly, catalogue, ledger)
    else:
        help = "name a request body, or what https://openrouter.ai/api/v1/models answers"
        raise NotThisError(f"{path}:1:1: it has no `models`, and no `data` with models", help)
    return Conversion(assembly.finish(catalogue), ledger.report("openrouter", root))


def _read_request(root: Value, assembly: Assembly, catalogue: Catalogue, ledger: Ledger) -> None:
    """Read a request: its models are a chain, and all else in it goes upstream with each call."""
    listed = root.get("models")
    stated = [
        value for value in (root.get("model"), *(listed.items if listed is not None else ())) if value is not None
    ]
    params = {}
    for key, value in root.fields.items():
        content = body_value(value) if key != "models" and is_body_key(key) else None
        if content is not None:
            params[key] = content
            ledger.map(value, f"`params.{key}` of every model: OpenRouter reads it from the body")
    name = PurePath(root.span.path).stem
    is_free = assembly.call.take(name)
    models: list[Model] = []
    for value in stated:
        if value.kind is not Kind.TEXT or not UPSTREAM_NAME.fullmatch(value.text):
            ledger.leave(value, "it names no model")
            continue
        ledger.map(value, "a model, and its place in the chain")
        if value.text in [model.upstream for model in models]:
            continue
        model = _model(value.text, value, assembly)
        model.params = dict(params)
        assembly.price(model, catalogue, f"openrouter/{value.text}")
        models.append(_add(model, assembly))
    if is_free:
        assembly.call.taken.discard(name)
    if models:
        assembly.chain(name, models, [name], f"`{name}`, the request {PurePath(root.span.path).name}")
    for key in ("messages", "prompt"):
        ledger.leave(root.get(key), "what is asked is your service's own")
    ledger.lose(root.get("stream"), "callers say whether they want a stream", "let callers send `stream`")
    ledger.lose(root, "no body may bring it along", "let your service send it")


def _read_list(listed: Value, assembly: Assembly, ledger: Ledger) -> None:
    """Read the list of models: prices, windows and what each can do."""
    for entry in listed.items:
        upstream = entry.text_of("id")
        if not UPSTREAM_NAME.fullmatch(upstream):
            ledger.leave(entry, "its id is no name of a model")
            continue
        model = _model(upstream, entry, assembly)
        for kind, name in (("input", "prompt"), ("output", "completion")):
            _price(model, kind, entry.get("pricing", name), ledger, is_free=upstream.endswith(_FREE))
        for key, keys in (("context_window", ("context_length",)), ("most", ("top_provider", "max_completion_tokens"))):
            value = entry.get(*keys)
            if value is not None and (count := count_of(value)) is not None:
                figure = Figure(str(count), f"`{'.'.join(keys)}` of {_place_of(value)}")
                if key == "most":
                    model.optional["max_output_tokens"] = figure
                else:
                    model.figures[key] = figure
                ledger.map(value, "a figure of the model")
        _capabilities(model, entry, ledger)
        ledger.map(entry.get("id"), "the model and its alias")
        ledger.lose(entry, "nothing of a model says it", "see https://openrouter.ai/api/v1/models")
        _add(model, assembly)


def _price(model: Model, kind: str, value: Value | None, ledger: Ledger, *, is_free: bool) -> None:
    """Set a price that the list states; 0 counts where the id says that the model is free."""
    if value is None:
        return
    price = per_million(value.text)
    if price.text and Decimal(price.text) > MOST_PRICE:
        ledger.lose(value, "it is above $1,000 a million tokens, which is a slip", "state it by `--figures`")
        return
    text = "0" if is_free and value.text.strip("0.") == "" and value.text else price.text
    model.figures[f"price.{kind}"] = Figure(
        text, f"`pricing` of {_place_of(value)}" + (f", {price.remark}" if not is_free and price.remark else "")
    )
    ledger.map(value, f"`price.{kind}` of the model" if text else "`TODO`: no price is stated")


def _capabilities(model: Model, entry: Value, ledger: Ledger) -> None:
    """Set what a model can do."""
    supported, modalities = entry.get("supported_parameters"), entry.get("architecture", "input_modalities")
    if supported is not None:
        words = [item.text for item in supported.items]
        model.capabilities = ["streaming", *(_CAPABILITIES[word] for word in _CAPABILITIES if word in words)]
        ledger.map(supported, "`capabilities` of the model")
    if modalities is not None:
        if any(item.text == "image" for item in modalities.items):
            model.capabilities.append("vision")
        ledger.map(modalities, "`capabilities` of the model")


def _model(upstream: str, value: Value, assembly: Assembly) -> Model:
    """Return a model of OpenRouter."""
    model = Model(assembly.call.make(slug_of(upstream)), "", upstream, _place_of(value))
    model.names = [upstream]
    model.capabilities = ["streaming", "tools"]
    model.api_key_env = _KEY
    if upstream != model.slug and is_call_name(upstream) and assembly.call.take(upstream):
        model.aliases.append(upstream)
    return model


def _add(model: Model, assembly: Assembly) -> Model:
    """Add a model at OpenRouter."""
    provider = Provider("", "openai_compatible", "https://openrouter.ai/api")
    return assembly.add(model, provider, "openrouter", _KEY)


def _place_of(value: Value) -> str:
    """Return the file and line of a value, for comments."""
    return f"{PurePath(value.span.path).name}:{value.span.line}"
