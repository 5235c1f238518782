"""Make models of the names that callers send where a deployment passes any name on (`openai/*` to `openai/*`)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from routecomp.interop.from_litellm.deployments import Carried, Reader
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
    carried = []
    for name in dict.fromkeys(calls):
        fitting = [] if name in known else [each for each in passing if rest_of(each.group, name) is not None]
        longest = max((len(each.group) for each in fitting), default=0)
        for deployment in fitting:
            if len(deployment.group) == longest:
                model = deployment.model.replace("*", rest_of(deployment.group, name) or "")
                if is_said:
                    reader.ledger.drop(deployment.value)
                made = reader.read(Deployment(deployment.value, name, model))
                carried += [] if made is None else [made]
                for wildcard in (deployment.value.get("model_name"), deployment.param("model")):
                    if is_said and wildcard is not None and made is not None:
                        reader.ledger.drop(wildcard)
                        reader.ledger.hint(wildcard, _HINT, _INSTEAD)
    return carried


def longest_pattern(name: str, patterns: Iterable[str]) -> str | None:
    """Return the longest pattern that a name fits, which is the one that LiteLLM takes; None where it fits none."""
    fitting = [pattern for pattern in patterns if "*" in pattern and rest_of(pattern, name) is not None]
    return max(fitting, key=len, default=None)


def rest_of(pattern: str, name: str) -> str | None:
    """Return what stands for the `*` of a pattern in a name; None where the name does not fit."""
    match = re.fullmatch(re.escape(pattern).replace(r"\*", "(.*)"), name, re.DOTALL)
    return match[1] if match is not None and match.groups() else None
