"""Lead a console script that an earlier version installed to where the command line starts today."""

from __future__ import annotations

from routecomp_start import start

__all__ = ["start"]
