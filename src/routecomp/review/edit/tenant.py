"""Plan new values for a tenant: `KEY=VALUE` sets a key, `KEY=` removes it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from routecomp.model.numbers import format_decimal
from routecomp.model.policy import Tenant, Weights
from routecomp.model.project import Declared, Entry
from routecomp.model.suggest import suggestion
from routecomp.parse.edit import (
    RefusedError,
    flow_mapping,
    insert_keys,
    remove_keys,
    replace_keys,
    replace_value,
    update_list,
    yaml_scalar,
)
from routecomp.parse.tree import Mapping, Scalar
from routecomp.review.edit.entries import tenant_entry
from routecomp.review.edit.parse_values import parse_tenant
from routecomp.review.edit.plan import Plan
from routecomp.rules.lookup import share
from routecomp.source.edits import Edit

LISTS = ("banned_providers", "banned_models", "preferred_providers", "stacks")
PARTS = tuple(Weights.fields)
KEYS = tuple(Tenant.fields)
_PART = re.compile(r"\s*([a-z]+)\s*:\s*(\S+?)\s*")


def set_tenant(declared: Declared, id: str, settings: Sequence[tuple[str, str]]) -> Plan:
    """Plan to set or remove keys of a tenant: `settings` are (key, value) as text; an empty value removes the key.

    The value of a list is words with commas between them. Weights are given as `weights.quality` and so on, or as
    `weights` with the value `quality: 0.4, latency: 0.3, cost: 0.3`. Raises `RefusedError` where the tenant is unknown,
    a key or value is not valid or given twice, a key to remove is not written, or nothing would change.
    """
    entry = tenant_entry(declared, id)
    values, parts = _group_settings(settings)
    if parts and isinstance(entry.node_at("weights"), Scalar):
        missing = [part for part in PARTS if part not in parts]
        if missing:
            raise RefusedError(
                f"{entry.title} has no weights of its own: {', '.join(missing)} would be missing",
                "give all three: weights.quality=… weights.latency=… weights.cost=…",
            )
        values["weights"] = flow_mapping([(part, yaml_scalar(parts[part])) for part in PARTS])
        parts = {}
    lines = "".join(f"    {key}: {text}\n" for key, text in values.items() if text)
    parsed = parse_tenant(lines) if lines else Tenant()
    update: dict[str, object] = {key: getattr(parsed, key) for key in values}
    if parts:
        update["weights"] = _weights_with(entry, parts)
    body = entry.body.but(**update)
    for key, text in values.items():
        if not text and not entry.has(key):
            raise RefusedError(f"{entry.title} has no `{key}` to take out")
    if body == entry.body and not any(not text for text in values.values()):
        raise RefusedError(f"{entry.title} says that already")
    return Plan(
        _title(entry, body, [*values, *(("weights",) if parts else ())]),
        tuple(_edits(entry, body, values, parts)),
        {("tenants", id): body},
    )


def _group_settings(settings: Sequence[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the values as YAML text by key, empty for keys to remove, and the parts of the weights given one by one.

    The parts are numbers as text. Raises `RefusedError` for an unknown key or part, one given twice, and an empty part.
    """
    values: dict[str, str] = {}
    parts: dict[str, str] = {}
    for key, text in settings:
        name, _, part = key.partition(".")
        if name not in KEYS or (part and name != "weights"):
            raise RefusedError(f"a tenant has no `{key}`", suggestion(key, KEYS))
        if key in values or (part and part in parts) or (name == "weights" and name in values):
            raise RefusedError(f"`{key}` is given twice", "give it once")
        if part:
            if part not in PARTS:
                raise RefusedError(f"weights have no `{part}`", suggestion(part, PARTS))
            if not text:
                raise RefusedError(f"weights need all of {', '.join(PARTS)}", "`weights=` takes all three out")
            parts[part] = text
        elif not text.strip():
            values[key] = ""
        elif key in LISTS:
            values[key] = f"[{', '.join(map(yaml_scalar, _words(text)))}]"
        elif key == "weights":
            values[key] = flow_mapping([(name, yaml_scalar(number)) for name, number in _pairs(text)])
        else:
            values[key] = yaml_scalar(text)
    if parts and "weights" in values:
        raise RefusedError("`weights` is given twice", "give it once: whole, or in parts")
    return values, parts


