"""Hold a change to what it may move: tenants, features and names that a reviewer allows, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from routecomp.review.analysis.report import MoveReport, MoveRow, request_json

KINDS: Final = ("tenant", "feature", "model")


class NotAllowedError(ValueError):
    """A word of `--only` that cannot be read; the message says what it should be."""


def read_allowed(words: Sequence[str]) -> dict[str, set[str]]:
    """Return the names that may move, by kind; raise NotAllowedError for what is no KIND=NAME."""
    allowed: dict[str, set[str]] = {}
    for word in words:
        kind, equals, name = word.partition("=")
        if kind not in KINDS or not equals or not name:
            raise NotAllowedError(f"--only {word}: say tenant=NAME, feature=NAME or model=NAME")
        allowed.setdefault(kind, set()).add(name)
    return allowed


def broken_guards(moves: MoveReport | None, allowed: dict[str, set[str]], *, none: bool, proof: bool) -> list[str]:
    """Return a sentence for each guard that a comparison breaks; with `none` nothing may move, with `proof` it is one.

    A guard that a comparison cannot answer, because it is no proof, is broken.
    """
    if moves is None:
        return []
    sentences = []
    if not moves.is_proven and (proof or none or allowed):
        sentences.append(f"sampled, not proven: {moves.unproven:,} of {moves.views:,} views were over the bound")
    outside = [row for row in moves.rows if none or (allowed and not _is_allowed(row, allowed))]
    if outside:
        what = "a decision changes" if none else "a decision outside of --only changes"
        more = f" ({len(outside):,} moves in all)" if len(outside) > 1 else ""
        sentences.append(f"{what}: {request_json(outside[0].request)}{more}")
    return sentences


def _is_allowed(row: MoveRow, allowed: dict[str, set[str]]) -> bool:
    """Return whether every call of a move is among the names that may move, of each kind that is named."""
    tenants = allowed.get("tenant")
    if tenants is not None and (row.without_tenant or row.undeclared or not {*row.callers} <= tenants):
        return False
    if not allowed.keys() - {"tenant"}:
        return True
    return all(name in allowed.get(argument, set()) for argument, name in row.names)
