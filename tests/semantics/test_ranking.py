"""docs/semantics.md, section 4, "Ranking": the two orders, worked by hand."""

from __future__ import annotations

import pytest

from tests.semantics.worlds import Service, service


def model(slug: str, quality: str, cost: str, latency: int, provider: str = "anthropic") -> str:
    """Return a model whose blended cost is its input price."""
    return (
        f"  {slug}: {{provider: {provider}, quality: {quality}, price: {{input: {cost}, output: 0}}, "
        f"latency_ms: {latency}, context_window: 1000}}\n"
    )


def ranked(
    models: str,
    policy: str,
    scales: str = "scoring: {cost: {best: 0, worst: 100}, latency_ms: {best: 0, worst: 10000}}",
) -> Service:
    """Target `auto` over all models, feature `chat` (primary `zz-lead`) that goes on with it."""
    lead = model("zz-lead", "0", "100", 10000)
    routes = "features: {chat: {models: {zz-lead: primary}, then: auto}}\nresilience: {max_attempts: 20}\n"
    return service(
        models="models:\n" + lead + models,
        scales=scales,
        routes=routes,
        defaults=f"defaults: {{model: zz-lead, policy: {policy}}}\n",
    )


def orders(world: Service) -> tuple[str, list[str]]:
    """Return the target's pick (plain order) and the feature's chain after its primary (penalised order)."""
    chain = world.ask(feature="chat", min_quality=0)["chain"]
    assert chain[0] == "zz-lead"
    return world.ask(model="auto", min_quality=0)["model"], chain[1:]


EVEN = "{weights: {quality: 0.50, latency: 0, cost: 0.50}, fallback_cost_penalty_pct: 100}"


def test_score() -> None:
    """ "score = wq·quality + wl·(1 − norm(latency)) + wc·(1 − norm(blended cost))", descending."""
    # a: 0.4x0.8 + 0.3x0.5 + 0.3x0.8 = 0.71; b: 0.4x0.7 + 0.3x0.9 + 0.3x0.8 = 0.79; c: 0.4x1 + 0.3x0.1 + 0.3x0.9
    # = 0.70; no penalty, so that the feature's chain shows the same order.
    models = model("a", "0.8", "20", 5000) + model("b", "0.7", "20", 1000) + model("c", "1", "10", 9000)
    policy = "{weights: {quality: 0.40, latency: 0.30, cost: 0.30}, fallback_cost_penalty_pct: 0}"
    assert orders(ranked(models, policy)) == ("b", ["b", "a", "c"])


@pytest.mark.parametrize(
    ("weights", "order"),
    [
        ("{quality: 1, latency: 0, cost: 0}", ["q", "l", "c"]),
        ("{quality: 0, latency: 1, cost: 0}", ["l", "c", "q"]),
        ("{quality: 0, latency: 0, cost: 1}", ["c", "q", "l"]),
    ],
)
def test_each_weight_alone(weights: str, order: list[str]) -> None:
    """Quality counts for more, latency and cost for less."""
    models = model("q", "0.9", "50", 5000) + model("l", "0.8", "60", 1000) + model("c", "0.7", "10", 4000)
    assert orders(ranked(models, f"{{weights: {weights}}}")) == (order[0], order)


def test_norm_is_clamped() -> None:
    """ "norm linear on the declared scale and clamped to 0..1": beyond the scale nothing is better or worse."""
    # On cost 10..20: a (5) and b (10) both score 1, c (20) and d (99) both 0; quality then counts, then ties.
    scales = "scoring: {cost: {best: 10, worst: 20}, latency_ms: {best: 100, worst: 200}}"
    models = (
        model("a", "0.5", "5", 50)
        + model("b", "0.6", "10", 100)
        + model("c", "0.6", "20", 200)
        + model("d", "0.7", "99", 999)
    )
    # a: .25 + .5 = .75, b: .3 + .5 = .8, c: .3, d: .35
    policy = "{weights: {quality: 0.50, latency: 0, cost: 0.50}, fallback_cost_penalty_pct: 0}"
    assert orders(ranked(models, policy, scales)) == ("b", ["b", "a", "d", "c"])
    # The same by latency: a and b 1, c and d 0.
    policy = "{weights: {quality: 0.50, latency: 0.50, cost: 0}}"
    assert orders(ranked(models, policy, scales)) == ("b", ["b", "a", "d", "c"])


def test_norm_is_linear_from_best_to_worst() -> None:
    """A scale need not begin at 0: 15 on 10..20 is half way."""
    scales = "scoring: {cost: {best: 10, worst: 20}, latency_ms: {best: 0, worst: 1}}"
    # half: 0.5x0.5 + 0.5x0.5 = 0.50; lower: 0.5x0.51 + 0.5x0.48 = 0.495; upper: 0.5x0.47 + 0.5x0.54 = 0.505
    models = model("half", "0.5", "15", 0) + model("lower", "0.51", "15.2", 0) + model("upper", "0.47", "14.6", 0)
    policy = "{weights: {quality: 0.50, latency: 0, cost: 0.50}, fallback_cost_penalty_pct: 0}"
    assert orders(ranked(models, policy, scales)) == ("upper", ["upper", "half", "lower"])


def test_preferred_providers_first() -> None:
    """ "preferred providers first", as one group: within it, and after it, the score decides."""
    models = (
        model("a", "0.9", "1", 0)
        + model("b", "0.5", "1", 0, "mistral")
        + model("c", "0.6", "1", 0, "zhipu")
        + model("d", "0.7", "1", 0, "mistral")
    )
    for listed in ("[mistral, zhipu]", "[zhipu, mistral]"):
        policy = f"{{weights: {{quality: 1, latency: 0, cost: 0}}, preferred_providers: {listed}}}"
        assert orders(ranked(models, policy)) == ("d", ["d", "c", "b", "a"])


