"""Describe what is wrong with a project: diagnostics with places, remedies and fixes, and the rules behind them."""

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity
from routecomp.source.edits import Edit, Fix

__all__ = ["Diagnostic", "Edit", "Fix", "Label", "Severity"]
