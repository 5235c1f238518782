"""A database's URL in, its `Address` out: what to connect to, and how to call it without a password."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from routecomp.database.failure import DatabaseError
from routecomp.sql.schema import NOT_SUPPORTED, Dialect

_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]{0,40}):(?P<rest>.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_FORMS = "write sqlite:///routing.db, sqlite:////srv/routing.db or postgresql://user@host:5432/database"
_QUOTE = "write special characters of the user and the password as %XX: @ is %40, / is %2F, ? is %3F, # is %23"
_SECRET_KEYS = ("password", "sslpassword", "passfile", "sslkey", "require_auth")
_OTHERS = {"mariadb": "mariadb", "mysql": "mysql", "mssql": "mssql", "sqlserver": "mssql", "oracle": "oracle"}


@dataclass(frozen=True, slots=True)
class Address:
    """`where` is what the driver is given: a file's path, or a URL that may hold a password, which is why it is
    shown nowhere; `shown` is how messages call the database; `secrets` are texts that no message may hold."""

    dialect: Dialect
    where: str = field(repr=False)
    shown: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)


def address(url: str) -> Address:
    """Read a URL; `DatabaseError` where it is none, or names a database there are no migrations for."""
    found = _URL.fullmatch(url.strip())
    if found is None or any(ord(letter) < 32 for letter in url):
        # The text itself is not shown: it may well be a password.
        raise DatabaseError("this is no URL of a database", _FORMS)
    scheme, rest = found["scheme"].lower(), found["rest"]
    family = scheme.partition("+")[0]
    if family == "sqlite":
        return _sqlite(rest)
    if family in ("postgresql", "postgres"):
        return _postgres(rest)
    why = NOT_SUPPORTED.get(_OTHERS.get(family, ""))
    if why is not None:
        raise DatabaseError(f"{family} is not supported, because {why}", "use PostgreSQL or SQLite")
    raise DatabaseError(
        f"{family} is not supported, because there are migrations for PostgreSQL and SQLite alone", _FORMS
    )


def _sqlite(rest: str) -> Address:
    path = unquote(rest.removeprefix("///"))
    if not rest.startswith("///") or not path:
        raise DatabaseError(
            "this URL names no file: sqlite has three slashes, then the path",
            "write sqlite:///routing.db for a file in this folder, sqlite:////srv/routing.db for another",
        )
    if path == ":memory:" or "?" in rest or "\0" in path:
        raise DatabaseError(
            "this URL names no file that stays", "name a file on a disk; a `?` in its name is written %3F"
        )
    return Address("sqlite", path, f"sqlite:///{path}")


def _postgres(rest: str) -> Address:
    """INVARIANT: what is shown never holds a part of a password, however badly the URL is put together."""
    if not rest.startswith("//"):
        raise DatabaseError("this URL names no server: postgresql: is followed by two slashes", _FORMS)
    main, _, query = rest[2:].partition("?")
    authority, slash, name = main.partition("/")
    # A password with an @, a / or a ? of its own would be taken for a host, and be shown in every message.
    if rest.count("@") > 1 or "@" in name or "@" in query or "#" in rest:
        raise DatabaseError("this URL cannot be read: it is not clear where the password ends", _QUOTE)
    login, at, hosts = authority.rpartition("@")
    user, _, password = login.partition(":")
    for host in hosts.split(","):
        port = host.rpartition("]")[2].partition(":")[2] if host.startswith("[") else host.partition(":")[2]
        if port and not port.isdecimal():
            raise DatabaseError("this URL cannot be read: the port is not a number", _QUOTE)
    secrets = {password, unquote(password)}
    for part in query.split("&"):
        key, _, value = part.partition("=")
        if key.lower() in _SECRET_KEYS:
            secrets |= {value, unquote(value)}
    shown = f"postgresql://{user}{at}{hosts}{slash}{name}"
    return Address("postgres", f"postgresql://{rest[2:]}", shown, tuple(secret for secret in secrets if secret))
