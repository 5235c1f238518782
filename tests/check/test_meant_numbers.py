"""Numbers as people write them elsewhere: the message names what is wrong, and the figure to write."""

from __future__ import annotations

import pytest

from routecomp.diagnostics.diagnostic import Diagnostic
from tests.check.project import PREFERENCES, checked, findings, project

MODEL = {
    "provider": "alpha",
    "quality": "0.9",
    "price": "{input: 5, output: 20}",
    "latency_ms": "2000",
    "context_window": "200000",
}
FAIR = "  fair: {provider: beta, quality: 0.7, price: {input: 1, output: 4}, latency_ms: 900, context_window: 128000}\n"
POINT = "a number is written with a point, not a comma"
THOUSANDS = "a number is written without thousands separators"
CONVERT = "amounts are in US dollars: convert it"
MILLION = "prices are US dollars per million tokens"


def in_block(key: str, value: str) -> list[Diagnostic]:
    """What is found where a model has a value on a line of its own; `price.input` is one of its keys too."""
    lines = "".join(f"    {name}: {text}\n" for name, text in MODEL.items() if name != key.partition(".")[0])
    line = f"    {key}: {value}\n" if "." not in key else f"    price:\n      output: 20\n      input: {value}\n"
    return findings(routes_models=f"models:\n  good:\n{lines}{line}{FAIR}")


def in_braces(key: str, value: str) -> list[Diagnostic]:
    """What is found where a model has a value between braces, where a comma ends it."""
    values = MODEL | ({key: value} if "." not in key else {"price": f"{{input: {value}, output: 20}}"})
    pairs = ", ".join(f"{name}: {text}" for name, text in values.items())
    return findings(routes_models=f"models:\n  good: {{{pairs}}}\n{FAIR}")


BLOCK = [
    ("latency_ms", "1.8", "`latency_ms` is in milliseconds: 1.8 seconds are 1800", "1800"),
    ("latency_ms", "0.35", "in milliseconds", "350"),
    ("latency_ms", "1800.5", "whole numbers are wanted", "1800 or 1801"),
    ("latency_ms", "1.8s", "milliseconds here", "1800"),
    ("latency_ms", "2 sec", "milliseconds here", "2000"),
    ("latency_ms", "1800ms", "milliseconds here", "1800"),
    ("latency_ms", "1,8", "1.8 seconds are 1800", "1800"),
    ("latency_ms", "1,200", THOUSANDS, "1200"),
    ("latency_ms", "1.200", THOUSANDS, "1200"),
    ("latency_ms", "1 200", THOUSANDS, "1200"),
    ("latency_ms", "1'200", THOUSANDS, "1200"),
    ("latency_ms", "1\u00a0200", "U+00A0 (no-break space)", "1200"),
    ("latency_ms", "1\u202f200", "U+202F (narrow no-break space)", "1200"),
    ("latency_ms", "\uff12\uff10\uff10\uff10", "U+FF12", "2000"),
    ("latency_ms", "\u201c1800\u201d", "without quotes", "1800"),
    ("latency_ms", "\u20221800", "", ""),
    ("latency_ms", "\u22125", "U+2212 (minus sign)", "a number between 0 and 1000000000"),
    ("context_window", "200k", "without its unit", "200000"),
    ("context_window", "200K tokens", "without its unit", "200000"),
    ("context_window", "1M", "without its unit", "1000000"),
    ("context_window", "128.000", THOUSANDS, "128000 or 128"),
    ("context_window", "1.048.576", THOUSANDS, "1048576"),
    ("context_window", "200,000", THOUSANDS, "200000"),
    ("latency_ms", "4.0", "in milliseconds: 4.0 seconds are 4000", "4000 or 4"),
    ("latency_ms", "12.", "in milliseconds", "12000 or 12"),
    ("latency_ms", "4,0", "4.0 seconds are 4000", "4000 or 4"),
    ("context_window", "1.0", "in no larger unit", "1000000 or 1000 or 1"),
    ("context_window", "1.5", "in no larger unit", "1500000 or 1500"),
    ("context_window", "262.14", "in no larger unit", "262140"),
    ("max_output_tokens", "64.0", "in no larger unit", "64000 or 64"),
    ("output_ratio", "50%", "per cent are hundredths", "0.5"),
    ("output_ratio", "150 percent", "per cent are hundredths", "1.5"),
    ("latency_ms", "50%", "it is no share of anything", "a number between 0 and 1000000000"),
    ("price.input", "5%", "it is no share of anything", "a number between 0 and 1000000"),
    ("quality", "86", "it is a share of 1", "0.86"),
    ("quality", "86%", "it is a share of 1", "0.86"),
    ("quality", "86,5 %", "it is a share of 1", "0.865"),
    ("quality", "0,86", POINT, "0.86"),
    ("quality", "0.86\u00a0", "U+00A0", "0.86"),
    ("quality", "0.86123", "round it to 4 decimals", "0.8612"),
    ("quality", "0.00001", "round it to 4 decimals", "0 or 0.0001"),
    ("price.input", "5,00", POINT, "5.00"),
    ("price.input", "1.234,50", THOUSANDS, "1234.50"),
    ("price.input", "$5", "without a currency", "5"),
    ("price.input", "5.00 USD", "without a currency", "5.00"),
    ("price.input", "5 \u20ac", CONVERT, "a number between 0 and 1000000"),
    ("price.input", "3 \u20ac/m", CONVERT, "a number between 0 and 1000000"),
    ("price.input", "\u20ac3/m", CONVERT, "a number between 0 and 1000000"),
    ("price.input", "5 EUR per million tokens", CONVERT, "a number between 0 and 1000000"),
    ("price.input", "\u00a55/MTok", CONVERT, "a number between 0 and 1000000"),
    ("price.input", "5 cents", "without a currency", "0.05"),
    ("price.input", "cents 5", "without a currency", "0.05"),
    ("price.input", "5\u00a2", "without a currency", "0.05"),
    ("price.input", "5 cents/m", "without its unit", "0.05"),
    ("price.input", "1.25 cents per 1k tokens", "without its unit", "12.5"),
    ("price.input", "0.000125 cents/token", "without its unit", "1.25"),
    ("price.input", "US$ 5 / 1M tokens", "without a currency", "5"),
    ("price.input", "5 USD/m", "without its unit", "5"),
    ("price.input", "5e-06", MILLION, "5"),
    ("price.input", "2.5E-5", MILLION, "25"),
    ("price.input", "15e-08", MILLION, "0.15"),
    ("price.input", "0.00000015", MILLION, "0.15"),
    ("price.input", "0.0000006", MILLION, "0.6"),
    ("price.input", "$0.000005", MILLION, "5"),
    ("price.input", "5e-3", MILLION, "5, if it is meant per thousand tokens, else 0.005"),
    ("price.input", "0.005/1k tokens", MILLION, "5"),
    ("price.input", "$5/M", MILLION, "5"),
    ("price.input", "0.000005 per token", MILLION, "5"),
    ("price.input", "0.1234567", MILLION, "0.123457"),
    ("price.input", "free", MILLION, "0 for a model that costs nothing"),
    ("price.input", "-5", MILLION, "a number between 0 and 1000000"),
    ("price.input", "2000000", MILLION, "a number between 0 and 1000000"),
    ("price.input", "cheap", MILLION, "a number"),
]


