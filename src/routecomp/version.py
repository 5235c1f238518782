"""State the version of routecomp."""

from __future__ import annotations

__version__ = "0.2.0"
