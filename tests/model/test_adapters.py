"""The wire contracts: the page says what `model/adapters.py` says, and the resolver has a fresh copy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from routecomp.emit.resolver_contracts import resolver_contracts
from routecomp.model.adapters import ADAPTERS, AUTHS, in_path
from routecomp.runtime import resolver

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")


def rows() -> dict[str, list[str]]:
    """Return the cells behind each adapter in the table of the page."""
    table = PAGE.partition("| adapter | chat_path |")[2].partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {word: row[1:] for row in cells for word in re.findall(r"`(\w+)`", row[0])}


@pytest.mark.parametrize("word", ADAPTERS)
def test_the_page_says_what_the_table_says(word: str) -> None:
    """Paths, key, headers and where model and stream stand are those of the page, for every adapter and no other."""
    assert list(rows()) == list(ADAPTERS)
    chat, stream, auth, headers, model_in, stream_by, base = rows()[word]
    contract = ADAPTERS[word]
    assert chat == ("(r)" if contract.chat_path is None else f"`{contract.chat_path}`")
    others = {"the same": None, "(r)": None, "chat_path": None}
    assert (others[stream] if stream in others else stream.strip("`")) == contract.stream_path
    assert auth == contract.auth
    assert headers == ", ".join(f"{name}: {value}" for name, value in contract.headers.items())
    assert model_in.partition(",")[0] == (contract.model_in or "your service's")
    assert ("path where it holds" in model_in) == contract.leaves_body
    assert stream_by == (contract.stream_by or "your service's")
    assert (base == "") == (contract.base_ends == ())
    if base.startswith("`"):
        assert contract.base_ends == (base.strip("`"),)
    elif base:
        assert contract.chat_path in contract.base_ends


def test_the_page_names_every_way_to_send_a_key() -> None:
    """A word of `auth` that the page forgets is one that nobody can look up."""
    assert [word for word in AUTHS if f"`{word}`" not in PAGE] == []


def test_the_resolver_has_the_contracts() -> None:
    """The part of the resolver that is written from the contracts is fresh."""
    part = ROOT / "src" / "routecomp" / "runtime" / "parts" / "contracts.py"
    assert part.read_text(encoding="utf-8") == resolver_contracts(), "run make refresh"
    assert list(resolver._CONTRACTS) == list(ADAPTERS)


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("anthropic.claude-3:0", "anthropic.claude-3%3A0"),
        ("accounts/fireworks/models/x", "accounts%2Ffireworks%2Fmodels%2Fx"),
        ("claude-opus-4@20250514", "claude-opus-4@20250514"),
        ("a~b_c.d-e", "a~b_c.d-e"),
        ("100%&{x}?#+=", "100%25%26%7Bx%7D%3F%23%2B%3D"),
    ],
)
def test_names_in_paths(name: str, encoded: str) -> None:
    """Everything is encoded but letters, digits and -._~@: as botocore does it, but for `@`."""
    assert in_path(name) == encoded
