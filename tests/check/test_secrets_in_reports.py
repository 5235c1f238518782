"""A credential in a file reaches no report, by whatever road: value, key, comment, broken line, other findings."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render import FORMATS, render
from routecomp.parse import parse
from routecomp.parse.redact import MASK
from routecomp.parse.tree import scalars
from routecomp.rules.registry import rules
from tests.check.project import at, checked, findings, project
from tests.check.test_broken_bodies import FULL

ALPHABET = string.ascii_letters + string.digits


def credential(seed: int) -> str:
    """A made-up key in the form of one of a few vendors."""
    chance = random.Random(seed)
    body = "".join(chance.choice(ALPHABET) for _ in range(40)) + "aB3dE6"
    return (
        chance.choice(["sk-ant-", "sk-proj-", "gsk_", "xai-", "AKIA", "hf_", "AIza", "pplx-", ""]).replace(
            "AKIA", "AKIA" + "".join(chance.choice("ABCDEFGH234567") for _ in range(16)) + " "
        )
        + body
    )


def reports(found: list[Diagnostic]) -> str:
    """Every format's report, one after the other."""
    return "".join(render(format, found, rules(), version="0", checked=1) for format in FORMATS)


def leaks(secret: str, text: str) -> bool:
    """Whether any ten characters in a row of the credential's own stand in a text."""
    own = secret.split(" ")[-1][-40:]
    return any(own[start : start + 10] in text for start in range(len(own) - 9))


def hidden(files: dict[str, bytes], secret: str) -> list[Diagnostic]:
    """The findings, after making sure that one says there is a credential and none shows it."""
    found = checked(files).diagnostics
    assert "RC122" in {one.rule for one in found}, files
    assert not leaks(secret, reports(found)), reports(found)
    # Reports star what they recognise once more; what is found must not need it.
    for one in found:
        assert not leaks(secret, repr((one.message, one.help, one.note, [label.text for label in one.labels], one.fix)))
    return found


TEXTS = dict(FULL)


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_in_the_place_of_any_scalar(data: st.DataObject) -> None:
    """Keys and values of every section, plain and quoted: the finding is the only one at its place."""
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[name]
    root = parse("x.yaml", text.encode()).root
    assert root is not None
    scalar = data.draw(st.sampled_from(scalars(root)))
    secret = credential(data.draw(st.integers(0, 10_000)))
    quote = data.draw(st.sampled_from(["", "'", '"']))
    changed = text[: scalar.start] + quote + secret + quote + text[scalar.end :]
    found = hidden(project(**TEXTS | {name: changed}), secret)
    place = (scalar.start, scalar.start + len(quote + secret + quote))
    same = [
        one.rule
        for one in found
        if one.span
        and one.span.path == name.replace("_", "/", 1) + ".yaml"
        and place[0] <= one.span.start
        and one.span.end <= place[1]
    ]
    assert same == ["RC122"]


