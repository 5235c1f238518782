"""What the compiler says about its input: facts with places, remedies and fixes."""

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity
from routecomp.source.edits import Edit, Fix

__all__ = ["Diagnostic", "Edit", "Fix", "Label", "Severity"]
