"""Read the statements that docs/database.md shows."""

from __future__ import annotations

import re
from pathlib import Path

from routecomp.sql.script_text import statements

_PAGE = Path(__file__).parents[2] / "docs" / "database.md"
_BLOCK = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shown(heading: str, dialect: str) -> list[list[str]]:
    """Return the statements of each block of SQL below a heading, as a dialect runs them, without those of another."""
    text = _PAGE.read_text(encoding="utf-8").partition(f"\n{heading}\n")[2]
    level = heading.partition(" ")[0]
    section = re.split(rf"^{level} ", text, maxsplit=1, flags=re.MULTILINE)[0]
    blocks = [block for block in _BLOCK.findall(section) if dialect == "postgres" or "-- PostgreSQL" not in block]
    named = [block if dialect == "postgres" else block.replace("public.", "") for block in blocks]
    return [list(statements(block)) for block in named]
