"""A database in, what its schema is out: tables, columns, constraints, indexes, triggers, functions, by name.

PostgreSQL tells definitions in its own words, so what a fresh install has is written down by the runner when it
installs; SQLite keeps the text, so a fresh install is made in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping

from routecomp.database.connection import Database
from routecomp.sql.literals import literal

Thing = tuple[str, str, str]
"""Table (empty for functions), kind and name."""
Catalogue = dict[Thing, str]
"""What there is, and how it is defined."""
DISABLED = "disabled"
SERVER: Thing = ("", "server", "major version")
"""Whose words the definitions are: another major version may say the same in others."""
_TABLE = re.compile(r"CREATE TABLE (?:public\.)?(\w+) \(")
_NAMES = (
    (re.compile(r"CREATE (?:UNIQUE )?INDEX (?P<name>\w+) ON (?:public\.)?(?P<table>\w+)"), "index"),
    (
        re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (?P<name>\w+)\s.*?\sON (?:public\.)?(?P<table>\w+)", re.DOTALL),
        "trigger",
    ),
    (re.compile(r"ALTER TABLE (?:public\.)?(?P<table>\w+) ADD CONSTRAINT (?P<name>\w+)"), "constraint"),
    (re.compile(r"CREATE FUNCTION public\.(?P<name>\w+)(?P<table>)"), "function"),
)
_CONSTRAINT = re.compile(r"CONSTRAINT (\w+) (?:CHECK|PRIMARY|FOREIGN|UNIQUE)")
_COLUMN = re.compile(r"^  ([a-z_][a-z0-9_]*) ", re.MULTILINE)

_POSTGRES = """\
WITH ours AS (SELECT c.oid, c.relname, c.relrowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname IN ({tables}))
SELECT ours.relname, 'table', ours.relname, 'table' || CASE WHEN ours.relrowsecurity THEN ' with row level security'
  ELSE '' END FROM ours
UNION ALL
SELECT ours.relname, 'column', a.attname, format_type(a.atttypid, a.atttypmod)
  || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
  || CASE a.attidentity WHEN 'a' THEN ' ALWAYS AS IDENTITY' WHEN 'd' THEN ' BY DEFAULT AS IDENTITY' ELSE '' END
  || coalesce(CASE WHEN a.attgenerated = 's' THEN ' GENERATED ' ELSE ' DEFAULT ' END
              || pg_get_expr(d.adbin, d.adrelid), '')
FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL
SELECT ours.relname, 'constraint', k.conname, CASE WHEN EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgconstraint = k.oid
    AND t.tgisinternal AND t.tgenabled NOT IN ('O', 'A')) THEN 'disabled' ELSE pg_get_constraintdef(k.oid) END
FROM ours JOIN pg_constraint k ON k.conrelid = ours.oid AND k.contype IN ('c', 'p', 'u', 'f', 'x')
UNION ALL
SELECT ours.relname, 'index', i.relname, pg_get_indexdef(i.oid)
  || CASE WHEN x.indisvalid THEN '' ELSE ' (not valid)' END
FROM ours JOIN pg_index x ON x.indrelid = ours.oid JOIN pg_class i ON i.oid = x.indexrelid
WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT ours.relname, 'trigger', t.tgname, CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'disabled'
    ELSE pg_get_triggerdef(t.oid) || CASE WHEN t.tgenabled = 'A' THEN ' (always)' ELSE '' END END
FROM ours JOIN pg_trigger t ON t.tgrelid = ours.oid AND NOT t.tgisinternal
UNION ALL
SELECT ours.relname, 'rule', r.rulename, pg_get_ruledef(r.oid)
FROM ours JOIN pg_rewrite r ON r.ev_class = ours.oid AND r.rulename <> '_RETURN'
UNION ALL
SELECT '', 'function', p.proname, pg_get_functiondef(p.oid)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND p.prokind = 'f' AND p.proname LIKE 'routecomp\\_%'
AND p.proname <> 'routecomp_migrations_kept'"""


def catalogue(database: Database, tables: Collection[str]) -> Catalogue:
    """What there is of these tables, and of our functions. On PostgreSQL `search_path` must be pg_catalog."""
    listed = ", ".join(literal(table, "sqlite") for table in sorted(tables)) or "''"
    if database.dialect == "postgres":
        rows = database.run(_POSTGRES.format(tables=listed))
        major = database.run("SELECT current_setting('server_version_num')::int / 10000")[0][0]
        return {SERVER: str(major)} | {(table, kind, name): said for table, kind, name, said in rows}
    rows = database.run(
        f"SELECT tbl_name, type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ({listed})"
    )
    return {(table, kind, name): said for table, kind, name, said in rows}


def named_in(statements: Collection[str]) -> set[Thing]:
    """What the statements of migrations make, by name alone; what they drop again is not in it."""
    found: set[Thing] = set()
    for statement in statements:
        table = _TABLE.match(statement)
        if table is not None:
            found.add((table[1], "table", table[1]))
            found |= {(table[1], "constraint", name) for name in _CONSTRAINT.findall(statement)}
            found |= {(table[1], "column", name) for name in _COLUMN.findall(statement)}
            continue
        for pattern, kind in _NAMES:
            one = pattern.match(statement)
            if one is not None:
                found.add((one["table"], kind, one["name"]))
    return found


def changes_schema(statements: Collection[str]) -> bool:
    """Whether any of the statements changes the schema; those of data never do."""
    return any(one.startswith(("CREATE ", "ALTER ", "DROP ", "COMMENT ", "REVOKE ")) for one in statements)


def moved(expected: Mapping[Thing, str], before: Mapping[Thing, str], after: Mapping[Thing, str]) -> Catalogue:
    """What is expected after a migration: what was, and what the migration changed. Drift does not creep in."""
    kept = {thing: said for thing, said in expected.items() if not (thing in before and thing not in after)}
    return kept | {thing: said for thing, said in after.items() if thing == SERVER or before.get(thing) != said}


def packed(found: Mapping[Thing, str]) -> str:
    """A catalogue as one text, for the ledger."""
    return json.dumps(sorted([*thing, said] for thing, said in found.items()), separators=(",", ":"))


def unpacked(text: str) -> Catalogue:
    """What `packed` wrote."""
    return {(table, kind, name): said for table, kind, name, said in json.loads(text)}


def sql_constraints(text: str) -> set[str]:
    """The names of the constraints in the text of a CREATE TABLE."""
    return set(_CONSTRAINT.findall(text))
