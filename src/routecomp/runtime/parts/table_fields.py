"""State the keys of the files and the values they may have, and check them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from routecomp.runtime.parts.kinds import (
    _ANY,
    _BP,
    _LIST,
    _OBJECT,
    _REQUIRED,
    _SLUGS,
    _TEXT,
    _TEXTS,
    _any_of,
    _Kind,
    _or_null,
    _whole,
)
from routecomp.runtime.parts.limits import _ONE_BP
from routecomp.runtime.parts.refused import _Refused
from routecomp.runtime.parts.table_keys import (
    _BUDGET_KEYS,
    _DEFAULTS_KEYS,
    _EXPERIMENT_KEYS,
    _FEATURE_KEYS,
    _MODEL_KEYS,
    _PERMISSION_KEYS,
    _POLICY_KEYS,
    _PREFERENCES_KEYS,
    _PROVIDER_KEYS,
    _RESILIENCE_KEYS,
    _ROW_KEYS,
    _TARGET_KEYS,
    _VARIANT_KEYS,
)

# The keys of the files (docs/table.md): those of the figures, and what entries are built of. What cannot be checked on
# one value alone is checked where it is read.
_PROVIDER = _PROVIDER_KEYS | {"url": _TEXT}
_MODEL = _MODEL_KEYS | {"upstream_in_path": _or_null(_TEXT)._replace(default=None)}
_PERMISSION = _PERMISSION_KEYS
_POLICY = _POLICY_KEYS | {"penalised": _TEXT, "plain": _TEXT}
_DEFAULTS = _DEFAULTS_KEYS | {"policy": _TEXT, "routes": _TEXTS}
_FILE = {
    "defaults": _OBJECT,
    "models": _OBJECT,
    "preferences": _or_null(_OBJECT),
    "providers": _OBJECT,
    "tenants": _OBJECT,
}
_FALLBACK = {"permissions": _OBJECT, "stacks": _TEXT}
_LATER = _TEXTS._replace(default={})
_TABLE = {
    "aliases": _TEXTS,
    "budgets": _OBJECT._replace(default={}),
    "feature_aliases": _LATER,
    "model_aliases": _LATER,
    "patterns": _LATER,
    "shadow_salts": _LATER,
    "unanswered": _LATER,
    "experiments": _OBJECT,
    "features": _OBJECT,
    "orders": _TEXTS,
    "policies": _OBJECT,
    "resilience": _OBJECT,
    "shares": _OBJECT._replace(default={}),
    "targets": _OBJECT,
}
_RESILIENCE = _RESILIENCE_KEYS
_BUDGET = _BUDGET_KEYS
_PREFERENCES = _PREFERENCES_KEYS | {"clamp_bp": _LIST, "dial_bp": _OBJECT, "good_bp": _BP}
_DIAL = dict.fromkeys(("balanced", "cost", "quality"), _whole(-_ONE_BP, _ONE_BP))
_PREFERENCE_NAMES = _PREFERENCES_KEYS | {"names": _SLUGS}
_FEATURE = _FEATURE_KEYS | {"fallback": _SLUGS, "rows": _LIST}
_TARGET = _TARGET_KEYS | {"candidates": _ANY}
_SAMPLE = {"sample_bp": _whole(1, _ONE_BP), "max_daily_cents": _ROW_KEYS["max_daily_cents"]._replace(default=None)}
_ROW = {key: kind for key, kind in _ROW_KEYS.items() if key not in ("sample_bp", "max_daily_cents")} | {"model": _TEXT}
# Drafts answer nothing, so they are not in the table.
_EXPERIMENT = _EXPERIMENT_KEYS | {
    "experiment": _TEXT,
    "slots": _LIST,
    "status": _any_of("active", "paused", "completed"),
    "variants": _LIST,
    "winner": _ANY,
}
_VARIANT = _VARIANT_KEYS | {"id": _TEXT}


def _check(body: Any, fields: dict[str, _Kind], what: str) -> None:
    """Raise _Refused if a body is no object, lacks a field, or has a value of another kind; `what` names the body.

    A field that older formats do not have gets its default. Keys that are not among the fields are ignored.
    """
    if type(body) is not dict:
        raise _Refused(f"{what} is not an object")
    for key, kind in fields.items():
        if key not in body:
            if kind.default is _REQUIRED:
                raise _Refused(f"{what} has no `{key}`")
            body[key] = kind.default
        elif not kind.test(body[key]):
            raise _Refused(f"{what}: `{key}` is not {kind.words}")


def _check_names(names: Iterable[Any], declared: Any, what: str, kind: str) -> None:
    """Raise _Refused for a name that is not declared in the file; `what` says where the names stand."""
    for name in names:
        if name not in declared:
            raise _Refused(f"{what} names the {kind} {name!r}, which is not in the file")
