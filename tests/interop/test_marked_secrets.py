"""A credential is starred by its place, whatever stands before it: tags, anchors, quotes, the next line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from routecomp.checker import Options, check
from routecomp.interop.litellm.read import read_litellm

SECRET = "Winter2026zq"
FORMS = (
    "!!str {}",
    "&a {}",
    "&a !!str {}",
    "!!str &a {}",
    '!!str "{}"',
    "!!str '{} more {}'",
    "!!str {} more {}, {}",
    "!<tag:yaml.org,2002:str> {}",
    "!foo\n{indent}  {}",
    "!!str |\n{indent}  {}\n\n{indent}  {}",
    "!!str '{}\n{indent}  {}'",
    "!!str {}\n{indent}  {}",
    "[!!str {}, '{}']",
    "\n{indent}  - !!str {}\n{indent}  - {}",
    "!{}",
)


def lines(form: str, key: str, indent: str) -> str:
    return f"{indent}{key}: " + form.replace("{indent}", indent).replace("{}", SECRET) + f"\n{indent}b: !!str shown\n"


def quoted(diagnostics: list[object], text: str) -> str:
    return text + "".join(map(repr, diagnostics))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", ["api_key", '"api_key"', "!!str api_key", "&k aws_secret_access_key"])
def test_no_excerpt_of_an_import_shows_a_marked_credential(tmp_path: Path, form: str, key: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("model_list:\n- model_name: a\n  litellm_params:\n" + lines(form, key, "    "))
    reading = read_litellm([file])
    assert any(each.rule == "RC107" for each in reading.diagnostics)
    for source in reading.files:
        assert SECRET not in quoted(list(reading.diagnostics), source.text)
        assert "!!str shown" in source.text


@pytest.mark.parametrize("form", FORMS)
def test_no_excerpt_of_a_check_shows_a_marked_credential(form: str) -> None:
    text = "providers:\n  p:\n" + lines(form, "api_key", "    ")
    diagnostics = check({"routes/p.yaml": text.encode()}, Options(date(2026, 12, 1))).diagnostics
    assert diagnostics
    for each in diagnostics:
        assert SECRET not in repr(each) + (each.span.file.text if each.span is not None else "")


def test_names_of_variables_and_other_values_are_still_shown(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("a: {api_key: !!str OPENAI_API_KEY, api_base: shown}\nmax_tokens: 7 # a note\nb: one api_key=zq7\n")
    text = read_litellm([file]).files[0].text
    assert "!!str OPENAI_API_KEY, api_base: shown" in text
    assert "max_tokens: 7 # a note" in text
    assert "zq7" not in text