def test_cheapest() -> None:
    """ "`cheapest`: blended cost ascending", whatever the weights say; preferred providers still first."""
    models = model("a", "0.9", "3", 0) + model("b", "0.1", "2", 9999) + model("c", "0.5", "4", 0, "mistral")
    assert orders(ranked(models, "{objective: cheapest}")) == ("b", ["b", "a", "c"])
    assert orders(ranked(models, "{objective: cheapest, preferred_providers: [mistral]}")) == ("c", ["c", "b", "a"])


def test_both_orders_are_the_same_under_cheapest() -> None:
    """ "(under `cheapest` both orders are the same)"."""
    models = model("x", "0.90", "40", 0) + model("y", "0.58", "10", 0) + model("z", "0.50", "5", 0)
    world = ranked(models, "{objective: cheapest, fallback_cost_penalty_pct: 100}")
    assert orders(world) == ("z", ["z", "y", "x"])
    assert world.ask(model="auto", min_quality=0)["chain"] == ["z", "y", "x", "zz-lead"]


def test_penalised_order() -> None:
    """ "In the *penalised* order … the blended cost in the score counts `1 + fallback_cost_penalty_pct/100` times"."""
    # Plain:     x .45 + .5x.60 = .750; y .29 + .5x.90 = .740; z .25 + .5x.95 = .725.
    # Penalised: x .45 + .5x.20 = .550; y .29 + .5x.80 = .690; z .25 + .5x.90 = .700.
    models = model("x", "0.90", "40", 0) + model("y", "0.58", "10", 0) + model("z", "0.50", "5", 0)
    world = ranked(models, EVEN)
    assert orders(world) == ("x", ["z", "y", "x"])
    assert world.ask(model="auto", min_quality=0)["chain"] == ["x", "z", "y", "zz-lead"]


def test_penalty_is_a_percentage_with_decimals() -> None:
    """A penalty of 33.33 % counts a cost of 30 as 39.999, one of 33.34 % as 40.002."""
    # Penalised: a .45 + .5x(1 - .39999) = .750005 against b .25 + .5x1 = .75.
    models = model("a", "0.9", "30", 0) + model("b", "0.5", "0", 0)
    policy = "{weights: {quality: 0.50, latency: 0, cost: 0.50}, fallback_cost_penalty_pct: PCT}"
    assert orders(ranked(models, policy.replace("PCT", "33.33"))) == ("a", ["a", "b"])
    # a .45 + .5x(1 - .40002) = .74999
    assert orders(ranked(models, policy.replace("PCT", "33.34"))) == ("a", ["b", "a"])


def test_default_penalty_is_five_percent() -> None:
    """Section 2: `fallback_cost_penalty_pct` defaults to 5.00."""
    # Penalised: a .45 + .5x(1 - .42) = .74 exactly as b: .24 + .5x1; the tie goes to the cheaper b.
    models = model("a", "0.90", "40", 0) + model("b", "0.48", "0", 0)
    assert orders(ranked(models, "{weights: {quality: 0.50, latency: 0, cost: 0.50}}")) == ("a", ["b", "a"])
    models = model("a", "0.90", "40", 0) + model("b", "0.4799", "0", 0)
    assert orders(ranked(models, "{weights: {quality: 0.50, latency: 0, cost: 0.50}}")) == ("a", ["a", "b"])


def test_ties_go_to_the_lower_blended_cost() -> None:
    """ "ties: blended cost ascending, …"."""
    # Equal scores of 0.6: a .5x.8 + .5x.4 (cost 60), b .5x.4 + .5x.8 (cost 20).
    models = model("a", "0.8", "60", 0) + model("b", "0.4", "20", 0)
    policy = "{weights: {quality: 0.50, latency: 0, cost: 0.50}, fallback_cost_penalty_pct: 0}"
    assert orders(ranked(models, policy)) == ("b", ["b", "a"])


def test_then_to_the_higher_quality() -> None:
    """ "ties: …, quality descending, …"."""
    # Equal cost and, by latency alone, equal score.
    models = model("a", "0.5", "7", 10) + model("b", "0.6", "7", 10)
    assert orders(ranked(models, "{weights: {quality: 0, latency: 1, cost: 0}}")) == ("b", ["b", "a"])
    assert orders(ranked(models, "{objective: cheapest}")) == ("b", ["b", "a"])


def test_then_to_the_slug() -> None:
    """ "ties: …, slug ascending"; section 2: "Slugs sort by their bytes"."""
    names = ["a", "0", "a.b", "a-b", "a_b", "ab", "9"]
    models = "".join(model(name, "0.5", "7", 10) for name in names)
    # "-" 2d, "." 2e, digits 30.., "_" 5f, letters 61..: and a prefix stands first.
    order = ["0", "9", "a", "a-b", "a.b", "a_b", "ab"]
    assert orders(ranked(models, "{objective: cheapest}")) == ("0", order)


def test_order_is_exact_where_floats_are_not() -> None:
    """Scores are exact: 0.1 + 0.2 style sums tie as they do on paper."""
    # a: 0.33x0.3 + 0.33x0.3 + 0.34x0.3 = 0.3; b: 0.33x0.1 + 0.33x0.5 + 0.34x0.3 = 0.3: a tie, the cheaper wins.
    # Both cost 70 (0.3 of 100), so quality decides: a.
    models = model("b", "0.1", "70", 5000) + model("a", "0.3", "70", 7000)
    policy = "{weights: {quality: 0.33, latency: 0.33, cost: 0.34}, fallback_cost_penalty_pct: 0}"
    assert orders(ranked(models, policy)) == ("a", ["a", "b"])
