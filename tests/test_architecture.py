"""The pages about the code say what the code is: rooms, their order, paths and the example value."""

from __future__ import annotations

import json
import re

import pytest

from tests.test_imports import MODULES, ORDER, room_of
from tests.tour import PROJECT

PAGES = ("docs/ARCHITECTURE.md", "CONTRIBUTING.md")
ARCHITECTURE = (PROJECT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_table_of_rooms_is_the_tree() -> None:
    """Each package or module under src/routecomp has one row, and each row a package or module."""
    rooms = {room_of(file) for file in MODULES.values()} - {"__init__", "__main__"}
    assert set(ORDER) == rooms
    assert len(set(ORDER)) == len(ORDER)


@pytest.mark.parametrize("page", PAGES)
def test_every_path_leads_somewhere(page: str) -> None:
    """Each path that a page names in backquotes is a file or folder; what stands in CAPITALS or <brackets> is yours."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    top = {path.name for path in PROJECT.iterdir()}
    paths = {
        name
        for name in re.findall(r"`([A-Za-z0-9_./-]+)(?::\d+)?`", text)
        if name.partition("/")[0] in top and not re.search(r"[A-Z]{2,}/|NAME", name)
    }
    assert paths
    assert [path for path in sorted(paths) if not (PROJECT / path).exists()] == []


def test_the_value_stands_where_the_page_says() -> None:
    """The line of the YAML and the figure in the table are those that the page follows."""
    value = re.search(r"^## The way of one value: `quality: (.+)`$", ARCHITECTURE, re.MULTILINE)
    place = re.search(r"`(routes/[a-z/.-]+):(\d+)` declares it for `([a-z0-9.-]+)`", ARCHITECTURE)
    assert value is not None
    assert place is not None
    lines = (PROJECT / place[1]).read_text(encoding="utf-8").splitlines()
    assert lines[int(place[2]) - 1].strip() == f"quality: {value[1]}"
    table = (PROJECT / "generated" / "routing_table.json").read_text(encoding="utf-8")
    entry = json.loads(table)["models"][place[3]]
    assert f'"quality_bp": {entry["quality_bp"]}' in ARCHITECTURE
    assert entry["quality_bp"] == round(float(value[1]) * 10000)


def test_the_first_hour_changes_a_text_that_is_there() -> None:
    """The message that the first hour changes stands in the file it names, and the rule and its fixture are there."""
    page = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    command = re.search(r"sed -i 's/([^/]+)/[^/]+/' \\\n\s+(\S+)", page)
    assert command is not None
    assert (PROJECT / command[2]).read_text(encoding="utf-8").count(command[1]) == 1
    rule = re.search(r"routecomp rules (RC\d+)", page)
    assert rule is not None
    assert list((PROJECT / "tests" / "rules").glob(f"{rule[1]}-*"))
