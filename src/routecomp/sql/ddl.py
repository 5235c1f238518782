"""Write the statements that make the schema, and those that take it away.

A dialect writes the tables; templates write the rest. They take names of our own tables, never a text of the YAML.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from routecomp.sql.dialects.dialect import Dialect, Template
from routecomp.sql.dialects.registry import dialects
from routecomp.sql.invariants import REACHED_BY, WATCHED, condition, of
from routecomp.sql.ledgers import LEDGERS, PROMOTIONS
from routecomp.sql.literals import table_name
from routecomp.sql.names import DEFAULT
from routecomp.sql.schema import Foreign, Schema, Table, View
from routecomp.sql.script_text import script, statements
from routecomp.sql.tables import SINGLES, TABLES
from routecomp.sql.views import VIEWS

ALL_TABLES = (*TABLES, *LEDGERS)
SCHEMA = Schema(ALL_TABLES, SINGLES, VIEWS)
"""The schema that this version of routecomp wants."""
TENANTS = "tenant_routing_policy"


def create_schema(dialect: Dialect, tenants: tuple[str, str] | None = None, schema: Schema = SCHEMA) -> list[str]:
    """Return every statement that makes the schema, in order; from the file that `make refresh` keeps, where it can.

    `tenants` is the company's own table of tenants and its column, where the project settings name it: the schema is
    then rendered, since it has one foreign key more, as it is for names other than the default ones.
    """
    kept = _kept(f"{dialect.name}.sql", dialect) if tenants is None and schema is SCHEMA else None
    return render_schema(dialect, tenants, schema) if kept is None else kept


def drop_schema(dialect: Dialect, schema: Schema = SCHEMA) -> list[str]:
    """Return every statement that takes the schema away again, in order."""
    kept = _kept(f"{dialect.name}_drop.sql", dialect) if schema is SCHEMA else None
    return render_drop(dialect, schema) if kept is None else kept


def kept_files() -> dict[str, str]:
    """Return the text of what `make refresh` keeps in `ddl/` beside this module, by file name; write nothing.

    To render it anew would cost each compilation half a second, most of it the import of sqlglot.
    """
    created = {f"{dialect.name}.sql": script(render_schema(dialect)) for dialect in dialects()}
    return created | {f"{dialect.name}_drop.sql": script(render_drop(dialect)) for dialect in dialects()}


def _kept(name: str, dialect: Dialect) -> list[str] | None:
    """Return the statements of a file in `ddl/`; None where it is not there, or has other names than the dialect."""
    if dialect.names != DEFAULT:
        return None
    file = files("routecomp.sql").joinpath("ddl", name)
    return list(statements(file.read_text(encoding="utf-8"))) if file.is_file() else None


def render_schema(dialect: Dialect, tenants: tuple[str, str] | None = None, schema: Schema = SCHEMA) -> list[str]:
    """Return what `create_schema` does, always rendered from the tables as data."""
    return list(_rendered(dialect, tenants, schema))


@cache  # half a second, and a project with a table of tenants asks for it several times
def _rendered(dialect: Dialect, tenants: tuple[str, str] | None, schema: Schema) -> tuple[str, ...]:
    """Return the statements of a schema."""
    created = _templated(dialect, "functions", schema)
    later: list[str] = []
    for table in schema.tables:
        foreign = list(table.foreign)
        if table.name == TENANTS and tenants is not None:
            foreign.append(Foreign(("tenant",), tenants[0], (tenants[1],), cascade=True, to_others=True))
        added = {key: dialect.add_foreign_key(table, key) for key in foreign if _is_later(key, table, schema)}
        created.append(dialect.create_table(table, [key for key in foreign if added.get(key) is None]))
        created += filter(None, [dialect.create_partition(table)])
        later += [statement for statement in added.values() if statement is not None]
    later += [comment for table in schema.tables for comment in dialect.comments(table)]
    rest = (_templated(dialect, part, schema) for part in ("indexes", "triggers"))
    views = [
        statement
        for view in schema.views
        for statement in (_create_view(view, dialect, schema), *dialect.comment_on_view(view))
    ]
    return (*created, *later, *(statement for part in rest for statement in part), *views)


def render_drop(dialect: Dialect, schema: Schema = SCHEMA) -> list[str]:
    """Return what `drop_schema` does, always rendered."""
    views = [f"DROP VIEW {table_name(view.name, dialect)}" for view in reversed(schema.views)]
    return views + _templated(dialect, "drop", schema)


def _create_view(view: View, dialect: Dialect, schema: Schema) -> str:
    """Return the statement that makes a view; INVARIANT: no line of its query is empty."""
    words = {table.name: table_name(table.name, dialect) for table in schema.tables}
    words |= {"by_bytes": dialect.by_bytes, "joining": dialect.joining}
    query = view.limbs if view.limbs and not dialect.has_big_numbers else view.query
    head = f"CREATE VIEW {table_name(view.name, dialect)} ({', '.join(view.columns)}) AS"
    return f"{head}\n{query.format(**words)}"


def _is_later(foreign: Foreign, table: Table, schema: Schema) -> bool:
    """Return whether a foreign key refers to a table of ours that is created after its own."""
    names = [table.name for table in schema.tables]
    return not foreign.to_others and names.index(foreign.table) > names.index(table.name)


def _templated(dialect: Dialect, part: Template, schema: Schema) -> list[str]:
    """Return the statements that a template of the dialect renders to."""
    from jinja2 import Environment, StrictUndefined  # lazy: the schema is rendered beforehand

    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )  # SQL, not HTML; nothing of a user's goes in
    file = files(dialect.template_package).joinpath("templates", dialect.name, f"{part}.sql.j2")
    text = environment.from_string(file.read_text(encoding="utf-8")).render(
        tables=schema.tables,
        ledger=PROMOTIONS,
        singles=schema.singles,
        watched=WATCHED,
        subjects=REACHED_BY,
        of=of,
        checks_of_trigger=dialect.checks_of_trigger,
        names=dialect.names,
        own=dialect.names.of,
        named=lambda table: table_name(table, dialect),
        broken=lambda invariant: condition(invariant, "subject", lambda table: table_name(table, dialect)),
    )
    return list(statements(text))
