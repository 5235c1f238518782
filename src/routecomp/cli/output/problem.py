"""Write a `Problem` for people, as text, and for programs, as a JSON object with the key `failed`."""

from __future__ import annotations

import json
from typing import Any

from routecomp import __version__
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


def problem_json(problem: Problem) -> str:
    """Return the problem as a JSON object with a line end: what was done, and in `failed` the facts and remedies."""
    failed: dict[str, Any] = {"message": problem.message, "help": problem.help, "kind": problem.kind}
    if problem.others:
        failed["others"] = [{"message": message, "help": help} for message, help in problem.others]
    document: dict[str, Any] = {"version": __version__}
    if problem.findings:
        document |= json.loads(render("json", problem.findings, {}, version=__version__, checked=1))
    document |= problem.document
    failed |= document.get("failed", {})
    return star_secrets(json.dumps(document | {"failed": failed}, indent=2)) + "\n"
