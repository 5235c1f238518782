"""Say why a file is refused, in words that a person can act on."""

from __future__ import annotations

from routecomp.runtime.parts.limits import _MAX_REASON


class _Refused(Exception):
    """Why a file is not activated, in words."""


def _describe(error: Exception) -> str:
    """Return what went wrong with a file, as a reason a person can act on; long words of a refusal are cut."""
    if isinstance(error, _Refused):
        words = str(error)  # a name that is quoted may be as long as the file
        return words if len(words) <= _MAX_REASON else f"{words[:_MAX_REASON]} ..."
    if isinstance(error, FileNotFoundError):
        return "the file does not exist"
    if isinstance(error, OSError):
        return f"the file cannot be read ({error.strerror or type(error).__name__})"
    if isinstance(error, MemoryError):
        return "there was not enough memory to load the file"
    if isinstance(error, RecursionError):
        return "the file is nested too deeply"
    return f"the file is not a table ({type(error).__name__}: {error})"
