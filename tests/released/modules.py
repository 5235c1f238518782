"""Import a resolver that was shipped, from its file."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType


@cache
def import_file(path: Path) -> ModuleType:
    """Return a file as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"shipped_{path.stem}_{abs(hash(path))}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
