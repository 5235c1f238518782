"""RC641 promote-before-demote: the incumbent leaves before the next primary comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.sql.read.promotions import Step, swaps
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC641", "promote-before-demote", aliases=("R01",))
def promote_before_demote(script: Script) -> Iterator[Diagnostic]:
    """A model is promoted before the incumbent of its feature is demoted.

    Why: for a moment the feature has two primaries, which the partial unique index refuses: the migration fails, or
    does not, by the order in which the database takes the rows.

    Fix: demote first, then promote.
    """
    steps: dict[str | None, list[Step]] = {}
    for step in swaps(script).steps:
        if step.kind == "renames" and step.feature is None:  # a model: from here on each feature calls it otherwise
            for own in steps.values():
                own.append(step)
        else:
            steps.setdefault(step.feature, []).append(step)
    for feature, own in steps.items():
        yield from (_finding(script, feature, step, other) for step, other in _too_early(own))


def _finding(script: Script, feature: str | None, step: Step, other: Step) -> Diagnostic:
    leaves = other.kind == "demotes"
    return error(
        "RC641",
        f"feature `{feature}` gets its next primary before the one before has left",
        script.span(step.token),
        "demote first, then promote",
        labels=(Label(script.span(other.token), "it leaves here" if leaves else "it comes here, and does not leave"),),
    )


def _too_early(steps: Sequence[Step]) -> Iterator[tuple[Step, Step]]:
    """Yield the steps of a feature that promote too early, each with the step by which the primary before leaves.

    Where none does, that is the step by which it came. A migration may hold several changes of a feature.
    """
    came: Step | None = None
    left = False
    gone: set[str | None] = set()
    for place, step in enumerate(steps):
        if step.kind in ("creates", "renames"):
            came, left, gone = None, False, set()
        elif step.kind == "demotes":
            left = True
            gone.add(step.model)
        elif step.kind == "promotes":
            behind = _leave_behind(steps, place)
            late = next((other for other in behind if other.model not in gone and _is_late(step, other, left)), None)
            stays = came is not None and not left and step.model is not None and came.model != step.model
            if late is not None:
                yield step, late
            elif stays and came is not None:
                yield step, came
            came, left = step, False
            gone -= {step.model, None}


def _leave_behind(steps: Sequence[Step], place: int) -> Iterator[Step]:
    """Yield the steps that demote behind the one at a place, until another one promotes or the feature is another."""
    for other in steps[place + 1 :]:
        if other.kind in ("promotes", "creates", "renames"):
            return
        if other.kind == "demotes" and other.place > steps[place].place:
            yield other


def _is_late(step: Step, other: Step, left: bool) -> bool:
    """Return whether somebody leaves who should have left before; `left` says that somebody did, primary or not."""
    if None in (step.model, other.model):
        return not left
    return step.model != other.model and (other.is_sure or not left)
