"""Set the keys of the table for every test of this folder."""

from __future__ import annotations

import pytest

from tests.service.calls.world import set_keys


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    set_keys(monkeypatch)
