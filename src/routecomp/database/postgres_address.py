"""Read where a PostgreSQL server is: from a URL, from libpq's `key=value` text, or from its variables (PGHOST …)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote

from routecomp.database.driver import Address
from routecomp.database.failure import DatabaseError
from routecomp.database.postgres_parts import SECRET_KEYS, hidden, require_plain
from routecomp.sql.dialects.postgres import POSTGRES

INSTALL = "pip install 'routecomp[postgres]'"
NOT_INSTALLED = "PostgreSQL is reached with psycopg, which is not installed"
_QUOTE = "write special characters of the user and the password as %XX: @ is %40, / is %2F, ? is %3F, # is %23"
_PAIRS = re.compile(r"[a-z_]+\s*=", re.ASCII)
_NAMING = {"PGHOST": "host", "PGHOSTADDR": "hostaddr", "PGSERVICE": "service", "PGDATABASE": "dbname"}
"""The variables any of which names a database, and the keys that they stand for."""
_BESIDE = {"PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}


def read_url(rest: str) -> Address:
    """Parse what stands behind the scheme and colon of a URL; raise `DatabaseError` where that is not clear.

    INVARIANT: what is shown never holds a part of a password, however badly the URL is put together.
    """
    if not rest.startswith("//"):
        raise DatabaseError("this URL names no server: postgresql: is followed by two slashes")
    main, _, query = rest[2:].partition("?")
    authority, slash, name = main.partition("/")
    # A password with an @, a / or a ? of its own would be taken for a host, and be shown in every message.
    if rest.count("@") > 1 or "@" in name or "@" in query or "#" in rest:
        raise DatabaseError("this URL cannot be read: it is not clear where the password ends", _QUOTE)
    login, at_sign, hosts = authority.rpartition("@")
    user, _, password = login.partition(":")
    for host in hosts.split(","):
        port = host.rpartition("]")[2].partition(":")[2] if host.startswith("[") else host.partition(":")[2]
        if port and not port.isdecimal():
            raise DatabaseError("this URL cannot be read: the port is not a number", _QUOTE)
        require_plain("host", unquote(host.rpartition("]")[0].lstrip("[") or host.partition(":")[0]))
    require_plain("user", unquote(user))
    require_plain("dbname", unquote(name))
    secrets = {password, unquote(password)}
    for part in query.split("&"):
        key, _, value = part.partition("=")
        require_plain(key.lower(), unquote(value))
        if key.lower() in SECRET_KEYS or (key.lower() == "user" and hidden(unquote(value))):
            secrets |= {value, unquote(value)}
    if hidden(unquote(user)):
        secrets |= {user, unquote(user)}
        user = "***"
    shown = f"postgresql://{user}{at_sign}{hosts}{slash}{name}"
    return Address(POSTGRES, f"postgresql://{rest[2:]}", shown, tuple(secret for secret in secrets if secret))


def read_pairs(text: str) -> Address | None:
    """Parse libpq's `host=db.example dbname=routing user=deploy`; return None for a text that is none.

    Raises `DatabaseError` where it is not clear, and shows nothing of it then.
    """
    text = text.strip()
    if _PAIRS.match(text) is None:
        return None
    try:
        from psycopg import ProgrammingError  # lazy: an extra installs it
        from psycopg.conninfo import conninfo_to_dict  # lazy: as above
    except ImportError:  # also where it is there and finds no libpq
        raise DatabaseError(NOT_INSTALLED, INSTALL) from None
    try:
        pairs = {key: str(value) for key, value in conninfo_to_dict(text).items()}
    except ProgrammingError:  # its words quote the text, in which a password may be
        raise DatabaseError(
            "this is no `key=value` text that libpq can read",
            "write key=value pairs with spaces between them, such as host=db.example dbname=routing user=deploy; a "
            "value with spaces, or an empty one, stands between '…', and in it \\' is a quote",
        ) from None
    return _address(pairs, text)


def read_environment(variables: Mapping[str, str]) -> Address | None:
    """Return the address that libpq takes from its variables; None where none of them names a server or a database."""
    if not any(variables.get(name) for name in _NAMING):
        return None
    named = {**_NAMING, **_BESIDE}
    given = {name: key for name, key in named.items() if variables.get(name)}
    known = _address(
        {key: variables[name] for name, key in given.items()}, "", {key: name for name, key in given.items()}
    )
    return replace(known, origin=", ".join(given))


def _address(pairs: Mapping[str, str], where: str, variables: Mapping[str, str] | None = None) -> Address:
    """Return the address of libpq's keys; raise `DatabaseError` where one of them may hide a password.

    `variables` maps a key to the variable that holds it, which messages name.
    """
    variables = variables or {}
    from_where = {key: f"{name}: " for key, name in variables.items()}
    name = pairs.get("dbname", "")
    if "://" in name or "=" in name:  # libpq would read it as a whole address
        help = "put that address into DATABASE_URL" if variables else "give that address by itself"
        raise DatabaseError(f"{from_where.get('dbname', '')}the name of the database is an address of its own", help)
    hosts = (pairs.get("host") or pairs.get("hostaddr") or "").split(",")
    ports = pairs.get("port", "").split(",")
    if any(port and not port.strip().isdecimal() for port in ports):
        help = f"write {variables.get('port', 'port')}=5432"
        raise DatabaseError(f"{from_where.get('port', '')}the port is not a number", help)
    for key, value in pairs.items():
        require_plain(key, value, variables.get(key, ""))
    ports *= len(hosts) if len(ports) == 1 else 1
    places = [f"{host}{':' * bool(port)}{port}" for host, port in zip(hosts, ports, strict=False)]
    user = pairs.get("user", "")
    secrets = [pairs[key] for key in SECRET_KEYS if pairs.get(key)]
    if hidden(user):
        secrets.append(user)
        user = "***"
    shown = f"postgresql://{user}{'@' * bool(user)}{','.join(places)}{'/' * bool(name)}{name}"
    if pairs.get("service"):
        shown += f" (service {pairs['service']})"
    return Address(POSTGRES, where, shown, tuple(secrets))


def require_plain_connection(where: str) -> None:
    """Raise `DatabaseError` where a connection takes a part from its address or a variable that may hide a password.

    libpq reads a dozen variables of its own, and quotes them. INVARIANT: libpq can read the address.
    """
    from psycopg import pq  # lazy: an extra installs it

    defaults = {part.keyword.decode(): part for part in pq.Conninfo.get_defaults()}
    given = {part.keyword.decode(): part.val for part in pq.Conninfo.parse(where.encode()) if part.val}
    for key, part in defaults.items():
        value = given.get(key) or part.val or b""
        variable = part.envvar.decode() if part.envvar and key not in given else ""
        require_plain(key, value.decode(errors="replace"), variable)
