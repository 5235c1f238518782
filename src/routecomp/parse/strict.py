"""placeholder"""
from __future__ import annotations
from typing import Any
def strict(*a: Any) -> None:
    return None
