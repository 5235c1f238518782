"""Read the registry rows of a feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.table_fields import _FEATURE, _ROW, _SAMPLE, _check, _known

if TYPE_CHECKING:
    from routecomp.runtime.parts.table import _Table


class _Shadow(NamedTuple):
    """A shadow row with a sample."""

    model: _Model
    sample: int  # basis points
    salt: str


class _Feature:
    """The registry rows of a feature."""

    __slots__ = ("floor", "head", "primary", "retired", "shadows", "then")

    def __init__(self, name: str, body: Any, table: _Table) -> None:
        what, catalogue = f"feature {name!r}", table.catalogue
        _check(body, _FEATURE, what)
        self.floor: int | None = body["min_quality_bp"]
        self.then: str | None = body["then"]
        if self.then is not None:
            _known([self.then], table.targets, what, "target")
        self.primary: _Model | None = None
        self.shadows: list[_Shadow] = []
        statuses: dict[str, str] = {}
        for row in body["rows"]:
            _check(row, _ROW, f"{what}: a row")
            slug, status = row["model"], row["status"]
            _known([slug], catalogue.places, what, "model")
            if status == "shadow" and "sample_bp" in row and slug not in statuses:
                _check(row, _SAMPLE, f"{what}: the row of {slug!r}")
                self.shadows.append(_Shadow(catalogue[slug], row["sample_bp"], f"shadow:{name}:{slug}"))
            if status == "primary" and self.primary is None:  # of two primaries the first serves
                self.primary = catalogue[slug]
            statuses.setdefault(slug, status)
        self.retired = catalogue.slugs(slug for slug, status in statuses.items() if status == "retired")
        _known(body["fallback"], catalogue.places, what, "model")
        first = [] if self.primary is None else [self.primary]
        self.head = list(dict.fromkeys(first + [catalogue[slug] for slug in body["fallback"]]))
