"""Define what a call raises: each says the HTTP status that fits it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from routecomp.runtime.resolver import Decision, DecisionStatus, Explanation
from routecomp.service.failures.failure import Failure

_STATUS: Final[Mapping[DecisionStatus, int]] = {
    "rejected_policy": 403,
    "rejected_unavailable": 503,
    "rejected_floor": 422,
    "rejected_cost": 422,
    "rejected_experiment": 422,
    "unknown_model": 422,
}
_OF_THE_REQUEST: Final = ("capabilities", "context", "output_ceiling", "reasoning_floor")
"""The filters of ability by which a request bars models: other than an outage, that does not pass."""


class CallError(Exception):
    """A call that brought no answer. It can be pickled, as pools of processes do with what a worker raises."""

    http_status: int = 503
    """The HTTP status to answer one's own caller with."""

    @property
    def http_headers(self) -> dict[str, str]:
        """The headers that go with it: `Retry-After` in whole seconds, where it is known when to ask again."""
        wait = getattr(self, "retry_after", None)
        return {} if wait is None else {"Retry-After": str(max(math.ceil(wait), 1))}

    def __reduce__(self) -> tuple[Any, ...]:
        state = {name: _portable(value) for name, value in self.__dict__.items()}
        return _restored, (type(self), self.args, state)


class Rejected(CallError):
    """The policy left no model for the request, so none was asked."""

    def __init__(self, decision: Decision, explanation: Explanation, retry_after: float | None = None) -> None:
        log = explanation.get("filters") or next(iter(rung["filters"] for rung in explanation.get("rungs", [])), [])
        self.decision: Final = decision
        self.status: Final[DecisionStatus] = decision.status
        self.dropped: Final[Mapping[str, str]] = {slug: line["filter"] for line in log for slug in line["dropped"]}
        """Each model that was barred, and the filter that barred it."""
        last = next((line for line in log if line["survivors"] == 0), None)
        self.filter: Final = None if last is None else last["filter"]
        """The filter after which no model was left; None where the request names nothing that is declared."""
        self.retry_after: Final = retry_after
        """Where the tenant's budget is spent: the seconds until its day or month is over, whichever it waits for."""
        self.http_status = 422 if self.filter in _OF_THE_REQUEST else _STATUS.get(self.status, 503)
        if retry_after is not None:
            self.http_status = 429
        is_unread = self.status == "unknown_model" and decision.ruleset_hash is None
        if is_unread:  # no table says what is declared: the request may well be right
            self.http_status = 503
        dropped = [] if last is None else last["dropped"]
        names = ", ".join(dropped[:3]) + (f" and {len(dropped) - 3} more" if len(dropped) > 3 else "")
        words = f"; the filter {self.filter} dropped {names}" if dropped else ""
        words += "" if retry_after is None else "; the tenant's budget has not enough left"
        words += "; no table serves" if is_unread else ""
        super().__init__(f"{decision.route_name or 'the request'}: {self.status}{words}")


class Exhausted(CallError):
    """No model answered within the deadline and the attempts that the policy allows; `__cause__` is the last error."""

    def __init__(self, failures: Sequence[tuple[str, Failure]], retry_after: float | None, *, late: bool) -> None:
        self.failures: Final = tuple(failures)
        """The model and the failure of each try."""
        self.retry_after: Final = retry_after
        """The seconds after which a host wants to be asked again, the soonest of them; None if none said so."""
        outcomes = {failure.outcome for _, failure in failures}
        self.http_status = 504 if late else 429 if outcomes == {"rate_limited"} else 503
        tried = "; ".join(f"{model}: {failure.outcome} ({failure.error_class})" for model, failure in failures)
        super().__init__(("the deadline is over" if late else "no model answered") + (f": {tried}" if tried else ""))


class KeyMissing(CallError):
    """Every model that may serve lacks its key in the environment."""

    def __init__(self, variables: Sequence[str]) -> None:
        self.variables: Final = tuple(sorted(set(variables)))
        """The environment variables that are not set."""
        super().__init__(f"not set: {', '.join(self.variables)}")


class StreamBroken(CallError):
    """A stream ended before its end, after its first chunk: no other model can go on with it."""

    http_status = 502

    def __init__(self, model: str, failure: Failure) -> None:
        self.model: Final = model
        self.failure: Final = failure
        super().__init__(f"{model}: {failure.outcome} ({failure.error_class})")


class BadAnswer(CallError):
    """Every model refused the request, and the last one said so in what was returned: no exception of a client's."""

    http_status = 422

    def __init__(self, answer: Any, failure: Failure) -> None:
        self.answer: Any = answer
        """What the caller's function returned; None in another process, since an answer may hold anything."""
        self.failure: Final = failure
        super().__init__(f"{failure.outcome} ({failure.error_class})")

    def __reduce__(self) -> tuple[Any, ...]:
        rebuild, (kind, args, state) = super().__reduce__()
        return rebuild, (kind, args, {**state, "answer": None})


def _portable(value: Any) -> Any:
    """Return a value of an error without read-only mappings, which cannot be pickled."""
    if isinstance(value, Failure):
        return value._replace(headers=dict(value.headers))
    if type(value) is tuple:
        return tuple(_portable(item) for item in value)
    return value


def _restored(kind: type[CallError], args: tuple[Any, ...], state: dict[str, Any]) -> CallError:
    """Return an error as it was pickled."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
