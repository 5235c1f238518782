"""Make the rows of what is called otherwise: one for each, whatever names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from routecomp.model.project import Declared
from routecomp.model.renamed import Renames, declared_renames
from routecomp.model.slug_places import SECTIONS
from routecomp.review.diff.decisions.compiled_side import Content
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.rows.entry import value_row
from routecomp.review.old_name import dealt_anew_text, old_name_text, still_leads_to
from routecomp.source.text import Span


def table_renames(content: Mapping[str, Any], after: Declared) -> dict[str, dict[str, str]]:
    """Return by kind what a project says was called otherwise, as far as a table calls it so: old slug to new one."""
    experiments = {entry["experiment"] for entry in content["experiments"].values()}
    renames: dict[str, dict[str, str]] = {}
    for kind, names in declared_renames(after).items():
        known = experiments if kind == "experiment" else content[SECTIONS[kind]]
        own = {old: new for old, new in names.items() if old in known and new not in known}
        if own:
            renames[kind] = own
    return renames


def rename_rows(renames: Renames, before: Declared | None, after: Declared, *, is_same: bool = False) -> Iterator[Row]:
    """Yield a row for each thing that is called otherwise; `before` has the old names' places.

    Cosmetic where the tables are the same. Breaking where callers or services send the name, unless it is an alias now.
    """
    for kind, names in renames.items():
        for old, new in sorted(names.items(), key=lambda pair: pair[1]):
            severity = Severity.BREAKING
            if is_same:
                severity = Severity.COSMETIC
            elif kind in ("provider", "experiment") or still_leads_to(after, kind, old, new):
                severity = Severity.BEHAVIOURAL
            notes = [old_name_text(after, kind, old, new)]
            if kind == "logical model":
                notes.append(dealt_anew_text(after, new))
            note = "; ".join(filter(None, notes)).replace("`", "")
            spans = None if before is None else _place(before, kind, old), _place(after, kind, new)
            yield Row(kind, new, "renamed", old, new, severity, note, *spans)


def _place(declared: Declared, kind: str, slug: str) -> Span | None:
    """Return where a slug is declared."""
    if kind == "logical model":
        hosts = declared.logical_models.get(slug, [])
        return hosts[0].span("logical_slug") if hosts else None
    entry = getattr(declared, SECTIONS[kind]).get(slug)
    return None if entry is None else entry.span()


def salt_rows(before: Declared, after: Declared, tables: tuple[Content, Content]) -> Iterator[Row]:
    """Yield a row for each shadow on both sides that is mirrored by another salt: `was` came or went."""
    salts = tuple(table.get("shadow_salts", {}) for table in tables)
    if salts[0] == salts[1]:
        return
    for slug, feature in after.features.items():
        earlier = before.features.get(slug)
        for model, row in feature.body.models.items() if earlier is not None else ():
            salt = f"shadow:{slug}:{model}"
            pair = salts[0].get(salt, salt), salts[1].get(salt, salt)
            if earlier is not None and model in earlier.body.models and row.sample is not None and pair[0] != pair[1]:
                path = ["models", model]
                note = "other requests are mirrored"
                yield value_row(earlier, feature, f"models.{model}.salt", *pair, note=note, path=path)
