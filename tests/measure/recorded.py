"""Let the service's own sinks write what calls of an experiment came to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from routecomp.runtime.resolver import Router
from routecomp.service.capture.capture import Capture
from routecomp.service.capture.record import CallOutcome
from routecomp.service.capture.sink import Sink
from routecomp.service.usage import Usage
from routecomp.sql.migration import Migration, list_migrations
from tests.cli.transcripts import SMALL, in_process
from tests.service.clock import DAY, FakeClock

NAME = "opus-vs-gpt"
PUBLIC_ID = "preview/nimbus"
EXPERIMENT = """\
experiments:
  opus-vs-gpt:
    public_model_id: preview/nimbus
    status: active
    variants:
      control: {weight: 0.60, versions: [{version: 1, model: claude}]}
      large: {weight: 0.40, versions: [{version: 1, model: mistral-large}]}
"""


def small_project(folder: Path) -> None:
    """Write and compile a small project with an experiment."""
    for name, text in {**SMALL, "experiments/all.yaml": EXPERIMENT}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "routecomp.yaml").write_text("dialects: [sqlite, postgres]\n")
    ran = in_process(["compile"], folder)
    assert ran.code == 0, ran.err + ran.out


def project_migrations(folder: Path, dialect: str) -> list[Migration]:
    """Return the migrations of a project for a dialect."""
    paths = (folder / "generated" / "migrations" / dialect).iterdir()
    return list_migrations({path.name: path.read_bytes() for path in paths})


def record(
    folder: Path, sinks: Sequence[Sink], units: int, days: int, outcome_of: Callable[[str, int], CallOutcome]
) -> None:
    """Write what the project decides for a call a day of each unit, a pinned call, and one without a unit.

    `outcome_of` is given the variant and the unit.
    """
    router = Router.from_bytes((folder / "generated" / "routing_table.json").read_bytes())
    clock = FakeClock()
    capture = Capture(sinks, clock=clock)
    for _ in range(days):
        requests: list[dict[str, Any]] = [
            {"model": PUBLIC_ID, "unit": f"user-{unit}", "tenant": "acme"} for unit in range(units)
        ]
        requests += [{"model": PUBLIC_ID}, {"model": "claude"}]
        for unit, request in enumerate(requests):
            call = capture.begin(router.resolve(**request), request, router)
            decision = call.decision
            outcome = "rejected" if decision.status != "ok" else outcome_of(decision.variant or "", unit)
            answered = decision.model if outcome == "succeeded" else None
            usage = Usage(1000 + unit, 300) if answered else None
            capture.finish(call, outcome, usage=usage, latency_ms=500 + unit % 97, model=answered, facts=router.facts)
        clock.advance(DAY)
    assert capture.close(30)
