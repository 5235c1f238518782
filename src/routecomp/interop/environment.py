"""Hold what is said of environment variables: by options, by a file of them, or by the input itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.interop.value import Kind, Value

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*", re.ASCII)


class Environment:
    """The variables whose values are known. The environment of the process itself is never asked.

    `asked` are the names of which anybody wanted to know the value.
    """

    def __init__(self, variables: Mapping[str, str] | None = None, asked: set[str] | None = None) -> None:
        self._said = dict(variables or {})
        self.asked = set() if asked is None else asked

    def also(self, more: Mapping[str, str]) -> Environment:
        """Return an environment that knows more; what is known already stays. What is asked of one counts for both."""
        return Environment({**more, **self._said}, self.asked)

    def get(self, name: str) -> str:
        """Return the value of a variable, empty where it is not known; a credential is never taken for a value."""
        self.asked.add(name)
        text = self._said.get(name, "")
        return text if star_secrets(text) == text else ""

    def first(self, *names: str) -> str:
        """Return the value of the first variable that is known, empty where none is."""
        return next((value for name in names if (value := self.get(name))), "")

    def is_unsaid(self, value: Value | None) -> bool:
        """Return whether a value refers to a variable that is not known."""
        return value is not None and value.kind is Kind.ENVIRONMENT and not self.get(value.variable)

    def text(self, value: Value | None) -> str:
        """Return the text of a scalar, that of the variable where it refers to one; empty where it is not known."""
        if value is None or value.kind in (Kind.NULL, Kind.MAPPING, Kind.LIST, Kind.CREDENTIAL):
            return ""
        return self.get(value.variable) if value.kind is Kind.ENVIRONMENT else value.text


def read_env_file(text: str) -> dict[str, str]:
    """Return the variables of a file of lines `NAME=value`; other lines say nothing."""
    variables = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is not None and not line.lstrip().startswith("#"):
            value = match[2]
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            variables[match[1]] = value[1:-1] if quoted else re.sub(r"\s+#.*", "", value)
    return variables
