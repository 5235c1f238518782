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
