"""Plan changes of an experiment: its status, weights and versions (semantics, sections 3 and 5)."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from routecomp.model.experiment import Experiment, Variant, Version
from routecomp.model.numbers import format_decimal
from routecomp.model.project import Declared, Entry
from routecomp.model.suggest import suggestion
from routecomp.model.vocabulary import SLOTS
from routecomp.parse.edit import (
    RefusedError,
    append_items,
    flow_mapping,
    insert_keys,
    replace_node,
    replace_value,
    yaml_scalar,
)
from routecomp.parse.tree import Mapping, Scalar, Sequence
from routecomp.review.edit.entries import experiment_entry
from routecomp.review.edit.parse_values import parse_environment_name, parse_variant_weights
from routecomp.review.edit.plan import Plan
from routecomp.rules.change.moved_units import Ranges, least_moving, slot_owners
from routecomp.rules.lookup import share
from routecomp.source.edits import Edit

_TRANSITIONS = {
    "start": (("draft",), "active"),
    "pause": (("active",), "paused"),
    "resume": (("paused",), "active"),
    "complete": (("active", "paused"), "completed"),
}
"""Command to the statuses it may start from, and the status it leads to."""
_REMEDIES = {
    ("start", "active"): "it runs already",
    ("start", "paused"): "`routecomp experiment resume {name}` lets it run again",
    ("pause", "draft"): "it serves nobody: there is nothing to pause",
    ("pause", "paused"): "it is paused already",
    ("resume", "draft"): "`routecomp experiment start {name}` starts it",
    ("resume", "active"): "it runs already",
    ("complete", "draft"): "it served nobody: start it first, or take it out of the files",
}


def change_status(declared: Declared, name: str, verb: str) -> Plan:
    """Plan to start, pause or resume an experiment: `verb` is `start`, `pause` or `resume`.

    Raises `RefusedError` where there is no such experiment, or its status does not allow it.
    """
    entry = experiment_entry(declared, name)
    status = _next_status(entry, verb)
    return _plan(
        entry,
        f"{entry.body.status} -> {status}",
        [replace_node(_status_node(entry), status)],
        entry.body.but(status=status),
    )


def complete(declared: Declared, name: str, winner: str | None) -> Plan:
    """Plan to complete an active or paused experiment; the variant `winner` then serves everyone.

    If `winner` is None, nobody answers the public model id any more, and a note says so. Raises `RefusedError` where
    there is no such experiment or variant, or the status does not allow it.
    """
    entry = experiment_entry(declared, name)
    status = _next_status(entry, "complete")
    edits = [replace_node(_status_node(entry), status)]
    title = f"{entry.body.status} -> {status}"
    update: dict[str, object] = {"status": status}
    notes: tuple[str, ...] = ()
    if winner is not None:
        _variant(entry, winner)
        edits.append(
            insert_keys(
                entry.node, [("winner", yaml_scalar(winner))], "archived" if entry.has("archived") else "status"
            )
        )
        title += f", variant `{winner}` serves everyone"
        update["winner"] = winner
    else:
        notes = (f"without --winner nobody answers `{entry.body.public_model_id}` any more",)
    return _plan(entry, title, edits, entry.body.but(**update), notes)


def archive(declared: Declared, name: str) -> Plan:
    """Plan to take an experiment out of routing; raise `RefusedError` for one that is active or archived already."""
    entry = experiment_entry(declared, name)
    if entry.body.archived:
        raise RefusedError(f"{entry.title} is archived already")
    if entry.body.status == "active":
        raise RefusedError(
            f"{entry.title} is active: it serves", f"complete it first: `routecomp experiment complete {name}`"
        )
    if entry.has("archived"):
        edit = replace_value(entry.node, "archived", "true")
    else:
        edit = insert_keys(entry.node, [("archived", "true")], "status")
    return _plan(entry, "archived", [edit], entry.body.but(archived=True))


def reweight(declared: Declared, name: str, weights: MappingOf[str, str]) -> Plan:
    """Plan new weights of variants (numbers as text), and slots that move the least possible share of units.

    Variants that are not named keep their weight. A draft has no assigned units: its slots change only where some are
    written. Raises `RefusedError` where a variant is unknown, a weight is not valid, the weights do not add up to 1,
    nothing would change, or the experiment is completed.
    """
    entry = experiment_entry(declared, name)
    body = entry.body
    if body.status == "completed":
        raise RefusedError(f"{entry.title} is completed: its weights are the record of how its units were split")
    for id in weights:
        _variant(entry, id)
    new = {id: variant.weight for id, variant in body.variants.items()} | parse_variant_weights(weights)
    total = sum(new.values())
    if total != SLOTS:
        excess = f"{share(abs(total - SLOTS))} too {'much' if total > SLOTS else 'little'}"
        kept = [id for id in new if id not in weights]
        help = f"{excess}; " + (
            f"{', '.join(kept)} kept {'its' if len(kept) == 1 else 'their'} weight"
            if kept
            else "name a weight for each variant"
        )
        raise RefusedError(f"the weights of {entry.title} would add up to {share(total)}, not 1", help)
    if all(new[id] == variant.weight for id, variant in body.variants.items()):
        raise RefusedError(f"{entry.title} has these weights already")
    with_slots = body.status != "draft" or any(variant.slots is not None for variant in body.variants.values())
    slots = least_moving(body, new) if with_slots else None
    if with_slots and slots is None:
        raise RefusedError(
            f"the weights and slots of {entry.title} do not add up as they are",
            "run `routecomp check`, and repair what it finds",
        )
    edits: list[Edit] = []
    variants: dict[str, Variant] = {}
    for id, variant in body.variants.items():
        node = entry.node_at("variants", id)
        assert isinstance(node, Mapping)
        update: dict[str, object] = {"weight": new[id]}
        if new[id] != variant.weight:
            edits.append(replace_value(node, "weight", weights[id]))
        if slots is not None:
            ranges = tuple(slots[id])
            update["slots"] = ranges
            if variant.slots is None:
                edits.append(insert_keys(node, [("slots", _ranges_text(slots[id]))], "weight"))
            elif ranges != variant.slots:
                edits.append(replace_value(node, "slots", _ranges_text(slots[id])))
        variants[id] = variant.but(**update)
    title = ", ".join(
        f"{id} {share(variant.weight)} -> {share(new[id])}"
        for id, variant in body.variants.items()
        if new[id] != variant.weight
    )
    return _plan(entry, title, edits, body.but(variants=variants), _note_moves(body, new, slots))


def swap_version(declared: Declared, name: str, id: str, model: str, key: str | None) -> Plan:
    """Plan a new version of the variant `id`, which serves another model.

    `key` names the environment variable of its API key. If it is None, the key of the last version is kept if the
    provider stays the same; otherwise the provider's own key is used. Raises `RefusedError` where the experiment,
    variant or model is unknown, the experiment is completed, `key` is not valid, or the last version has this model and
    key.
    """
    entry = experiment_entry(declared, name)
    variant = _variant(entry, id)
    if model not in declared.models and not declared.is_declared("models", model):
        raise RefusedError(f"there is no model `{model}`", suggestion(model, declared.models))
    notes: list[str] = []
    env = None if key is None else parse_environment_name(key)
    last = variant.versions[-1] if variant.versions else None
    if last is not None and key is None and last.api_key_env is not None:
        if _provider(declared, last.model) == _provider(declared, model):
            env = last.api_key_env
            notes.append(f"the key stays {env}: the provider is the same")
        else:
            notes.append(f"the key is the provider's own again, not {last.api_key_env}: the provider is another one")
    if last is not None and (last.model, last.api_key_env) == (model, env):
        raise RefusedError(f"variant `{id}` of {entry.title} serves that already: version {last.version}")
    new = Version(version=1 if last is None else last.version + 1, model=model, api_key_env=env)
    title = f"variant `{id}` version {new.version}: " + ("" if last is None else f"{last.model} -> ") + model
    return _add_version(entry, id, new, title, tuple(notes))


def rotate_key(declared: Declared, name: str, id: str, key: str) -> Plan:
    """Plan a version of the variant `id` that copies its last one with another API key, an environment variable's name.

    Raises `RefusedError` where the experiment or variant is unknown, the variant has no version or uses this key
    already, the experiment is completed, or the name is not valid.
    """
    entry = experiment_entry(declared, name)
    variant = _variant(entry, id)
    if not variant.versions:
        raise RefusedError(
            f"variant `{id}` of {entry.title} has no version to copy",
            f"give it one: `routecomp experiment swap-version {name} {id} MODEL --api-key-env {key}`",
        )
    last = variant.versions[-1]
    env = parse_environment_name(key)
    if last.api_key_env == env:
        raise RefusedError(f"variant `{id}` of {entry.title} uses {env} already: version {last.version}")
    new = last.but(version=last.version + 1, api_key_env=env)
    old_key = "the provider's own" if last.api_key_env is None else last.api_key_env
    return _add_version(entry, id, new, f"variant `{id}` version {new.version}: key {old_key} -> {env}", ())


def _next_status(entry: Entry[Experiment], verb: str) -> str:
    """Return the status that a command leads to; raise `RefusedError` where the current status does not allow it."""
    allowed, status = _TRANSITIONS[verb]
    current = entry.body.status
    if current not in allowed:
        otherwise = "completed is final: start a new experiment under another name" if current == "completed" else ""
        raise RefusedError(
            f"{entry.title} is {'a draft' if current == 'draft' else current}",
            _REMEDIES.get((verb, current), otherwise).format(name=entry.slug),
        )
    return status


def _status_node(entry: Entry[Experiment]) -> Scalar:
    """Return the scalar that holds the experiment's status."""
    node = entry.node_at("status")
    assert isinstance(node, Scalar)
    return node


