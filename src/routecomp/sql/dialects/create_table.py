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

_COMPANY_SCHEMA = "public"  # of the company's own tables that are named without one


@dataclass(frozen=True, slots=True)
class TableWriter:
    """Writes the tables of one dialect.

    `grammar` is sqlglot's name of it; `schema` is that of our tables, None where there is none. With `key_in_column` a
    serial column declares itself the primary key, else it is an identity.
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
            parts.append(_constraint(self.dialect.names.of(key_name(table)), key))
        parts += [
            _constraint(name, exp.CheckColumnConstraint(this=self._parsed(condition)))
            for name, condition in self.dialect.checks(table)
        ]
        parts += [self._named_foreign(table, reference) for reference in foreign]
        created = exp.Create(this=exp.Schema(this=self.table(table.name), expressions=parts), kind="TABLE")
        return created.sql(dialect=self.grammar, pretty=True)

    def add_foreign_key(self, table: Table, foreign: Foreign) -> str:
        """Return ALTER TABLE that adds a foreign key."""
        from sqlglot import exp  # lazy: as above

        added = exp.AddConstraint(expressions=[self._named_foreign(table, foreign)])
        return exp.Alter(this=self.table(table.name), kind="TABLE", actions=[added]).sql(dialect=self.grammar)

    def comment_on_table(self, table: Table) -> str:
        """Return COMMENT ON TABLE."""
        from sqlglot import exp  # lazy: as above

        text = exp.Literal.string(table.comment)
        return exp.Comment(this=self.table(table.name), kind="TABLE", expression=text).sql(dialect=self.grammar)

    def comment_on_column(self, table: Table, column: Column) -> str:
        """Write the COMMENT ON COLUMN that says what a column is for: its description; no semicolon ends it."""
        from sqlglot import exp  # lazy: as above

        name = exp.column(column.name, self.dialect.names.of(table.name), db=self.schema)
        text = exp.Literal.string(column.description)
        return exp.Comment(this=name, kind="COLUMN", expression=text).sql(dialect=self.grammar)

    def table(self, name: str) -> exp.Expr:
        """Return the name of one of our tables."""
        from sqlglot import exp  # lazy: as above

        return exp.table_(self.dialect.names.of(name), db=self.schema)

    def _others_table(self, name: str) -> exp.Expr:
        """Return the name of a table of the company's, which may have a schema of its own."""
        from sqlglot import exp  # lazy: as above

        schema, _, bare = name.rpartition(".")
        return exp.table_(bare, db=(schema or _COMPANY_SCHEMA) if self.schema is not None else None)

    def _column(self, table: Table, column: Column) -> exp.Expr:
        from sqlglot import exp  # lazy: as above

        kinds: list[exp.Expr] = []
        if column.kind == "serial":
            if self.key_in_column:
                key = exp.ColumnConstraint(
                    this=exp.to_identifier(self.dialect.names.of(key_name(table))),
                    kind=exp.PrimaryKeyColumnConstraint(),
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

    def _named_foreign(self, table: Table, foreign: Foreign) -> exp.Expr:
        return _constraint(self.dialect.names.of(foreign_name(table, foreign)), self._foreign(foreign))

    def _foreign(self, foreign: Foreign) -> exp.Expr:
        from sqlglot import exp  # lazy: as above

        options = ["ON DELETE CASCADE"] * foreign.cascade + ["DEFERRABLE INITIALLY DEFERRED"] * foreign.deferred
        table = self._others_table(foreign.table) if foreign.to_others else self.table(foreign.table)
        to = exp.Schema(this=table, expressions=[exp.to_identifier(name) for name in foreign.references])
        return exp.ForeignKey(
            expressions=[exp.to_identifier(name) for name in foreign.columns],
            reference=exp.Reference(this=to, options=options),
        )

    def _parsed(self, expression: str) -> exp.Expr:
        from sqlglot import parse_one  # lazy: as above

        return parse_one(expression, dialect=self.grammar)


def _constraint(name: str, kind: exp.Expr) -> exp.Expr:
    """Return a named constraint."""
    from sqlglot import exp  # lazy: as above

    return exp.Constraint(this=exp.to_identifier(name), expressions=[kind])