def _words(text: str) -> list[str]:
    """Split a list, with or without brackets, at its commas; empty words are left out."""
    inner = text.strip().removeprefix("[").removesuffix("]")
    return [word.strip() for word in inner.split(",") if word.strip()]


def _pairs(text: str) -> list[tuple[str, str]]:
    """Split weights, with or without braces, into (part, number) as text; raise `RefusedError` where that fails.

    Whether each part is there and has a valid number is not checked.
    """
    matches = [_PART.fullmatch(part) for part in text.strip().removeprefix("{").removesuffix("}").split(",")]
    if None in matches:
        raise RefusedError(
            "weights are three parts and their numbers", "as in weights='quality: 0.4, latency: 0.3, cost: 0.3'"
        )
    return [(match[1], match[2]) for match in matches if match is not None]


def _weights_with(entry: Entry[Tenant], parts: dict[str, str]) -> Weights:
    """Parse the tenant's own weights with some parts replaced: `parts` maps part to number as text.

    INVARIANT: the tenant has weights of its own. Raises `RefusedError` where the new ones are not valid.
    """
    node = entry.node_at("weights")
    assert isinstance(node, Mapping)
    texts = {key.text: value.text for key, value in node.items if isinstance(value, Scalar)} | parts
    tenant = parse_tenant("    weights: " + flow_mapping([(part, yaml_scalar(texts[part])) for part in PARTS]) + "\n")
    assert tenant.weights is not None
    return tenant.weights


def _edits(entry: Entry[Tenant], body: Tenant, values: dict[str, str], parts: dict[str, str]) -> list[Edit]:
    """Write the changed values; keys are inserted before others are removed.

    Values that stay the same are not written. Raises `RefusedError` where the edits would overlap.
    """
    edits: list[Edit] = []
    node = entry.node
    removed = [key for key, text in values.items() if not text]
    new = [(key, text) for key, text in values.items() if text and not entry.has(key)]
    if removed and len(removed) == len(node.items):
        return replace_keys(entry.key, node, new)
    for key, text in values.items():
        if not text or not entry.has(key) or getattr(body, key) == getattr(entry.body, key):
            continue
        if key in LISTS:
            edits += update_list(node, key, _words(text))
        elif key == "weights":
            edits += _edit_weights(entry, body)
        else:
            edits.append(replace_value(node, key, text))
    if parts:
        weights = node.get("weights")
        assert isinstance(weights, Mapping)
        edits += [replace_value(weights, part, text) for part, text in parts.items()]
    if new:
        kept = [key.text for key, _ in node.items if key.text not in removed]
        after = _key_to_insert_after(kept, {*values, *(["weights"] if parts else [])}) if kept else None
        edits.append(insert_keys(node, new, after))
    if removed:
        edits += remove_keys(node, removed)
    return edits


def _key_to_insert_after(kept: list[str], changing: set[str]) -> str:
    """Return the last key that does not change, or else the last one that is not a list: edits must not overlap.

    Raises `RefusedError` where all that is left are lists that change.
    """
    for excluded in (changing, {*LISTS}):
        candidates = [key for key in kept if key not in excluded]
        if candidates:
            return candidates[-1]
    raise RefusedError("lists cannot change while new keys come beside them", "set them one after the other")


def _edit_weights(entry: Entry[Tenant], body: Tenant) -> list[Edit]:
    """Change the numbers that differ in weights that are written already, and keep their style."""
    node = entry.node_at("weights")
    assert isinstance(node, Mapping)
    old, new = entry.body.weights, body.weights
    assert old is not None
    assert new is not None
    return [
        replace_value(node, part, share(getattr(new, part)))
        for part in PARTS
        if getattr(old, part) != getattr(new, part)
    ]


def _title(entry: Entry[Tenant], body: Tenant, keys: list[str]) -> str:
    """Write the title of the plan: each of `keys` with its old and new value, `none` for a key that is not set."""

    def text(tenant: Tenant, key: str) -> str:
        value = getattr(tenant, key)
        if value is None:
            return "none"
        if isinstance(value, Weights):
            return "/".join(share(getattr(value, part)) for part in PARTS)
        if isinstance(value, tuple):
            return f"[{', '.join(value)}]"
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int):
            return format_decimal(value, 2 if key == "fallback_cost_penalty_pct" else 4)
        return str(value)

    return f"{entry.title}: " + ", ".join(f"{key} {text(entry.body, key)} -> {text(body, key)}" for key in keys)
