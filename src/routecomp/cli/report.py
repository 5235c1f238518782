"""Findings in, the report on standard output and the exit code out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from routecomp.cli.problem import CLEAN, FINDINGS, WARNINGS
from routecomp.cli.terminal import color_for

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.diagnostics.rule_info import RuleInfo


class Rules(Mapping[str, "RuleInfo"]):
    """What reports say of the rules, imported when first asked: that takes longer than a clean check."""

    def __getitem__(self, id: str) -> RuleInfo:
        return self._infos()[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos())

    def __len__(self) -> int:
        return len(self._infos())

    @staticmethod
    def _infos() -> Mapping[str, RuleInfo]:
        from routecomp.check.registry import infos
        from routecomp.lint.registry import sql_infos

        return infos() | sql_infos()


def report(diagnostics: Sequence[Diagnostic], checked: int, format: str) -> str:
    """The findings in one of the formats, coloured where standard output is a terminal."""
    from routecomp import __version__
    from routecomp.diagnostics.render import render

    return render(
        format, diagnostics, Rules(), color=color_for(sys.stdout), version=__version__, checked=checked
    )


def exit_code(diagnostics: Sequence[Diagnostic], strict: bool) -> int:
    """0 clean, 1 errors, 3 only warnings under --strict."""
    if any(one.severity == "error" for one in diagnostics):
        return FINDINGS
    return WARNINGS if diagnostics and strict else CLEAN
