"""Compare the speed of two resolvers, shape by shape: benchmarks/compare.py BASE NEW [PAIRS], each a resolver.py.

The two are measured in turns, in time of the processor, so that other work on the machine disturbs both alike. The
figure is the median of the ratios NEW / BASE: below 1 the new resolver is the faster one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from time import thread_time
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from support.shapes import hot_shapes, shapes
from support.tables import GATE, table

LOADED = ((1_000, 100_000, 500), (20, 1_000, 10))  # models, tenants and policies of the tables that are loaded


def main() -> None:
    """Print a line for each shape: its name, the median ratio, the median times."""
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    os.environ[GATE] = "1"
    modules = [_imported(Path(path), name) for path, name in zip(sys.argv[1:3], ("base", "new"), strict=True)]
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 30
    tables: dict[tuple[int, int, int], list[Any]] = {}
    for shape in (*shapes().values(), *hot_shapes()):
        if shape.size not in tables:
            raw = table(*shape.size, min(shape.size[2], 10))
            tables[shape.size] = [module.Router.from_bytes(raw) for module in modules]
        _compare(shape.name, [shape.timer(router) for router in tables[shape.size]], pairs)
    for size in LOADED:
        raw = table(*size, 10)
        loads = [_load_timer(module, raw) for module in modules]
        _compare(f"load, {size[0]:,} models, {size[1]:,} tenants", loads, pairs)


def _imported(path: Path, name: str) -> ModuleType:
    """Import a resolver from its file."""
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _load_timer(module: ModuleType, raw: bytes) -> Callable[[int], float]:
    """Return a function that loads a table and returns the seconds it took."""

    def timed(turn: int) -> float:
        start = thread_time()
        module.Router.from_bytes(raw)
        return thread_time() - start

    return timed


def _compare(name: str, timers: list[Callable[[int], float]], pairs: int) -> None:
    """Print the median ratio of a shape."""
    base, new = timers
    times: list[tuple[float, float]] = []
    for turn in range(pairs):
        if turn % 2:  # whoever goes second finds the processor as the first one left it
            times.append((base(turn), new(turn)))
        else:
            times.append((new(turn), base(turn))[::-1])
    ratio = median(after / before for before, after in times)
    before, after = (median(column) * 1e6 for column in zip(*times, strict=True))
    print(f"{name:<58}{ratio:6.3f}   {before:10.2f} -> {after:10.2f} us", flush=True)


if __name__ == "__main__":
    main()
