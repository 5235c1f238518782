"""docs/semantics.md, section 4, "The floor": which quality a request asks for, and what the dial does to it."""

from __future__ import annotations

import pytest

from tests.semantics.worlds import GATE, PREFERENCES, Service, service

# One target per base of the page's table; every floor comes from the target alone.
BASES = {"b50": 5000, "b55": 5500, "b40": 4000, "b80": 8000, "b85": 8500, "b95": 9500}
TARGETS = "targets:\n  plain: {candidates: all}\n" + "".join(
    f"  {name}: {{candidates: all, min_quality: 0.{base // 100}}}\n" for name, base in BASES.items()
)
FEATURES = """
features:
  chat: {models: {best: primary}, fallback: [good, cheap, weak], min_quality: 0.70}
  easy: {models: {best: primary}, fallback: [good, cheap, weak]}
"""
POLICIES = (
    PREFERENCES
    + """
tenants:
  strict: {min_quality: 0.75}
  lax: {min_quality: 0.55}
"""
)


@pytest.fixture(scope="module")
def world() -> Service:
    """Targets with every base of the table, features with and without a floor, tenants with two floors."""
    return service(targets=TARGETS, routes=FEATURES, policies=POLICIES)


@pytest.fixture
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the gate of the dial."""
    monkeypatch.setenv(GATE, "1")


@pytest.fixture
def _shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shut the gate of the dial."""
    monkeypatch.delenv(GATE, raising=False)


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize("preference", ["quality", "balanced", "cost"])
def test_explicit_min_quality_wins(world: Service, preference: str) -> None:
    """ "Explicit `min_quality` wins, always, whatever the dial says"."""
    for floor, bp in ((0.1, 1000), (0.86, 8600)):
        decision = world.ask(feature="chat", tenant="strict", min_quality=floor, preference=preference)
        assert decision["floor_bp"] == bp


def test_base_is_the_higher_of_policy_and_route(world: Service) -> None:
    """ "base = the higher of the effective policy's and the feature's or target's `min_quality`"."""
    assert world.ask(feature="chat", tenant="strict")["floor_bp"] == 7500
    assert world.ask(feature="chat", tenant="lax")["floor_bp"] == 7000
    assert world.ask(feature="chat")["floor_bp"] == 7000
    assert world.ask(model="b50", tenant="lax")["floor_bp"] == 5500
    assert world.ask(model="b80", tenant="lax")["floor_bp"] == 8000


def test_one_floor_alone_is_the_base_even_below_good(world: Service) -> None:
    """ "if neither has one, `floors.good`": one that is declared below `good` (0.50) stays as it is."""
    assert world.ask(model="b40")["floor_bp"] == 4000


def test_base_without_any_floor_is_good(world: Service) -> None:
    """ "if neither has one, `floors.good`"."""
    assert world.ask(model="plain")["floor_bp"] == 5000
    assert world.ask(feature="easy")["floor_bp"] == 5000


def test_base_without_preferences_is_zero() -> None:
    """ "(without `preferences`: 0)"."""
    assert service().ask(model="auto")["floor_bp"] == 0


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize(
    ("target", "quality", "balanced", "cost"),
    [
        ("b50", 6000, 5000, 5000),
        ("b55", 6500, 5500, 5000),
        ("b40", 5000, 4000, 4000),
        ("b80", 8500, 8000, 7000),
        ("b85", 8500, 8500, 7500),
        ("b95", 9500, 9500, 8500),
    ],
)
def test_dial_table(world: Service, target: str, quality: int, balanced: int, cost: int) -> None:
    """The page's table: base and preference to the floor (0.95 leaves nothing, and says so in status and floor)."""
    for preference, floor in (("quality", quality), ("balanced", balanced), ("cost", cost)):
        decision = world.ask(model=target, preference=preference)
        assert decision["floor_bp"] == floor, preference
        assert decision["status"] == ("rejected_floor" if floor > 9000 else "ok")


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize("target", [*BASES, "plain"])
def test_default_preference_changes_not_a_byte(world: Service, target: str) -> None:
    """ "the default preference leaves it untouched, clamp included (byte-identical to … no preference)"."""
    asked = world.router.resolve(model=target, preference="balanced")
    assert asked.to_json() == world.router.resolve(model=target).to_json()


