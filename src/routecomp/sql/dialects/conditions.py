"""Write the parts of a column's condition that databases read alike."""

from __future__ import annotations

from routecomp.model.fields import MOST_OF_A_NAME
from routecomp.model.hosts import METADATA, OWN_ENDINGS
from routecomp.sql.schema import Column

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
"""The days that every database knows, and writes alike."""


def all_of(*conditions: str) -> str:
    """Return the conditions joined by AND; empty ones are left out."""
    return " AND ".join(condition for condition in conditions if condition)


def unless_null(column: Column, condition: str) -> str:
    """Return the condition with NULL allowed where the column is nullable; an empty one stays empty."""
    return f"{column.name} IS NULL OR ({condition})" if column.nullable and condition else condition


def one_of_words(column: Column) -> str:
    """Return the condition that a column holds one of its words (which hold no quotes)."""
    words = "', '".join(column.words)
    return f"{column.name} IN ('{words}')"


def within_bounds(column: Column) -> str:
    """Return the condition that a column holds a number within its bounds.

    It is not written as BETWEEN, which PostgreSQL prints as a condition that it reads back as another one.
    """
    return f"{column.name} >= {column.low} AND {column.name} <= {column.high}"


def beyond_letters(column: Column) -> str:
    """Return the condition of a column's form beyond its letters and length; empty for most."""
    name = column.name
    if column.kind in ("name", "pattern"):
        return f"length({name}) <= {MOST_OF_A_NAME}"
    if column.kind == "salt":
        return f"replace({name}, ':', '') = {name}"
    if column.kind in ("day", "date"):
        return _in_the_calendar(name)
    if column.kind == "path":
        return f"replace(replace({name}, '#', ''), '\\', '') = {name}"
    if column.kind == "url":
        return f"replace(replace(replace({name}, '#', ''), '?', ''), '\\', '') = {name}"
    return ""


def _in_the_calendar(name: str) -> str:
    """Return the condition that a column, which has the form of a day, holds one that the calendar has."""
    century, year, month, day = (f"substr({name}, {start}, 2)" for start in (1, 3, 6, 9))
    fours = ", ".join(f"'{number:02}'" for number in range(4, 100, 4))
    return (
        f"substr({name}, 1, 4) <> '0000' AND {month} >= '01' AND {month} <= '12' AND {day} >= '01' AND ({day} <= '28'"
        f" OR ({day} <= '30' AND {month} <> '02')"
        f" OR ({day} = '31' AND {month} IN ('01', '03', '05', '07', '08', '10', '12'))"
        f" OR ({day} = '29' AND ({year} IN ({fours}) OR ({year} = '00' AND {century} IN ('00', {fours})))))"
    )


def over_https(authority: str, host: str) -> str:
    """Return the condition that a provider is called over https, or over http where that is allowed.

    That is this machine, and with `allow_http` a host of one's own network. `authority` is the expression of host and
    port, `host` that of a host that is no IPv6 address.
    """
    low, name, literal = "lower(base_url)", f"lower({host})", f"lower({authority})"
    after = "substr({} || '/', 1, 1) IN (':', '/')"
    private = ", ".join(f"'172.{number}.'" for number in range(16, 32))
    digits = "'0123456789.'"
    endings = " OR ".join(f"substr({name}, length({name}) - {len(end) - 1}) = '{end}'" for end in OWN_ENDINGS)
    metadata = ", ".join(f"'{text}'" for text in METADATA)
    return (
        f"substr({low}, 1, 8) = 'https://'"
        f" OR (substr({low}, 1, 16) = 'http://localhost' AND {after.format(f'substr({low}, 17)')})"
        f" OR (substr({low}, 1, 11) = 'http://127.' AND {after.format(f'ltrim(substr({low}, 12), {digits})')})"
        f" OR (substr({low}, 1, 8) = 'http://[' AND substr(ltrim(substr({low}, 9), '0:'), 1, 2) = '1]'"
        f" AND {after.format(f'''substr(ltrim(substr({low}, 9), '0:'), 3)''')})"
        f" OR (allow_http AND substr({low}, 1, 7) = 'http://' AND NOT {name} IN ({metadata}) AND ("
        f"(substr({literal}, 1, 3) IN ('[fc', '[fd') AND substr({literal}, 6, 1) = ':'"
        f" AND substr({literal}, 1, 10) <> '[fd00:ec2:' AND substr({literal}, 1, 11) <> '[fd00:0ec2:')"
        f" OR (ltrim({name}, {digits}) = '' AND (substr({name}, 1, 3) = '10.' OR substr({name}, 1, 8) = '192.168.'"
        f" OR substr({name}, 1, 7) IN ({private})))"
        f" OR (replace({name}, '.', '') = {name} AND ltrim({name}, {digits}) <> '' AND substr({name}, 1, 2) <> '0x'"
        f" AND substr({name}, 1, 1) <> '[') OR {endings}))"
    )
