"""Write the statements that give a database the names in a project's settings."""

from __future__ import annotations

import os

from routecomp.sql.dialects.names import folder_names
from routecomp.sql.dialects.registry import dialect, dialects
from routecomp.sql.file_names import FOLDER
from routecomp.sql.migration import names_in
from routecomp.sql.names import DEFAULT, Names
from routecomp.sql.rename import rename_statements
from routecomp.sql.script_text import script
from routecomp.sql.steps.step import find_gap, tenants_of
from routecomp.workspace.databases import read_folder
from routecomp.workspace.files import find_root, native
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.problem import Problem, visible


def rename_script(root: str | None, given: str | None, name: str | None) -> str:
    """Return the script that turns the names in migrations into those in the settings.

    `given` is the folder with the migrations, by default that of the project's output; `name` is the dialect, by
    default the first one in the settings. Raises a `Problem` where the names are the same in each dialect.
    """
    project = find_root(root)
    settings = load_settings(project)
    if given is not None and not os.path.isdir(given):
        raise Problem(f"{visible(given)} is not a folder", f"name the folder that holds {folder_names()}")
    above = given if given is not None else os.path.join(project, native(f"{settings.output}/{FOLDER}"))
    if name is None and not settings.dialects:
        raise Problem("the settings ask for no migrations", "name the database with --dialect")
    own = dialect(name or settings.dialects[0])
    migrations = read_folder(above, own.name)
    old = own.named(names_in(migrations) or DEFAULT)
    new = own.named(settings.names)
    name = new.table_name("models")
    if old.table_name("models") == name and not _are_other_names(above, settings.names):
        raise Problem(
            f"the migrations in {visible(above)} call the tables as the settings do: `{name}` and so on",
            "set `schema` or `table_prefix` first, or name the folder of the old migrations with --from",
        )
    if find_gap(migrations, old):
        raise Problem(
            f"the migrations in {visible(above)} do not lead to the schema of this version of routecomp",
            "with the old settings, run `routecomp compile` and `routecomp migrate up`; rename then",
        )
    return script(rename_statements(old, new, tenants_of(migrations, old)))


def _are_other_names(above: str, names: Names) -> bool:
    """Return whether the migrations of a dialect in this folder call the tables otherwise than by `names`."""
    for own in dialects():
        if os.path.isdir(os.path.join(above, own.name)):
            old = names_in(read_folder(above, own.name)) or names
            if own.named(old).table_name("models") != own.named(names).table_name("models"):
                return True
    return False
