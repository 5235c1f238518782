"""What the compiler says about its input: facts with places, remedies and fixes."""

from routecomp.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label, Severity

__all__ = ["Diagnostic", "Edit", "Fix", "Label", "Severity"]
