"""Say which names credentials have: in a text before a value that may be one, and as a key that never holds another.

Both read the same words. Before a value any name that holds one of them counts, because the value is looked at too; of
a key its last words count, because it is refused whatever its value is: `x-vault-token` and `openai_api_key` are such
names, `max_tokens`, `token_type` and `prompt_cache_key` are none.
"""

from __future__ import annotations

import re

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

WORDS_OF_VARIABLES = frozenset(
    [
        "apikey",
        "auth",
        "authorization",
        "bearer",
        "credential",
        "credentials",
        "key",
        "passwd",
        "password",
        "pat",
        "pwd",
        "secret",
        "secrets",
        "token",
    ]
)
"""Words of the names of environment variables that hold credentials."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_OF_TOKENS = frozenset([*_OF.split("|"), "bearer", "refresh", "session", "private", "client"])
_LAST = re.compile(
    rf"{_SECRET}s?|pwd|passphrase|credentials?|authorization|jwt|[a-z]*(?:{_OF}|secret|private)keys?"
    rf"|(?:{'|'.join(_OF_TOKENS)})token"
)
"""A last word that says it alone; the parts of some are written as one (`apikey`)."""
_OF_KEYS = frozenset(
    f"{_OF} client private secret shared signing encryption subscription functions function virtual master admin account "
    "storage license gateway proxy llm litellm portkey helicone openrouter openai anthropic claude mistral google gemini "
    "vertex azure aws bedrock cohere groq together fireworks deepseek cloudflare vault".replace("|", " ").split()
)
"""Words before `key` that make it a credential; others name an entry (`cache_key`, `idempotency-key`)."""
_OF_PIECES = frozenset(
    [
        "max",
        "min",
        "per",
        "stop",
        "end",
        "start",
        "eos",
        "bos",
        "pad",
        "unk",
        "sep",
        "cls",
        "mask",
        "special",
        "first",
        "last",
        "next",
        "prev",
        "previous",
        "page",
        "sync",
        "cursor",
        "continuation",
        "input",
        "output",
        "prompt",
        "completion",
        "thinking",
        "reasoning",
        "image",
        "audio",
        "text",
        "time",
        "echo",
        "delimiter",
        "separator",
        "decoder",
        "encoder",
        "begin",
        "beginning",
        "boundary",
        "sot",
        "eot",
        "eom",
        "cost",
        "price",
        "ms",
        "prefix",
        "suffix",
        "thought",
        "budget",
    ]
)
"""Words before `token` that make it a piece of text, or a place in a listing."""
_WHETHER = frozenset(
    [
        "x",
        "with",
        "without",
        "no",
        "use",
        "uses",
        "require",
        "requires",
        "required",
        "needs",
        "has",
        "is",
        "skip",
        "webhook",
        "tool",
    ]
)
"""Words before `auth` that make it a question of whether or how."""


def names_credential(name: str) -> bool:
    """Return whether a key, a header or a part of a query has a name that credentials have, by its last words."""
    words = [word.lower() for word in _WORDS.findall(name)]
    of, last = (["", ""] + words)[-2:]
    if _LAST.fullmatch(last):
        return True
    if last in ("key", "keys"):
        return of in _OF_KEYS
    return (last == "token" and of not in _OF_PIECES) or (last == "auth" and bool(of) and of not in _WHETHER)
