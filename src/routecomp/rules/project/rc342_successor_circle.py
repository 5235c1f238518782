"""RC342 successor-circle: no model follows itself, directly or by way of others."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule


@project_rule("RC342", "successor-circle")
def successor_circle(declared: Declared) -> Iterator[Diagnostic]:
    """Following `successor` from model to model leads back to where it began.

    `successor` names who takes a model's place after its `sunset`. From each model the way must end.

    Why: whoever replaces a model that has ended goes from successor to successor until one lasts. In a circle there is
    none, and two models that each name the other say nothing about which of them stays.

    Fix: remove `successor` from the model that lasts.
    """
    seen: set[str] = set()
    for slug in declared.models:
        way: list[str] = []
        step: str | None = slug
        while step is not None and step in declared.models and step not in seen:
            seen.add(step)
            way.append(step)
            step = declared.models[step].body.successor
        if step not in way:
            continue
        circle = way[way.index(step) :]
        entry = declared.models[circle[-1]]
        words = "names itself" if len(circle) == 1 else "leads back to it: " + " -> ".join([circle[-1], *circle])
        yield error(
            "RC342",
            f"`successor` of {entry.title} {words}",
            entry.span("successor"),
            "remove it from the model that lasts",
            labels=tuple(
                Label(declared.models[name].span("successor"), f"then `{declared.models[name].body.successor}`")
                for name in circle[:-1]
            ),
        )
