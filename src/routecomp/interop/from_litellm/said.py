"""Put what is said of variables in the place of references to them, and tell those of which nothing is said."""

from __future__ import annotations

from dataclasses import replace

from routecomp.diagnostics.credentials.names import names_credential
from routecomp.interop.environment import Environment
from routecomp.interop.ledger import Fate, Ledger
from routecomp.interop.litellm.config import LiteLLMConfig, make_config
from routecomp.interop.scalars import number_in
from routecomp.interop.value import Kind, Value
from routecomp.model.key_names import DEFAULT_KEY_NAMES, key_variable

_BY_NAME = frozenset(("extra_headers", "headers", "static_headers", "organization", "environment_variables"))
"""Keys below which a project names the variable itself."""
_DECIDE = frozenset(("weight", "order", "model_name", "routing_strategy", "max_fallbacks", "fallbacks"))
"""Keys whose values decide which model answers a call."""


def with_said(config: LiteLLMConfig, environment: Environment) -> LiteLLMConfig:
    """Return the configuration with the values of known variables; credentials stay names of variables."""
    return make_config(config.files, _with_said(config.root, environment), config.overridden)


def tell_unsaid(config: LiteLLMConfig, environment: Environment, ledger: Ledger) -> None:
    """Say of each lost reference to a variable of which nothing is known that this is why."""
    for value in config.root.leaves():
        if environment.is_unsaid(value) and not names_credential(value.name):
            routes = not _DECIDE.isdisjoint(value.path)
            reason = f"nobody says what `{value.variable}` holds"
            ledger.explain(value, Fate("lost", reason, f"say it with `--set {value.variable}=…`", routes))


def _with_said(value: Value, environment: Environment) -> Value:
    """Return a value with the texts of known variables in the place of references; the same one where it has none."""
    if value.name in _BY_NAME:
        return value
    if value.kind is Kind.ENVIRONMENT:
        return _said(value, environment.get(value.variable))
    fields = {key: _with_said(inner, environment) for key, inner in value.fields.items()}
    items = tuple(inner if inner.kind is Kind.ENVIRONMENT else _with_said(inner, environment) for inner in value.items)
    if all(new is old for new, old in zip((*fields.values(), *items), value.children, strict=True)):
        return value
    return replace(value, fields=fields, items=items)


def _said(value: Value, text: str) -> Value:
    """Return the value that a reference stands for; the reference where that is not known, or is a credential."""
    number, is_bool = number_in(text.strip()), text.lower() in ("true", "false")
    is_key = key_variable(value.variable, DEFAULT_KEY_NAMES) is not None and number is None and not is_bool
    if not text or is_key or names_credential(value.name):
        return value
    kind = Kind.BOOL if is_bool else Kind.TEXT
    return replace(value, kind=kind, text=text, number=number, is_quoted=True)
