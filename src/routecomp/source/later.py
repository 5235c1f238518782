"""Compile regular expressions at their first use: most runs of a command need few of them."""

from __future__ import annotations

import re
from typing import Any, cast


class _Later:
    """Stands for a pattern; the first thing that is asked of it compiles it."""

    def __init__(self, pattern: str, flags: re.RegexFlag) -> None:
        self._stated = pattern, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._stated)
        # What is found in the instance is not asked for here again.
        for method in ("match", "fullmatch", "search", "finditer", "findall", "sub"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def compiled_later(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Return a pattern that is compiled when it is used first."""
    return cast("re.Pattern[str]", _Later(pattern, flags))
