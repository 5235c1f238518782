"""Write numbers as Prometheus reads them: the text format, version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

Labels = Mapping[str, str]
Samples = Iterable[tuple[Labels, int | float | Decimal]]


def family(name: str, kind: Literal["counter", "gauge"], text: str, samples: Samples) -> str:
    """Return a family of samples with its head; nothing where there are none."""
    lines = [f"{name}{_labels(labels)} {_number(value)}" for labels, value in samples]
    return _with_head(name, kind, text, lines)


class Histogram:
    """Numbers by the bounds that they are within; bounds rise."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def add(self, value: float) -> None:
        """Count a number."""
        place = next((place for place, bound in enumerate(self._bounds) if value <= bound), len(self._bounds))
        self._counts[place] += 1
        self._sum += value

    def lines(self, name: str, labels: Labels) -> list[str]:
        """Return its lines below a head."""
        lines, below = [], 0
        for bound, count in zip((*map(str, self._bounds), "+Inf"), self._counts, strict=True):
            below += count
            lines.append(f"{name}_bucket{_labels({**labels, 'le': bound})} {below}")
        return [*lines, f"{name}_sum{_labels(labels)} {self._sum}", f"{name}_count{_labels(labels)} {below}"]


def histograms(name: str, text: str, samples: Iterable[tuple[Labels, Histogram]]) -> str:
    """Return a family of histograms with its head; nothing where there are none."""
    lines = [line for labels, histogram in samples for line in histogram.lines(name, labels)]
    return _with_head(name, "histogram", text, lines)


def _with_head(name: str, kind: str, text: str, lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in (f"# HELP {name} {text}", f"# TYPE {name} {kind}", *lines)) if lines else ""


def _labels(labels: Labels) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float | Decimal) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
