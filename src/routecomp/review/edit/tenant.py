"""Plan new values for a tenant: `KEY=VALUE` sets a key, `KEY=` removes it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from routecomp.model.body_types import is_part
from routecomp.model.figure import number_fields
from routecomp.model.numbers import format_decimal, format_padded_decimal
from routecomp.model.part import FieldInfo, Part, plain_type
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
KEYS = tuple(Tenant.fields)
GROUPS: dict[str, type[Part]] = {
    key: part for key, info in Tenant.fields.items() if is_part(part := plain_type(info.annotation))
}
"""The keys whose values have keys of their own."""
_PART = re.compile(r"\s*([a-z_]+)\s*:\s*(\S+?)\s*")
Parts = dict[str, dict[str, str]]
"""By group the parts that are given one by one, as text; empty for those that go."""


def set_tenant(declared: Declared, id: str, settings: Sequence[tuple[str, str]]) -> Plan:
    """Plan to set or remove keys of a tenant: `settings` are (key, value) as text; an empty value removes the key.

    The value of a list is words with commas between them. A key within a key is given as `weights.quality` or
    `budget.daily_usd`, or all of them as `weights` with the value `quality: 0.4, latency: 0.3, cost: 0.3`. Raises
    `RefusedError` where the tenant is unknown, a key or value is not valid or given twice, a key to remove is not
    written, or nothing would change.
    """
    entry = tenant_entry(declared, id)
    values, parts = _group_settings(settings)
    for group, texts in list(parts.items()):
        whole = _completed(entry, group, texts)
        if whole is not None:
            values[group] = whole
            del parts[group]
    merged = {group: _merged(entry, group, texts) for group, texts in parts.items()}
    lines = "".join(f"    {key}: {text}\n" for key, text in {**values, **merged}.items() if text)
    parsed = parse_tenant(lines) if lines else Tenant()
    body = entry.body.but(**{key: getattr(parsed, key) for key in (*values, *parts)})
    for key, text in values.items():
        if not text and not entry.has(key):
            raise RefusedError(f"{entry.title} has no `{key}` to take out")
    is_removal = not all(values.values()) or not all(all(texts.values()) for texts in parts.values())
    if body == entry.body and not is_removal:
        raise RefusedError(f"{entry.title} says that already")
    return Plan(
        _title(entry, body, [*values, *parts]), tuple(_edits(entry, body, values, parts)), {("tenants", id): body}
    )


def _group_settings(settings: Sequence[tuple[str, str]]) -> tuple[dict[str, str], Parts]:
    """Return the values as YAML text by key, empty for keys to remove, and the parts of groups that are given.

    Raises `RefusedError` for an unknown key or part, one given twice, and an empty part that must be there.
    """
    values: dict[str, str] = {}
    parts: Parts = {}
    for key, text in settings:
        name, dot, part = key.partition(".")
        group = GROUPS.get(name)
        if name not in KEYS or (dot and group is None):
            raise RefusedError(f"a tenant has no `{key}`", suggestion(key, [*KEYS, *_paths()]))
        if key in values or part in parts.get(name, ()) or (group is not None and name in values):
            raise RefusedError(f"`{key}` is given twice", "give it once")
        if group is not None and dot:
            if part not in group.fields:
                raise RefusedError(f"`{name}` has no `{part}`", suggestion(part, tuple(group.fields)))
            if not text and group.fields[part].is_required:
                raise RefusedError(f"`{name}` needs all of {', '.join(group.fields)}", f"`{name}=` takes all out")
            parts.setdefault(name, {})[part] = text
        elif not text.strip():
            values[key] = ""
        elif key in LISTS:
            values[key] = f"[{', '.join(map(yaml_scalar, _words(text)))}]"
        elif group is not None:
            values[key] = _flow(dict(_pairs(key, text)))
        else:
            values[key] = yaml_scalar(text)
    for group_name in parts:
        if group_name in values:
            raise RefusedError(f"`{group_name}` is given twice", "give it once: whole, or in parts")
    return values, parts


def _paths() -> list[str]:
    """Return the keys within keys, as they are given."""
    return [f"{group}.{part}" for group, body in GROUPS.items() for part in body.fields]


def _words(text: str) -> list[str]:
    """Split a list, with or without brackets, at its commas; empty words are left out."""
    inner = text.strip().removeprefix("[").removesuffix("]")
    return [word.strip() for word in inner.split(",") if word.strip()]


def _pairs(group: str, text: str) -> list[tuple[str, str]]:
    """Split the value of a group, with or without braces, into (part, text); raise `RefusedError` where that fails.

    Whether each part is there and valid is not checked.
    """
    matches = [_PART.fullmatch(part) for part in text.strip().removeprefix("{").removesuffix("}").split(",")]
    if None in matches:
        example = ", ".join(f"{part}: {info.examples[0] if info.examples else '…'}" for part, info in _fields(group))
        raise RefusedError(f"`{group}` is a few keys with a value each", f"as in {group}='{example}'")
    return [(match[1], match[2]) for match in matches if match is not None]


def _fields(group: str) -> list[tuple[str, FieldInfo]]:
    """Return the keys of a group."""
    return list(GROUPS[group].fields.items())


def _flow(texts: dict[str, str]) -> str:
    """Write the parts of a group in braces."""
    return flow_mapping([(part, yaml_scalar(text)) for part, text in texts.items()])


def _completed(entry: Entry[Tenant], group: str, texts: dict[str, str]) -> str | None:
    """Return the whole value of a group that is not written yet, or of which nothing is left; else None.

    Raises `RefusedError` where a part would be missing, or one to remove is not written.
    """
    node = entry.node.get(group)
    for part, text in texts.items():
        if not text and (not isinstance(node, Mapping) or node.get(part) is None):
            raise RefusedError(f"{entry.title} has no `{group}.{part}` to take out")
    if isinstance(node, Mapping):
        is_empty = not any(texts.values()) and all(key.text in texts for key, _ in node.items)
        return "" if is_empty else None
    missing = [part for part, info in _fields(group) if info.is_required and part not in texts]
    if missing:
        raise RefusedError(
            f"{entry.title} has no {group} of its own: {', '.join(missing)} would be missing",
            "give all of them: " + " ".join(f"{group}.{part}=…" for part, _ in _fields(group)),
        )
    return _flow(texts)


def _merged(entry: Entry[Tenant], group: str, texts: dict[str, str]) -> str:
    """Return the tenant's own value of a group with some parts replaced, new or gone."""
    node = entry.node.get(group)
    assert isinstance(node, Mapping)
    all_texts = {key.text: value.text for key, value in node.items if isinstance(value, Scalar)} | texts
    return _flow({part: text for part, text in all_texts.items() if text})


