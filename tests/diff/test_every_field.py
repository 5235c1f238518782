"""No field changes without a word: change each field of the schema, and `diff` has a row on that body, with a place."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from routecomp.checker import Options
from routecomp.comparer import diff
from routecomp.model.reader import SECTIONS
from routecomp.review.base.base import Base
from routecomp.review.diff.difference import Severity
from tests.model.test_every_field_is_read import CHANGES, PROJECT, Path, changed


def files(project: dict[str, Any]) -> dict[str, bytes]:
    """The project as files, one a section."""
    return {
        f"{section.folder}/{name}.yaml": json.dumps({name: project[name]}).encode()
        for name, section in SECTIONS.items()
    }


@pytest.mark.parametrize(("name", "path"), CHANGES, ids=lambda one: one if isinstance(one, str) else ".".join(one))
def test_a_changed_field_is_said(name: str, path: Path) -> None:
    """The row is about the body that changed, is not cosmetic, and names the line; none comes from the tables alone."""
    found = diff(
        files(changed(name, path)), Options(today=date(2026, 11, 20)), Base("on main", "main:", files(PROJECT))
    ).difference
    assert found is not None
    slug = CHANGES[name, path][0] or name
    rows = [row for row in found.rows if row.name == slug and row.severity is not Severity.COSMETIC]
    assert rows, found.rows
    assert all(row.was is not None or row.now is not None for row in found.rows)
