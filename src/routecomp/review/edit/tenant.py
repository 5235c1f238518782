"""A tenant and new values in, the edits that set them out. `KEY=VALUE` sets a value, `KEY=` takes the key out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from routecomp.model.fields import written
from routecomp.model.policy import Tenant, Weights
from routecomp.model.project import Declared, Entry
from routecomp.model.vocabulary import suggestion
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
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.values import tenant_fields
from routecomp.rules.lookup import share
from routecomp.source.edits import Edit

LISTS = ("banned_providers", "banned_models", "preferred_providers", "stacks")
PARTS = tuple(Weights.model_fields)
KEYS = tuple(Tenant.model_fields)
_PART = re.compile(r"\s*([a-z]+)\s*:\s*(\S+?)\s*")


def set_tenant(declared: Declared, id: str, settings: Sequence[tuple[str, str]]) -> Plan:
    """A tenant's fields set or taken out: `settings` are keys and values as text, an empty value takes out.

    A list is its words with commas between them; weights are `weights.quality` and so on, or `weights` as
    `quality: 0.4, latency: 0.3, cost: 0.3`.
    """
    entry = tenant_entry(declared, id)
    values, parts = _grouped(settings)
    if parts and isinstance(entry.at("weights"), Scalar):
        missing = [part for part in PARTS if part not in parts]
        if missing:
            raise RefusedError(
                f"{entry.title} has no weights of its own: {', '.join(missing)} would be missing",
                "give all three: weights.quality=… weights.latency=… weights.cost=…",
            )
        values["weights"] = flow_mapping([(part, yaml_scalar(parts[part])) for part in PARTS])
        parts = {}
    lines = "".join(f"    {key}: {text}\n" for key, text in values.items() if text)
    read = tenant_fields(lines) if lines else Tenant.model_construct()
    update: dict[str, object] = {key: getattr(read, key) for key in values}
    if parts:
        new = _part_values(entry, parts)
        update["weights"] = new
    body = entry.body.model_copy(update=update)
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


def tenant_entry(declared: Declared, id: str) -> Entry[Tenant]:
    """The tenant of that name, or a refusal with a did-you-mean."""
    entry = declared.tenants.get(id)
    if entry is not None:
        return entry
    if declared.is_declared("tenants", id):
        raise RefusedError(f"tenant `{id}` cannot be read", "run `routecomp check`, and repair what it finds")
    raise RefusedError(
        f"there is no tenant `{id}`",
        suggestion(
            id, declared.tenants, "see `routecomp show tenants`; a new one is a few lines in a file of policies/"
        ),
    )


def _grouped(settings: Sequence[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """The values as YAML by key, and the parts of the weights given one by one."""
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
    inner = text.strip().removeprefix("[").removesuffix("]")
    return [word.strip() for word in inner.split(",") if word.strip()]


def _pairs(text: str) -> list[tuple[str, str]]:
    found = [_PART.fullmatch(part) for part in text.strip().removeprefix("{").removesuffix("}").split(",")]
    if None in found:
        raise RefusedError(
            "weights are three parts and their numbers", "as in weights='quality: 0.4, latency: 0.3, cost: 0.3'"
        )
    return [(one[1], one[2]) for one in found if one is not None]


def _part_values(entry: Entry[Tenant], parts: dict[str, str]) -> Weights:
    node = entry.at("weights")
    assert isinstance(node, Mapping)
    texts = {key.text: value.text for key, value in node.items if isinstance(value, Scalar)} | parts
    read = tenant_fields("    weights: " + flow_mapping([(part, yaml_scalar(texts[part])) for part in PARTS]) + "\n")
    assert read.weights is not None
    return read.weights


def _edits(entry: Entry[Tenant], body: Tenant, values: dict[str, str], parts: dict[str, str]) -> list[Edit]:
    edits: list[Edit] = []
    node = entry.node
    gone = [key for key, text in values.items() if not text]
    new = [(key, text) for key, text in values.items() if text and not entry.has(key)]
    if gone and len(gone) == len(node.items):
        return replace_keys(entry.key, node, new)
    for key, text in values.items():
        if not text or not entry.has(key) or getattr(body, key) == getattr(entry.body, key):
            continue
        if key in LISTS:
            edits += update_list(node, key, _words(text))
        elif key == "weights":
            edits += _weights(entry, body)
        else:
            edits.append(replace_value(node, key, text))
    if parts:
        weights = node.get("weights")
        assert isinstance(weights, Mapping)
        edits += [replace_value(weights, part, text) for part, text in parts.items()]
    if new:
        stays = [key.text for key, _ in node.items if key.text not in gone]
        behind = _quiet(stays, {*values, *(["weights"] if parts else [])}) if stays else None
        edits.append(insert_keys(node, new, behind))
    if gone:
        edits += remove_keys(node, gone)
    return edits


def _quiet(stays: list[str], changing: set[str]) -> str:
    """The key to write new ones behind: the last that does not change itself, or at least is no list."""
    for others in (changing, {*LISTS}):
        found = [key for key in stays if key not in others]
        if found:
            return found[-1]
    raise RefusedError("lists cannot change while new keys come beside them", "set them one after the other")


def _weights(entry: Entry[Tenant], body: Tenant) -> list[Edit]:
    """Weights that stand there already keep their style: only the numbers that differ change."""
    node = entry.at("weights")
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
    def said(of: Tenant, key: str) -> str:
        value = getattr(of, key)
        if value is None:
            return "none"
        if isinstance(value, Weights):
            return "/".join(share(getattr(value, part)) for part in PARTS)
        if isinstance(value, tuple):
            return f"[{', '.join(value)}]"
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int):
            return written(value, 2 if key == "fallback_cost_penalty_pct" else 4)
        return str(value)

    return f"{entry.title}: " + ", ".join(f"{key} {said(entry.body, key)} -> {said(body, key)}" for key in keys)
