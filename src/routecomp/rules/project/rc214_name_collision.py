"""RC214 name-collision: what callers send as `model` means one thing."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.call_names import CallName, call_names
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule


@project_rule("RC214", "name-collision")
def name_collision(declared: Declared) -> Iterator[Diagnostic]:
    """Two things that callers may send as `model` have the same name.

    Models, logical models, targets, public model ids, and the aliases of targets, features and models share one
    namespace. Several experiments may have one public model id, and several models one logical slug; everything else
    is one thing by one name. A pattern (`openai/*`) is its text: two equal ones collide, and others may overlap.

    Why: `model=fast` would be a pinned model for one reader of the files and an automatic route for another. The
    resolver would have to prefer one silently, and which one would be an accident.

    Fix: rename one of the two, or remove an alias that stands twice. A logical slug needs a name of its own, other
    than those of its hosts: `any-opus` rather than `opus`.
    """
    first: dict[str, CallName] = {}
    for use in call_names(declared):
        other = first.setdefault(use.name, use)
        if other is use:
            continue
        if other.entry is use.entry and other.path[:1] == use.path[:1] == ("aliases",):
            message, remedy = f"{use.title} stands twice", "remove one of the two"
        elif use.kind == "pattern":
            message = f"{use.title} is the {other.title}"
            remedy = "remove one of the two: a name that begins so would have two targets"
        else:
            message = f"{use.title} has the name of {other.title}"
            remedy = "rename one of the two: callers send both as `model`"
        yield error(
            "RC214",
            message,
            use.entry.span(*use.path),
            remedy,
            labels=(Label(other.entry.span(*other.path), f"{other.title} here"),),
        )