def _variant(entry: Entry[Experiment], id: str) -> Variant:
    """Return the variant `id` of an experiment; raise `RefusedError` where it has none."""
    variant = entry.body.variants.get(id)
    if variant is None:
        raise RefusedError(f"{entry.title} has no variant `{id}`", suggestion(id, entry.body.variants))
    return variant


def _provider(declared: Declared, model: str) -> str | None:
    """Return the provider of a model; None for a model that is not declared or cannot be read."""
    entry = declared.models.get(model)
    return None if entry is None else entry.body.provider


def _add_version(entry: Entry[Experiment], id: str, new: Version, title: str, notes: tuple[str, ...]) -> Plan:
    """Plan to append a version to a variant; raise `RefusedError` where the experiment is completed."""
    if entry.body.status == "completed":
        raise RefusedError(
            f"{entry.title} is completed: a version that comes after the test was in no test",
            "start a new experiment under another name",
        )
    variant = entry.body.variants[id]
    pairs = [("version", str(new.version)), ("model", yaml_scalar(new.model))]
    if new.api_key_env is not None:
        pairs.append(("api_key_env", new.api_key_env))
    node = entry.node_at("variants", id)
    assert isinstance(node, Mapping)
    versions = node.get("versions")
    if isinstance(versions, Sequence):
        edit = append_items(versions, [pairs])
    else:
        edit = insert_keys(node, [("versions", f"[{flow_mapping(pairs)}]")])
    variants = {**entry.body.variants, id: variant.but(versions=(*variant.versions, new))}
    return _plan(entry, title, [edit], entry.body.but(variants=variants), notes)


