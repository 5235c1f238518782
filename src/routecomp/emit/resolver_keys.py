"""Write the resolver's table of keys, `runtime/parts/table_keys.py`, from the figures.

The resolver needs nothing but the standard library, so what it knows of figures is written into it. `make refresh`
calls this, and a test compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from routecomp.model.figure import REQUIRED, Figure
from routecomp.model.figures import ENTRIES, FIGURES, MODEL, OPTIONAL_SECTIONS, newest_format

_NAMES = {
    "providers": "_PROVIDER_KEYS",
    "models": "_MODEL_KEYS",
    "permissions": "_PERMISSION_KEYS",
    "policies": "_POLICY_KEYS",
    "budgets": "_BUDGET_KEYS",
    "features": "_FEATURE_KEYS",
    "features.rows": "_ROW_KEYS",
    "targets": "_TARGET_KEYS",
    "defaults": "_DEFAULTS_KEYS",
    "resilience": "_RESILIENCE_KEYS",
    "preferences": "_PREFERENCES_KEYS",
    "experiments": "_EXPERIMENT_KEYS",
    "experiments.variants": "_VARIANT_KEYS",
}
"""The name in the resolver, by the path of the entries."""
_HEAD = '''"""State the keys of the figures: the kind of each, and what counts where an older file lacks it.

Written by `make refresh` from `routecomp/model/figures.py`; a change made here is lost.
"""

from __future__ import annotations

from typing import Any, Final

from routecomp.runtime.parts.kinds import ('''
_KINDS = {"params": "_PARAMS", "flag": "_BOOL", "slugs": "_SLUGS", "stack": "_STACK", "texts": "_TEXTS"}


def resolver_keys() -> str:
    """Return the text of the part, formatted."""
    tables = {name: _keys(ENTRIES[path]) for path, name in _NAMES.items()}
    words = {*(figure.requirement for figure in FIGURES), *(word for _, word in OPTIONAL_SECTIONS.values())}
    known = sorted(word for word in words if word is not None)
    defaults = {
        str(figure.key): repr(figure.default)
        for figure in MODEL
        if figure.key is not None and figure.default is not REQUIRED and not figure.is_named
    }
    kinds = {"_Kind", *re.findall(r"\b_\w+", " ".join(kind for table in tables.values() for kind in table.values()))}
    used = [name for name in _IMPORTED if name in kinds]
    parts = [
        _HEAD + "\n" + "".join(f"    {name},\n" for name in used) + ")\n",
        f'FORMAT: Final = "{newest_format()}"',
        '"""The format of tables and fallback files that this resolver reads; another major number is refused."""\n',
        f"KNOWN_REQUIREMENTS: Final = frozenset[str]({_words(known)})",
        '"""The words of a file\'s `requires` that this resolver understands."""\n',
        *(_dictionary(f"{name}: dict[str, _Kind]", table) for name, table in tables.items()),
        _dictionary("_MODEL_DEFAULTS: Final[dict[str, Any]]", defaults),
        '"""What counts where an author leaves a figure of a model out, as the table holds it."""',
    ]
    return "\n".join(parts) + "\n"


_IMPORTED = (
    *("_BOOL", "_BP", "_COUNT", "_PARAMS", "_POSITIVE", "_SLUGS", "_STACK", "_TEXT", "_TEXTS"),
    *("_any_of", "_Kind", "_or_null", "_whole"),
)
"""What kinds are made of, in the order of an import."""


def _words(words: Iterable[str]) -> str:
    """Return words as a tuple, a word a line where there are several; nothing for no words."""
    listed = [f'"{word}"' for word in words]
    if len(listed) < 2:
        return f"({listed[0]},)" if listed else ""
    return "\n    (\n" + "".join(f"        {word},\n" for word in listed) + "    )\n"


def _dictionary(name: str, cells: Mapping[str, str]) -> str:
    """Return the statement that binds a name to a dictionary, an entry a line."""
    if not cells:
        return f"{name} = {{}}"
    lines = "".join(f'    "{key}": {text},\n' for key, text in sorted(cells.items()))
    return f"{name} = {{\n{lines}}}"


def _keys(figures: Iterable[Figure]) -> dict[str, str]:
    """Return the kind of each key, as an expression of the resolver."""
    return {figure.key: _kind(figure) for figure in figures if figure.key is not None}


def _kind(figure: Figure) -> str:
    """Return the kind of a figure; where older tables lack the key, with what counts then."""
    if figure.kind == "whole":
        text = _whole(figure)
    elif figure.kind == "word":
        text = f"_any_of({', '.join(repr(word) for word in figure.words)})".replace("'", '"')
    else:
        text = _KINDS.get(figure.kind, "_TEXT")
    if figure.is_nullable:
        text = f"_or_null({text})"
    if not figure.is_optional:
        return text
    return f"{text}._replace(default={figure.key_default!r})".replace("'", '"')


def _whole(figure: Figure) -> str:
    """Return the kind of a whole number: counts and amounts have no upper bound, so that tables may outgrow today's."""
    low, high = figure.bounds
    if figure.unit == "share":
        return "_BP" if low == 0 else f"_whole({low}, {high})"
    return "_POSITIVE" if low > 0 else "_COUNT"
