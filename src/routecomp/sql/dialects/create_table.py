"""Write CREATE TABLE and its parts with sqlglot, for dialects that sqlglot knows.

sqlglot is asked for one dialect at a time and never translates: on the way to another one it would turn partial unique
indexes and `ON CONFLICT` into what that database refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.schema import Column, Foreign, Table, foreign_name, key_name

if TYPE_CHECKING:
    from sqlglot import exp

_LONGEST_NAME = 63  # databases cut longer ones


@dataclass(frozen=True, slots=True)
class TableWriter:
    """Writes the tables of one dialect.

    `grammar` is sqlglot's name of it; `schema` is what names of our tables begin with. With `key_in_column` a serial
    column declares itself the primary key, else it is an identity.
    """

    dialect: Dialect
    grammar: str
    schema: str | None = None
    key_in_column: bool = False

    def create_table(self, table: Table, foreign: Sequence[Foreign]) -> str:
        """Return CREATE TABLE with columns, primary key, checks, and these foreign keys instead of the table's own."""
        from sqlglot import exp  # lazy: sqlglot takes 0.2 s to import, and the schema is rendered beforehand

        parts: list[exp.Expr] = [self._column(table, column) for column in table.columns]
        if not (self.key_in_column and table.key == ("id",)):
            key = exp.PrimaryKey(expressions=[exp.to_identifier(name) for name in table.key])
            parts.append(_constraint(key_name(table), key))
        parts += [
            _constraint(name, exp.CheckColumnConstraint(this=self._parsed(condition)))
            for name, condition in self.dialect.checks(table)
        ]
        parts += [_constraint(foreign_name(table, reference), self._foreign(reference)) for reference in foreign]
        created = exp.Create(this=exp.Schema(this=self.table(table.name), expressions=parts), kind="TABLE")
        return created.sql(dialect=self.grammar, pretty=True)

    def add_foreign_key(self, table: Table, foreign: Foreign) -> str:
        """Return ALTER TABLE that adds a foreign key."""
        from sqlglot import exp  # lazy: as above

        constraint = _constraint(foreign_name(table, foreign), self._foreign(foreign))
        return exp.Alter(
            this=self.table(table.name), kind="TABLE", actions=[exp.AddConstraint(expressions=[constraint])]
        ).sql(dialect=self.grammar)

    def comment_on_table(self, table: Table) -> str:
        """Return COMMENT ON TABLE."""
        from sqlglot import exp  # lazy: as above

        text = exp.Literal.string(table.comment)
        return exp.Comment(this=self.table(table.name), kind="TABLE", expression=text).sql(dialect=self.grammar)

    def comment_on_column(self, table: Table, column: Column) -> str:
        """Write the COMMENT ON COLUMN that says what a column is for: its description; no semicolon ends it."""
        from sqlglot import exp  # lazy: as above

        name = exp.column(column.name, table.name, db=self.schema)
        text = exp.Literal.string(column.description)
        return exp.Comment(this=name, kind="COLUMN", expression=text).sql(dialect=self.grammar)

    def table(self, name: str) -> exp.Expr:
        """Return the name of a table; one of the company's may come with a schema of its own.

        Without `schema` any schema is left out.
        """
        from sqlglot import exp  # lazy: as above

        schema, _, bare = name.rpartition(".")
        return exp.table_(bare, db=(schema or self.schema) if self.schema is not None else None)

    def _column(self, table: Table, column: Column) -> exp.Expr:
        from sqlglot import exp  # lazy: as above

        kinds: list[exp.Expr] = []
        if column.kind == "serial":
            if self.key_in_column:
                key = exp.ColumnConstraint(
                    this=exp.to_identifier(key_name(table)), kind=exp.PrimaryKeyColumnConstraint()
                )
                return exp.ColumnDef(
                    this=exp.to_identifier(column.name),
                    kind=exp.DataType.build(self.dialect.type_of(column)),
                    constraints=[key, exp.ColumnConstraint(kind=exp.AutoIncrementColumnConstraint())],
                )
            kinds = [exp.GeneratedAsIdentityColumnConstraint(this=True)]
        elif not column.nullable:
            kinds.append(exp.NotNullColumnConstraint())
        if column.computed:
            kinds = [exp.ComputedColumnConstraint(this=self._parsed(column.computed), persisted=True)]
        default = self.dialect.default_of(column)
        if default is not None:
            kinds.append(exp.DefaultColumnConstraint(this=self._parsed(default)))
        return exp.ColumnDef(
            this=exp.to_identifier(column.name),
            kind=exp.DataType.build(self.dialect.type_of(column), dialect=self.grammar),
            constraints=[exp.ColumnConstraint(kind=kind) for kind in kinds],
        )

    def _foreign(self, foreign: Foreign) -> exp.Expr:
        from sqlglot import exp  # lazy: as above

        options = ["ON DELETE CASCADE"] * foreign.cascade + ["DEFERRABLE INITIALLY DEFERRED"] * foreign.deferred
        to = exp.Schema(
            this=self.table(foreign.table), expressions=[exp.to_identifier(name) for name in foreign.references]
        )
        return exp.ForeignKey(
            expressions=[exp.to_identifier(name) for name in foreign.columns],
            reference=exp.Reference(this=to, options=options),
        )

    def _parsed(self, expression: str) -> exp.Expr:
        from sqlglot import parse_one  # lazy: as above

        return parse_one(expression, dialect=self.grammar)


def _constraint(name: str, kind: exp.Expr) -> exp.Expr:
    """Return a named constraint; an `AssertionError` for a name that databases would cut."""
    from sqlglot import exp  # lazy: as above

    assert len(name) <= _LONGEST_NAME, name
    return exp.Constraint(this=exp.to_identifier(name), expressions=[kind])
