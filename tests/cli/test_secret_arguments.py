"""No command repeats a credential that is given to it, whatever argument it stands in."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from routecomp.cli.app import COMMANDS, cli
from tests.cli.transcripts import SMALL, in_process, project

SECRET = "sk-" + "proj-Zq8vT3mXw2Lk9RbN4yHc7JdF5gP1sA6uE0oIiKjMnBvCxZ"


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command that is no group, with the words that name it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def lines(path: tuple[str, ...], command: click.Command) -> Iterator[list[str]]:
    """Yield a command line for each argument and option that takes a text, which is the credential there."""
    required = [parameter for parameter in command.params if parameter.required]
    for parameter in command.params:
        if isinstance(parameter, click.Option) and (parameter.is_flag or parameter.count):
            continue
        words = list(path)
        for each in dict.fromkeys([*required, parameter]):
            value = SECRET if each is parameter else "x"
            words += [each.opts[0], value] if isinstance(each, click.Option) else [value]
        yield words
        if any("--json" in each.opts for each in command.params) and parameter.name != "json":
            yield [*words, "--json"]


LINES: dict[str, list[list[str]]] = {name: [] for name in COMMANDS}
for command_path, each_command in commands(cli):
    LINES[command_path[0]] += lines(command_path, each_command)


@pytest.mark.parametrize("name", LINES)
def test_no_argument_is_repeated(name: str) -> None:
    """Of every command that there is, each argument and option in turn, for people and for programs."""
    with project(SMALL) as root:
        for line in [*LINES[name], [name, SECRET], [name, f"--{SECRET}"]]:
            ran = in_process(line, root)
            assert SECRET[:16] not in ran.out + ran.err, (line, ran.out[:500], ran.err[:500])