@pytest.mark.parametrize(("key", "value", "cause", "figure"), BLOCK)
def test_the_message_names_the_cause_and_the_figure(key: str, value: str, cause: str, figure: str) -> None:
    """One finding, at the value; no fix makes it another number."""
    diagnostics = in_block(key, value)
    assert len(diagnostics) == 1
    assert diagnostics[0].rule in ("RC115", "RC116", "RC117")
    assert cause in diagnostics[0].help
    assert f"write {figure}" in diagnostics[0].help
    assert diagnostics[0].fix is None
    assert "6 decimals: write 0" not in diagnostics[0].help or "0.123457" in diagnostics[0].help


BRACES = [
    ("price.input", "5,00", "5.00"),
    ("price.input", "1,234.50", "1234.50"),
    ("price.input", "1,200", "1.200 or 1200"),
    ("latency_ms", "1,200", "1200"),
    ("latency_ms", "12,345,678", "12345678"),
    ("latency_ms", "1, 200", "1200"),
    ("latency_ms", "1,8", "1800"),
    ("quality", "0,86", "0.86"),
    ("context_window", "200,000", "200000"),
]


@pytest.mark.parametrize(("key", "value", "figure"), BRACES)
def test_a_comma_between_braces_is_seen(key: str, value: str, figure: str) -> None:
    """The comma makes a key of the rest of the number; the finding is about the number."""
    diagnostics = in_braces(key, value)
    assert [d.rule for d in diagnostics] == ["RC115"]
    span = diagnostics[0].span
    assert span is not None
    assert span.text == value
    assert f"write {figure}" in diagnostics[0].help
    assert diagnostics[0].fix is None


def test_commas_in_mappings_of_names() -> None:
    """Floors are names of the author's own, so that `50` could be one."""
    text = PREFERENCES.replace("0.50,", "0,50,").replace("0.85", "0,85")
    assert [(d.rule, d.help) for d in findings(policies_preferences=text)] == [
        ("RC115", f"{POINT}: write good: 0.50, frontier: 0.85"),
    ]


