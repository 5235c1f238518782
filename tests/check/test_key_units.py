"""Keys of another unit: never offered as a slip of ours, and converted where the figure is exact."""

from __future__ import annotations

import typing

import pytest

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.body_types import numbers_of
from routecomp.model.opposites import _UNITS, parts_of, singular
from routecomp.model.part import Part
from routecomp.model.sections import SECTIONS
from routecomp.model.suggest import suggestion, typo_of
from tests.check.project import MODELS, PROVIDERS, SCALES, findings

RATES = ["rps", "rph", "rpd", "tps", "tph", "tpd", "qps", "rpm", "tpm"]
UNITS = sorted(_UNITS | set(RATES) | {"secs", "hours", "minutes", "dollars", "cents"})

FEW = ["ms", "s", "sec", "usd", "eur", "pct", "bp", "k", "kb", "mib", "rpm", "qps", "daily", "month", "tokens"]


def parts(annotation: object) -> set[type[Part]]:
    """Return every class of mappings below a type."""
    below: set[type[Part]] = set()
    if isinstance(annotation, type) and issubclass(annotation, Part):
        below.add(annotation)
        for info in annotation.fields.values():
            below |= parts(info.annotation)
    for argument in typing.get_args(annotation):
        below |= parts(argument)
    return below


PARTS = sorted(set().union(*(parts(section.body) for section in SECTIONS.values())), key=lambda part: part.__name__)


def is_of_units(word: str) -> bool:
    """Whether a part of a key is a unit."""
    return word in UNITS or singular(word) in UNITS


def in_other_units(key: str) -> set[str]:
    """Write a key with each unit in place of each of its units, behind it, glued to it, and with none."""
    words = parts_of(key)
    written = {f"{key}_{unit}" for unit in FEW} | {key + unit for unit in FEW if len(unit) > 1}
    for place, word in enumerate(words):
        if is_of_units(word):
            around = [*words[:place], "", *words[place + 1 :]]
            written.add("_".join(filter(None, around)))
            for unit in UNITS:
                around[place] = unit
                written |= {"_".join(around), "".join(around)}
    return written


def letters(word: str) -> str:
    """A key without what parts its words, and without the `s` of plurals."""
    return "".join(map(singular, parts_of(word)))


def test_another_unit_is_never_a_slip() -> None:
    """Of every number we know, in every unit: no fix writes it for the other, and no message takes it for a slip."""
    seen: set[str] = set()
    for part in PARTS:
        keys = list(part.fields)
        same = {*map(letters, keys), *("".join(parts_of(key)) for key in keys)}
        for key in sorted(numbers_of(part).keys() - seen):
            for written in in_other_units(key) - set(keys) - {""}:
                if not {letters(written), "".join(parts_of(written))} & same:
                    assert not suggestion(written, keys).startswith("did you mean"), (
                        written,
                        suggestion(written, keys),
                    )
                    assert typo_of(written, keys) is None, (written, typo_of(written, keys))
        seen |= set(keys)


def in_body(section: str, line: str) -> list[Diagnostic]:
    """What is found where one body of a section holds a line too."""
    if section == "providers":
        return findings(routes_providers=PROVIDERS.replace("beta: {", f"beta: {{{line}, "))
    if section == "models":
        return findings(routes_models=MODELS.replace("fair: {", f"fair: {{{line}, "))
    if section == "tenants":
        return findings(policies_t=f"tenants: {{a: {{{line}}}}}\n")
    if section == "scoring":
        return findings(routes_defaults="defaults: {model: fair}\n" + SCALES.replace("0, worst: 75", line))
    return findings(**{f"routes_{section}": f"{section}: {{{line}}}\n"})


