"""Prices in the wrong unit and figures beyond their scale are said; what is legal and cheap is silent."""

from __future__ import annotations

import pytest

from tests.check.project import DEFAULTS, at, findings, ids

FIRST = DEFAULTS.replace("fair", "m0")


def catalogue(*prices: str, rest: str = "") -> str:
    """Return a catalogue of models with these prices (input/output), and a figure more for each."""
    lines = [
        f"  m{n}: {{provider: alpha, quality: 0.5, latency_ms: 500, context_window: 8000, "
        "price: {input: %s, output: %s}%s}\n" % (*price.split("/"), rest)
        for n, price in enumerate(prices)
    ]
    return "models:\n" + "".join(lines)


def suspected(*prices: str) -> list[tuple[str, str]]:
    """Return what is underlined, and the figures to write, of the findings of a catalogue."""
    found = findings(routes_models=catalogue(*prices), routes_defaults=FIRST)
    assert {diagnostic.rule for diagnostic in found} <= {"RC405"}
    return [(at(diagnostic), diagnostic.help.partition(": ")[2]) for diagnostic in found]


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        (["5/25", "0.000005/0.000025"], [("0.000005", "write `input: 5.00` and `output: 25.00`")]),
        (["5/25", "0.000002/10"], [("0.000002", "write `input: 2.00`")]),
        (["5/25", "0.0025/0.01"], [("0.0025", "write `input: 2.50` and `output: 10.00`")]),
        (["5/25", "0.0002/0.0008"], [("0.0002", "write `input: 0.20` and `output: 0.80`")]),
        (["0.000005/0.000025"], [("0.000005", "write `input: 5.00` and `output: 25.00`")]),
        (
            ["0.000005/0.000025", "0.000001/0.000002"],
            [
                (
                    "{input: 0.000005, output: 0.000025}",
                    "write `m0: {input: 5.00, output: 25.00}`, `m1: {input: 1.00, output: 2.00}`",
                )
            ],
        ),
        (
            ["0.005/0.02", "0.001/0.004", "0.0001/0.0004", "0/0"],
            [
                (
                    "{input: 0.005, output: 0.02}",
                    "write `m0: {input: 5.00, output: 20.00}`, `m1: {input: 1.00, output: 4.00}`, "
                    "`m2: {input: 0.10, output: 0.40}`",
                )
            ],
        ),
        (
            ["0.005/0.02", "0.001/0.004", "0.0001/0.0004", "5/20"],
            [("0.0001", "write `input: 0.10` and `output: 0.40`")],
        ),
        (["0.01/0.02", "15/75"], []),  # the median is 7.51, and not 15
        (["0.01/0.02", "15/75", "20/20"], [("0.01", "write `input: 10.00` and `output: 20.00`")]),  # it is 17.50
        (["0.01/0.1", "19.90/30"], [("0.01", "write `input: 10.00` and `output: 100.00`")]),  # exactly a thousand times
        (["0.01/0.1", "19.899998/30"], []),
        (["0.1/0.4", "0.0005/0.4"], [("0.0005", "write `input: 0.50`")]),
        (["0.1/0.5", "0.1/0.0005"], [("0.0005", "write `output: 0.50`")]),
        (["0.1/0.5", "0.0001/0.5"], [("0.0001", "write `input: 0.10`")]),
        (["2/10", "0.002/10", "0.0005/0.0125"], [("0.0005", "write `input: 0.50` and `output: 12.50`")]),
        (["0/0.000025"], [("0.000025", "write `output: 25.00`")]),
    ],
)
def test_prices_in_another_unit(prices: list[str], expected: list[tuple[str, str]]) -> None:
    """Per token, per thousand, one of the two, the whole catalogue: the finding gives the figures to write."""
    assert suspected(*prices) == expected


@pytest.mark.parametrize(
    "prices",
    [
        ["0/0"],
        ["0/0", "5/25"],
        ["0.01/0", "5/25"],
        ["0.02/0.02", "3/15", "2.5/10"],
        ["0.01/0.01", "0.02/0.02", "0.005/0.01"],
        ["0.001/0.001"],
        ["0.1/0.4", "15/75", "15/75"],
    ],
)
def test_prices_that_are_low_and_legal(prices: list[str]) -> None:
    """Free and self-hosted models, embeddings, small models beside large ones, a catalogue that is cheap all over."""
    assert suspected(*prices) == []


def test_a_whole_catalogue_is_waived_at_any_of_its_prices() -> None:
    """It is one finding, and one habit."""
    models = catalogue("0.005/0.02", "0.001/0.004", "0.0001/0.0004")
    assert ids(routes_models=models, routes_defaults=FIRST) == ["RC405"]
    waiver = '  # routecomp:allow RC405 until=2026-12-31 reason="hosts of our own"\n'
    waived = models.replace("  m1:", waiver + "  m1:")
    assert ids(routes_models=waived, routes_defaults=FIRST) == []


def test_a_price_is_waived_where_it_stands() -> None:
    """As every warning."""
    models = catalogue("5/25", "0.0005/0.0005").rstrip("\n")
    waived = models + '   # routecomp:allow RC405 until=2026-12-31 reason="a promotion"\n'
    assert ids(routes_models=models + "\n", routes_defaults=FIRST) == ["RC405"]
    assert ids(routes_models=waived, routes_defaults=FIRST) == []


@pytest.mark.parametrize(
    ("models", "places"),
    [
        (catalogue("1/2"), []),
        (catalogue("75/0"), []),
        (catalogue("75.01/0"), ["75"]),
        (catalogue("50/50", rest=", output_ratio: 0.5"), []),
        (catalogue("50/50.1", rest=", output_ratio: 0.5"), ["75"]),
        (catalogue("1/2").replace("latency_ms: 500", "latency_ms: 10000"), []),
        (catalogue("1/2").replace("latency_ms: 500", "latency_ms: 10001"), ["10000"]),
        (catalogue("90/2", "91/2").replace("latency_ms: 500", "latency_ms: 20000"), ["75", "10000"]),
    ],
)
def test_figures_beyond_their_scale(models: str, places: list[str]) -> None:
    """Beyond the worst end is said at the end, once for each scale; the end itself is on the scale."""
    found = findings(routes_models=models, routes_defaults=FIRST)
    assert [(diagnostic.rule, at(diagnostic)) for diagnostic in found] == [("RC406", place) for place in places]


def test_inactive_models_rank_nowhere() -> None:
    """A model that is switched off is on no scale; of many a few are named."""
    models = catalogue(*["99/99"] * 5, rest=", active: true")
    models = models[::-1].replace("active: true"[::-1], "active: false"[::-1], 1)[::-1]
    (finding,) = findings(routes_models=models, routes_defaults=FIRST)
    assert finding.message.endswith("`m2` (148.50 dollars) and 1 more: all of it ranks like the worst")
