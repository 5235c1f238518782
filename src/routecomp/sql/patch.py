"""Write the new cells of a few rows into the baselines that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.registry import dialect
from routecomp.sql.file_names import BASELINE, FOLDER
from routecomp.sql.literals import insert
from routecomp.sql.names import Names
from routecomp.sql.state import DatabaseState, Row


def patch_baselines(
    files: Mapping[str, bytes], dialects: Sequence[str], names: Names, before: DatabaseState, after: DatabaseState
) -> dict[str, bytes] | None:
    """Return the baselines among `files` (by their paths within the output folder) after a change of some rows' cells.

    `before` and `after` hold those rows, and maybe others that are the same in both. INVARIANT: no migrations are
    released. None where a row comes or goes, or where its line is not found.
    """
    if any(before.tables[table].keys() != rows.keys() for table, rows in after.tables.items()):
        return None
    patched: dict[str, bytes] = {}
    for name in dialects:
        path = f"{FOLDER}/{name}/{BASELINE}.up.sql"
        if path not in files:
            return None
        text, sql = files[path].decode(), dialect(name).named(names)
        for table, rows in after.tables.items():
            for key, row in rows.items():
                if row != (was := before.tables[table][key]):
                    old, new = _row_line(table, was, sql), _row_line(table, row, sql)
                    if text.count(old) != 1:
                        return None
                    text = text.replace(old, new)
        patched[path] = text.encode()
    return patched


def _row_line(table: str, row: Row, dialect: Dialect) -> str:
    """Return the line of a row in the statement that inserts it, with the line end before it."""
    return "\n" + insert(table, [row], dialect)[0].partition("\n")[2]
