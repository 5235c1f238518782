"""Compile LLM routing policy from YAML: the public face of the package, each name imported when first used.

import routecomp
router = routecomp.load("generated/routing_table.json")
decision = router.resolve(feature="support-chat", tenant="acme")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecomp.compiler import Checked, Compared, Compilation, Options, check, compile, diff
    from routecomp.runtime.resolver import Decision, Router, load

__version__ = "0.1.0"

__all__ = [
    "Checked",
    "Compared",
    "Compilation",
    "Decision",
    "Options",
    "Router",
    "__version__",
    "check",
    "compile",
    "diff",
    "load",
]

_HOME = {
    "Checked": "routecomp.compiler",
    "Compared": "routecomp.compiler",
    "Compilation": "routecomp.compiler",
    "Options": "routecomp.compiler",
    "check": "routecomp.compiler",
    "compile": "routecomp.compiler",
    "diff": "routecomp.compiler",
    "Decision": "routecomp.runtime.resolver",
    "Router": "routecomp.runtime.resolver",
    "load": "routecomp.runtime.resolver",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value  # the next use finds it without this function
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
