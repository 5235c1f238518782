"""Lint LiteLLM files: `routecomp lint-litellm`. It needs no project."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path

import click

from routecomp.cli.options import chosen_format, complete_files, format_option, json_option, strict_option
from routecomp.cli.output.findings import exit_code, findings_page
from routecomp.diagnostics.rule import Rule, Scope
from routecomp.interop.environment import read_env_file
from routecomp.interop.litellm.lint import LintedFiles, lint_litellm
from routecomp.interop.litellm.names import VERSION
from routecomp.interop.litellm.staged import files_to_lint
from routecomp.rules.registry import find_rule, rules
from routecomp.workspace.problem import Problem, visible


@click.command(
    "lint-litellm",
    epilog=f"""\b
FILE is what the proxy is started with (`litellm --config FILE`); what it includes
is read with it; `-` is standard input. No project is needed, and nothing is sent
anywhere.

\b
The rules are RC7xx, and tried on LiteLLM {VERSION}:
  routecomp rules RC7       the list
  routecomp docs RC711      one, with an example

\b
Examples:
  routecomp lint-litellm config.yaml
  routecomp lint-litellm config.yaml --env-file .env     are all variables set?
  routecomp lint-litellm --ignore RC734 conf/*.yaml
  routecomp lint-litellm config.yaml --format sarif > litellm.sarif

\b
Exit codes:
  0  clean, or only warnings
  1  errors
  2  wrong usage, or a file that cannot be read
  3  only warnings, under --strict
""",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=complete_files)
@click.option("--env-file", "env_files", metavar="FILE", multiple=True, help="A file of NAME=value lines that are set.")
@click.option("--set", "names", metavar="NAME", multiple=True, help="A variable that is set where the proxy runs.")
@click.option("--environ", is_flag=True, help="Count the variables of this environment as set.")
@click.option("--ignore", metavar="RULE", multiple=True, help="Leave a rule out, by its id or name.")
@click.option(
    "--staged", is_flag=True, help="Pass over files of other tools, and lint a part with the file that includes it."
)
@format_option
@json_option
@strict_option
def command(
    files: tuple[str, ...],
    env_files: tuple[str, ...],
    names: tuple[str, ...],
    environ: bool,
    ignore: tuple[str, ...],
    staged: bool,
    format: str | None,
    as_json: bool,
    strict: bool,
) -> int:
    """Lint LiteLLM files: mistyped keys, groups that nothing defines, credentials, fallbacks that cannot serve."""
    format = chosen_format(format, as_json)
    variables: frozenset[str] | None = None
    if env_files or names or environ:
        stated = [{name for name, value in read_env_file(_text(path)).items() if value} for path in env_files]
        variables = frozenset(name.partition("=")[0] for name in names).union(*stated, os.environ if environ else ())
    ignored = frozenset(_rule_id(name) for name in ignore)
    try:
        paths = [Path("/dev/stdin" if name == "-" else name) for name in files]
        linted = lint_litellm(files_to_lint(paths) if staged else paths, variables, ignored)
    except OSError as failed:
        raise Problem(
            f"{visible(str(failed.filename))} cannot be read: {failed.strerror}", "name a LiteLLM file"
        ) from None
    page = findings_page(linted.diagnostics, linted.files, format, _known(linted))
    click.echo(_with_variables(page, linted) if format == "json" else page, nl=False)
    if format == "text" and variables is None and linted.variables:
        click.echo(_variables_line(linted.variables))
    return exit_code(linted.diagnostics, strict)


def _known(linted: LintedFiles) -> Mapping[str, Rule]:
    """Return the rules over LiteLLM files, and all others only where one of them found something."""
    known = rules(Scope.LITELLM)
    return known if all(each.rule in known for each in linted.diagnostics) else rules()


def _text(path: str) -> str:
    """Return the text of a file of variables, or raise a `Problem`."""
    try:
        if Path(path).is_fifo():
            raise OSError(errno.EINVAL, "it is no regular file")
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as failed:
        raise Problem(f"{visible(path)} cannot be read: {failed.strerror}", "name a file of NAME=value lines") from None


def _rule_id(name: str) -> str:
    """Return the id of a rule over LiteLLM files, or of the text of one, by any of its names."""
    rule = find_rule(name)
    if rule is None:
        raise Problem(f"there is no rule `{visible(name)}`", "`routecomp rules RC7` lists them")
    return rule.id


def _with_variables(page: str, linted: LintedFiles) -> str:
    """Return the JSON report with the names of the variables that the files read."""
    document = json.loads(page)
    document["variables"] = list(linted.variables)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _variables_line(variables: tuple[str, ...]) -> str:
    """Return the line that names the variables the files read, where nobody said which are set."""
    listed = ", ".join(visible(name) for name in variables[:8]) + (" …" if len(variables) > 8 else "")
    count = "1 variable" if len(variables) == 1 else f"{len(variables)} variables"
    return f"the environment must set {count} ({listed}): --env-file or --environ has that looked up"
