"""Say which names credentials have: in a text before a value that may be one, and as a key that never holds another.

Both read the same words. Before a value any name that holds one of them counts, because the value is looked at too; of
a key its last words count, because it is refused whatever its value is: `x-vault-token` and `openai_api_key` are such
names, `max_tokens`, `token_type` and `prompt_cache_key` are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

_SECRET = r"(?:secret|passw(?:or)?d)"
_OF = "api|access|auth"
BEFORE_A_VALUE = rf"(?:(?:{_OF}|client)?[ _-]?(?:key|token|{_SECRET}|pwd)|passphrase|credentials?)"
"""A pattern, in small letters, of names and words before a value."""
IN_A_QUERY = rf"(?:{BEFORE_A_VALUE}|sig|signature|code)"
"""A pattern, in small letters, of the names of a URL's query before a value."""
HINTS = ("key", "token", "secret", "pass", "pwd", "credential", "sig", "code")
"""One of these is in whatever the patterns above match: most texts can do without them."""
IN_WORDS = rf"(?:{BEFORE_A_VALUE}|authorization)"
"""A pattern, in small letters, of what a sentence calls a credential (`authorization is …`)."""
SCHEMES = ("bearer", "basic", "token")
"""The words before a credential that stand behind no sign, as in `Bearer …`."""

_VARIABLES = "apikey auth authorization bearer credential credentials key passwd password pat pwd secret secrets token"
WORDS_OF_VARIABLES = frozenset(_VARIABLES.split())
"""Words of the names of environment variables that hold credentials."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LAST = re.compile(
    rf"{_SECRET}s?|pwd|passphrase|credentials?|authorization|jwt|[a-z]*(?:{_OF}|secret|private)keys?"
    rf"|(?:{_OF}|bearer|refresh|session|private|client)token"
)
"""A last word that says it alone; the parts of some are written as one (`apikey`)."""
_KEYS = (
    "api access auth client private secret shared signing encryption subscription functions function virtual master "
    "admin account storage license gateway proxy llm litellm portkey helicone openrouter openai anthropic claude "
    "mistral google gemini vertex azure aws bedrock cohere groq together fireworks deepseek cloudflare vault"
)
_OF_KEYS = frozenset(_KEYS.split())
"""Words before `key` that make it a credential; others name an entry (`cache_key`, `idempotency-key`)."""
_PIECES = (
    "max min per stop end start eos bos pad unk sep cls mask special first last next prev previous page sync cursor "
    "continuation input output prompt completion thinking reasoning image audio text time echo delimiter separator "
    "decoder encoder begin beginning boundary sot eot eom cost price ms prefix suffix thought budget"
)
_OF_PIECES = frozenset(_PIECES.split())
"""Words before `token` that make it a piece of text, or a place in a listing."""
_QUESTIONS = "x with without no use uses require requires required needs has is skip webhook tool"
_WHETHER = frozenset(_QUESTIONS.split())
"""Words before `auth` that make it a question of whether or how."""


def names_credential(name: str) -> bool:
    """Return whether a key, a header or a part of a query has a name that credentials have, by its last words."""
    of, last = ["", "", *(word.lower() for word in _WORDS.findall(name))][-2:]
    if _LAST.fullmatch(last):
        return True
    if last in ("key", "keys"):
        return of in _OF_KEYS
    return (last == "token" and of not in _OF_PIECES) or (last == "auth" and bool(of) and of not in _WHETHER)


_VARIABLE = re.compile(
    r"(?:Bearer )?(?:\$\{?|os\.environ/|env[:.]|\{\{ ?(?:env\.)?|%)?([A-Za-z_][A-Za-z0-9_]*)(?: ?\}\}|\}|%)?", re.ASCII
)
"""The name of a variable, alone or in one of the ways in which other programs have it filled in."""


def variable_in(text: str) -> str | None:
    """Return the name that a text consists of, as of a variable, or None."""
    match = _VARIABLE.fullmatch(text)
    return None if match is None else match[1]


def names_variable(text: str, patterns: Iterable[str] = ()) -> bool:
    """Return whether a text is surely the name of a variable, and no secret.

    It is written in capitals, or a pattern matches it, or it is of words without figures that end as names of
    credentials do (`openai_api_key`).
    """
    name = variable_in(text)
    if name is None:
        return False
    if name == name.upper() or any(fnmatchcase(name, pattern) for pattern in patterns):
        return True
    *others, last = name.lower().split("_")
    return bool(others) and last in WORDS_OF_VARIABLES and not any(map(str.isdigit, name))
