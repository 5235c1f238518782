"""Say which names of schemas PostgreSQL reads as they are written."""

from __future__ import annotations

from routecomp.sql.names import LONGEST_NAME, PLAIN, instead

_RESERVED = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "authorization",
        "binary",
        "both",
        "case",
        "cast",
        "check",
        "collate",
        "collation",
        "column",
        "concurrently",
        "constraint",
        "create",
        "cross",
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "deferrable",
        "desc",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "false",
        "fetch",
        "for",
        "foreign",
        "freeze",
        "from",
        "full",
        "grant",
        "group",
        "having",
        "ilike",
        "in",
        "initially",
        "inner",
        "intersect",
        "into",
        "is",
        "isnull",
        "join",
        "lateral",
        "leading",
        "left",
        "like",
        "limit",
        "localtime",
        "localtimestamp",
        "natural",
        "not",
        "notnull",
        "null",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "outer",
        "overlaps",
        "placing",
        "primary",
        "references",
        "returning",
        "right",
        "select",
        "session_user",
        "similar",
        "some",
        "symmetric",
        "system_user",
        "table",
        "tablesample",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "user",
        "using",
        "variadic",
        "verbose",
        "when",
        "where",
        "window",
        "with",
    ]
)
"""The words that PostgreSQL reads otherwise where a schema is named."""


def schema_fault(name: str) -> tuple[str, str] | None:
    """Return what keeps a schema from having this name, and the remedy; None where nothing does."""
    if not PLAIN.fullmatch(name):
        return "a schema's name has small letters, digits and `_` here, as names without quotes have", instead(name)
    if len(name) > LONGEST_NAME:
        return f"it has {len(name)} characters, and PostgreSQL keeps {LONGEST_NAME}", "choose a shorter name"
    if name in _RESERVED:
        return (
            "it is a word of SQL, which only quotes would make a name",
            f"choose another name, such as `{name}_routing`",
        )
    if name.startswith("pg_") or name == "information_schema":
        return "it belongs to PostgreSQL itself", "choose another name, such as `routing`"
    return None
