"""Say below which keys of a LiteLLM file a credential stands: those it reads, misspelt ones, and others that say so."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from routecomp.diagnostics.credentials.names import names_credential
from routecomp.interop.litellm.names import names
from routecomp.model.suggest import typo_of
from routecomp.parse.secret_places import MAY_NAME
from routecomp.source.later import compiled_later

OTHER_WORDS = frozenset(("key", "token", "auth_token", "secret"))
"""What people write in `litellm_params` for `api_key`, although it is not near in spelling."""
_NO_CREDENTIAL = frozenset(("custom_auth", "proxy_auth"))
"""Keys with a credential's name whose value is the path of a Python function."""
_ABOUT = ("prefix_for_", "prefix_of_", "allow_", "disable_", "enable_", "dangerously_", "header_for_", "name_of_")
"""How a key begins that says something of credentials, and holds none."""
_OF_GROUPS = frozenset(("fallbacks", "context_window_fallbacks", "content_policy_fallbacks", "model_group_alias"))
"""Mappings whose keys are names of groups."""
_SECTIONS = ("params", "info", "router", "general", "module", "seen")
_KEY_OF = frozenset(
    (
        *("cache", "public", "primary", "foreign", "partition", "sort", "hash", "group", "routing", "affinity"),
        *("session", "idempotency", "metadata", "alias", "sandbox", "field", "label", "tag", "index", "name", "header"),
    )
)
"""Words before `key` that make it the name of an entry."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MEANT = frozenset(
    (
        *("auth", "authorisation", "bearer", "cookie", "cookies", "cred", "creds", "dsn", "hmac", "otp", "pass"),
        *("passcode", "passkey", "pat", "private", "salt", "sas", "signature", "tok", "userpass"),
    )
)
"""Last words of a key that LiteLLM does not read and that says it holds a credential."""
_MEANT_ANYWHERE = frozenset(
    ("apikey", "bearer", "cookie", "cred", "creds", "passphrase", "passwd", "password", "pwd", "secret")
)
_MISSPELT = ("apikey", "bearer", "credential", "passphrase", "password", "secret")
"""Those of them that are long enough to be known when they are misspelt."""
_ABOUT_IT = frozenset(
    (
        *("name", "names", "ref", "arn", "path", "file", "type", "kind", "url", "uri", "manager", "version", "id"),
        *("enabled", "policy", "length", "method", "mode", "required", "env", "variable", "var", "provider", "store"),
    )
)
"""Last words of a key that says something of a credential."""
_PHRASE = compiled_later(r"conn(?:ection)?_?str(?:ing)?|(?:basic_?)?auth_?(?:value|header|data|string)")


class Meaning:
    """How surely a key holds a credential."""

    NONE = 0
    SAID = 1
    """LiteLLM does not read the key; its words say so."""
    SURE = 2


@lru_cache(4096)
def meaning(key: str, parent: str) -> int:
    """Return how surely a credential stands below a key, which itself stands below `parent`."""
    lowered = key.lower().replace("-", "_")
    if lowered in _NO_CREDENTIAL or lowered.startswith(_ABOUT) or parent in _OF_GROUPS:
        return Meaning.NONE
    if names_credential(key) or (parent == "litellm_params" and lowered in OTHER_WORDS):
        return Meaning.SURE
    is_known = lowered in _known()
    if is_known or parent == "environment_variables":
        words = _WORDS.findall(lowered)
        if len(words) > 1 and words[-1] == "key" and words[-2] not in _KEY_OF:
            return Meaning.SURE
    if is_known:
        return Meaning.SAID if _PHRASE.search(lowered) else Meaning.NONE
    if any(typo_of(lowered, (name,)) for name in _credentials()):
        return Meaning.SURE
    return Meaning.SAID if _says_so(lowered) else Meaning.NONE


@lru_cache(1024)
def is_unheard_of(key: str) -> bool:
    """Return whether LiteLLM reads no such key, nor one that is near in spelling: nobody knows what it holds."""
    lowered = key.lower().replace("-", "_")
    return lowered not in _known() and typo_of(lowered, _known()) in (None, *OTHER_WORDS)


def _says_so(key: str) -> bool:
    """Return whether the words of a key that LiteLLM does not read say that it holds a credential."""
    words = _WORDS.findall(key)
    if not words or words[-1] in _ABOUT_IT or words[-2:-1] == ["on"]:
        return False
    if words[-1] in _MEANT or not _MEANT_ANYWHERE.isdisjoint(words) or _PHRASE.search(key) is not None:
        return True
    return any(len(word) > 4 and typo_of(word, _MISSPELT) is not None for word in words)


@cache
def _known() -> frozenset[str]:
    """Return all keys that LiteLLM reads."""
    return frozenset(name.lower() for section in _SECTIONS for name in names(section))


@cache
def _credentials() -> tuple[str, ...]:
    """Return the keys that LiteLLM reads credentials from."""
    named = (name for name in _known() if MAY_NAME(name) and names_credential(name))
    return tuple(sorted(name for name in named if name not in _NO_CREDENTIAL and not name.startswith(_ABOUT)))
