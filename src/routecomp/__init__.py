"""Compile LLM routing policy from YAML: the public face of the package. Each name is imported when first used.

In a service, decide where a call goes:

    router = routecomp.load("generated/routing_table.json")
    decision = router.resolve(feature="support-chat", tenant="acme")

In a tool, check, compile and compare projects, given as path to bytes:

    checked = routecomp.check(files, routecomp.Options(today=date.today()))
    for diagnostic in checked.diagnostics:
        print(diagnostic.span, diagnostic.rule, diagnostic.message)

Every type that a signature of these names mentions is here too. `Declared` and `Program` are opaque: hand them on,
and expect their attributes to change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from routecomp.version import __version__

if TYPE_CHECKING:
    from routecomp.checker import Checked, Options, check
    from routecomp.comparer import Compared, diff
    from routecomp.compiler import Compilation, compile
    from routecomp.diagnostics.diagnostic import Cause, Diagnostic, Label, Severity
    from routecomp.model.memory import Memory
    from routecomp.model.project import Declared, Program
    from routecomp.model.read_project import Progress
    from routecomp.parse import Limits
    from routecomp.review.analysis.guards import Broken, IntentWords, Judged
    from routecomp.review.analysis.moves import Move
    from routecomp.review.analysis.report import MoveReport, MoveRow
    from routecomp.review.analysis.space import Bounds
    from routecomp.review.base.base import Base, BaseTable
    from routecomp.review.diff.compare import NoTableError
    from routecomp.review.diff.difference import (
        Caller,
        Case,
        ChangedLine,
        Decisions,
        Difference,
        Group,
        MigrationFile,
        MoveLines,
        Row,
    )
    from routecomp.review.diff.difference import Severity as Impact
    from routecomp.rules.waivers import Waiver
    from routecomp.runtime.resolver import (
        BudgetFacts,
        Decision,
        DecisionSource,
        DecisionStatus,
        Endpoint,
        ExperimentLog,
        Explanation,
        Facts,
        FilterLog,
        FloorLog,
        LatencyLog,
        ModelFacts,
        OrdersLog,
        ProviderFacts,
        ResilienceFacts,
        RouteKind,
        RouteLog,
        Router,
        RouterStatus,
        RungLog,
        ShadowFacts,
        ShadowLog,
        SpreadLog,
        load,
    )
    from routecomp.source.edits import Edit, Fix
    from routecomp.source.text import SourceFile, Span
    from routecomp.sql.migrations import Released
    from routecomp.sql.names import Names
    from routecomp.sql.replay import ReplayError
    from routecomp.table.table import RoutingTable

__all__ = [
    "Base",
    "BaseTable",
    "Bounds",
    "Broken",
    "BudgetFacts",
    "Caller",
    "Case",
    "Cause",
    "ChangedLine",
    "Checked",
    "Compared",
    "Compilation",
    "Decision",
    "DecisionSource",
    "DecisionStatus",
    "Decisions",
    "Declared",
    "Diagnostic",
    "Difference",
    "Edit",
    "Endpoint",
    "ExperimentLog",
    "Explanation",
    "Facts",
    "FilterLog",
    "Fix",
    "FloorLog",
    "Group",
    "Impact",
    "IntentWords",
    "Judged",
    "Label",
    "LatencyLog",
    "Limits",
    "Memory",
    "MigrationFile",
    "ModelFacts",
    "Move",
    "MoveLines",
    "MoveReport",
    "MoveRow",
    "Names",
    "NoTableError",
    "Options",
    "OrdersLog",
    "Program",
    "Progress",
    "ProviderFacts",
    "Released",
    "ReplayError",
    "ResilienceFacts",
    "RouteKind",
    "RouteLog",
    "Router",
    "RouterStatus",
    "RoutingTable",
    "Row",
    "RungLog",
    "Severity",
    "ShadowFacts",
    "ShadowLog",
    "SourceFile",
    "Span",
    "SpreadLog",
    "Waiver",
    "check",
    "compile",
    "diff",
    "load",
    "__version__",
]

# The imports above, for the running program: one door that is lazy, so that `import routecomp` costs nothing.
_NAMES = {
    "routecomp.checker": ("Checked", "Options", "check"),
    "routecomp.comparer": ("Compared", "diff"),
    "routecomp.compiler": ("Compilation", "compile"),
    "routecomp.diagnostics.diagnostic": ("Cause", "Diagnostic", "Label", "Severity"),
    "routecomp.model.project": ("Declared", "Program"),
    "routecomp.model.memory": ("Memory",),
    "routecomp.model.read_project": ("Progress",),
    "routecomp.parse": ("Limits",),
    "routecomp.review.analysis.guards": ("Broken", "IntentWords", "Judged"),
    "routecomp.review.analysis.moves": ("Move",),
    "routecomp.review.analysis.report": ("MoveReport", "MoveRow"),
    "routecomp.review.analysis.space": ("Bounds",),
    "routecomp.review.base.base": ("Base", "BaseTable"),
    "routecomp.review.diff.compare": ("NoTableError",),
    "routecomp.review.diff.difference": (
        "Caller",
        "Case",
        "ChangedLine",
        "Decisions",
        "Difference",
        "Group",
        "MigrationFile",
        "MoveLines",
        "Row",
        "Severity as Impact",
    ),
    "routecomp.rules.waivers": ("Waiver",),
    "routecomp.runtime.resolver": (
        "BudgetFacts",
        "Decision",
        "DecisionSource",
        "DecisionStatus",
        "Endpoint",
        "ExperimentLog",
        "Explanation",
        "Facts",
        "FilterLog",
        "FloorLog",
        "LatencyLog",
        "ModelFacts",
        "OrdersLog",
        "ProviderFacts",
        "ResilienceFacts",
        "RouteKind",
        "RouteLog",
        "Router",
        "RouterStatus",
        "RungLog",
        "ShadowFacts",
        "ShadowLog",
        "SpreadLog",
        "load",
    ),
    "routecomp.source.edits": ("Edit", "Fix"),
    "routecomp.source.text": ("SourceFile", "Span"),
    "routecomp.sql.migrations": ("Released",),
    "routecomp.sql.names": ("Names",),
    "routecomp.sql.replay": ("ReplayError",),
    "routecomp.table.table": ("RoutingTable",),
}
_HOMES = {name.rpartition(" ")[2]: (module, name.split(" ")[0]) for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name from its room when it is first used, and keep it; AttributeError for any other name.

    ImportError for a name of the compiler where routecomp-service alone is installed.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    try:
        value: object = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        remedy = "pip uninstall routecomp-service && pip install routecomp"
        raise ImportError(f"routecomp.{name} is not in routecomp-service, which holds no compiler: {remedy}") from None
    globals()[name] = value  # the next use finds it without this function
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
