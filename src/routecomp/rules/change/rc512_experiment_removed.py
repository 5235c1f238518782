"""RC512 experiment-removed: only a draft, or a completed, archived experiment may leave the files."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.experiment import Experiment
from routecomp.model.project import Entry
from routecomp.rules.change.change import Change
from routecomp.rules.registry import change_rule
from routecomp.source.text import Span


@change_rule("RC512", "experiment-removed")
def experiment_removed(change: Change) -> Iterator[Diagnostic]:
    """An experiment leaves the files that is neither a draft nor completed and archived.

    A draft served nobody; a completed one that was archived is out of routing already. To rename an experiment is to
    remove it: its name is its identity.

    Why: its callers would get `unknown_model` from one table to the next, and which variant served whom, in which
    version, would be nowhere but in the history.

    Fix: put it back. Complete it, archive it (`archived: true`), and remove it in a later change.
    """
    for slug in change.removed("experiments"):
        gone = change.before.experiments[slug]
        status = gone.body.status
        if status == "draft" or (status == "completed" and gone.body.archived):
            continue
        state = "completed, but not archived" if status == "completed" else status
        successor = _renamed(change, gone)
        place: Span | None
        note = ""
        if successor is not None:
            message = f"{gone.title} is {state} {change.where}, and became {successor.title} here"
            place, help = (
                successor.key.span,
                f"name it `{slug}` again: a name never changes once it was active",
            )
        else:
            message = f"{gone.title} is removed, but is {state} {change.where}"
            place, help = _surviving_place(change, gone), f"put it back{_way_out(status)}"
            note = "it stood beside this one" if place is not None else ""
        yield error("RC512", message, place, help, note, labels=(change.label(gone.key.span, "it stood here"),))


def _way_out(status: str) -> str:
    """Return the steps after which an experiment of a status may be removed, as the end of a remedy."""
    steps = "archive it" if status == "completed" else "complete it and archive it"
    return f"; {steps}, and remove it in a later change"


def _renamed(change: Change, gone: Entry[Experiment]) -> Entry[Experiment] | None:
    """Return the first new experiment with the same public id and variants: this one under another name; else None."""
    for slug, entry in change.after.experiments.items():
        if (
            not change.before.is_declared("experiments", slug)
            and entry.body.public_model_id == gone.body.public_model_id
            and entry.body.variants == gone.body.variants
        ):
            return entry
    return None


def _surviving_place(change: Change, gone: Entry[Experiment]) -> Span | None:
    """Return the place in the project of the nearest experiment of its base file that is left; None if none is.

    One before it is taken rather than one after it.
    """
    file = gone.node.file
    siblings = sorted(
        (entry for entry in change.before.experiments.values() if entry.node.file is file),
        key=lambda entry: entry.key.start,
    )
    position = siblings.index(gone)
    for entry in (*reversed(siblings[:position]), *siblings[position + 1 :]):
        now = change.after.experiments.get(entry.slug)
        if now is not None:
            return now.key.span
    return None