@given(
    st.sampled_from(sorted(TEXTS)),
    st.integers(0, 10_000),
    st.integers(0, 400),
    st.sampled_from(["# ", "#", "# key: ", "\t# was "]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_in_any_comment(name: str, seed: int, place: int, before: str) -> None:
    """Behind a line or on its own, in a file that is otherwise clean."""
    secret = credential(seed)
    lines = TEXTS[name].split("\n")
    line = place % len(lines)
    lines[line] += f"  {before}{secret}" if place % 2 else ""
    if not place % 2:
        lines.insert(line, f"{before.strip()} {secret}")
    found = hidden(project(**TEXTS | {name: "\n".join(lines)}), secret)
    assert [one.rule for one in found] == ["RC122"]


@given(
    st.sampled_from(sorted(TEXTS)),
    st.integers(0, 10_000),
    st.integers(0, 2_000),
    st.binary(max_size=6)
    | st.sampled_from(
        [
            b"\t",
            b"[",
            b"}",
            b'"',
            b": : ",
            b"\xff",
            b"\n- ",
            b"&a *b",
            b"!!x ",
            b"\xe2\x80\xae",
            b"|\n",
            b"---\n",
            b"%X\n",
            b"? ",
        ]
    ),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_in_a_file_with_something_wrong_with_it(name: str, seed: int, place: int, junk: bytes) -> None:
    """Any bytes pushed in anywhere, beside or far from the credential."""
    secret = credential(seed)
    text = TEXTS[name] + f"zz: {{extra: {secret}}}\n"
    data = text.encode()
    at = place % (len(TEXTS[name]) + 12)
    hidden(project(**TEXTS | {name: data[:at] + junk + data[at:]}), secret)


@pytest.mark.parametrize(
    "text",
    [
        "tenants:\n  acme: {{description: {0}, description: {0}}}\n",
        "tenants:\n  {0}: {{}}\n  {0}: {{}}\n",
        "tenants:\n  acme:\n    objective: {0}\n",
        "tenants:\n  acme:\n    min_quality: '{0}'\n",
        "tenants:\n  acme:\n    {0}: 1\n",
        "{0}: {{}}\n",
        "{0}\n",
        "- {0}\n",
        "tenants: {0}\n",
        "tenants:\n  acme: {0}\n",
        "tenants:\n  acme:\n    banned_models: {0}\n",
        "tenants:\n  acme:\n    description: |\n      first\n      {0}\n      last\n",
        'tenants:\n  acme:\n    description: "a\n      {0}\n      b"\n',
        "tenants:\n  acme:\n    description: &{0} x\n",
        "tenants:\n  acme:\n    description: *{0}\n",
        "tenants:\n  acme:\n    description: !{0} x\n",
        "%{0}\n---\ntenants: {{}}\n",
        "tenants:\n  acme: {{}}\n---\n{0}\n",
        "tenants:\n  acme: [{0}\n",
        "tenants:\n\tacme: {0}\n",
        'tenants:\n  acme: {{}}  # routecomp:allow {0} until=2026-12-01 reason="x"\n',
        'tenants:\n  acme: {{}}  # routecomp:allow RC403 until={0} reason="x"\n',
        "tenants:\n  acme: {{preset: {0}, stacks: [{0}], banned_providers: [{0}], banned_models: [{0}]}}\n",
    ],
)
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_where_messages_quote(text: str, seed: int) -> None:
    """Each place whose finding would quote what stands there."""
    secret = credential(seed).split(" ")[-1]
    hidden(project(policies_t=text.format(secret)), secret)


def test_other_findings_of_the_file_stay() -> None:
    """Only what stands at the credential is left out; the rest is reported with it."""
    secret = credential(5)
    found = findings(
        policies_t=f"tenants:\n  acme:\n    objective: '{secret}'\n    min_quality: 2\n  globex: {{min_quality: 3}}\n"
    )
    assert [(one.rule, one.span.line) for one in found if one.span] == [("RC122", 3), ("RC117", 4), ("RC117", 5)]
    assert at(found[0]).strip(MASK) == ""


@pytest.mark.parametrize(
    "text",
    [
        "tenants:\n  {0}:\n    min_quality: 2\n",
        "tenants:\n  acme:\n    {0}: {{a: 1}}\n    min_quality: 2\n",
        "presets:\n  {0}: {{}}\ntenants:\n  acme: {{preset: {0}, weights: {{quality: 1, latency: 1, cost: 0}}}}\n",
    ],
)
def test_names_that_messages_repeat_elsewhere(text: str) -> None:
    """A credential that is a perfect slug, in the name of a body whose other lines are wrong."""
    chance = random.Random(11)
    secret = "".join(chance.choice("0123456789abcdef") for _ in range(40))
    hidden(project(policies_t=text.format(secret)), secret)


def test_places_stay_true_and_lines_keep_their_number() -> None:
    """Blotted out, a text has the same length and the same lines."""
    secret = credential(6)
    text = f"tenants:\n  acme:\n    description: |\n      {secret}\n      {secret}\n    min_quality: 2\n"
    found = findings(policies_t=text)
    assert [(one.rule, one.span.line, one.span.column) for one in found if one.span] == [
        ("RC122", 3, 18),
        ("RC117", 6, 18),
    ]
    assert found[0].span is not None
    blotted = found[0].span.file.text
    assert len(blotted) == len(text)
    assert [len(line) for line in blotted.split("\n")] == [len(line) for line in text.split("\n")]


def test_every_credential_is_found_at_once() -> None:
    """In values, keys and comments of several files."""
    secrets = [credential(seed).split(" ")[-1] for seed in range(20, 24)]
    found = findings(
        policies_t=f"tenants:\n  acme: {{description: {secrets[0]}}}  # {secrets[1]}\n",
        routes_x=f"# {secrets[2]}\nmodels:\n  extra: {{{secrets[3]}: 1}}\n",
    )
    assert [one.rule for one in found if one.rule == "RC122"] == ["RC122"] * 4
    assert not any(leaks(secret, reports(found)) for secret in secrets)


def test_a_false_alarm_is_released_by_its_fingerprint() -> None:
    """The message says how, and what it says works: of two in one text each needs its own."""
    secrets = [credential(seed).split(" ")[-1] for seed in (30, 31)]
    files = project(policies_t=f"tenants:\n  acme:\n    description: {secrets[0]} and {secrets[1]}\n")
    released: set[str] = set()
    for _ in secrets:
        found = checked(files, released=frozenset(released)).diagnostics
        assert [one.rule for one in found] == ["RC122"]
        assert "`secrets: {released: [" in found[0].help
        assert "routecomp.yaml" in found[0].help
        released.add(found[0].help.rpartition("released: [")[2][:16])
    assert len(released) == 2
    assert checked(files, released=frozenset(released)).diagnostics == []


def test_a_key_in_armour_is_one_finding() -> None:
    """Its lines are hidden together, in a file that can be read and in one that cannot."""
    chance = random.Random(9)
    lines = ["".join(chance.choice(ALPHABET) for _ in range(64)) for _ in range(6)]
    kind = "PRIVATE KEY"
    armour = [f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----"]
    text = "tenants:\n  acme:\n    description: |\n" + "".join(f"      {line}\n" for line in armour)
    for broken in ("", "    min_quality: [\n"):
        found = findings(policies_t=text + broken)
        assert [one.rule for one in found if one.rule == "RC122"] == ["RC122"]
        assert not any(leaks(line, reports(found)) for line in lines)
