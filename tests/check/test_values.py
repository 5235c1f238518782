"""Single values: which are accepted, and what is said of those that are not."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.numbers import NumberField, format_decimal, parse_decimal
from tests.check.project import MODELS, at, checked, findings, ids, project

SHARES = ["0", "1", "0.5", "+0.5", "0.1234", "1.0000", "0.0000", "-0", "-0.00", "+0"]
NOT_SHARES = {
    "1.0001": ("RC117", "write a number between 0 and 1"),
    "-0.0001": ("RC117", "write a number between 0 and 1"),
    "86": ("RC117", "it is a share of 1: write 0.86"),
    "86.5": ("RC117", "it is a share of 1: write 0.865"),
    "123456789012345678901234567890123456789012345": ("RC117", "write a number between 0 and 1"),
    "0.12345": ("RC116", "round it to 4 decimals: write 0.1234 or 0.1235"),
    "0.10000": ("RC116", "write 0.1000"),
    "01": ("RC115", "write 1"),
    "00.5": ("RC115", "write 0.5"),
    "1e-1": ("RC115", "write 0.1"),
    "1E-5": ("RC115", "round it to 4 decimals: write 0 or 0.0001"),
    "1e-99": ("RC115", "round it to 4 decimals: write 0 or 0.0001"),
    "5e-324": ("RC115", "round it to 4 decimals: write 0 or 0.0001"),
    "1e999999999": ("RC115", "write it without an exponent"),
    ".5": ("RC115", "write 0.5"),
    "0.": ("RC115", "write 0"),
    "0_0.5": ("RC115", "write 0.5"),
    "1_000": ("RC115", "a number is written without thousands separators; write a number between 0 and 1"),
    "0x1": ("RC115", "write 1"),
    "50%": ("RC115", "it is a share of 1: write 0.5"),
    "12.5 %": ("RC115", "it is a share of 1: write 0.125"),
    "0,5": ("RC115", "a number is written with a point, not a comma: write 0.5"),
    "1,000": ("RC115", "a number is written with a point, not a comma, and without thousands separators: write 1.000"),
    "$5": ("RC115", "a number is written without a currency; write a number between 0 and 1"),
    "5 USD": ("RC115", "a number is written without a currency; write a number between 0 and 1"),
    "5ms": ("RC115", "a number is written without its unit; write a number between 0 and 1"),
    "200k": ("RC115", "a number is written without its unit; write a number between 0 and 1"),
    ".inf": ("RC115", "write a finite number"),
    "-.INF": ("RC115", "write a finite number"),
    ".nan": ("RC115", "write a finite number"),
    "NaN": ("RC115", "write a finite number"),
    "12:30:45": ("RC115", "write one number in the field's own unit, not a time of day"),
    "2026-11-20": ("RC115", "write a number, not a date"),
    "٣": (
        "RC115",
        "it holds U+0663 (arabic-indic digit three), which is not a character of numbers; "
        "it is a share of 1: write 0.03",
    ),
    "１": ("RC115", "it holds U+FF11 (fullwidth digit one), which is not a character of numbers: write 1"),
    "high": ("RC115", "write a number, as in 0.55"),
    "true": ("RC115", "write a number, as in 0.55"),
    "'0.5'": ("RC115", "write it without quotes"),
    "'x'": ("RC115", "write a number, as in 0.55"),
    "'0.5 '": ("RC115", "write 0.5"),
    "''": ("RC115", "write a number, as in 0.55"),
    "|\n      0.5": ("RC115", "write 0.5"),
    "--1": ("RC115", "write a number, as in 0.55"),
    "+": ("RC115", "write a number, as in 0.55"),
    "[0.5]": ("RC120", "write 0.5"),
    "{a: 0.5}": ("RC120", "write a number here"),
    "~": ("RC114", "give it a value, or leave the key out"),
}


def tenant(field: str, value: str) -> str:
    """A tenant with one field."""
    return f"tenants:\n  acme:\n    preset: balanced\n    {field}: {value}\n"


@pytest.mark.parametrize("value", SHARES)
def test_shares(value: str) -> None:
    """Zero to one with at most four decimals, a sign if one likes."""
    assert ids(policies_t=tenant("min_quality", value)) == []


@pytest.mark.parametrize("value", NOT_SHARES)
def test_what_is_no_share(value: str) -> None:
    """Everything else is refused where it stands, with the remedy that fits."""
    rule, help = NOT_SHARES[value]
    found = findings(policies_t=tenant("min_quality", value))
    assert [(one.rule, one.help) for one in found] == [(rule, help)]
    assert found[0].message.startswith("tenant `acme`: `min_quality` ")
    assert found[0].span is not None
    assert found[0].span.line == 4


@pytest.mark.parametrize(
    ("section", "lines", "field", "good", "bad"),
    [
        (
            "models",
            "provider: alpha, quality: 1, latency_ms: 1, context_window: 1, price: {output: 1, ",
            "input",
            "0.000001",
            "0.0000001",
        ),
        (
            "models",
            "provider: alpha, quality: 1, latency_ms: 1, context_window: 1, price: {output: 1, ",
            "input",
            "1000000",
            "1000000.000001",
        ),
        (
            "models",
            "provider: alpha, quality: 1, latency_ms: 1, context_window: 1, price: {output: 1, ",
            "input",
            "0",
            "-0.000001",
        ),
        (
            "models",
            "provider: alpha, quality: 1, latency_ms: 1, price: {output: 1, input: 1}, {",
            "context_window",
            "1",
            "0",
        ),
        (
            "models",
            "provider: alpha, quality: 1, latency_ms: 1, price: {output: 1, input: 1}, {",
            "context_window",
            "1000000000",
            "1000000001",
        ),
        (
            "models",
            "provider: alpha, quality: 1, context_window: 1, price: {output: 1, input: 1}, {",
            "latency_ms",
            "0",
            "0.5",
        ),
        (
            "models",
            "provider: alpha, quality: 1, latency_ms: 1, context_window: 1, price: {output: 1, input: 1}, {",
            "output_ratio",
            "0.0001",
            "0.00001",
        ),
        ("tenants", "{", "fallback_cost_penalty_pct", "100", "100.01"),
        ("tenants", "{", "fallback_cost_penalty_pct", "99.99", "99.999"),
        ("tenants", "{", "fallback_cost_penalty_pct", "0", "-0.01"),
        ("tenants", "{", "compliance_veto_threshold", "0.9999", "0.99999"),
        ("tenants", "{", "max_quality_loss", "1", "1.1"),
    ],
)
def test_bounds_and_decimals_of_fields(section: str, lines: str, field: str, good: str, bad: str) -> None:
    """Each kind of number at its bound and one unit beyond it."""
    folder = "policies" if section == "tenants" else "routes"

    def body(value: str) -> dict[str, str]:
        inner = lines.removesuffix("{") + f"{field}: {value}" + ("}" if lines.endswith("output: 1, ") else "")
        return {f"{folder}_more": f"{section}:\n  extra: {{{inner}}}\n"}

    assert all(one.severity == "warning" for one in findings(**body(good)))  # some are odd, all are legal
    assert [one.rule for one in findings(**body(bad))] in (["RC116"], ["RC117"])


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_exact_and_written_are_inverse(value: int, scale: int) -> None:
    """A quantity written as a decimal is read back as itself."""
    text = format_decimal(value, scale)
    assert parse_decimal(text, scale) == value
    assert Fraction(text) == Fraction(value, 10**scale)


NUMBERS = st.from_regex(r"[-+]?[0-9_]{0,4}(\.[0-9_]{0,5})?([eE][-+]?[0-9]{1,2})?", fullmatch=True)


@given(NUMBERS)
def test_a_repaired_number_is_the_same_number(text: str) -> None:
    """Whatever is offered in the place of a number says exactly what stood there."""
    files = project(policies_t=f"tenants:\n  acme:\n    preset: balanced\n    fallback_cost_penalty_pct: {text}\n")
    for one in checked(files).diagnostics:
        if one.fix is not None and one.rule in ("RC115", "RC116"):
            offered = one.fix.edits[0].replacement
            assert Fraction(offered) == Fraction(text.replace("_", ""))
            assert NumberField(2, 2, 0, 10_000).accepts_text(offered)


@pytest.mark.parametrize(
    ("value", "help"),
    [
        ("yes", "write true"),
        ("No", "write false"),
        ("on", "write true"),
        ("n", "write false"),
        ("True", "write true"),
        ("1", "write true"),
        ("0", "write false"),
        ("'true'", "write it without quotes"),
        ("maybe", "write true or false"),
        ("[]", "write true or false here"),
        ("2", "write true or false"),
    ],
)
def test_what_is_no_boolean(value: str, help: str) -> None:
    """Only true and false, without quotes, are booleans."""
    found = findings(policies_t=tenant("fallback_enabled", value))
    assert [(one.rule in ("RC115", "RC120"), one.help) for one in found] == [(True, help)]


@pytest.mark.parametrize("slug", ["a", "0", "a.b_c-d", "x" * 63, "true", "null", "no", "1e5", "12"])
def test_slugs_are_their_text(slug: str) -> None:
    """What would be a number or a boolean elsewhere is a name where a name is wanted, as key and as value."""
    assert (
        ids(
            policies_t=f"tenants:\n  {slug}: {{}}\n",
            routes_more=f"models:\n  {slug}: {{provider: alpha, quality: 1, "
            "price: {input: 1, output: 1}, latency_ms: 1, context_window: 1}\n",
            routes_features=f"features: {{f: {{models: {{good: primary}}, fallback: ['{slug}']}}}}\n",
        )
        == []
    )


@pytest.mark.parametrize("slug", ["A", "-a", "a-", ".a", "a b", "a/b", "é", "x" * 64, "аcme", '"a\\n"', "''", "а"])
def test_what_is_no_slug(slug: str) -> None:
    """Capitals, other scripts, slashes, line ends and anything over 63."""
    found = findings(policies_t=f"tenants:\n  {slug}: {{}}\n")
    assert [one.rule for one in found] == ["RC118"]
    found = findings(policies_t=f"tenants: {{acme: {{banned_models: [{slug}]}}}}\n")
    assert [one.rule for one in found] == ["RC118"]


CALLED = ["router/auto", "deepseek/deepseek-r1:free", "openai/Qwen/Qwen3", "GPT 4o", "anthropic.claude-3:0", "/a/", "A",
          "5", "true", "x" * 255, "!#$%&'()+,-./:;<=>?@[]^_`{|}~"]  # fmt: skip
NOT_CALLED = {
    "": "is empty; a call name is wanted",
    " a": "begins or ends with a space",
    "a ": "begins or ends with a space",
    "a  b": "has two spaces side by side",
    "é": "holds `é`; a call name is printable ASCII",
    "a\tb": "a call name is printable ASCII",
    "x" * 256: "is a call name of 256 characters",
}
STARRED = {
    "a*b": "has a `*` before its end",
    "**": "has a `*` before its end",
    "*a": "has a `*` before its end",
    "a  *": "has two spaces side by side",
    " *": "begins or ends with a space",
}


def _called(name: str) -> list[list[Diagnostic]]:
    """Return the findings of a call name where one may stand: as an alias of a target, and elsewhere."""
    quoted = json.dumps(name)
    return [
        findings(routes_t=f"targets: {{t: {{aliases: [{quoted}], candidates: all}}}}\n"),
        findings(routes_features=f"features: {{f: {{models: {{good: primary}}, aliases: [{quoted}]}}}}\n"),
        findings(routes_models=MODELS.replace("good: {", f"good: {{aliases: [{quoted}], ")),
        findings(experiments_e=f"experiments: {{e: {{public_model_id: {quoted}, status: draft, variants: {{}}}}}}\n"),
    ]


@pytest.mark.parametrize("name", CALLED)
def test_call_names(name: str) -> None:
    """Whatever callers send in printable ASCII, case kept, is a call name of anything that has one."""
    assert _called(name) == [[], [], [], []]


@pytest.mark.parametrize("name", NOT_CALLED)
def test_what_is_no_call_name(name: str) -> None:
    """One finding that says what is wrong with it."""
    for found in _called(name):
        assert [one.rule for one in found] == ["RC118"]
        assert NOT_CALLED[name] in found[0].message


@pytest.mark.parametrize("name", ["*", "openai/*", "GPT *", "a*"])
def test_patterns(name: str) -> None:
    """A pattern is an alias of a target, and of nothing else."""
    target, *others = _called(name)
    assert target == []
    for found in others:
        assert [(one.rule, one.help) for one in found] == [
            ("RC118", "write the whole name: only an alias of a target may end in `*`")
        ]


@pytest.mark.parametrize("name", STARRED)
def test_what_is_no_pattern(name: str) -> None:
    """`*` is the last character, or it stands nowhere."""
    (found,) = _called(name)[0]
    assert found.rule == "RC118"
    assert STARRED[name] in found.message


def test_a_star_without_quotes() -> None:
    """YAML reads a bare `*` as something else: the finding says what to write."""
    (found,) = findings(routes_t="targets: {t: {candidates: all, aliases: [*]}}\n")
    assert (found.rule, found.help) == ("RC106", "put it in quotes: a `*` that begins a value is an alias of YAML")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("stack", "avoid-us", "is `avoid-us`; a stack word never begins with `avoid-`"),
        ("stack", "EU", "is `EU`, which is not a stack word"),
        ("api_key_env", "MY-KEY", "is `********`, which is not the name of an environment variable"),
        ("api_key_env", "1KEY", "is `********`, which is not the name of an environment variable"),
        ("api_key_env", "''", "is empty; the name of an environment variable is wanted"),
    ],
)
def test_words_of_providers(field: str, value: str, message: str) -> None:
    """Each has its own form, and the message says what it should have been."""
    values = {
        "adapter": "openai",
        "auth": "none",
        "base_url": "https://x.example",
        "chat_path": "/x",
        "stack": "us",
    } | {field: value}
    text = "providers:\n  x:\n" + "".join(f"    {key}: {one}\n" for key, one in values.items())
    found = findings(routes_x=text)
    assert [(one.rule, one.message) for one in found] == [("RC118", f"provider `x`: `{field}` {message}")]


@pytest.mark.parametrize(
    "text", ["'a\tb'", '"with \\u0301 alone"', "plain", "12", "true", "2026-11-20", "x: y".replace(": ", ":")]
)
def test_free_text_takes_any_scalar(text: str) -> None:
    """A description may look like a number or a date."""
    assert ids(policies_t=tenant("description", text)) == []


def test_candidates() -> None:
    """One selector, and `all` is a word of its own."""

    def found(candidates: str) -> list[tuple[str, str]]:
        return [
            (one.rule, one.message.removeprefix("target `t`: `candidates` ").removeprefix("target `t`: "))
            for one in findings(routes_t=f"targets: {{t: {{candidates: {candidates}}}}}\n")
        ]

    assert found("all") == []
    assert found("'all'") == []
    assert found("All") == [("RC121", "is `All`; it must be `all` or one selector")]
    assert found("{all: true}") == [("RC112", "has the unknown key `all`")]
    assert found("{}") == [("RC120", "has no selector")]
    assert found("~") == [("RC114", "is null")]
    assert found("[good]") == [("RC120", "is a list; `all` or one selector is wanted")]
    assert found("{models: [good], stacks: [us]}") == [("RC120", "has 2 selectors; exactly one is wanted")]
    assert found("{model: [good]}") == [("RC112", "`candidates` of target `t` has the unknown key `model`")]
    assert found("{models: []}") == [("RC120", "`candidates.models` is an empty list")]
    assert found("{models: good}") == [("RC120", "`candidates.models` is one value; a list is wanted")]
    assert found("{models: [good, 5, Bad, ~]}") == [
        ("RC118", "an entry of `candidates.models` is `Bad`, which is not a name (slug)"),
        ("RC114", "an entry of `candidates.models` is null"),
    ]


def test_clamp() -> None:
    """Two names, no more, no fewer."""

    def found(clamp: str) -> list[str]:
        return [
            one.message
            for one in findings(
                policies_p="preferences: {default: balanced, floors: {good: 0.5}, dial: "
                f"{{quality: 0, balanced: 0, cost: 0}}, clamp: {clamp}}}\n"
            )
        ]

    assert found("[good, good]") == []
    assert found("[good]") == ["`preferences`: `clamp` holds 1 entry; exactly 2 are wanted"]
    assert found("[good, good, good]") == ["`preferences`: `clamp` holds 3 entries; exactly 2 are wanted"]
    assert found("[]") == ["`preferences`: `clamp` holds no entries; exactly 2 are wanted"]
    assert found("{good: good}") == ["`preferences`: `clamp` is a mapping; a list is wanted"]
    assert found("good") == ["`preferences`: `clamp` is one value; a list is wanted"]


def test_messages_show_no_line_end_and_no_end() -> None:
    """A value in a message is on one line and no longer than a glance."""
    found = findings(policies_t=tenant("objective", '"a\\n\\u202e' + "x" * 500 + '"'))
    assert len(found) == 1
    assert found[0].message.count("x") < 60
    assert "\n" not in found[0].message
    assert "\u202e" not in found[0].message


def test_braces_in_values_are_only_text() -> None:
    """Text of the author's is no template."""
    found = findings(policies_t=tenant("objective", "'{message} {help} {0}'"))
    assert [one.message for one in found] == [
        "tenant `acme`: `objective` is `{message} {help} {0}`; it must be one of weighted, cheapest"
    ]


def test_the_place_is_the_value_or_the_key() -> None:
    """Values are underlined where they stand; what is missing, at the key above."""
    assert [at(one) for one in findings(routes_more="models:\n  extra: {price: {input: x}, zap: 1}\n")] == [
        "extra",
        "price",
        "x",
        "zap",
    ]
