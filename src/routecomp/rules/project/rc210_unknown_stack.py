"""RC210 unknown-stack: every stack word that is named belongs to some provider."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.project import Declared
from routecomp.model.suggest import closest
from routecomp.rules.claimed_names import names_in_claims
from routecomp.rules.expected_names import names_in_expectations
from routecomp.rules.lookup import Guess, policies, policy_title
from routecomp.rules.one_finding import report_unknown
from routecomp.rules.registry import project_rule
from routecomp.source.text import Span


@project_rule("RC210", "unknown-stack")
def unknown_stack(declared: Declared) -> Iterator[Diagnostic]:
    """A policy, a target, an expectation or a claim names a stack that no provider declares.

    Stacks are words of your choice; a provider's `stack` declares one. The `stacks` of a policy and of a target's
    `candidates` must be among them, the `stack` in the requests of an expectation, also behind `avoid-`, and the stacks
    that a claim says are never reached.

    Why: a policy's stacks are the only ones it may use. One that no provider carries lets nothing through, so every
    call of that tenant is rejected; beside others it hides that the region was meant to be there and is not.

    Fix: correct the word, or give a provider that stack.
    """
    if not declared.is_whole("providers") or _lacks_a_provider(declared):
        return
    known = declared.stacks
    guess = Guess(known, "give a provider this stack")

    def remedy(name: str) -> str:
        provider = declared.providers.get(name)
        if provider is None:
            return guess.help(name)
        return f"`{name}` is a provider, of stack `{provider.body.stack}`: `stacks` lists stacks that are allowed"

    yield from report_unknown("RC210", _places(declared), remedy)


def _lacks_a_provider(declared: Declared) -> bool:
    """Return whether a provider is named that seems not to be declared at all, so that its stack is not known."""
    unknown = {model.body.provider for model in declared.models.values()} - declared.providers.keys()
    return any(closest(name, declared.providers) is None for name in unknown)


def _places(declared: Declared) -> Iterator[tuple[str, str, Span]]:
    """Yield every place that names a stack which no provider declares."""
    known = declared.stacks
    for entry, fields, path in policies(declared):
        for position, word in enumerate(fields.stacks or ()):
            if word not in known:
                message = f"`stacks` of {policy_title(entry, path)} names `{word}`, a stack no provider declares"
                yield message, word, entry.span(*path, "stacks", position)
    for target in declared.targets.values():
        for position, word in enumerate(target.body.candidates.stacks or ()):
            if word not in known:
                message = f"`candidates` of {target.title} names `{word}`, a stack no provider declares"
                yield message, word, target.span("candidates", "stacks", position)
    for named in names_in_expectations(declared, "stack"):
        word = named.name.removeprefix("avoid-")
        if word not in known:
            yield f"{named.where} names `{word}`, a stack no provider declares", word, named.span
    for claimed in names_in_claims(declared, "stack"):
        if claimed.name not in known:
            yield f"{claimed.where} names `{claimed.name}`, a stack no provider declares", claimed.name, claimed.span
