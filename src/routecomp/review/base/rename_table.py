"""Read a routing table under other names: as if what a project calls otherwise were called so in the table already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routecomp.model.figures import requirements, table_format
from routecomp.model.renamed import Renames
from routecomp.model.slug_places import KEY

_PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "provider": (("providers", KEY), ("models", "*", "provider"), ("policies", "*", "banned_providers", "*")),
    "model": (
        ("models", KEY),
        ("models", "*", "successor"),
        ("model_aliases", "*"),
        ("shares", "*", "*", "*"),
        ("features", "*", "rows", "*", "model"),
        ("features", "*", "fallback", "*"),
        ("targets", "*", "candidates", "models", "*"),
        ("defaults", "model"),
        ("defaults", "routes", "*"),
        ("experiments", "*", "variants", "*", "model"),
        ("policies", "*", "banned_models", "*"),
    ),
    "logical model": (
        ("models", "*", "logical"),
        ("shares", KEY),
        ("targets", "*", "candidates", "logical"),
        ("policies", "*", "banned_models", "*"),
    ),
    "feature": (("features", KEY), ("feature_aliases", "*"), ("defaults", "routes", KEY)),
    "target": (("targets", KEY), ("aliases", "*"), ("patterns", "*"), ("features", "*", "then")),
    "tenant": (("tenants", KEY), ("budgets", KEY)),
    "experiment": (("experiments", "*", "experiment"), ("unanswered", "*")),
}
"""By kind every place of a table where a slug of that kind stands, but the texts of orders and the salts of shadows."""
_SORTED = (
    ("targets", "*", "candidates", "models"),
    *(("policies", "*", f"banned_{kind}s") for kind in ("provider", "model")),
)
"""Lists in the order of their slugs."""


def renamed_table(content: Mapping[str, Any], renames: Renames, kept: Renames) -> dict[str, Any]:
    """Return a table as plain values in which the old slug of each rename, by kind, is the new one.

    It decides as it did: orders, shares and the salts of its shadows stay. The old names in `kept` are aliases.
    """
    renamed = dict(content)
    for kind, names in renames.items():
        for section, *path in _PLACES[kind]:
            if section in renamed:
                renamed[section] = _rewritten(renamed[section], path, names)
    for section, kind in (("model_aliases", "model"), ("aliases", "target")):
        if kept.get(kind):
            renamed[section] = dict(sorted({**renamed.get(section, {}), **kept[kind]}.items()))
    for section, *path in _SORTED:
        renamed[section] = _with_lists_sorted(renamed[section], path)
    if models := renames.get("model"):
        renamed["orders"] = {
            name: " ".join(models.get(slug, slug) for slug in text.split()) for name, text in content["orders"].items()
        }
    salts = _salts(content, renames)
    renamed = {**renamed, "shadow_salts": salts} if salts else renamed
    return {**renamed, "format": table_format(renamed), "requires": requirements(renamed)}


def _salts(content: Mapping[str, Any], renames: Renames) -> dict[str, str]:
    """Return the salt of each shadow that is mirrored, by that of its new names, where they are not the same."""
    features, models = renames.get("feature", {}), renames.get("model", {})
    own = content.get("shadow_salts", {})
    salts: dict[str, str] = {}
    for feature, body in content["features"].items():
        for row in body["rows"]:
            if row.get("sample_bp") is not None:
                model = row["model"]
                salt = f"shadow:{feature}:{model}"
                salts[f"shadow:{features.get(feature, feature)}:{models.get(model, model)}"] = own.get(salt, salt)
    return {now: salt for now, salt in salts.items() if now != salt}


def _rewritten(value: Any, path: list[str], names: Mapping[str, str]) -> Any:
    """Return a value with the slugs at a path below it replaced; what is not there stays so."""
    if not path:
        return names.get(value, value) if isinstance(value, str) else value
    step, *rest = path
    if isinstance(value, dict):
        if step == KEY:
            return dict(sorted((names.get(key, key), inner) for key, inner in value.items()))
        return {key: _rewritten(inner, rest, names) if step in (key, "*") else inner for key, inner in value.items()}
    return [_rewritten(item, rest, names) for item in value] if isinstance(value, list) and step == "*" else value


def _with_lists_sorted(value: Any, path: list[str]) -> Any:
    """Return a value with the lists at a path below it sorted."""
    if not path:
        return sorted(value) if isinstance(value, list) else value
    step, *rest = path
    if not isinstance(value, dict):
        return value
    return {key: _with_lists_sorted(inner, rest) if step in (key, "*") else inner for key, inner in value.items()}
