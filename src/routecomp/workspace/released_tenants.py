"""Compare the setting `tenants_table` with the foreign key that released migrations made."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from routecomp.diagnostics.diagnostic import Diagnostic, warning
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.registry import dialect
from routecomp.sql.file_names import BASELINE
from routecomp.sql.migration import list_migrations, names_in
from routecomp.sql.names import DEFAULT
from routecomp.sql.steps.step import tenants_of
from routecomp.workspace.project import Project
from routecomp.workspace.setting_place import setting_place

_KEYS = ("tenants_table",)


def changed_tenants(project: Project, files: Mapping[str, bytes], released: Collection[str]) -> list[Diagnostic]:
    """Return RC640 where the migrations made another key to a table of tenants than the settings ask for.

    `files` are all migrations, path to bytes, and `released` the paths of the released ones. Where a key can be changed
    in a table in use, those dialects alone are asked: in the others nobody could follow the setting.
    """
    every = [dialect(name) for name in project.settings.dialects]
    for own in [own for own in every if own.changes_in_place] or every:
        if not any(path.endswith(f"/{own.name}/{BASELINE}.up.sql") for path in released):
            continue  # its baseline is yet to be written, as the setting says
        of_dialect = {path.split("/")[-1]: data for path, data in files.items() if path.split("/")[-2] == own.name}
        migrations = list_migrations(of_dialect)
        made = tenants_of(migrations, own.named(names_in(migrations) or DEFAULT))
        wanted = _named(project.settings.tenants_table, own)
        if made == wanted:
            continue
        was = "no key to a table of tenants" if made is None else f"a key to {made[0]}({made[1]})"
        now = "says none" if wanted is None else f"says {wanted[0]}({wanted[1]})"
        before = "leave it out" if made is None else f"write `tenants_table: {made[0]}({made[1]})`"
        return [
            warning(
                "RC640",
                f"the migrations that are released make {was}, and the setting `tenants_table` {now}: that changes "
                "nothing any more",
                setting_place(project.root, _KEYS),
                f"{before}, or change the key in a migration of your own: `routecomp rules RC640` shows how",
            )
        ]
    return []


def _named(table: tuple[str, str] | None, own: Dialect) -> tuple[str, str] | None:
    """Return a table of tenants and its column as a dialect names it: without a schema where there are none."""
    if table is None:
        return None
    schema, _, name = table[0].rpartition(".")
    return f"{schema or DEFAULT.schema}.{name}" if own.has_search_path else name, table[1]
