"""YAML and TOML that exports write are read as what was meant, whatever a name or a value is."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from routecomp.interop.export.envoy import export_envoy
from routecomp.interop.export.litellm import export_litellm
from routecomp.interop.export.tensorzero import export_tensorzero
from routecomp.interop.export.toml_text import toml_table
from routecomp.interop.export.yaml_text import yaml_text
from tests.interop.export.sample import PLAIN, routes

ODD = [
    "null",
    "No",
    "y",
    "1e3",
    "0x1f",
    "12:30:45",
    "2026-12-01",
    "~",
    "- a",
    "a: b",
    "#x",
    '"',
    "'",
    "\\",
    "<<",
    "=",
    "*",
]
VALUES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]))
    | st.integers()
    | st.booleans()
    | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab:#/ .", min_size=1), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([*ODD, "plain", "a.b/c"]), VALUES, max_size=4))
def test_what_is_written_is_read(values: dict[str, Any]) -> None:
    assert (yaml.safe_load(yaml_text(values)) or {}) == values
    assert tomllib.loads(toml_table(("a.b", "c"), values)) == {"a.b": {"c": values}}


@pytest.mark.parametrize("text", ["0.000000000001", "75", "0.1", "1000000", "0"])
def test_numbers_are_exact_and_have_a_point(text: str) -> None:
    line = yaml_text({"price": Decimal(text)})
    assert yaml.safe_load(line) == {"price": float(text)}
    assert "e" not in line.removeprefix("price")
    assert Decimal(line.removeprefix("price: ").strip()) == Decimal(text)


def test_any_call_name_is_written() -> None:
    """Names that YAML and TOML could take for something else stay what callers send."""
    names = [name for name in ODD if name not in ("*", '"', "\\", "'")]
    text = PLAIN.replace('"chat:latest"', ", ".join(f"{name!r}".replace("'", '"') for name in names))
    exported = routes(text)
    aliases = yaml.safe_load(export_litellm(exported).data)["router_settings"]["model_group_alias"]
    assert {*names} <= aliases.keys()
    functions = tomllib.loads(export_tensorzero(exported).data.decode())["functions"]
    assert {*names} <= functions.keys()
    matched = {
        match["headers"][0]["value"]
        for document in yaml.safe_load_all(export_envoy(exported).data)
        if document["kind"] == "AIGatewayRoute"
        for rule in document["spec"]["rules"]
        for match in rule["matches"]
    }
    assert {*names} <= matched


def test_a_hidden_model_has_a_name_that_nobody_calls() -> None:
    text = PLAIN.replace('aliases: ["The big one", vendor/big]', 'aliases: ["routecomp:hidden"]')
    document = yaml.safe_load(export_litellm(routes(text)).data)
    assert document["router_settings"]["model_group_alias"]["routecomp:hidden"] == "big"
    groups = [deployment["model_name"] for deployment in document["model_list"]]
    assert "routecomp:hidden" not in groups
    assert {"chat": ["routecomp:routecomp:hidden", "cheap"]} in document["router_settings"]["fallbacks"]
