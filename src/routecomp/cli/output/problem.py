"""Show a `Problem` on standard error: its findings, its facts and their remedies."""

from __future__ import annotations

from routecomp.cli.output.terminal import paint
from routecomp.workspace.problem import Problem


def problem_text(problem: Problem, color: bool = False) -> str:
    """The problem as shown on standard error."""
    text = ""
    if problem.findings:
        from routecomp.diagnostics.render import render

        text += render("text", problem.findings, {}, color=color, version="", checked=1) + "\n"
    for message, help in ((problem.message, problem.help), *problem.others):
        text += f"{paint('error', '1;31', color)}: {message}\n"
        text += f"  = help: {help}\n" if help else ""
    return text
