"""Plan other shares of a logical model's load (docs/semantics.md, section 4, Spread)."""

from __future__ import annotations

from collections.abc import Mapping

from routecomp.model.numbers import ONE, format_decimal
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Model
from routecomp.model.suggest import suggestion
from routecomp.parse.edit import RefusedError, insert_keys, remove_keys, replace_value
from routecomp.review.edit.parse_values import parse_shares
from routecomp.review.edit.plan import Plan
from routecomp.rules.change.moved_units import moved_shares
from routecomp.rules.lookup import listed
from routecomp.rules.lookup import share as share_text
from routecomp.source.edits import Edit
from routecomp.table.lower import share_slots


def share_load(declared: Declared, logical: str, shares: Mapping[str, str]) -> Plan:
    """Plan other shares of a logical model: model to its share as text, empty to take it out.

    Models that are not named keep theirs. Raises `RefusedError` where a name is unknown, a share is not valid, the
    shares do not add up to 1, or nothing would change.
    """
    hosts = _hosts(declared, logical)
    for slug in shares:
        if slug not in hosts:
            raise RefusedError(f"model `{slug}` is no host of logical model `{logical}`", _host_help(slug, hosts))
    given = parse_shares({slug: text for slug, text in shares.items() if text})
    old = {slug: host.body.share for slug, host in hosts.items()}
    new = {**old, **dict.fromkeys(shares), **given}
    if new == old:
        raise RefusedError(f"logical model `{logical}` has these shares already")
    stated = {slug: part for slug, part in new.items() if part is not None}
    if stated and sum(stated.values()) != ONE:
        raise _not_whole(logical, stated, list(given))
    edits: list[Edit] = []
    for slug, host in hosts.items():
        if new[slug] == old[slug]:
            continue
        if new[slug] is None:
            edits += remove_keys(host.node, ["share"])
        elif old[slug] is None:
            edits.append(insert_keys(host.node, [("share", shares[slug])], "logical_slug"))
        else:
            edits.append(replace_value(host.node, "share", shares[slug]))
    bodies = {slug: host.body.but(share=new[slug]) for slug, host in hosts.items()}
    title = ", ".join(f"{slug} {_text(old[slug])} -> {_text(new[slug])}" for slug in hosts if new[slug] != old[slug])
    before = share_slots((slug, host.body) for slug, host in hosts.items()).get(logical, [])
    after = share_slots(bodies.items()).get(logical, [])
    notes: tuple[str, ...] = ()
    if before and after:
        units = moved_shares(before, after)
        moved, least = format_decimal(units.slots, 2), format_decimal(units.least, 2)
        why = ", the least possible" if units.slots == units.least else f"; the shares change by {least} %"
        notes = (f"{moved} % of the units move to another model{why}",)
    intended = {("models", slug): body for slug, body in bodies.items() if new[slug] != old[slug]}
    return Plan(f"logical model `{logical}`: {title}", tuple(edits), intended, notes=notes)


def _hosts(declared: Declared, logical: str) -> dict[str, Entry[Model]]:
    """Return the models of a logical model, by name; raise `RefusedError` where it has none, or one is unreadable."""
    if declared.broken.get("models"):
        raise RefusedError("a model cannot be read", "run `routecomp check`, and repair what it finds")
    hosts = {slug: entry for slug, entry in sorted(declared.models.items()) if entry.body.logical_slug == logical}
    if not hosts:
        known = {entry.body.logical_slug for entry in declared.models.values() if entry.body.logical_slug is not None}
        help = suggestion(logical, sorted(known), "give the models that share one load the same `logical_slug` first")
        raise RefusedError(f"there is no logical model `{logical}`", help)
    return hosts


def _host_help(slug: str, hosts: Mapping[str, Entry[Model]]) -> str:
    """Return the remedy for a name that is no host of a logical model: the one that was meant, or all of them."""
    return suggestion(slug, hosts, f"its hosts are {listed(hosts)}")


def _not_whole(logical: str, stated: Mapping[str, int], given: list[str]) -> RefusedError:
    """Return the refusal of shares that are not 1 together, with the figure that the last one named should have."""
    total = sum(stated.values())
    fitting = [slug for slug in given if 0 < stated[slug] + ONE - total <= ONE]
    help = f"{share_text(abs(total - ONE))} too {'much' if total > ONE else 'little'}"
    if fitting:
        help += f": write {fitting[-1]}={share_text(stated[fitting[-1]] + ONE - total)}"
    kept = [slug for slug in stated if slug not in given]
    if kept:
        help += f"; {', '.join(kept)} kept {'its share' if len(kept) == 1 else 'their shares'}"
    return RefusedError(f"the shares of logical model `{logical}` would add up to {share_text(total)}, not 1", help)


def _text(part: int | None) -> str:
    """Write a share; `none` for a model that states none."""
    return "none" if part is None else share_text(part)
