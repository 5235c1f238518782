"""List what users build on: commands, options, settings, rules, public names, fields of decisions, keys of JSON.

python -m tests.released.surface VERSION    writes surface/VERSION.json beside this file
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

import click

import routecomp
from routecomp.cli.app import COMMANDS
from routecomp.rules.registry import Rules
from routecomp.runtime import resolver
from routecomp.workspace.settings import Settings
from tests.cli.transcripts import SMALL, run
from tests.released import first_version

FOLDER = Path(__file__).parent / "surface"
WRONG = "tenants:\n  acme: {presett: balanced}\n  berlin: {stacks: [eu]}\n  berlin: {stacks: [eu]}\n"
JSON = {
    "compile": "compile --check --json",
    "rules": "rules --json",
    "rule": "rules RC303 --json",
    "audit": "audit --json",
    "explain": "explain --feature support-chat --tenant funkwerk-mobil --input-tokens 9 --latency-budget-ms 9 --json",
    "explain of an experiment": "explain --model hermelin/assistant-plus --unit u-1 --json",
    "show": "show --json",
    "show model": "show model gpt-4.1-azure-eu --json",
    "show models": "show model --json",
    "show tenant": "show tenant elbufer-bank --json",
    "show tenants": "show tenant --json",
    "show feature": "show feature support-chat --json",
    "show features": "show feature --json",
    "show target": "show target auto --json",
    "show experiment": "show experiment assistant-plus-1 --json",
    "show provider": "show provider azure-eu --json",
    "migrate status": "migrate status --json --database sqlite:///routing.db",
    "migrate up": "migrate up --json --database sqlite:///routing.db",
    "migrate verify": "migrate verify --json --database sqlite:///routing.db",
    "lint-migrations": "lint-migrations --json --dialect sqlite bad.sql",
    "diff": "diff --json",
    "check": "check --json --no-base --root wrong",
}
"""The commands that print JSON, run in this order in the example of 7dd767a."""


def surface() -> dict[str, list[str]]:
    """Return each part of the surface as a list of texts; of `Decision` and `Endpoint` the order counts."""
    with tempfile.TemporaryDirectory() as folder:
        keys = json_keys(Path(folder), lambda line, root: run(f"routecomp {line}", root).out)
    return {
        "commands": sorted(line for name, (home, _) in COMMANDS.items() for line in _lines(name, _command(home))),
        "settings": [field.name for field in fields(Settings)],
        "rules": sorted(Rules()),
        "python": sorted(routecomp.__all__),
        "resolver": sorted(resolver.__all__),
        "Router": [name for name in dir(resolver.Router) if not name.startswith("_")],
        "arguments": sorted(resolver.ARGUMENTS),
        "Decision": list(resolver.Decision._fields),
        "Endpoint": list(resolver.Endpoint._fields),
        "JSON": keys,
    }


def json_keys(root: Path, output: Callable[[str, Path], str]) -> list[str]:
    """Return `COMMAND: KEY.KEY[].KEY` for each key of each document; `output` runs a line, and returns its output."""
    first_version.fill(root)
    first_version.allow_its_keys(root)
    (root / "bad.sql").write_text("DROP TABLE x;\n", encoding="ascii")
    for name, text in {**SMALL, "policies/tenants.yaml": WRONG}.items():
        path = root / "wrong" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git = "git -c user.name=A -c user.email=a@example.com"
    run(f"git init -q -b main && git add -A && {git} commit -qm start", root)
    run("sed -i 's/quality: 0.761/quality: 0.861/; s/active: true/active: false/' routes/models/azure-eu.yaml", root)
    keys = set()
    for command, line in JSON.items():
        keys |= {f"{command}: {path}" for path in _paths(json.loads(output(line, root)), "")}
    return sorted(keys)


def _paths(value: object, above: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{above}{key}"
            yield from _paths(inner, f"{above}{key}.")
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item, f"{above.removesuffix('.')}[].")


def _command(home: str) -> click.Command:
    module, name = home.split(":")
    command = getattr(import_module(module), name)
    assert isinstance(command, click.Command)
    return command


def _lines(name: str, command: click.Command) -> Iterator[str]:
    """Yield a command with its arguments, without those that may be left out too, and with each of its options."""
    arguments = [option for option in command.params if isinstance(option, click.Argument)]
    names = [str(option.human_readable_name) for option in arguments]
    yield from (
        " ".join([name, *names[:count]])
        for count in range(sum(option.required for option in arguments), len(names) + 1)
    )
    for parameter in command.params:
        for option in parameter.opts if isinstance(parameter, click.Option) else ():
            yield f"{name} {option}"
    if isinstance(command, click.Group):
        for verb, inner in command.commands.items():
            yield from _lines(f"{name} {verb}", inner)


def write(version: str, content: dict[str, Any]) -> None:
    """Write a surface, one text a line."""
    (FOLDER / f"{version}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1], surface())
