"""RC362 shares-sum: the shares of a logical model add up to exactly 1."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.numbers import ONE
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Model
from routecomp.rules.lookup import share
from routecomp.rules.references import lacks_models
from routecomp.rules.registry import project_rule

_Sharing = list[tuple[Entry[Model], int]]
_SHOWN = 6


@project_rule("RC362", "shares-sum")
def shares_sum(declared: Declared) -> Iterator[Diagnostic]:
    """The shares of a logical model do not add up to exactly 1.

    The models of one `logical_slug` that state a share divide its requests among them. Their shares are added exactly,
    from the text, and those of models that are not active count too: while such a model is barred, the next one in the
    order of the names takes its part.

    Why: each of the 10,000 slots of a logical model belongs to exactly one model. With less than 1 some requests would
    have no owner, with more than 1 some would have two.

    Fix: write the figure that the finding names. Three equal thirds are 0.3333, 0.3333 and 0.3334. Whoever takes a
    model out gives its share to the others in the same change.
    """
    hidden = declared.hidden_logical
    if hidden is None or "models" in declared.incomplete:
        return  # a model that could not be read may state the share that is missing
    sharing: dict[str, _Sharing] = {}
    homeless: set[int] = set()  # shares of models without a logical model, which another rule reports
    for entry in declared.models.values():
        part, logical = entry.body.share, entry.body.logical_slug
        if logical in hidden:
            continue
        if part is not None and logical is not None:
            sharing.setdefault(logical, []).append((entry, part))
        elif part is not None:
            homeless.add(part)
    totals = {logical: sum(part for _, part in members) for logical, members in sharing.items()}
    wrong = {logical: total for logical, total in totals.items() if total != ONE and ONE - total not in homeless}
    if len(wrong) == 2 and sum(wrong.values()) == ONE:  # one mistyped name tears a logical model in two
        torn, whole = sorted(wrong, key=lambda logical: (len(sharing[logical]), wrong[logical]))
        yield _finding(torn, wrong[torn], sharing[torn], f", or `logical_slug: {whole}`")
        return
    is_one_gone = any(total < ONE for total in wrong.values()) and lacks_models(declared)
    for logical, total in wrong.items():
        if is_one_gone and total < ONE:
            continue  # the model that is named and not declared may state the share that is missing
        yield _finding(logical, total, sharing[logical])


def _finding(logical: str, total: int, members: _Sharing, otherwise: str = "") -> Diagnostic:
    """Return the finding on a logical model; it points to the share that its remedy changes."""
    fitting = [member for member in members if 0 < member[1] + ONE - total <= ONE]
    entry, part = (fitting or members)[-1]
    if fitting:
        help = f"write {share(part + ONE - total)} for {entry.title}{otherwise}"
    else:
        help = f"they are {share(total - ONE)} too much: write {_equal_parts(len(members))} to share equally"
    return error(
        "RC362",
        f"shares of logical model `{logical}` add up to {share(total)}, not 1",
        entry.span("share"),
        help,
        note=" + ".join(share(part) for _, part in members) if len(members) <= _SHOWN else "",
        labels=tuple(Label(other.span("share"), "the same load") for other, _ in members if other is not entry)[
            :_SHOWN
        ],
    )


def _equal_parts(count: int) -> str:
    """Write `count` shares of 1 that differ by one slot at most: `0.3333, 0.3333 and 0.3334`."""
    parts = [ONE // count + (place >= count - ONE % count) for place in range(count)]
    if count > _SHOWN:
        return f"{share(parts[0])} to {share(parts[-1])}"
    return ", ".join(map(share, parts[:-1])) + f" and {share(parts[-1])}"
