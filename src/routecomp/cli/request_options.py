"""Define the options with which commands are told a request: its tenant, and the hints that a call may give."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import click

from routecomp.cli.completion import names_of
from routecomp.diagnostics.credentials.detect import may_hold_secret, star_secrets

F = TypeVar("F", bound=Callable[..., Any])


def request_options(function: F) -> F:
    """Give a command the options of a request, its route apart; each is None where it is not given."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def secrets_in(request: Mapping[str, Any]) -> dict[str, str]:
    """Return the words of a request that look like credentials, with the stars to show instead."""
    return {word: star_secrets(word) for word in _words(request) if may_hold_secret(word)}


def without_secrets(request: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    """Return a request with stars for the credentials in it.

    A credential names nothing that is declared, so this changes nothing but what a slot is made of.
    """
    return {
        starred(key, secrets): value if key in ("unit", "request_id") else starred(value, secrets)
        for key, value in request.items()
    }


def starred(value: Any, secrets: Mapping[str, str]) -> Any:
    """Return a value of JSON with stars for the credentials in its texts: a key given in the wrong place, say."""
    if isinstance(value, str):
        for word, stars in secrets.items():
            value = value.replace(word, stars)
        return value
    if isinstance(value, dict):
        return {starred(key, secrets): starred(inner, secrets) for key, inner in value.items()}
    return [starred(inner, secrets) for inner in value] if isinstance(value, list | tuple) else value


def _words(value: object) -> Iterator[str]:
    """Yield the words of all texts in a request, names of arguments included."""
    if isinstance(value, str):
        yield from (value, *value.split())
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (*_words(key), *_words(inner))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _words(inner)


class Number(click.ParamType[Any]):
    """A number as JSON writes one, kept exactly."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | Decimal:
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]
        if re.fullmatch(r"[-+]?[0-9]{1,30}", value, re.ASCII):
            return int(value)
        if not re.fullmatch(r"[-+]?[0-9]{1,30}\.[0-9]{1,30}", value, re.ASCII):
            self.fail(f"{value!r} is not a number: write it as 1200 or 0.55", param, ctx)
        return Decimal(value)


class Names(click.ParamType[Any]):
    """Names with commas between them."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


_OPTIONS = (
    click.option("--tenant", shell_complete=names_of("tenants"), help="On whose behalf; default: the default policy."),
    click.option("--unit", help="Who asks (a user): decides an experiment's variant."),
    click.option("--request-id", help="Decides what is mirrored, and who serves of models with shares."),
    click.option("--preference", help="The caller's dial: quality, balanced or cost."),
    click.option("--min-quality", type=Number(), metavar="0..1", help="Quality floor, before all others."),
    click.option("--latency-budget-ms", type=Number(), metavar="MS", help="Wanted latency."),
    click.option("--stack", help="Only this region, or avoid-REGION."),
    click.option("--input-tokens", type=Number(), metavar="N", help="Tokens of the prompt."),
    click.option("--max-output-tokens", type=Number(), metavar="N", help="Most tokens of the answer."),
    click.option("--max-cost-usd", type=Number(), metavar="USD", help="Most dollars; needs --input-tokens."),
    click.option("--stream", is_flag=True, default=None, help="The model must be able to stream."),
    click.option("--tools", is_flag=True, default=None, help="The model must be able to use tools."),
    click.option("--capabilities", type=Names(), metavar="A,B", help="Further capabilities it must have."),
    click.option("--unavailable", type=Names(), metavar="A,B", help="Models or providers that cannot serve."),
)
