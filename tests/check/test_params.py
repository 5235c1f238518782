"""`params`: any JSON with exact numbers is taken, and what no body may bring along is refused at its place."""

from __future__ import annotations

import json

import pytest

from tests.check.project import MODELS, checked, findings, project


def models(params: str) -> str:
    """Return the models, of which `good` has these params, written in flow style."""
    return MODELS.replace("good: {", f"good: {{params: {params}, ")


def kept(params: str) -> str | None:
    """Return the JSON text of params that are valid."""
    declared = checked(project(routes_models=models(params))).declared
    return declared.models["good"].body.params


TAKEN = {
    "{a: 1, b: -0.50, c: +2}": '{"a": 1, "b": -0.50, "c": 2}',
    "{a: true, b: false}": '{"a": true, "b": false}',
    "{a: high, b: '1e3', c: \"yes\", d: 2027-01-31, e: 1.2.3}": (
        '{"a": "high", "b": "1e3", "c": "yes", "d": "2027-01-31", "e": "1.2.3"}'
    ),
    "{a: 0.12345678901234567890123, b: 123456789012345678901234567890}": (
        '{"a": 0.12345678901234567890123, "b": 123456789012345678901234567890}'
    ),
    "{z: 1, a: [{}, [], '']}": '{"z": 1, "a": [{}, [], ""]}',
    "{extra: {model: x, stream: true}}": '{"extra": {"model": "x", "stream": true}}',
    "{ü: 'ä'}": '{"\\u00fc": "\\u00e4"}',
    "{a: [[[[[[1]]]]]]}": '{"a": [[[[[[1]]]]]]}',
    "{}": "{}",
    f"{{a: -{'9' * 100}, b: 0.{'1' * 99}}}": f'{{"a": -{"9" * 100}, "b": 0.{"1" * 99}}}',
    "{token: true, secret: false}": '{"token": true, "secret": false}',
    f"{{a: '{'9' * 5000}'}}": f'{{"a": "{"9" * 5000}"}}',
}


@pytest.mark.parametrize(("written", "text"), TAKEN.items())
def test_any_json_is_taken(written: str, text: str) -> None:
    """Order and every digit stay; what is quoted is text."""
    assert kept(written) == text
    json.loads(text)


NUMBERS = ("1e3", "1E-6", ".5", "5.", "0x1F", "0o17", "012", "1_000", "12:30", ".inf", "-.INF", ".nan", "+1e3")
REFUSED = {
    **{f"{{a: {text}}}": ("RC115", text) for text in (*NUMBERS, "yes", "No", "ON", "off", "True", "FALSE", "y")},
    "{a: [1, {b: 1e3}]}": ("RC115", "1e3"),
    "{a: null}": ("RC114", "null"),
    "{a: [~]}": ("RC114", "~"),
    "{model: x}": ("RC343", "model"),
    "{messages: []}": ("RC343", "messages"),
    "{stream: true}": ("RC343", "stream"),
    "{a: {API_Key: x}}": ("RC343", "API_Key"),
    "{Authorization: Bearer x}": ("RC343", "Authorization"),
    "{a: [[[[[[[[1]]]]]]]]}": ("RC343", "[1]"),
    f"{{a: {'9' * 101}}}": ("RC343", "9" * 101),
    f"{{a: [-0.{'1' * 100}]}}": ("RC343", f"-0.{'1' * 100}"),
    "{token: 'true'}": ("RC343", "token"),
    "[1]": ("RC120", "[1]"),
    "x": ("RC120", "x"),
    "{a: sk-ant-api03-" + "Zq8vT1mYp0Kd7RwXu3Lb" * 4 + "}": ("RC122", None),
}


@pytest.mark.parametrize(("written", "rule", "where"), [(text, *found) for text, found in REFUSED.items()])
def test_what_no_body_brings_along_is_refused(written: str, rule: str, where: str | None) -> None:
    """There is one finding, at the smallest place, with a remedy."""
    (diagnostic,) = findings(routes_models=models(written))
    assert diagnostic.rule == rule
    assert diagnostic.help
    assert diagnostic.span is not None
    assert where is None or diagnostic.span.text == where


LOOKS = {
    "0,2": "write 0.2,",
    "-1,5": "write -1.5,",
    "20%": "as in 0.2",
    "0.2f": "as in 0.2",
    "1 000": "as in 0.2",
    "1,000,000": "as in 0.2",
    "1.000,5": "as in 0.2",
    "0.2\u00a0": "write `0.2`",
    "\uff12\uff10": "write `20`",
}


@pytest.mark.parametrize(("text", "help"), LOOKS.items())
def test_what_looks_like_a_number_and_is_text_is_told(text: str, help: str) -> None:
    """It would go into every request as text; quotes say that text is meant."""
    (found,) = findings(routes_models=_in_block(text))
    assert found.rule == "RC115"
    assert "looks like a number and is text" in found.message
    assert help in found.help
    assert findings(routes_models=_in_block(f'"{text}"')) == []


@pytest.mark.parametrize("text", ["1.2.3", "2027-01-31", "1,2 or 3", "gpt-4", "v1,5", "a,5", "10k", "80x24"])
def test_texts_with_digits_are_texts(text: str) -> None:
    """A version, a day, a name: what nobody takes for one number is taken as it stands."""
    assert [found.rule for found in findings(routes_models=_in_block(text)) if found.rule == "RC115"] == []


def _in_block(text: str) -> str:
    """Return the models, of which one has a text in a block of params."""
    lines = "provider: beta\nquality: 0.7\nlatency_ms: 900\ncontext_window: 128000\nprice: {input: 1, output: 4}\n"
    body = "".join(f"    {line}\n" for line in [*lines.splitlines(), "params:", f"  temperature: {text}"])
    return (
        "models:\n" + "".join(each for each in MODELS.splitlines(True)[1:] if "fair" not in each) + "  fair:\n" + body
    )
