"""Compare a decision with what is expected of it, in the words of `routecomp test`."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from routecomp.runtime.resolver import Decision, Router, load
from routecomp.service.service import Service

KEYS: Final = (
    "status",
    "source",
    "route",
    "model",
    "provider",
    "chain",
    "chain_begins",
    "shadows",
    "experiment",
    "variant",
    "version",
    "slot",
    "reasons",
)
"""What may be expected of a decision: its keys, and `chain_begins` for the first models of the chain."""

_FLAGS: Final = ("stream", "tools")
_LISTS: Final = ("capabilities", "unavailable")
_NUMBERS: Final = ("min_quality", "latency_budget_ms", "input_tokens", "max_output_tokens", "max_cost_usd")
_TEXTS: Final = ("feature", "model", "tenant", "unit", "request_id", "preference", "stack")
_NUMBER: Final = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)


class Difference(NamedTuple):
    """A key of a decision that has another value than was expected; None stands for null."""

    key: str
    expected: Any
    got: Any

    def __str__(self) -> str:
        return f"`{self.key}` is {shown(self.got)}, not {shown(self.expected)}"


def expect(
    source: Router | Service | str | os.PathLike[str], request: Mapping[str, Any], /, **expected: Any
) -> Decision:
    """Return the decision for a request, and raise an AssertionError where it is not as expected.

    `source` is a router, a service, or the path of a compiled table or of its folder. `request` has the arguments of
    `Router.resolve`, `expected` some of `KEYS`: `expect(router, {"feature": "support-chat"}, model="gpt-5-5")`.
    Lists may be any sequence; the order of `reasons` does not matter. The gate of the preferences is as the environment
    says. Raises TypeError for an unknown key or argument, ValueError for a table that is refused.
    """
    unknown = [key for key in expected if key not in KEYS]
    if unknown or not expected:
        fact = f"a decision has no `{unknown[0]}` to expect" if unknown else "nothing is expected"
        raise TypeError(f"{fact}: name some of {', '.join(KEYS)}")
    asked = source if isinstance(source, Router | Service) else _router(source)
    decision = asked.resolve(**request)
    wrong = differences(expected, decision)
    if wrong:
        raise AssertionError(f"{failure_words(wrong, decision)}\n  {explain_line(request)}")
    return decision


def differences(expected: Mapping[str, Any], decision: Decision) -> list[Difference]:
    """Return the keys in which a decision is not as expected, in the order of `KEYS`."""
    wrong = []
    for key in KEYS:
        if key in expected:
            wanted = _plain(key, expected[key])
            got = value_of(decision, key, len(wanted) if key == "chain_begins" else 0)
            if got != wanted:
                wrong.append(Difference(key, wanted, got))
    return wrong


def value_of(decision: Decision, key: str, length: int = 0) -> Any:
    """Return what a decision has under a key of `KEYS`; of `chain_begins` the first `length` models of the chain."""
    if key == "chain_begins":
        return decision.chain[:length]
    return getattr(decision, key)


def failure_words(wrong: Iterable[Difference], decision: Decision) -> str:
    """Say in one line what is not as expected, and the status where that is not among it and is a rejection."""
    listed = list(wrong)
    words = ", and ".join(map(str, listed))
    is_said = decision.status == "ok" or any(each.key == "status" for each in listed)
    return words if is_said else f"{words}; the status is `{decision.status}`"


def shown(value: Any) -> str:
    """Return a value of a decision as it is written in YAML."""
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(str, value))}]"
    return "null" if value is None else f"`{value}`"


def explain_line(request: Mapping[str, Any], gate: str | None = None) -> str:
    """Return the command that explains a request; `gate` is the variable that opens the gate, if it is open."""
    given = {name: value for name, value in request.items() if value is not None}
    options = [_option(name, value) for name, value in given.items()]
    words = [text for text in options if text] if None not in options else []
    if not words or not {"feature", "model"} & given.keys():
        words = [f"--request {shlex.quote(json.dumps(given, default=_as_json))}"]
    opened = f"{gate}=1 " if gate is not None else ""
    return f"{opened}routecomp explain {' '.join(words)}"


def _option(name: str, value: Any) -> str | None:
    """Return an argument as an option of `routecomp explain`, empty for one that says nothing; None if it cannot be."""
    option = f"--{name.replace('_', '-')}"
    if name in _FLAGS:
        return option if value is True else "" if value is False else None
    if name in _NUMBERS and type(value) in (int, float, Decimal):
        text = format(Decimal(str(value)), "f")
        return f"{option} {text}" if _NUMBER.fullmatch(text) else None
    if name in _TEXTS and type(value) in (str, int):
        text = str(value)
        return f"{option}{'=' if text.startswith('-') else ' '}{shlex.quote(text)}" if text.isprintable() else None
    if name in _LISTS and isinstance(value, tuple | list) and all(map(_is_plain, value)):
        return f"{option} {shlex.quote(','.join(value))}" if value else ""
    return None


def _is_plain(name: Any) -> bool:
    """Return whether a name may stand in a list with commas."""
    return isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name, re.ASCII) is not None


def _as_json(value: Any) -> Any:
    """Return a value that JSON does not know as one that it knows."""
    if isinstance(value, Decimal):
        return float(value)
    return list(value) if isinstance(value, tuple | set | frozenset) else str(value)


def _plain(key: str, value: Any) -> Any:
    """Return an expected value as decisions hold it: lists as tuples, reasons sorted."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return tuple(sorted(set(value))) if key == "reasons" else tuple(value)


def _router(path: str | os.PathLike[str]) -> Router:
    """Return the router of a compiled table, or of the one in a folder; raise ValueError where it is refused."""
    router = load(os.path.join(path, "routing_table.json") if os.path.isdir(path) else path)
    rejection = router.status()["last_rejection"]
    if rejection is not None:
        raise ValueError(f"{os.fspath(path)} is not used: {rejection}")
    return router
