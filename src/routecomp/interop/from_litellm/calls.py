"""Make models of the names that callers send where a deployment passes any name on (`openai/*` to `openai/*`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from routecomp.interop.catalogue import Catalogue
from routecomp.interop.from_litellm.deployments import Carried, Reader
from routecomp.interop.from_litellm.upstream import name_provider
from routecomp.interop.litellm.config import Deployment, LiteLLMConfig

_HINT = "it is carried for the names that `--call` says; another name is not known"
_INSTEAD = "say further names with `--call NAME`"


def read_calls(
    calls: Iterable[str], config: LiteLLMConfig, passing: list[Deployment], reader: Reader, *, is_said: bool = True
) -> list[Carried]:
    """Return the models of names that no group has, each by the longest pattern that it fits, as LiteLLM chooses.

    Names that nobody said, but that fallbacks and aliases lead to, leave the pattern as lost as it is.
    """
    known = {deployment.group for deployment in config.deployments}
    patterns = [group for group in known if "*" in group]
    carried = []
    for name in dict.fromkeys(calls):
        matched = None if name in known else match_pattern(name, patterns, reader.catalogue)
        for deployment in passing if matched is not None else ():
            if matched is not None and deployment.group == matched.pattern:
                model = deployment.model.replace("*", rest_of(*matched) or "")
                if is_said:
                    reader.ledger.drop(deployment.value)
                made = reader.read(Deployment(deployment.value, name, model))
                carried += [] if made is None else [made]
                for wildcard in (deployment.value.get("model_name"), deployment.param("model")):
                    if is_said and wildcard is not None and made is not None:
                        reader.ledger.drop(wildcard)
                        reader.ledger.hint(wildcard, _HINT, _INSTEAD)
    return carried


class Match(NamedTuple):
    """A pattern, and the name that fits it: as it was sent, or with its provider before it."""

    pattern: str
    name: str


def match_pattern(name: str, patterns: Collection[str], catalogue: Catalogue) -> Match | None:
    """Return the pattern by which LiteLLM serves a name; `gpt-4o` fits `openai/*` too, where nothing fits it itself."""
    if (pattern := longest_pattern(name, patterns)) is not None:
        return Match(pattern, name)
    named = name_provider(name, "", "", catalogue) if patterns and "/" not in name else None
    whole = f"{named.kind}/{name}" if named is not None else ""
    return Match(pattern, whole) if (pattern := longest_pattern(whole, patterns)) is not None else None


def is_answered_otherwise(name: str, deployment: Deployment, config: LiteLLMConfig, catalogue: Catalogue) -> bool:
    """Return whether a pattern of the file answers a name by another model than that of a deployment."""
    matched = match_pattern(name, [group for group in config.groups() if "*" in group], catalogue)
    if matched is None:
        return False
    sources = (each for each in config.groups()[matched.pattern] if each.value is deployment.value)
    return not any(
        each.group == deployment.group or each.model.replace("*", rest_of(*matched) or "") == deployment.model
        for each in sources
    )


def longest_pattern(name: str, patterns: Iterable[str]) -> str | None:
    """Return the longest pattern that a name fits, which is the one that LiteLLM takes; None where it fits none."""
    fitting = [pattern for pattern in patterns if "*" in pattern and rest_of(pattern, name) is not None]
    return max(fitting, key=len, default=None)


def rest_of(pattern: str, name: str) -> str | None:
    """Return what stands for the `*` of a pattern in a name; None where the name does not fit."""
    match = re.fullmatch(re.escape(pattern).replace(r"\*", "(.*)"), name, re.DOTALL)
    return match[1] if match is not None and match.groups() else None