def _edits(entry: Entry[Tenant], body: Tenant, values: dict[str, str], parts: Parts) -> list[Edit]:
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
        elif key in GROUPS:
            edits += _edit_group(entry, key, dict(_pairs(key, text)))
        else:
            edits.append(replace_value(node, key, text))
    for group, texts in parts.items():
        edits += _edit_parts(entry, group, texts)
    if new:
        kept = [key.text for key, _ in node.items if key.text not in removed]
        after = _key_to_insert_after(kept, {*values, *parts}) if kept else None
        edits.append(insert_keys(node, new, after))
    if removed:
        edits += remove_keys(node, removed)
    return edits


def _edit_parts(entry: Entry[Tenant], group: str, texts: dict[str, str]) -> list[Edit]:
    """Change, add or remove parts of a group that is written already; anew where parts come and others go."""
    node = entry.node.get(group)
    assert isinstance(node, Mapping)
    gone = [part for part, text in texts.items() if not text]
    new = [(part, yaml_scalar(text)) for part, text in texts.items() if text and node.get(part) is None]
    if (gone and len(gone) < len(texts)) or (new and len(new) < len(texts)):
        return [replace_value(entry.node, group, _merged(entry, group, texts))]
    if new:
        return [insert_keys(node, new)]
    return remove_keys(node, gone) if gone else [replace_value(node, part, text) for part, text in texts.items()]


def _edit_group(entry: Entry[Tenant], group: str, texts: dict[str, str]) -> list[Edit]:
    """Change the parts of a group that differ where it has the same ones, and keep their style; else write it anew."""
    node = entry.node.get(group)
    if not isinstance(node, Mapping) or {key.text for key, _ in node.items} != texts.keys():
        return [replace_value(entry.node, group, _flow(texts))]
    written = {key.text: value.text for key, value in node.items if isinstance(value, Scalar)}
    return [replace_value(node, part, text) for part, text in texts.items() if written.get(part) != text]


def _key_to_insert_after(kept: list[str], changing: set[str]) -> str:
    """Return the last key that does not change, or else the last one that is not a list: edits must not overlap.

    Raises `RefusedError` where all that is left are lists that change.
    """
    for excluded in (changing, {*LISTS}):
        candidates = [key for key in kept if key not in excluded]
        if candidates:
            return candidates[-1]
    raise RefusedError("lists cannot change while new keys come beside them", "set them one after the other")


def _title(entry: Entry[Tenant], body: Tenant, keys: list[str]) -> str:
    """Write the title of the plan: each of `keys` with its old and new value, `none` for a key that is not set."""

    def text(tenant: Tenant, key: str) -> str:
        value = getattr(tenant, key)
        if value is None:
            return "none"
        if isinstance(value, Weights):
            return "/".join(share(getattr(value, part)) for part in Weights.fields)
        if isinstance(value, Part):
            figures = {part: getattr(value, part) for part in type(value).fields}
            numbers = {part: next(number_fields(info.annotation)) for part, info in type(value).fields.items()}
            listed = [
                f"{part} {format_padded_decimal(figure, numbers[part].scale)}"
                for part, figure in figures.items()
                if figure is not None
            ]
            return ", ".join(listed) or "none"
        if isinstance(value, tuple):
            return f"[{', '.join(value)}]"
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int):
            return format_decimal(value, 2 if key == "fallback_cost_penalty_pct" else 4)
        return str(value)

    return f"{entry.title}: " + ", ".join(f"{key} {text(entry.body, key)} -> {text(body, key)}" for key in keys)