DIFFER = "the units differ"
CASES = [
    ("providers", "timeouts: {connect_s: 5, first_token_s: 30, total_s: 120}",
     f"{DIFFER}: `s` is not `ms`: write `connect_ms: 5000, first_token_ms: 30000, total_ms: 120000`"),
    ("providers", "timeouts: {connect_s: 0.25, total_min: 2}", f"{DIFFER}: write `connect_ms: 250, total_ms: 120000`"),
    ("providers", "timeouts: {connectSeconds: 5}", "write `connect_ms: 5000`"),
    ("providers", "timeouts: {connect_timeout_s: 5}", "write `connect_ms: 5000`"),
    ("providers", "timeouts: {connect_us: 5}", "write `connect_ms`, in milliseconds"),
    ("providers", "timeouts: {connect: 5, total: 60}",
     "the unit is part of the key: write `connect_ms`, `total_ms`, in milliseconds"),
    ("resilience", "window_ms: 60000, cooloff_ms: 30000",
     f"{DIFFER}: `ms` is not `s`: write `window_s: 60, cooloff_s: 30`"),
    ("resilience", "window_ms: 500, cooloff_ms: 30000", "write `window_s: …, cooloff_s: 30`"),
    ("resilience", "windowms: 60000", "write `window_s: 60`"),
    ("providers", "limits: {rps: 60}", f"{DIFFER}: `rps` is not `rpm`: write `rpm: 3600`"),
    ("providers", "limits: {rps: 0.5}", "write `rpm: 30`"),
    ("providers", "limits: {max_rps: 10, qps: 3}", "write `rpm: 600, rpm: 180`"),
    ("providers", "limits: {rph: 90}", f"{DIFFER}: `rph` is not `rpm`: write `rpm`, per minute"),
    ("providers", "limits: {tpd: 1000}", f"{DIFFER}: `tpd` is not `tpm`: write `tpm`, per minute"),
    ("providers", "limits: {tpd: 1440000}", "write `tpm: 1000`"),
    ("providers", "limits: {daily_tokens: 1440000}", "write `tpm: 1000`"),
    ("providers", "limits: {requests_per_minute: 60, tokens_per_second: 5}", "write `rpm: 60, tpm: 300`"),
    ("providers", "rps: 5", "write `limits: {rpm: 300}`"),
    ("providers", "connect_ms: 5000", "write `timeouts: {connect_ms: 5000}`"),
    ("providers", "connect_s: 5, total_ms: 60000", "write `timeouts: {connect_ms: 5000, total_ms: 60000}`"),
    ("models", "rpm: 4000, tpm: 10, parallel: 3", "put `limits:` above them, and indent them below"),
    ("tenants", "daily_usd: 5", "write `budget: {daily_usd: 5}`"),
    ("tenants", "budget: {daily_cents: 500}", f"{DIFFER}: `cent` is not `usd`: write `daily_usd: 5`"),
    ("tenants", "budget: {daily_eur: 5}", f"{DIFFER}: `eur` is not `usd`: write `daily_usd`, in US dollars"),
    ("tenants", "budget: {weekly_usd: 5}", f"{DIFFER}: `weekly` is not `daily`: write `daily_usd` or `monthly_usd`"),
    ("tenants", "budget: {hourly_usd: 1, yearly_usd: 2}", "write `daily_usd` or `monthly_usd`, in US dollars"),
    ("tenants", "fallback_cost_penalty_bp: 500", "write `fallback_cost_penalty_pct: 5`"),
    ("tenants", "min_quality_pct: 55", "write `min_quality: 0.55`"),
    ("models", "max_output_k: 4", "write `max_output_tokens: 4000`"),
    ("models", "max_output_kb: 4", "write `max_output_tokens`, in tokens"),
    ("providers", "limits: {ktpm: 60}", "write `tpm: 60000`"),
    ("providers", "limits: {tpm_thousands: 60}", "`tpm_thousands` is not `tpm`: write `tpm: 60000`"),
    ("providers", "limits: {requests: 5, tokens: 6}", "the unit is part of the key: write `rpm`, `tpm`, per minute"),
    ("providers", "connect_timeout_ms: 5000", "write `timeouts: {connect_ms: 5000}`"),
    ("tenants", "budget: {usd_daily: 5}", "write `daily_usd: 5`"),
    ("tenants", "budget: {daily_budget_usd: 5}", "write `daily_usd: 5`"),
    ("tenants", "budget: {usd: 5}", "the period is part of the key: write `daily_usd` or `monthly_usd`"),
    ("models", "output_ratio_pct: 50", "write `output_ratio: 0.5`"),
]  # fmt: skip


