"""Tell the texts that stand where a credential must stand, and are none: references, stand-ins, paths."""

from __future__ import annotations

import re

from routecomp.diagnostics.credentials.names import WORDS_OF_VARIABLES
from routecomp.source.later import compiled_later

REFERENCE = "os.environ/"
"""What stands before the name of an environment variable."""
OTHER_REFERENCE = compiled_later(
    r"\$\{?[A-Za-z_]\w*(?::-[^}]*)?\}?|env[:.]\s*\w+|%\w+%|\{\{.*\}\}|os[./]env(?:iron)?(?:[./\[(:]|\s).*|os\.getenv.*"
    r"|(?i:os\.environ)/?\s*.*",
    re.ASCII,
)
"""References to the environment in ways that LiteLLM does not read."""
_FILE = compiled_later(
    r"(?:[.~]{0,2}/|[A-Za-z]:\\)[\w.-]+[/\\].*|[\w./\\~:-]*\.(?:json|pem|key|crt|toml|ya?ml)", re.DOTALL | re.ASCII
)
_ELSEWHERE = (REFERENCE, "oidc/", "vault:", "arn:", "secretsmanager:", "projects/")
"""How a value begins that says where the credential is kept."""
_STAND_INS = ("redacted", "removed", "hidden", "todo", "xxx", "***", "...")
_ADDRESSED = frozenset(("your", "replace", "insert"))
"""Words in a text that says where a key is to be written: it is none."""
_WORDS_OF_REFERENCES = frozenset(("env", "environ", "os", "getenv", "get", "process", "default", "from", "secrets"))
_OF_NAMES = WORDS_OF_VARIABLES | {"dsn", "jwt", "keys", "pass", "tokens"}
"""Words of the names of environment variables that hold credentials."""
_NAME = compiled_later(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*", re.ASCII)
_PIECE = compiled_later(r"[A-Za-z]+[0-9]{0,2}|[0-9]{1,2}", re.ASCII)
"""A piece of a name as people give it: a word, a small number, or a word with one."""
_VERSION = compiled_later(r"[A-Za-z0-9]{1,4}", re.ASCII)
"""A piece of a name that says a version or a size (`4O`, `8X7B`): one is likely, two are not."""
_IDENTIFIER = compiled_later(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_STAND_IN_WORDS = frozenset(
    (
        *("fake", "dummy", "mock", "placeholder", "unused", "ignore", "ignored", "changeme", "example", "sample"),
        *("noauth", "nokey", "noop", "unneeded", "your", "replace", "insert", "lmstudio", "llamacpp"),
    )
)

"""Words that say of the whole text that it opens nothing, as for a server that asks for no key."""
_OUTER_WORDS = frozenset(
    (
        *("none", "null", "empty", "na", "n/a", "test", "testing", "anything", "any", "local", "localhost", "ollama"),
        *("vllm", "needed", "required", "key", "secret", "password", "internal", "proxy", "litellm", "copilot"),
    )
)
"""Words that say so where a text of few words begins or ends with them."""
_NOT = frozenset(("no", "not", "none"))
_SAMPLES = frozenset(("token-abc123", "abc123", "changeme", "password", "secret"))
_DENIED = compiled_later(
    r"(?:sk)?(?:not?|non|none|un)?(?:an?|api|auth|keys?|tokens?|need(?:ed)?|used?|required?|secret)+"
)
_COVERED = compiled_later(r"\*{3}|x{5}|\.{3}|…")
"""Part of a credential that somebody has covered before."""
_SAMPLE_PASSWORD = compiled_later(r"[a-z0-9+]+://[^\s/:@]*:(?:password|passwd|pass|pwd|secret|example|changeme)@.*")
_COUNT = compiled_later(r"[-_ ]?(?:1|12|123|1234|12345|123456)$")
"""Digits at the end of a sample."""
_SCHEME = compiled_later(r"(?:bearer|basic|token) +(?=\S)", re.IGNORECASE)
"""What stands before a credential in a header."""
_BEGINS_KEY = compiled_later(
    r"(?:sk|pk|rk|gsk|xai|hf|gh[pousr]|r8|pplx|nvapi|glpat|key|tok|token)-|(?:sk|gsk|hf|gh[pousr])_"
)
"""How keys begin, in small letters."""
_SHORTEST_KEY = 8
_KEYLESS = compiled_later(
    r"(?:sk[-_])?(?:(?:fake|dummy|mock|placeholder|unused|ignored?|anything|any|none|null|empty|na|n/a)(?:[-_]?api)?"
    r"(?:[-_]?key)?|no(?:[-_]api)?[-_]?(?:key|auth)(?:[-_]?(?:needed|required))?"
    r"|(?:key[-_])?not?[-_ ]?(?:needed|required|used)|lm[-_]?studio|ollama|x+)",
    re.ASCII,
)
"""The whole texts that say of themselves that they open nothing; a short key of a host of one's own is none of them."""
_FUNCTION = compiled_later(r"[A-Za-z_]+(?:\.[A-Za-z_]+)+")
_WAYS = frozenset(
    (
        *("none", "basic", "bearer", "bearer_token", "oauth", "oauth2", "oidc", "jwt", "api_key", "apikey", "header"),
        *("query", "iam", "sigv4", "token", "authorization", "client_credentials", "m2m", "custom", "default"),
    )
)
"""How callers prove who they are: what stands under `auth` where it is no credential."""


def stands_elsewhere(text: str) -> bool:
    """Return whether a text says where a credential is kept, or that one is to be written in its place."""
    if text.startswith(REFERENCE):
        name = text.removeprefix(REFERENCE).strip()
        return not name or all(_may_be_a_name(each.removeprefix(REFERENCE)) for each in name.split(":"))
    return text.startswith(_ELSEWHERE) or _FILE.fullmatch(text) is not None or _is_to_be_written(text)


def without_scheme(text: str) -> str:
    """Return the value of a header without the word before the credential (`Bearer …`)."""
    return _SCHEME.sub("", text, count=1) if _SCHEME.match(text) else text


def is_file(text: str) -> bool:
    """Return whether a text is the path of a file."""
    return _FILE.fullmatch(text) is not None


def refers(text: str) -> bool:
    """Return whether a text is written as a reference in a way that LiteLLM does not read."""
    return not text.startswith(REFERENCE) and OTHER_REFERENCE.fullmatch(text) is not None


def is_shown_reference(text: str) -> bool:
    """Return whether all words of a reference are surely those of a variable's name, and no credential itself."""
    words = [word for word in re.findall(r"\w+", text, re.ASCII) if word.lower() not in _WORDS_OF_REFERENCES]
    return all(_is_of_words(word) and (word == word.upper() or "_" in word) for word in words)


def default_of(text: str) -> str:
    """Return what a reference stands for where its variable is not set; an empty text where it says none."""
    stated = re.fullmatch(r"\$\{\w+:?-(.*)\}", text, re.DOTALL) or re.search(r",\s*[\"']?([^\"')]*)[\"']?\)", text)
    return "" if stated is None else stated[1].strip()


def is_name(text: str) -> bool:
    """Return whether a text is surely the name of a variable that holds a credential, and none itself.

    It is of words, one of which names a credential; digits stand at the end of a word, if at all.
    """
    pieces = text.lower().split("_")
    has_case = _NAME.fullmatch(text) is not None or (text == text.lower() and not any(map(str.isdigit, text)))
    is_said = not _OF_NAMES.isdisjoint(pieces) and _STAND_IN_WORDS.isdisjoint(pieces) and _NOT.isdisjoint(pieces)
    return is_said and has_case and len(pieces) > 1 and _is_of_words(text)


def is_bare_word(text: str) -> bool:
    """Return whether a text is a word in capitals and digits: a variable's name may be one, and so may a credential."""
    return _NAME.fullmatch(text) is not None


def opens_nothing(key: str, text: str) -> bool:
    """Return whether a text stands there because one must: a word that says so, or too short for a key of a host."""
    lowered = text.strip().lower()
    if len(lowered) < _SHORTEST_KEY:
        return "pass" not in key.lower()
    if _COVERED.search(lowered) or lowered in _SAMPLES or lowered.startswith("sk-1234"):
        return True
    if _SAMPLE_PASSWORD.fullmatch(lowered):
        return True
    words = _words(_COUNT.sub("", lowered))
    bare = "".join(words)
    if _DENIED.fullmatch(bare) or len(set(bare.removeprefix("sk"))) <= 2:
        return True
    if not all(word.isalpha() or (word.isdigit() and len(word) <= 4) for word in words):
        return False
    if not _STAND_IN_WORDS.isdisjoint((*words, "".join(words[-2:]))):
        return True
    return len(words) <= 4 and not _OUTER_WORDS.isdisjoint((words[0], words[-1]))


def is_keyless(text: str) -> bool:
    """Return whether a text says of itself that it opens nothing, so that a host asks for no key."""
    return _KEYLESS.fullmatch(text.strip().lower()) is not None


def is_way(text: str) -> bool:
    """Return whether a text says how callers prove who they are, or which function looks."""
    return text.lower() in _WAYS or _FUNCTION.fullmatch(text) is not None


def _is_to_be_written(text: str) -> bool:
    """Return whether a text says that a key is to be written in its place."""
    lowered = text.lower()
    if any(map(str.isdigit, text)) and not text.startswith("<"):
        return False
    if lowered.startswith(_STAND_INS) or (text[:1] == "<" and text[-1:] == ">"):
        return True
    return not _ADDRESSED.isdisjoint(_words(lowered))


def _may_be_a_name(text: str) -> bool:
    """Return whether what stands behind `os.environ/` is the name of a variable, or a slip in one."""
    if text == text.upper() and _IDENTIFIER.fullmatch(text) is not None:
        return True
    if _BEGINS_KEY.match(text) is not None:
        return False
    if _IDENTIFIER.fullmatch(text) is not None:
        return "_" in text or not any(map(str.isdigit, text))
    return _is_of_words(text.replace("-", "_")) and (text == text.upper() or not any(map(str.isdigit, text)))


def _is_of_words(text: str) -> bool:
    """Return whether the pieces of a name are words as people write them."""
    odd = [piece for piece in text.strip("_").split("_") if _PIECE.fullmatch(piece) is None]
    return not odd or (len(odd) == 1 and _VERSION.fullmatch(odd[0]) is not None)


def _words(text: str) -> list[str]:
    """Return the words of a text, which blanks, `-` and `_` part."""
    return text.replace("-", " ").replace("_", " ").split() or [""]
