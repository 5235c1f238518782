"""YAML bytes in, a positioned tree and everything that is wrong with the text out."""

from routecomp.parse.document import Limits, Parsed, parse

__all__ = ["Limits", "Parsed", "parse"]