def _plan(
    entry: Entry[Experiment], title: str, edits: list[Edit], body: Experiment, notes: tuple[str, ...] = ()
) -> Plan:
    """Make the plan of edits after which the experiment is `body`."""
    return Plan(f"{entry.title}: {title}", tuple(edits), {("experiments", entry.slug): body}, notes=notes)


def _ranges_text(ranges: Ranges) -> str:
    return "[" + ", ".join(f"[{first}, {last}]" for first, last in ranges) + "]"


def _note_moves(body: Experiment, new: MappingOf[str, int], slots: MappingOf[str, Ranges] | None) -> tuple[str, ...]:
    """Make the note on the share of units that change their variant, and the least possible share.

    A draft without slots has the note that nobody moves; otherwise there is none where slots are not known.
    """
    owners = slot_owners(body)
    if owners is None or slots is None:
        return ("no unit has been assigned yet: nobody moves",) if body.status == "draft" else ()
    after = [""] * SLOTS
    for id, ranges in slots.items():
        for first, last in ranges:
            after[first : last + 1] = [id] * (last - first + 1)
    count = sum(old != new for old, new in zip(owners, after, strict=True))
    least = sum(max(0, weight - body.variants[id].weight) for id, weight in new.items())
    return (f"{format_decimal(count, 2)} % of the units move; {format_decimal(least, 2)} % is the least possible",)
