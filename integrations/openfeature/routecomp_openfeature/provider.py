"""Answer OpenFeature's flags with routecomp's decisions."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from openfeature.evaluation_context import EvaluationContext
from openfeature.event import ProviderEventDetails
from openfeature.exception import ErrorCode, ProviderNotReadyError
from openfeature.flag_evaluation import FlagResolutionDetails, Reason
from openfeature.provider import AbstractProvider, Metadata

from routecomp.runtime.resolver import ARGUMENTS, Decision, Router, load

_MODEL = "model:"
_CONTEXT = tuple(name for name in ARGUMENTS if name not in ("feature", "model"))
"""The attributes of an evaluation context that are arguments of a request."""
_WHO = ("tenant", "unit", "request_id")


class RoutecompProvider(AbstractProvider):  # type: ignore[misc,unused-ignore]  # untyped where the SDK is not installed
    """A provider whose flags are features (`support-chat`) and call names (`model:auto`).

    As a string the value is the slug of the model, as an object the whole decision; the other types are a mismatch.
    The targeting key is the `unit`; attributes that are arguments of a request (docs/semantics.md, section 4) are
    passed on, and others are not.

    Nothing raises, but `initialize` where neither a table nor a fallback file can be read: the SDK then reports the
    provider as not ready.
    """

    def __init__(self, table: str | os.PathLike[str], *, fallback: str | os.PathLike[str] | None = None) -> None:
        super().__init__()
        self._paths = table, fallback
        self._stale: str | None = None
        self.router: Router | None = None

    def get_metadata(self) -> Metadata:
        """Return the provider's name."""
        return Metadata("routecomp")

    def initialize(self, evaluation_context: EvaluationContext) -> None:
        """Read the files; raise ProviderNotReadyError where none of them serves."""
        table, fallback = self._paths
        router = load(table, fallback=fallback)
        status = router.status()
        if status["serving"] != "routing table" and status["fallback"] != "loaded":
            raise ProviderNotReadyError(
                status["last_rejection"] or "there is neither a routing table nor a fallback file"
            )
        self.router, self._stale = router, None

    def shutdown(self) -> None:
        """Let go of the files."""
        self.router = None

    def reload(self) -> bool:
        """Read the files again, tell the SDK what changed, and return whether the table is good.

        Another table that serves is a change of configuration. One that is refused makes the provider stale, and the
        next good one ready again, also if it is the one that served all along.
        """
        router = self.router
        if router is None:
            return False
        before = router.status()["ruleset_hash"]
        good = router.reload()
        status = router.status()
        was_stale, self._stale = self._stale, None if good else status["last_rejection"] or "no routing table"
        if good and was_stale is not None:
            self.emit_provider_ready(ProviderEventDetails())
        if status["ruleset_hash"] != before:
            flags = [*router.facts.features, *(f"{_MODEL}{name}" for name in router.facts.targets)]
            self.emit_provider_configuration_changed(ProviderEventDetails(flags_changed=flags))
        if self._stale is not None and self._stale != was_stale:
            self.emit_provider_stale(ProviderEventDetails(message=self._stale))
        return bool(good)

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        """Return the slug of the model that answers."""
        return self._details(flag_key, default_value, evaluation_context, whole=False)

    def resolve_object_details(
        self,
        flag_key: str,
        default_value: Sequence[Any] | Mapping[str, Any],
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[Any]:
        """Return the decision as an object: model, chain, URL and the like."""
        return self._details(flag_key, default_value, evaluation_context, whole=True)

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        """Return that a model is no boolean."""
        return _mismatch(default_value)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        """Return that a model is no number."""
        return _mismatch(default_value)

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        """Return that a model is no number."""
        return _mismatch(default_value)

    def _details(
        self, flag_key: str, default: Any, context: EvaluationContext | None, *, whole: bool
    ) -> FlagResolutionDetails[Any]:
        """Return the details of a flag; an error has the default value."""
        router = self.router
        if router is None:
            return _failed(default, ErrorCode.PROVIDER_NOT_READY, "the provider is not initialized")
        try:
            request = request_of(flag_key, context)
            decision = router.resolve_request(request)
            return _resolved(decision, request, default, whole=whole)
        except Exception as failure:  # a bug of ours is an error of this flag, never of the caller
            return _failed(default, ErrorCode.GENERAL, f"{type(failure).__name__}: {failure}")


def request_of(flag_key: str, context: EvaluationContext | None) -> dict[str, Any]:
    """Return what routecomp is asked for a flag in a context."""
    is_model = flag_key.startswith(_MODEL)
    request: dict[str, Any] = {
        "model" if is_model else "feature": flag_key.removeprefix(_MODEL) if is_model else flag_key
    }
    if context is None:
        return request
    if context.targeting_key:
        request["unit"] = context.targeting_key
    attributes = context.attributes or {}
    request |= {name: attributes[name] for name in _CONTEXT if attributes.get(name) is not None}
    return request


def _resolved(
    decision: Decision, request: Mapping[str, Any], default: Any, *, whole: bool
) -> FlagResolutionDetails[Any]:
    """Return the details of a decision."""
    metadata = _metadata(decision)
    if decision.model is None:
        code = ErrorCode.FLAG_NOT_FOUND if decision.status == "unknown_model" else ErrorCode.GENERAL
        return _failed(default, code, decision.status, metadata)
    return FlagResolutionDetails(
        value=decision.to_dict() if whole else decision.model,
        variant=decision.variant or decision.model,
        reason=_reason(decision, request),
        flag_metadata=metadata,
    )


def _reason(decision: Decision, request: Mapping[str, Any]) -> Reason:
    """Return why the model answers, in the standard's words."""
    if decision.source != "table":
        return Reason.DEFAULT  # a rung of the ladder: the feature has no rows, or no table serves
    if decision.variant is not None and decision.slot is not None:
        return Reason.SPLIT
    asked = [name for name in request if name not in ("feature", "model") and f"ignored:{name}" not in decision.reasons]
    if any(name not in _WHO for name in asked) or "tenant" in asked:
        return Reason.TARGETING_MATCH
    return Reason.STATIC


def _metadata(decision: Decision) -> dict[str, bool | int | float | str]:
    """Return what a decision says beside its model, as far as the standard's metadata can hold it."""
    made: dict[str, bool | int | float | str] = {"status": decision.status, "chain": " ".join(decision.chain)}
    for name in ("route", "route_name", "source", "experiment", "version", "slot", "floor_bp", "ruleset_hash"):
        value = getattr(decision, name)
        if value is not None:
            made[name] = value
    if decision.reasons:
        made["reasons"] = " ".join(decision.reasons)
    return made


def _mismatch(default: Any) -> FlagResolutionDetails[Any]:
    """Return the details of a flag that was asked for as another type."""
    return _failed(default, ErrorCode.TYPE_MISMATCH, "a model is a string, a decision an object")


def _failed(
    default: Any, code: ErrorCode, message: str, metadata: dict[str, bool | int | float | str] | None = None
) -> FlagResolutionDetails[Any]:
    """Return the default value with an error."""
    return FlagResolutionDetails(
        value=default,
        reason=Reason.ERROR,
        error_code=code,
        error_message=message,
        flag_metadata=metadata or {},
    )
