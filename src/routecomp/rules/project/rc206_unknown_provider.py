"""RC206 unknown-provider: every provider that is named is declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.project import Declared
from routecomp.rules.claimed_names import names_in_claims
from routecomp.rules.expected_names import names_in_expectations
from routecomp.rules.lookup import Guess, names, policies, policy_title, renamed
from routecomp.rules.one_finding import not_of_unnamed, report_unknown
from routecomp.rules.registry import project_rule
from routecomp.source.text import Span

LISTS = ("banned_providers", "preferred_providers")


@project_rule("RC206", "unknown-provider")
def unknown_provider(declared: Declared) -> Iterator[Diagnostic]:
    """A provider is named that no file declares.

    Models name the provider that hosts them, policies the providers they ban or prefer, expectations the one that is
    picked, claims those that are never reached. Each of these names must be declared under `providers`.

    Why: a model without its provider has no URL to call. And a ban that names nobody bans nobody: with
    `banned_providers: [deepsek]` a tenant that refuses DeepSeek is served by it, and no log says so.

    Fix: correct the name, or declare the provider under `providers:` in routes/.
    """
    known = names(declared, "providers")
    if known is None:
        return
    guess = Guess(known, "declare it under `providers:`", renamed(declared, "providers"))
    nothing = "" if known else "no provider is declared"
    places = not_of_unnamed(declared, "providers", _places(declared, known))
    yield from report_unknown(
        "RC206", places, lambda name: _of_another_kind(declared, name) or guess.help(name), nothing
    )


def _of_another_kind(declared: Declared, name: str) -> str | None:
    """Return the remedy for a name that is no provider and is that of something else; None for any other."""
    model = declared.models.get(name)
    if model is not None:
        return f"`{name}` is a model of provider `{model.body.provider}`: bans of models are in `banned_models`"
    if name in declared.logical_models:
        return f"`{name}` is a logical model: bans of models are in `banned_models`"
    if name in declared.stacks:
        return f"`{name}` is a stack: `stacks` lists those that are allowed"
    return None


def _places(declared: Declared, known: Collection[str]) -> Iterator[tuple[str, str, Span]]:
    """Yield every place that names a provider which is not known."""
    for entry in declared.models.values():
        if entry.body.provider not in known:
            name = entry.body.provider
            yield f"{entry.title} stands at the unknown provider `{name}`", name, entry.span("provider")
    for entry, fields, path in policies(declared):
        for field in LISTS:
            for position, name in enumerate(getattr(fields, field) or ()):
                if name not in known:
                    message = f"`{field}` of {policy_title(entry, path)} names the unknown provider `{name}`"
                    yield message, name, entry.span(*path, field, position)
    for named in names_in_expectations(declared, "provider"):
        if named.name not in known:
            yield f"{named.where} names the unknown provider `{named.name}`", named.name, named.span
    for claimed in names_in_claims(declared, "provider"):
        if claimed.name not in known:
            yield f"{claimed.where} names the unknown provider `{claimed.name}`", claimed.name, claimed.span
