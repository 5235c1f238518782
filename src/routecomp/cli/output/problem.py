"""Write a `Problem` for standard error: its findings, its facts and their remedies."""

from __future__ import annotations

from routecomp.cli.output.terminal import paint
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.diagnostics.render import render
from routecomp.workspace.problem import Problem


def problem_text(problem: Problem, color: bool = False) -> str:
    """Return the problem as text, without any credential that a file name or a settings key brought into it."""
    text = ""
    if problem.findings:
        text += render("text", problem.findings, {}, color=color, version="", checked=1) + "\n"
    for message, help in ((problem.message, problem.help), *problem.others):
        text += f"{paint('error', '1;31', color)}: {message}\n"
        text += f"  = help: {help}\n" if help else ""
    return star_secrets(text)
