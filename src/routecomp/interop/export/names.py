"""Name the files of exports below the output folder, and say what a name asks for; this loads no compiler."""

from __future__ import annotations

from typing import NamedTuple

FOLDER = "export"
"""The folder in the output folder."""
HEAD = "Compiled by routecomp for "
"""What the first line of every export says behind its comment sign."""
ENDINGS = {"litellm": "yaml", "envoy-ai-gateway": "yaml", "tensorzero": "toml"}
"""The ending of each target's file."""


class Wanted(NamedTuple):
    """An export that is asked for: a target and a tenant, None for the default policy."""

    target: str
    tenant: str | None = None

    @property
    def file(self) -> str:
        """The path of the file in the output folder."""
        return f"{self._stem}.{ENDINGS[self.target]}"

    @property
    def losses(self) -> str:
        """The path of the file that says what is lost; where it lies, losses are allowed."""
        return f"{self._stem}.losses.md"

    @property
    def word(self) -> str:
        """What `compile --export` is given."""
        return self.target if self.tenant is None else f"{self.target}:{self.tenant}"

    @property
    def _stem(self) -> str:
        return f"{FOLDER}/{self.target}" if self.tenant is None else f"{FOLDER}/{self.target}.{self.tenant}"


def wanted_by(file: str) -> Wanted | None:
    """Return the export whose file or losses have this path in the output folder; None for any other path."""
    folder, _, name = file.partition("/")
    for target, ending in ENDINGS.items():
        for tail in (f".{ending}", ".losses.md"):
            if folder == FOLDER and name.startswith(target) and name.endswith(tail):
                middle = name.removeprefix(target).removesuffix(tail)
                if not middle:
                    return Wanted(target)
                if middle.startswith(".") and "/" not in middle:
                    return Wanted(target, middle[1:])
    return None
