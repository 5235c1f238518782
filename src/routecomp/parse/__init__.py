"""Parse YAML bytes into a tree with positions, and report everything that is wrong with the text."""

from routecomp.parse.document import Limits, Parsed, parse

__all__ = ["Limits", "Parsed", "parse"]
