"""Tell the parts of a PostgreSQL address that can be shown from those in which a password may hide."""

from __future__ import annotations

import re

from routecomp.database.failure import DatabaseError

_HOST = re.compile(r"[\w.-]*|[0-9A-Fa-f:.]+(%\w+)?|/[^;,&@=:?#]*")
_NAME = re.compile(r"[\w.$+~\" -]*")
_MAIL = re.compile(r"(?=.{1,63}$)[\w.+-]+@[\w.-]+")
"""How some clouds call a user. A server cuts longer names, which would then not be found in its words."""
_WORD = re.compile(r"[\w.,+-]*")
_TEXT = re.compile(r"(?!.*(?:[;&]|pass(?:word|wd)?\s*[=:]|(?:pwd|secret)\s*[=:])).*", re.IGNORECASE | re.DOTALL)
_SHAPES = {"host": _HOST, "hostaddr": _HOST, "dbname": _NAME, "service": _NAME}
_TEXTS = (
    "options",
    "application_name",
    "fallback_application_name",
    "passfile",
    "krbsrvname",
    "gsslib",
    "requirepeer",
    "sslcert",
    "sslrootcert",
    "sslcrl",
    "sslcrldir",
    "sslkeylogfile",
)
_TITLES = {"host": "the host", "user": "the user", "dbname": "the name of the database"}
_QUOTES = ('""', "''", "`'", "«»", "»«", "„“", "“”", "‚‘", "‘’")
_QUOTED = re.compile("|".join(f"{left}[^{right}]*{right}" for left, right in map(tuple, _QUOTES)))
_SHOWN = re.compile(r"[\w.$+~/ -]*|[0-9A-Fa-f:.]+(%\w+)?")
_HELP = (
    "between key=value pairs stand spaces, and in a URL `?` before the first key and `&` between two; a password may "
    "stand in PGPASSWORD or ~/.pgpass"
)
SECRET_KEYS = ("password", "sslpassword", "passfile", "sslkey", "require_auth", "oauth_client_secret")
"""What is shown nowhere, whatever it holds."""


def require_plain(key: str, value: str, variable: str = "") -> None:
    """Raise `DatabaseError` where a value of libpq's `key` holds what such a value never does; nothing of it is shown.

    `host=a;password=b` is one host to libpq, and would be shown as one. `variable` is the one that holds it, or empty.
    """
    if key in SECRET_KEYS or all(_is_plain(key, part) for part in (value.split(",") if "host" in key else [value])):
        return
    title = _TITLES.get(key, f"the value of {key}")
    raise DatabaseError(
        f"{variable}{': ' * bool(variable)}{title} holds what none has, and a password may be a part of it", _HELP
    )


def hidden(user: str) -> bool:
    """Return whether a user is not shown: `a@b` may be a user with a password as well as a mail address."""
    return "@" in user


def shown_words(words: str) -> str:
    """Return what a driver says of a connection, with `***` for whatever it quotes that is not plainly a name.

    A file of services or a variable may hold what no address was asked for.
    """
    return _QUOTED.sub(lambda part: part[0] if _SHOWN.fullmatch(part[0][1:-1]) else _starred(part[0]), words)


def _starred(quoted: str) -> str:
    return f"{quoted[0]}***{quoted[-1]}"


def _is_plain(key: str, value: str) -> bool:
    if key == "user":
        return bool(_NAME.fullmatch(value) or _MAIL.fullmatch(value))
    is_text = key in _TEXTS or key.startswith("oauth")
    shape = _SHAPES.get(key, _TEXT if is_text else _WORD)
    return bool(shape.fullmatch(value))
