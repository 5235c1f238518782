"""Each field of the schema, when it is changed, gets a row with a place."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from routecomp.checker import Options
from routecomp.comparer import diff
from routecomp.model.sections import SECTIONS
from routecomp.review.base.base import Base
from routecomp.review.diff.difference import Severity
from tests.model.test_every_field_is_read import CHANGES, PROJECT, Path, changed


def files(project: dict[str, Any]) -> dict[str, bytes]:
    """Return the project as files, one for each section."""
    return {
        f"{section.folder}/{name}.yaml": json.dumps({name: project[name]}).encode()
        for name, section in SECTIONS.items()
        if name in project
    }


@pytest.mark.parametrize(("name", "path"), CHANGES, ids=lambda part: part if isinstance(part, str) else ".".join(part))
def test_a_changed_field_has_a_row(name: str, path: Path) -> None:
    """The row is about the body that changed, is not cosmetic, and has a place; no row comes from the tables."""
    difference = diff(
        files(changed(name, path)), Options(today=date(2026, 11, 20)), Base("on main", "main:", files(PROJECT))
    ).difference
    assert difference is not None
    slug = CHANGES[name, path][0] or name
    rows = [
        row
        for row in difference.rows
        if row.name == slug and (row.severity is not Severity.COSMETIC or row.is_security)
    ]
    assert rows, difference.rows
    assert all(row.old_span is not None or row.new_span is not None for row in difference.rows)
