"""RC334 key-and-auth: a key is named where one is sent, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.adapters import KEYLESS, auth_of
from routecomp.model.project import Declared, Entry
from routecomp.model.provider import Provider
from routecomp.rules.registry import project_rule

_WORDS = {
    "sigv4": "signs its calls",
    "oauth": "is called with your service's own credentials",
    "none": "is called without a key",
}
_REMEDY = (
    "add `api_key_env:`; or `auth: oauth` if your service's own credentials are sent, `auth: none` if the host asks "
    "for no key"
)


@project_rule("RC334", "key-and-auth")
def key_and_auth(declared: Declared) -> Iterator[Diagnostic]:
    """A provider names no variable for its key, though one is sent; or a variable is named, though no key is.

    `auth` says how a key is sent. With `sigv4`, `oauth` and `none` no key of a variable is, so `api_key_env` stands
    neither on the provider, nor on its models, nor on a version of an experiment that runs there. With every other
    `auth`, which is the default of most adapters, the provider needs `api_key_env`.

    Why: a call without its key answers 401, on the first live request. A variable that nothing reads looks like one
    that has to be kept secret, rotated and deployed.

    Fix: name the variable. A host that asks for no key, in your own network, has `auth: none`.
    """
    for entry in declared.providers.values():
        auth = auth_of(entry.body)
        if auth in KEYLESS and entry.body.api_key_env is not None:
            yield error(
                "RC334",
                f"{entry.title} {_WORDS[auth]} (auth: {auth}), and names a variable for a key",
                entry.span("api_key_env"),
                "remove `api_key_env`, or write how the key is sent in `auth`",
                labels=_because(entry),  # which of the two is meant, nobody knows: no fix
            )
        elif auth not in KEYLESS and entry.body.api_key_env is None:
            yield error(
                "RC334",
                f"{entry.title} names no variable for its key, which is sent as {auth}",
                entry.key.span,
                _REMEDY,  # which of them is meant, nobody knows; and no fix may take a key away
            )
    yield from _models(declared)
    yield from _versions(declared)


def _models(declared: Declared) -> Iterator[Diagnostic]:
    """Yield a finding for each model that names a variable though its provider is sent no key."""
    for entry in declared.models.values():
        provider = declared.providers.get(entry.body.provider)
        if entry.body.api_key_env is None or provider is None:
            continue
        auth = auth_of(provider.body)
        if auth in KEYLESS:
            yield error(
                "RC334",
                f"{entry.title} names a variable for a key, and {provider.title} {_WORDS[auth]} (auth: {auth})",
                entry.span("api_key_env"),
                "remove `api_key_env`",
                labels=_because(provider),
            )


def _versions(declared: Declared) -> Iterator[Diagnostic]:
    """Yield a finding for each version that names a variable though its provider is sent no key."""
    for experiment in declared.experiments.values():
        for id, variant in experiment.body.variants.items():
            for position, version in enumerate(variant.versions):
                model = declared.models.get(version.model)
                provider = None if model is None else declared.providers.get(model.body.provider)
                if version.api_key_env is None or provider is None:
                    continue
                auth = auth_of(provider.body)
                if auth in KEYLESS:
                    yield error(
                        "RC334",
                        f"variant `{id}` of {experiment.title} names a variable for a key, and {provider.title} "
                        f"{_WORDS[auth]} (auth: {auth})",
                        experiment.span("variants", id, "versions", position, "api_key_env"),
                        "remove `api_key_env`",
                        labels=_because(provider),
                    )


def _because(entry: Entry[Provider]) -> tuple[Label, ...]:
    """Return the label that shows where a provider's `auth` comes from."""
    field = "auth" if entry.has("auth") else "adapter"
    return (Label(entry.span(field), "no key is sent"),)
