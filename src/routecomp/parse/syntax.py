"""libyaml's refusals in, findings in plain words out: what stands there, and what to change."""

from __future__ import annotations

import re
from dataclasses import dataclass

from routecomp.diagnostics.diagnostic import Label
from routecomp.parse.findings import Findings
from routecomp.source import Span


def explain(refusal: Exception, findings: Findings) -> None:
    """Add the finding for what the C parser raised."""
    text = findings.source.text
    problem = str(getattr(refusal, "problem", "") or "")
    mark = getattr(refusal, "problem_mark", None)
    at = min(getattr(mark, "index", 0), len(text))
    findings.add("RC103", problem or type(refusal).__name__, at, at)
