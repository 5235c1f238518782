"""Write the statements that give a service's role its rights on a project's tables."""

from __future__ import annotations

import os

from routecomp.database.catalog import relations_in
from routecomp.database.plan import body
from routecomp.sql.dialects.names import folder_names
from routecomp.sql.dialects.registry import dialect, dialects
from routecomp.sql.file_names import FOLDER
from routecomp.sql.grants import grant_statements, role_fault
from routecomp.sql.migration import names_in
from routecomp.sql.script_text import script
from routecomp.workspace.databases import read_folder, worded
from routecomp.workspace.files import find_root, native
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.problem import Problem, visible


def grants_script(root: str | None, given: str | None, name: str | None, role: str) -> str:
    """Return the script that lets a role do what a service does on the tables that a project's migrations make.

    `given` is the folder with the migrations, by default that of the project's output; `name` is the dialect, by
    default the first that has roles. Raises a `Problem` for a name that no role has, and a dialect without roles.
    """
    fault = role_fault(role)
    if fault:
        raise Problem(f"--role: {visible(fault)}", "name the role that the service connects as")
    if given is not None:
        if not os.path.isdir(given):
            raise Problem(f"{visible(given)} is not a folder", f"name the folder that holds {folder_names()}")
        above, wanted = given, [own.name for own in dialects() if os.path.isdir(os.path.join(given, own.name))]
    else:
        project = find_root(root)
        settings = load_settings(project)
        above, wanted = os.path.join(project, native(f"{settings.output}/{FOLDER}")), list(settings.dialects)
    own = next((each for each in map(dialect, [name] if name else wanted) if each.has_roles), None)
    if own is None:
        titles = " and ".join(each.title for each in dialects() if each.has_roles)
        raise Problem(
            "no database of this project has roles: whoever may read and write the file may do everything",
            f"rights are for {titles}: name it with --dialect, or among `dialects` in the settings",
        )
    migrations = read_folder(above, own.name)
    own = own.named(names_in(migrations) or own.names)
    with worded():
        inner = [text for migration in migrations for text in body(migration.id, migration.up, own)]
    head = (
        "-- What a service needs that connects as this role: read the policy, write down what happened, keep\n"
        "-- the state of circuits. Run it as the owner of the tables, and again when there are more.\n\n"
    )
    return head + script(["BEGIN", *grant_statements(own, role, relations_in(inner, own)), "COMMIT"])