@pytest.mark.parametrize(("section", "line", "help"), CASES)
def test_the_figure_in_our_unit(section: str, line: str, help: str) -> None:
    """One finding for all keys of a mapping, with every figure that is exact; no fix."""
    diagnostics = in_body(section, line)
    assert [(d.rule, d.fix) for d in diagnostics] == [("RC112", None)]
    assert help in diagnostics[0].help
    assert line.count(":") - line.count("{") == len(diagnostics[0].labels) + 1


PRICES = {
    "input_per_1k: 0.002, output_per_1k: 0.008": "write `input: 2, output: 8`",
    "input_per_token: 0.000002, output_per_token: 0.000008": "write `input: 2, output: 8`",
    "input_cents: 200, output_cents: 800": "write `input: 2, output: 8`",
    "input_usd: 2.50, output_usd: 8": "write `input: 2.50, output: 8`",
    "input_eur: 2, output_eur: 8": "write `input`, `output`, in US dollars per million tokens",
    "input_cost_per_token: 2e-6, output_cost_per_token: 8e-6": "write `input: 2, output: 8`",
}


@pytest.mark.parametrize("prices", PRICES)
def test_prices_in_another_unit(prices: str) -> None:
    """The keys of prices may name what they are for."""
    text = MODELS.replace("price: {input: 1, output: 4}", f"price: {{{prices}}}")
    (diagnostic,) = findings(routes_models=text)
    assert diagnostic.rule == "RC112"
    assert PRICES[prices] in diagnostic.help


OUTER = {
    "timeouts_s: {connect: 5, total: 60}": "write `timeouts: {connect_ms: 5000, total_ms: 60000}`",
    "timeout_seconds: {total: 5}": "write `timeouts: {total_ms: 5000}`",
    "timeouts_ms: {connect: 5000}": "write `timeouts: {connect_ms: 5000}`",
    "limits_per_second: {requests: 5}": "write `limits: {rpm: 300}`",
    "budget_usd: {daily: 5, monthly: 9}": "write `budget: {daily_usd: 5, monthly_usd: 9}`",
    "budget_cents: {daily: 500}": "write `budget: {daily_usd: 5}`",
    "weights_pct: {quality: 40, latency: 30, cost: 30}": "write `weights: {quality: 0.4, latency: 0.3, cost: 0.3}`",
    "price_per_1k: {input: 0.002, output: 0.008}": (
        "write `price: {input: 2, output: 8}`, in US dollars per million tokens"
    ),
    "price_eur: {input: 2, output: 8}": "write `price: {input: …, output: …}`, in US dollars per million tokens",
}


@pytest.mark.parametrize("line", OUTER)
def test_a_mapping_whose_key_names_the_unit(line: str) -> None:
    """The unit of the outer key is that of all below it: a rename alone would keep the wrong figures."""
    if line.startswith("price"):
        diagnostics = findings(routes_models=MODELS.replace("price: {input: 1, output: 4}", line))
    else:
        diagnostics = in_body("tenants" if line[0] in "bw" else "providers", line)
    assert [(d.rule, d.help, d.fix) for d in diagnostics] == [("RC112", OUTER[line], None)]


def test_two_mistakes_are_two_findings() -> None:
    """A key that nobody knows is not explained by one of another unit beside it."""
    diagnostics = in_body("providers", "timeouts: {connect_s: 5, colour: red}")
    assert [d.help[:15] for d in diagnostics] == ["the units diffe", "remove it; know"]
    diagnostics = in_body("providers", "rps: 5, timeout_colour: red")
    assert len(diagnostics) == 2