def test_the_same_decimals_twice() -> None:
    """Two commas with the same digits behind them look like a key that stands twice."""
    text = "tenants: {a: {weights: {quality: 0,40, latency: 0,30, cost: 0,30}}}\n"
    figures = "quality: 0.40, latency: 0.30, cost: 0.30"
    assert [(d.rule, d.help) for d in findings(policies_t=text)] == [("RC115", f"{POINT}: write {figures}")]


UNITS = {
    "window_ms: 60000": "write `window_s: 60`",
    "cooloff_ms: 500": "the units differ: `ms` is not `s`",
    "cooloff_min: 1": "write `cooloff_s: 60`",
}


@pytest.mark.parametrize("line", UNITS)
def test_a_key_of_another_unit_is_converted(line: str) -> None:
    """The help gives the known key with the value in its unit, where that is a whole number."""
    diagnostics = findings(routes_resilience=f"resilience:\n  {line}\n")
    assert [(d.rule, d.fix) for d in diagnostics] == [("RC112", None)]
    assert UNITS[line] in diagnostics[0].help


ODD = {
    "a key": "tenants:\n  a:\n    min_quality\u00a0: 0.5\n",
    "a word": "tenants:\n  a:\n    objective: cheapest\u00a0\n",
    "a switch": "tenants:\n  a:\n    fallback_enabled: \u3000true\n",
    "a name": "tenants:\n  a\u00a0:\n    preset: balanced\n",
    "an entry": "tenants:\n  a:\n    banned_models: [poor\u202f]\n",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_spaces_are_named(text: str) -> None:
    """A space that only looks like one is named wherever it stands."""
    diagnostics = findings(policies_t=text)
    assert len(diagnostics) == 1
    assert "it holds U+" in diagnostics[0].help


SAFE = {"0x10": True, ".5e2": True, "1_0.0": True, "'50'": True, "050": False, "5e1": True}


@pytest.mark.parametrize("text", SAFE)
def test_the_same_number_is_written_by_a_fix(text: str) -> None:
    """Other notations of one number are safe; one that other readers of YAML take for an octal number is not."""
    diagnostics = findings(policies_t=f"tenants:\n  a:\n    fallback_cost_penalty_pct: {text}\n")
    assert [d.fix is not None and d.fix.is_safe for d in diagnostics] == [SAFE[text]]
    assert diagnostics[0].fix is not None


def test_a_point_that_may_separate_thousands_is_no_spelling() -> None:
    """`200.000` is 200 to a machine and 200,000 to many a person."""
    files = project(routes_models=f"models:\n  good: {{{', '.join(f'{k}: {v}' for k, v in MODEL.items())}}}\n{FAIR}")
    text = files["routes/models.yaml"].decode().replace("200000", "200.000")
    assert [d.fix for d in checked(files | {"routes/models.yaml": text.encode()}).diagnostics] == [None]


TOGETHER = {
    "{connect_ms: 0.1, first_token_ms: 1.5, total_ms: 60.5}": (
        "milliseconds are wanted, and these are seconds: write connect_ms: 100, first_token_ms: 1500, total_ms: 60500"
    ),
    "{connect_ms: 0.1, total_ms: 600.5}": "these are seconds: write connect_ms: 100, total_ms: 600500",
    "{connect_ms: 5.000, total_ms: 120.000}": f"{THOUSANDS}: write connect_ms: 5000 or 5, total_ms: 120000 or 120",
    "{connect_ms: 1800.5, total_ms: 9000.5}": (
        "whole numbers are wanted: write connect_ms: 1800 or 1801, total_ms: 9000 or 9001"
    ),
    "{connect_ms: fast, total_ms: slow}": "write a whole number, as in 1800",
}


@pytest.mark.parametrize("timeouts", TOGETHER)
def test_one_habit_of_a_mapping_is_one_finding(timeouts: str) -> None:
    """The first says how all are written; the others are second places."""
    model = ", ".join(f"{key}: {value}" for key, value in (MODEL | {"timeouts": timeouts}).items())
    (diagnostic,) = findings(routes_models=f"models:\n  good: {{{model}}}\n{FAIR}")
    assert TOGETHER[timeouts] in diagnostic.help
    assert len(diagnostic.labels) == timeouts.count(":") - 1


PRICES = {
    "{input: 2€, output: 10€}": "amounts are in US dollars: convert them",
    "{input: EUR 2, output: EUR 10}": "amounts are in US dollars: convert them",
    "{input: free, output: free}": "write 0 for a model that costs nothing",
    "{input: 200 ct, output: 800 ct}": "write input: 2, output: 8",
    "{input: $2, output: USD 8}": "write input: 2, output: 8",
    "{input: cheap, output: dear}": MILLION,
}


@pytest.mark.parametrize("price", PRICES)
def test_one_habit_of_prices_is_one_finding(price: str) -> None:
    """Also where the message has no figure."""
    model = ", ".join(f"{key}: {value}" for key, value in (MODEL | {"price": price}).items())
    (diagnostic,) = findings(routes_models=f"models:\n  good: {{{model}}}\n{FAIR}")
    assert PRICES[price] in diagnostic.help
    assert len(diagnostic.labels) == 1


def test_two_habits_are_two_findings() -> None:
    """Euros and a price in words are told apart."""
    model = ", ".join(f"{key}: {value}" for key, value in (MODEL | {"price": "{input: 2€, output: free}"}).items())
    assert len(findings(routes_models=f"models:\n  good: {{{model}}}\n{FAIR}")) == 2


@pytest.mark.parametrize(
    ("weights", "figures"),
    [
        ("{quality: 400, latency: 300, cost: 300}", "quality: 0.40, latency: 0.30, cost: 0.30"),
        ("{quality: 4, latency: 3, cost: 3}", "quality: 0.40, latency: 0.30, cost: 0.30"),
        ("{quality: 2, latency: 1, cost: 1}", "quality: 0.50, latency: 0.25, cost: 0.25"),
        ("{quality: 40%, latency: 30, cost: 30 %}", "quality: 0.40, latency: 0.30, cost: 0.30"),
    ],
)
def test_weights_in_any_unit_are_one_finding(weights: str, figures: str) -> None:
    """The figures add up to exactly 1."""
    (diagnostic,) = findings(policies_t=f"tenants: {{a: {{weights: {weights}}}}}\n")
    assert diagnostic.help.endswith(f"write {figures}")


def test_a_count_is_no_share_and_a_large_unit_no_spelling() -> None:
    """Elsewhere the same holds: per cent of failures, limits with a point."""
    (failures,) = findings(routes_x="resilience: {failures: 50%, window_s: 60, cooloff_s: 60, max_attempts: 2}\n")
    assert "no share" in failures.help
    assert "write 50" not in failures.help
    for limits in ("limits: {tpm: 400.0}", "limits: {rpm: 4.0}", "timeouts: {connect_ms: 5.0}"):
        (found,) = findings(routes_models="models:\n" + FAIR.replace("128000}", f"128000, {limits}}}"))
        assert "000 or" in found.help
        assert found.fix is None
    (seconds,) = findings(routes_x="resilience: {failures: 5.0, window_s: 60, cooloff_s: 60, max_attempts: 2}\n")
    assert seconds.fix is not None
    assert seconds.fix.is_safe


@pytest.mark.parametrize(
    ("written", "figures"),
    [("1.500", "1500 or 1.5"), ("20.000", "20000 or 20"), ("1,500", "1.5 or 1500"), ("1.500,00", "1500.00")],
)
def test_a_point_in_an_amount_may_part_thousands(written: str, figures: str) -> None:
    """No fix makes a thousandth of what may have been meant; three decimals that are no group are zeros."""
    (found,) = findings(policies_tenants=f"tenants:\n  acme:\n    budget:\n      monthly_usd: {written}\n")
    assert f"write {figures}" in found.help
    assert found.fix is None
    (zeros,) = findings(policies_tenants="tenants:\n  acme:\n    budget:\n      monthly_usd: 0.500\n")
    assert zeros.fix is not None


@pytest.mark.parametrize(
    ("rate", "help"),
    [
        ("10/s", "`rpm` is per minute: write 600"),
        ("10 requests per second", "`rpm` is per minute: write 600"),
        ("2k req/h", "`rpm` is per minute; whole numbers are wanted: write 33 or 34"),
        ("6k/hour", "`rpm` is per minute: write 100"),
        ("1440 per day", "`rpm` is per minute: write 1"),
        ("60/min", "a number is written without its unit: write 60"),
        ("10/fortnight", "a number is written without its unit; write a number between 1 and 1000000000"),
    ],
)
def test_rates_are_per_minute(rate: str, help: str) -> None:
    """A rate of another time is converted."""
    (found,) = in_block("limits", f"{{rpm: {rate}}}")
    assert found.help == help


@pytest.mark.parametrize(
    ("amount", "figures"), [("50.005", "50005 or 50 or 50.01"), ("0.0151", "0.02"), ("1.0250", "1.02 or 1.03")]
)
def test_between_two_cents(amount: str, figures: str) -> None:
    """An amount half way between two is not decided, and another is rounded."""
    (found,) = findings(policies_tenants=f"tenants:\n  acme: {{budget: {{daily_usd: {amount}}}}}\n")
    assert found.help.endswith(f"to 2 decimals: write {figures}")
