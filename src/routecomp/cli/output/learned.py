"""Show what was measured of models, beside what is declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from routecomp.cli.output.layout import paragraph
from routecomp.cli.output.page import Page, safe
from routecomp.measure.output_ratio import OutputRatio
from routecomp.review.edit.output_ratio import BOUNDS, Learned, ratio_text


def learned_document(learned: Sequence[Learned]) -> list[dict[str, Any]]:
    """Return what was measured, for programs: ratios that are written as text, exactly."""
    return [
        {
            "model": each.model,
            "declared": ratio_text(each.declared_bp),
            "is_default": each.is_default,
            "verdict": each.verdict,
            **_measured(each.measured),
        }
        for each in learned
    ]


def learned_text(learned: Sequence[Learned], unseen: int, least: int, source: str, color: bool) -> str:
    """Return a line for each model that answered, and what becomes of its ratio."""
    page = Page(color)
    words = {
        "few": f"stays: fewer than {least:,} calls",
        "holds": "stays: within the interval",
        "equal": "stays: the same",
        "zero": "stays: it rounds to 0, by which answers would cost nothing",
        "beyond": f"stays: the YAML takes ratios {BOUNDS.bounds}",
    }
    rows = [
        (
            safe(each.model),
            f"{each.measured.calls:,}",
            ratio_text(each.declared_bp) + (" (default)" if each.is_default else ""),
            ratio_text(each.measured.ratio_bp),
            *("–" if end is None else f"{end:.4f}" for end in (each.measured.low, each.measured.high)),
            words.get(each.verdict, f"becomes {ratio_text(each.measured.ratio_bp)}"),
        )
        for each in learned
    ]
    calls = sum(each.measured.calls for each in learned)
    header = ("", "calls", "declared", "measured", "from", "to", "")
    page.part(f"Output tokens by input tokens, {calls:,} calls in {source}", rows, header=header, right=range(1, 6))
    if unseen:
        rest = f"{unseen:,} model{'s' * (unseen != 1)} answered no call, or none of known length: they stay"
        page.lines += paragraph(rest, 2, 2)
    return "\n".join(page.lines[1:]) + "\n"


def _measured(measured: OutputRatio) -> dict[str, Any]:
    document = asdict(measured)
    del document["ratio_bp"]
    return {"measured": ratio_text(measured.ratio_bp), **document}
