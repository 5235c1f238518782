"""Read the registry rows of a feature: its primary, its fallbacks, its shadows."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, NamedTuple

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.limits import _SLOTS
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.table_fields import _FEATURE, _ROW, _SAMPLE, _check, _check_names


class _Shadow(NamedTuple):
    """A shadow row that has a sample."""

    model: _Model
    sample: int  # basis points
    salt: str
    max_daily_cents: int | None

    def limit(self) -> bytes:
        """Return the text that sorts after the SHA-256 of every unit that is mirrored, and before all others.

        A slot is below the sample if the digest's first eight bytes are, as a share of 2 to the power of 64.
        """
        share = -(-(self.sample << 64) // _SLOTS)
        return share.to_bytes(8, "big") if self.sample < _SLOTS else b"\xff" * 33


class _Feature:
    """A feature as the registry declares it."""

    __slots__ = ("floor", "head", "primary", "retired", "shadows", "then")

    def __init__(
        self, name: str, body: Any, catalogue: _Catalogue, targets: Container[str], salts: dict[str, str]
    ) -> None:
        what = f"feature {name!r}"
        _check(body, _FEATURE, what)
        self.floor: int | None = body["min_quality_bp"]
        self.then: str | None = body["then"]  # the target whose candidates follow the fallbacks
        if self.then is not None:
            _check_names([self.then], targets, what, "target")
        self.primary: _Model | None = None
        self.shadows: list[_Shadow] = []
        statuses: dict[str, str] = {}
        for row in body["rows"]:
            _check(row, _ROW, f"{what}: a row")
            slug, status = row["model"], row["status"]
            _check_names([slug], catalogue.places, what, "model")
            if "sample_bp" in row:
                _check(row, _SAMPLE, f"{what}: the row of {slug!r}")
            if status == "shadow" and "sample_bp" in row and slug not in statuses:
                salt = f"shadow:{name}:{slug}"  # or of the names before, for one release
                sample, cap = row["sample_bp"], row["max_daily_cents"]
                self.shadows.append(_Shadow(catalogue[slug], sample, salts.get(salt, salt), cap))
            if status == "primary" and self.primary is None:  # of two primaries the first serves
                self.primary = catalogue[slug]
            statuses.setdefault(slug, status)
        self.retired: int = catalogue.slugs(slug for slug, status in statuses.items() if status == "retired")
        _check_names(body["fallback"], catalogue.places, what, "model")
        first = [] if self.primary is None else [self.primary]
        # The models that come first in the feature's chain, whatever their rank.
        self.head: list[_Model] = list(dict.fromkeys(first + [catalogue[slug] for slug in body["fallback"]]))
