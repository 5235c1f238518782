"""RC214 name-collision: what callers send as `model` means one thing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared, Entry
from routecomp.rules.registry import project_rule

Use = tuple[str, str, Entry[Any], tuple[str | int, ...]]


@project_rule("RC214", "name-collision")
def name_collision(declared: Declared) -> Iterator[Diagnostic]:
    """Two things that callers may send as `model` have the same name.

    Models, logical models, targets, their aliases and public model ids share one namespace. Several experiments may
    have one public model id, and several models one logical slug; everything else is one thing by one name.

    Why: `model=fast` would be a pinned model for one reader of the files and an automatic route for another. The
    resolver would have to prefer one silently, and which one would be an accident.

    Fix: rename one of the two. A logical slug needs a name of its own, other than those of its hosts: `any-opus`
    rather than `opus`.
    """
    first: dict[str, Use] = {}
    for use in _uses(declared):
        other = first.setdefault(use[0], use)
        if other is not use:
            yield error(
                "RC214",
                f"{_title(use)} has the name of {_title(other)}",
                use[2].span(*use[3]),
                "rename one of the two: callers send both as `model`",
                labels=(Label(other[2].span(*other[3]), f"{_title(other)} here"),),
            )


def _uses(declared: Declared) -> Iterator[Use]:
    """Yield every name that callers may send, with its kind, its entry and its path there.

    A logical slug and a public model id, which several bodies may share, are yielded once, for the first of these.
    """
    for slug, model in declared.models.items():
        yield slug, "model", model, ()
    for slug, hosts in declared.logical_models.items():
        yield slug, "logical model", hosts[0], ("logical_slug",)
    for slug, target in declared.targets.items():
        yield slug, "target", target, ()
    for target in declared.targets.values():
        for position, alias in enumerate(target.body.aliases):
            yield alias, "alias", target, ("aliases", position)
    ids: set[str] = set()
    for experiment in declared.experiments.values():
        name = experiment.body.public_model_id
        if name not in ids:
            ids.add(name)
            yield name, "public model id", experiment, ("public_model_id",)


def _title(use: Use) -> str:
    """Return how a message names a use: kind and name, and the entry of an alias or a public model id."""
    name, kind, entry, _ = use
    of = f" of {entry.title}" if kind in ("alias", "public model id") else ""
    return f"{kind} `{name}`{of}"
