"""Linting takes time in step with the size of a file, whatever repeats in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from routecomp.interop.litellm.lint import lint_litellm

_MANY, _FEW = 1200, 300


def _list(names: list[str]) -> str:
    """Return a file with a deployment for each name."""
    return "model_list:\n" + "".join(
        f"- {{model_name: '{name}', litellm_params: {{model: openai/gpt-4o, api_key: os.environ/K}}}}\n"
        for name in names
    )


def _chains(pairs: list[tuple[str, str]]) -> str:
    """Return settings with a fallback for each pair."""
    lines = "".join(f"  - '{group}': ['{target}']\n" for group, target in pairs)
    return f"router_settings:\n  fallbacks:\n{lines}"


def patterns_in_the_middle(count: int) -> str:
    """Return a file of patterns that begin and end alike, and fallbacks that they cover."""
    return _list([f"a*b{n}*" for n in range(count)]) + _chains([(f"ax b{n}", f"ay b{n}") for n in range(count)])


def patterns_at_the_end(count: int) -> str:
    """Return a file of patterns that end apart."""
    return _list([f"openai/*-{n}" for n in range(count)]) + _chains(
        [(f"openai/a-{n}", f"openai/b-{n}") for n in range(count)]
    )


def undefined_groups(count: int) -> str:
    """Return a file with as many unknown names as groups, and a database that may have them."""
    names = [f"g{n}" for n in range(count)]
    stored = "general_settings: {store_model_in_db: true}\n"
    return _list(names) + _chains([(name, f"nothing-{name}-here") for name in names]) + stored


def ways_into_a_loop(count: int) -> str:
    """Return a file of one long chain that ends in a loop."""
    return _list([f"g{n}" for n in range(count)]) + _chains(
        [(f"g{n}", f"g{min(n + 1, count - 2)}" if n == count - 1 else f"g{n + 1}") for n in range(count)]
    )


def credentials(count: int) -> str:
    """Return a file with a credential for each deployment."""
    return _list([f"g{n}" for n in range(count)]).replace("os.environ/K", "hunter2hunter2")


def seconds(folder: Path, text: str) -> float:
    """Return the processor time that linting a file takes, the best of two."""
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    spent = []
    for _ in range(2):
        begin = process_time()
        lint_litellm([file])
        spent.append(process_time() - begin)
    return min(spent)


@pytest.mark.parametrize(
    "made", [patterns_in_the_middle, patterns_at_the_end, undefined_groups, ways_into_a_loop, credentials]
)
def test_four_times_as_much_takes_no_square_of_time(tmp_path: Path, made: Callable[[int], str]) -> None:
    """Four times the entries take about four times as long: a square would take sixteen."""
    seconds(tmp_path, made(10))
    assert seconds(tmp_path, made(_MANY)) < 9 * seconds(tmp_path, made(_FEW))
