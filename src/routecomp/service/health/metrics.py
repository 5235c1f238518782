"""Write what health remembers as Prometheus' text."""

from __future__ import annotations

from routecomp.service.exposition import family
from routecomp.service.health.status import HealthStatus, ScopeStatus


def metrics_of(status: HealthStatus) -> str:
    """Return the text; its labels are models, providers and the variables of keys."""
    scopes, shared = status["scopes"], status["shared"]
    waits = [(_labels(row), row["wait_s"]) for row in scopes]
    trips = [(_labels(row), row["trips"]) for row in scopes if row["trips"]]
    left = [
        ({**_labels(row), "limit": what}, limit["remaining"]) for row in scopes for what, limit in row["left"].items()
    ]
    degraded: list[tuple[dict[str, str], int]] = [] if shared is None else [({}, int(shared["degraded"]))]
    return (
        family("routecomp_closed_seconds", "gauge", "How long it is closed; 0 if it may be called now.", waits)
        + family("routecomp_circuit_trips_total", "counter", "How often its circuit opened.", trips)
        + family("routecomp_limit_left", "gauge", "What the host said is left of a limit.", left)
        + family("routecomp_refused_total", "counter", "Tries that were not let begin.", [({}, status["refused"])])
        + family("routecomp_shared_degraded", "gauge", "Whether the shared store cannot be reached.", degraded)
    )


def _labels(row: ScopeStatus) -> dict[str, str]:
    return {"kind": row["kind"], "name": row["name"], "api_key_env": row["api_key_env"] or ""}
