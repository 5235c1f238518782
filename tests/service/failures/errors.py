"""Make an exception again from its recorded shape: classes by the same names, attributes by the same values."""

from __future__ import annotations

import builtins
import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

RECORDED = Path(__file__).parents[2] / "sdks" / "errors.json"
RECORDINGS: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))


def stand_in(shape: Mapping[str, Any]) -> BaseException:
    """Return an exception of that shape."""
    bases: tuple[type, ...] = (Exception,)
    for module, name in reversed(shape["classes"]):
        builtin = getattr(builtins, name, None) if module == "builtins" else None
        if builtin is None:
            bases = (type(name, bases, {"__module__": module}),)
        elif not issubclass(bases[0], builtin):
            bases = (builtin,) if issubclass(builtin, bases[0]) else (*bases, builtin)
    values = {name: _value(value) for name, value in shape["attributes"].items()}
    if shape["response"] is not None:
        content = shape["response"]["_content"]
        values["response"] = SimpleNamespace(
            **shape["response"] | {"_content": None if content is None else content.encode()}
        )
    error: BaseException = type(bases[0].__name__, bases, {"__module__": bases[0].__module__, **values})()
    return error


def _value(value: Any) -> Any:
    return stand_in(value) if isinstance(value, dict) and set(value) == {"classes", "attributes", "response"} else value
