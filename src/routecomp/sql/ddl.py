"""The tables as data in, the statements that make them out: sqlglot writes what it can hold, templates the rest.

sqlglot is asked for one dialect at a time and never translates: on the way to SQLite it would turn partial unique
indexes and `ON CONFLICT` into what SQLite refuses. The templates take names of our own tables, never a text of
the YAML.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from routecomp.sql.column_types import default_of, form, type_of
from routecomp.sql.invariants import REACHED_BY, WATCHED, condition, of
from routecomp.sql.ledgers import LEDGERS, PROMOTIONS
from routecomp.sql.literals import named, script, statements
from routecomp.sql.schema import DIALECTS, Column, Dialect, Foreign, Table, foreign_name, form_name, key_name
from routecomp.sql.tables import SINGLES, TABLES

if TYPE_CHECKING:
    from sqlglot import exp

ALL_TABLES = (*TABLES, *LEDGERS)
LOCK = 7_261_734_662
"""The advisory lock every migration holds on PostgreSQL, so that two never run at once."""
TENANTS = "tenant_routing_policy"


def create(dialect: Dialect, tenants: tuple[str, str] | None = None) -> list[str]:
    """Every statement that makes the schema, in order; rows may be inserted before the last group (`guards`).

    `tenants` is the company's own table of tenants and its column, where the project settings name it.
    """
    return rendered(dialect, tenants) if tenants is not None else _kept(f"{dialect}.sql")


def drop(dialect: Dialect) -> list[str]:
    """Every statement that takes the schema away again."""
    return _kept(f"{dialect}_drop.sql")


def kept_files() -> dict[str, str]:
    """What `make refresh` keeps in `ddl/` beside this module: to render it anew would cost each compilation half
    a second, most of it the import of sqlglot."""
    made = {f"{dialect}.sql": script(rendered(dialect)) for dialect in DIALECTS}
    return made | {f"{dialect}_drop.sql": script(_templated(dialect, "drop")) for dialect in DIALECTS}


def _kept(name: str) -> list[str]:
    return list(statements(files("routecomp.sql").joinpath(f"ddl/{name}").read_text(encoding="utf-8")))


def rendered(dialect: Dialect, tenants: tuple[str, str] | None = None) -> list[str]:
    """As `create`, always from the tables as data."""
    made = _templated(dialect, "functions")
    late: list[str] = []
    for table in ALL_TABLES:
        foreign = list(table.foreign)
        if table.name == TENANTS and tenants is not None:
            foreign.append(Foreign(("tenant",), tenants[0], (tenants[1],), cascade=True))
        later = [one for one in foreign if dialect == "postgres" and _is_later(one, table)]
        made.append(_table(table, [one for one in foreign if one not in later], dialect))
        late += [_added(table, one, dialect) for one in later]
    if dialect == "postgres":
        late += [text for table in ALL_TABLES for text in _comments(table)]
    return made + late + _templated(dialect, "indexes") + _templated(dialect, "triggers")


def _is_later(foreign: Foreign, table: Table) -> bool:
    names = [one.name for one in ALL_TABLES]
    return foreign.table in names and names.index(foreign.table) > names.index(table.name)


def _templated(dialect: Dialect, what: str) -> list[str]:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("routecomp.sql"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )  # SQL, not HTML; nothing of a user's goes in
    template = environment.get_template(f"{dialect}_{what}.sql.j2")
    text = template.render(
        tables=ALL_TABLES,
        ledger=PROMOTIONS,
        singles=SINGLES,
        watched=WATCHED,
        subjects=REACHED_BY,
        lock=LOCK,
        of=of,
        named=lambda table: named(table, dialect),
        broken=lambda one: condition(one, "subject", lambda table: named(table, dialect)),
    )
    return list(statements(text))


def _table(table: Table, foreign: list[Foreign], dialect: Dialect) -> str:
    from sqlglot import exp

    parts: list[exp.Expr] = [_column(table, column, dialect) for column in table.columns]
    if not (dialect == "sqlite" and table.key == ("id",)):  # there the key is part of the column
        key = exp.PrimaryKey(expressions=[exp.to_identifier(name) for name in table.key])
        parts.append(_constraint(key_name(table), key))
    parts += [_check(name, condition, dialect) for name, condition in checks(table, dialect)]
    parts += [_constraint(foreign_name(table, one), _foreign(one, dialect)) for one in foreign]
    made = exp.Create(this=exp.Schema(this=_name(table.name, dialect), expressions=parts), kind="TABLE")
    return made.sql(dialect=dialect, pretty=True)


def checks(table: Table, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """The name and the condition of every CHECK of a table."""
    for column in table.columns:
        held = form(column, dialect)
        if held and not column.computed:
            yield form_name(table, column), held
    for check in table.checks:
        said = check.sqlite if dialect == "sqlite" and check.sqlite is not None else check.condition
        if said:
            yield check.name, said


def _column(table: Table, column: Column, dialect: Dialect) -> exp.Expr:
    from sqlglot import exp

    kinds: list[exp.Expr] = []
    if column.kind == "serial":
        if dialect == "postgres":
            kinds = [exp.GeneratedAsIdentityColumnConstraint(this=True)]
        else:
            key = exp.ColumnConstraint(this=exp.to_identifier(key_name(table)), kind=exp.PrimaryKeyColumnConstraint())
            return exp.ColumnDef(
                this=exp.to_identifier(column.name),
                kind=exp.DataType.build("INTEGER"),
                constraints=[key, exp.ColumnConstraint(kind=exp.AutoIncrementColumnConstraint())],
            )
    elif not column.nullable:
        kinds.append(exp.NotNullColumnConstraint())
    if column.computed:
        kinds = [exp.ComputedColumnConstraint(this=_parsed(column.computed, dialect), persisted=True)]
    default = default_of(column, dialect)
    if default is not None:
        kinds.append(exp.DefaultColumnConstraint(this=_parsed(default, dialect)))
    return exp.ColumnDef(
        this=exp.to_identifier(column.name),
        kind=exp.DataType.build(type_of(column, dialect), dialect=dialect),
        constraints=[exp.ColumnConstraint(kind=kind) for kind in kinds],
    )


def _constraint(name: str, kind: exp.Expr) -> exp.Expr:
    from sqlglot import exp

    assert len(name) <= 63, name  # PostgreSQL would cut it
    return exp.Constraint(this=exp.to_identifier(name), expressions=[kind])


def _check(name: str, condition: str, dialect: Dialect) -> exp.Expr:
    from sqlglot import exp

    return _constraint(name, exp.CheckColumnConstraint(this=_parsed(condition, dialect)))


def _foreign(foreign: Foreign, dialect: Dialect) -> exp.Expr:
    from sqlglot import exp

    options = ["ON DELETE CASCADE"] * foreign.cascade + ["DEFERRABLE INITIALLY DEFERRED"] * foreign.deferred
    to = exp.Schema(
        this=_name(foreign.table, dialect), expressions=[exp.to_identifier(name) for name in foreign.references]
    )
    return exp.ForeignKey(
        expressions=[exp.to_identifier(name) for name in foreign.columns],
        reference=exp.Reference(this=to, options=options),
    )


def _added(table: Table, foreign: Foreign, dialect: Dialect) -> str:
    from sqlglot import exp

    constraint = _constraint(foreign_name(table, foreign), _foreign(foreign, dialect))
    return exp.Alter(
        this=_name(table.name, dialect), kind="TABLE", actions=[exp.AddConstraint(expressions=[constraint])]
    ).sql(dialect=dialect)


def _comments(table: Table) -> Iterator[str]:
    from sqlglot import exp

    named_table = _name(table.name, "postgres")
    yield exp.Comment(this=named_table, kind="TABLE", expression=exp.Literal.string(table.comment)).sql(
        dialect="postgres"
    )
    for column in table.columns:
        at = exp.column(column.name, table.name, db="public")
        text = exp.Literal.string(described(column))
        yield exp.Comment(this=at, kind="COLUMN", expression=text).sql(dialect="postgres")


def described(column: Column) -> str:
    """A column's comment: what the model says of the field, and its unit."""
    said = column.comment
    if column.source is not None:
        model: Any = column.source[0]
        text = model.model_fields[column.source[1]].description
        assert isinstance(text, str)
        said = f"{text} {said}".strip()
    assert said, column.name
    return " ".join(said.split())


def _name(table: str, dialect: Dialect) -> exp.Expr:
    from sqlglot import exp

    schema, _, name = table.rpartition(".")
    return exp.table_(name, db=(schema or "public") if dialect == "postgres" else None)


def _parsed(condition: str, dialect: Dialect) -> exp.Expr:
    from sqlglot import parse_one

    return parse_one(condition, dialect=dialect)
