"""RC326 key-name: a key is taken from a variable that may hold one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.key_names import is_key_name, is_never
from routecomp.model.project import Declared, Entry
from routecomp.rules.registry import project_rule


@project_rule("RC326", "key-name")
def key_name(declared: Declared) -> Iterator[Diagnostic]:
    """A key is taken from an environment variable whose name the project's settings do not allow.

    The setting `key_names` says how variables that hold the key of a provider are called: by default `*_API_KEY`,
    `*_KEY`, `*_TOKEN` or `AWS_BEARER_TOKEN_*`, the whole name, capital letters being others than small ones. What
    begins with `GITHUB_`, `CI_` or `ACTIONS_`, in letters of either case, never is such a variable, whatever the
    setting says.

    Why: whoever edits this YAML chooses both the host and the variable that is sent to it. Without a bound, one line
    of a pull request sends a build machine's token, or the database's password, to a stranger's host.

    Fix: give the variable a name that `key_names` allows, or add a pattern for it to `key_names` in routecomp.yaml,
    where a reviewer sees it: `diff` shows that change first. A name that never may be one needs another variable.
    """
    for entry in declared.providers.values():
        yield from _finding(declared, entry, entry.title, entry.body.api_key_env, ("api_key_env",))
        for header, name in entry.body.secret_headers.items():
            title = f"header `{header}` of {entry.title}"
            yield from _finding(declared, entry, title, name, ("secret_headers", header))
    for model in declared.models.values():
        yield from _finding(declared, model, model.title, model.body.api_key_env, ("api_key_env",))
    for experiment in declared.experiments.values():
        for id, variant in experiment.body.variants.items():
            for position, version in enumerate(variant.versions):
                path = ("variants", id, "versions", position, "api_key_env")
                title = f"variant `{id}` of {experiment.title}"
                yield from _finding(declared, experiment, title, version.api_key_env, path)


def _finding(
    declared: Declared, entry: Entry[Any], title: str, name: str | None, path: tuple[str | int, ...]
) -> Iterator[Diagnostic]:
    """Yield the finding about one variable that may not hold a key; nothing where it may, or there is none."""
    if name is None or is_key_name(name, declared.key_names):
        return
    never = is_never(name)
    if never is not None:
        fact = f"{title} takes its key from {name}, and names like {never} never hold one"
        help = "keep the provider's key in a variable of its own, as in ALPHA_API_KEY"
    else:
        allowed = ", ".join(declared.key_names) or "no name at all"
        fact = f"{title} takes its key from {name}, which `key_names` does not allow"
        help = f"rename the variable ({allowed}), or add it to `key_names` in the settings"
    yield error("RC326", fact, entry.span(*path), help)