@pytest.mark.usefixtures("_open")
def test_dial_up_stops_at_the_upper_clamp(world: Service) -> None:
    """ "δ > 0: `max(base, min(base+δ, clamp.hi))`": 0.80 + 0.10 is held at 0.85, 0.95 is not lowered to it."""
    assert world.ask(model="b80", preference="quality")["floor_bp"] == 8500
    assert world.ask(model="b95", preference="quality")["floor_bp"] == 9500


@pytest.mark.usefixtures("_open")
def test_dial_down_stops_at_the_lower_clamp(world: Service) -> None:
    """ "δ < 0: `min(base, max(base+δ, clamp.lo))`": 0.55 - 0.10 is held at 0.50, 0.40 is not raised to it."""
    assert world.ask(model="b55", preference="cost")["floor_bp"] == 5000
    assert world.ask(model="b40", preference="cost")["floor_bp"] == 4000


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize("target", [*BASES, "plain"])
def test_no_position_moves_against_its_direction(world: Service, target: str) -> None:
    """ "no position ever moves a floor against its own direction"."""
    base = world.ask(model=target)["floor_bp"]
    assert world.ask(model=target, preference="cost")["floor_bp"] <= base
    assert world.ask(model=target, preference="quality")["floor_bp"] >= base


@pytest.mark.usefixtures("_shut")
@pytest.mark.parametrize("preference", ["quality", "cost"])
def test_shut_gate_makes_every_preference_the_default(world: Service, preference: str) -> None:
    """ "While the gate is shut every preference behaves as the default", and says `preference_inert`."""
    plain = world.ask(model="b80")
    assert world.ask(model="b80", preference=preference) == {**plain, "reasons": ["preference_inert"]}
    assert world.ask(model="b80", preference="balanced") == plain


@pytest.mark.parametrize("value", ["", "0", "true", "1 ", "01", "yes"])
def test_gate_opens_at_one_alone(world: Service, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Section 2: "all but the default are inert until it is "1""."""
    monkeypatch.setenv(GATE, value)
    assert world.ask(model="b80", preference="cost")["floor_bp"] == 8000


@pytest.mark.usefixtures("_open")
def test_gate_that_is_not_declared_is_shut() -> None:
    """Section 2: `gate_env` "absent: always shut"."""
    policies = PREFERENCES.replace(f"  gate_env: {GATE}\n", "")
    decision = service(policies=policies).ask(model="auto", preference="quality")
    assert (decision["floor_bp"], decision["reasons"]) == (5000, ["preference_inert"])


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize("preference", ["turbo", "", "Quality", "good"])
def test_unknown_preference_is_the_default(world: Service, preference: str) -> None:
    """ "An unknown preference is the default", and says `preference_unknown`."""
    plain = world.ask(model="b80")
    assert world.ask(model="b80", preference=preference) == {**plain, "reasons": ["preference_unknown"]}


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize("preference", ["quality", "balanced", "cost"])
def test_without_preferences_every_preference_is_unknown(preference: str) -> None:
    """Section 2: "optional (then every preference is unknown)"."""
    assert service().ask(model="auto", preference=preference)["reasons"] == ["preference_unknown"]


def test_gate_is_read_at_each_call(world: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "The gate is read at each call"."""
    floors = []
    for value in ("0", "1", "0"):
        monkeypatch.setenv(GATE, value)
        floors.append(world.ask(model="b80", preference="cost")["floor_bp"])
    assert floors == [8000, 7000, 8000]


@pytest.mark.usefixtures("_open")
def test_dial_works_on_logical_models_and_their_policy_floor() -> None:
    """A logical model has no floor of its own: the policy's is the base, else `good`."""
    models = """
    models:
      one: {provider: mistral, logical_slug: big, quality: 0.90, price: {input: 1, output: 1}, latency_ms: 1,
            context_window: 1000}
    """
    world = service(models=models, defaults="defaults: {model: one}", policies=POLICIES)
    assert world.ask(model="big")["floor_bp"] == 5000
    assert world.ask(model="big", tenant="strict", preference="cost")["floor_bp"] == 6500
