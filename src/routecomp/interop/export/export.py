"""Hold what an export makes: a file's bytes, and the report of what it does not say."""

from __future__ import annotations

from dataclasses import dataclass

from routecomp.interop.export.names import HEAD
from routecomp.interop.loss import LossReport


@dataclass(frozen=True)
class Export:
    """A configuration file of another router."""

    data: bytes
    report: LossReport


def header(mark: str, tenant: str | None) -> str:
    """Return the comment that a file begins with."""
    policy = "the default policy" if tenant is None else f"the policy of tenant {tenant}"
    return f"{mark} {HEAD}{policy}: change the YAML of the project, then compile again.\n"
