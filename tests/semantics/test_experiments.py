"""docs/semantics.md, section 5: slots, variants, and the shadows of features."""

from __future__ import annotations

import pytest

from routecomp.runtime.resolver import slot_of
from tests.semantics.worlds import MODELS, Service, service


@pytest.mark.parametrize(
    ("salt", "unit", "slot"),
    [
        ("opus-vs-gpt", "user-1", 1933),
        ("opus-vs-gpt", "user-2", 7795),
        ("s2", "user-1", 3710),
        ("opus-vs-gpt", "", 330),
        ("opus-vs-gpt", "Ü-π-💥", 6951),
    ],
)
def test_slot_vectors(salt: str, unit: str, slot: int) -> None:
    """The page's table: "first 8 bytes, big-endian, of SHA-256(utf-8(salt) + ":" + utf-8(unit)), × 10000 >> 64"."""
    assert slot_of(salt, unit) == slot
    decision = experiment(f"salt: {salt}, status: active").ask(model="id", unit=unit)
    assert decision["slot"] == slot


def experiment(fields: str, variants: str = "", slug: str = "test", more: str = "") -> Service:
    """One experiment on `id` whose control serves `good` and whose other variant serves `best`."""
    variants = variants or (
        "control: {weight: 0.5, versions: [{version: 1, model: good}]}, "
        "other: {weight: 0.5, versions: [{version: 1, model: best}]}"
    )
    return service(
        experiments=f"""
    experiments:
      {slug}: {{public_model_id: id, {fields}, variants: {{{variants}}}}}
    """
        + more
    )


def variants_at(world: Service, units: dict[str, int]) -> list[str]:
    """Return the variant of each unit, whose slots are what they should be."""
    decisions = {unit: world.ask(model="id", unit=unit) for unit in units}
    assert {unit: decision["slot"] for unit, decision in decisions.items()} == units
    return [decision["variant"] for decision in decisions.values()]


# Slots of salt `opus-vs-gpt`: "" 330, user-1 1933, Ü-π-💥 6951, user-2 7795.
UNITS = {"": 330, "user-1": 1933, "Ü-π-💥": 6951, "user-2": 7795}


def test_contiguous_ranges_in_declared_order() -> None:
    """ "Slots 0..9999 are owned by variants: contiguous ranges in declared order"."""
    world = experiment(
        "salt: opus-vs-gpt, status: active",
        """
        z: {weight: 0.1933, versions: [{version: 1, model: good}]},
        a: {weight: 0.5019, versions: [{version: 1, model: best}]},
        m: {weight: 0.3048, versions: [{version: 1, model: cheap}]}""",
    )
    # z 0..1932, a 1933..6951, m 6952..9999: user-1 is the first of a, Ü-π-💥 its last.
    assert variants_at(world, UNITS) == ["z", "a", "a", "m"]


def test_declared_slots() -> None:
    """ "unless the variants say `slots: [[0, 4999], …]`", wherever they lie."""
    world = experiment(
        "salt: opus-vs-gpt, status: active",
        """
        a: {weight: 0.5, slots: [[7795, 9999], [331, 3125]], versions: [{version: 1, model: good}]},
        b: {weight: 0.5, slots: [[3126, 7794], [0, 330]], versions: [{version: 1, model: best}]}""",
    )
    # 2,205 + 2,795 and 4,669 + 331 slots: 5,000 each.
    assert variants_at(world, UNITS) == ["b", "a", "b", "a"]


def test_default_salt_is_the_slug() -> None:
    """Section 2: `salt` "default: the slug"."""
    assert experiment("status: active", slug="opus-vs-gpt").ask(model="id", unit="user-1")["slot"] == 1933


def test_same_unit_same_variant() -> None:
    """A unit stays with its variant, whatever else the request says."""
    world = experiment("salt: opus-vs-gpt, status: active")
    for more in ({}, {"tenant": "x"}, {"request_id": "r-1"}, {"stream": True}):
        assert world.ask(model="id", unit="user-2", **more)["variant"] == "other"


def test_no_unit() -> None:
    """ "No unit: no assignment is guessed; the first variant serves and the decision says `no_unit`"."""
    decision = experiment("status: active").ask(model="id", request_id="user-2")
    assert (decision["variant"], decision["slot"], decision["reasons"]) == ("control", None, ["no_unit"])
    ignored = experiment("status: active").ask(model="id", unit=17.0)
    assert (ignored["variant"], ignored["reasons"]) == ("control", ["ignored:unit", "no_unit"])


def test_no_unit_is_said_of_a_rejected_variant_too() -> None:
    """Flags are said on every decision: the first variant would have served."""
    decision = experiment("status: active").ask(model="id", stack="us")
    assert (decision["status"], decision["variant"]) == ("rejected_policy", "control")
    assert decision["reasons"] == ["no_unit"]


def test_paused_experiment_rejects() -> None:
    """Section 2: `on_pause` "default reject (fails closed)"."""
    decision = experiment("status: paused").ask(model="id", unit="u")
    assert (decision["status"], decision["experiment"]) == ("rejected_experiment", "test")
    assert (decision["variant"], decision["version"], decision["reasons"]) == (None, None, [])


def test_paused_control() -> None:
    """Section 2: "control (the first declared variant, whatever its id)"."""
    world = experiment(
        "salt: opus-vs-gpt, status: paused, on_pause: control",
        """
        zz: {weight: 0.5, versions: [{version: 1, model: cheap}]},
        control: {weight: 0.5, versions: [{version: 1, model: best}]}""",
    )
    for unit in ("user-1", "user-2"):
        decision = world.ask(model="id", unit=unit)
        assert (decision["variant"], decision["model"], decision["reasons"]) == ("zz", "cheap", ["paused_control"])
        assert decision["slot"] == UNITS[unit]
    assert world.ask(model="id")["reasons"] == ["paused_control"]


BARRED = {"unit": "user-2", "unavailable": ["best"]}
"""A request of the other variant, whose model is unavailable."""


def test_the_control_serves_where_a_variant_is_unavailable() -> None:
    """`on_unavailable: control`: variant and version are its, the slot stays, and the decision says so."""
    own_key = """
        control: {weight: 0.5, versions: [{version: 1, model: cheap}, {version: 2, model: good, api_key_env: OWN_KEY}]},
        other: {weight: 0.5, versions: [{version: 1, model: best}]}"""
    world = experiment("salt: opus-vs-gpt, status: active, on_unavailable: control", own_key)
    decision = world.ask(model="id", **BARRED)
    assert (decision["status"], decision["model"], decision["chain"]) == ("ok", "good", ["good"])
    assert (decision["variant"], decision["version"], decision["slot"]) == ("control", 2, UNITS["user-2"])
    assert (decision["api_key_env"], decision["reasons"]) == ("OWN_KEY", ["variant_unavailable"])
    assert world.ask(model="id", unit="user-2", unavailable=["anthropic"])["variant"] == "control"
    # 8,000 tokens fit into the window of best alone, 100 are fewer than it must be allowed
    assert world.ask(model="id", unit="user-2", input_tokens=8000)["variant"] == "other"
    assert world.ask(model="id", unit="user-2", max_output_tokens=99)["variant"] == "control"
    assert world.ask(model="id", unit="user-2")["reasons"] == []


def test_a_winner_gives_way_to_the_control_too() -> None:
    """ "where the variant that would serve (assigned, or winner)": completed too, with a unit or without."""
    world = experiment("salt: opus-vs-gpt, status: completed, winner: other, on_unavailable: control")
    for request in (BARRED, {"unavailable": ["best"]}):
        decision = world.ask(model="id", **request)
        assert (decision["variant"], decision["reasons"]) == ("control", ["variant_unavailable"])


def test_else_the_first_rejection_stands() -> None:
    """The variant that was assigned is rejected: by default, by permission, and where the control does not pass."""
    world = experiment("salt: opus-vs-gpt, status: active, on_unavailable: control")
    rejected = [
        experiment("salt: opus-vs-gpt, status: active").ask(model="id", **BARRED),
        world.ask(model="id", unit="user-2", unavailable=["best", "good"]),
        world.ask(model="id", stack="us", **BARRED),
    ]
    for decision in rejected:
        assert (decision["status"], decision["variant"]) == ("rejected_unavailable", "other")
        assert decision["reasons"] == []
    decision = world.ask(model="id", unit="user-2", stack="eu")
    assert (decision["status"], decision["variant"], decision["reasons"]) == ("rejected_policy", "other", [])


def test_winner_serves_everyone() -> None:
    """Section 2: "completed only: the variant that then serves everyone"; without `no_unit`."""
    world = experiment("salt: opus-vs-gpt, status: completed, winner: other")
    for unit in ("user-1", "user-2"):
        decision = world.ask(model="id", unit=unit)
        assert (decision["variant"], decision["slot"]) == ("other", UNITS[unit])
    assert world.ask(model="id")["reasons"] == []
    world = experiment("salt: opus-vs-gpt, status: completed, winner: control")
    assert {world.ask(model="id", unit=unit)["variant"] for unit in UNITS} == {"control"}


def test_last_version_serves() -> None:
    """Section 1: "a variant's upstream is a list of versions, the last serves"."""
    world = experiment(
        "status: completed, winner: a",
        """
        a: {weight: 1, versions: [{version: 1, model: best}, {version: 2, model: weak}, {version: 3, model: cheap}]}""",
    )
    decision = world.ask(model="id")
    assert (decision["version"], decision["model"], decision["chain"]) == (3, "cheap", ["cheap"])


def test_version_key_takes_the_providers_place() -> None:
    """Section 2: "`api_key_env` (optional) overrides the provider's", for that version alone."""
    world = experiment(
        "status: completed, winner: a",
        """
        a: {weight: 1, versions: [{version: 1, model: best, api_key_env: OLD_KEY},
                                  {version: 2, model: best, api_key_env: NEW_KEY}]}""",
    )
    assert world.ask(model="id")["api_key_env"] == "NEW_KEY"
    world = experiment(
        "status: completed, winner: a",
        """
        a: {weight: 1, versions: [{version: 1, model: best, api_key_env: OLD_KEY}, {version: 2, model: best}]}""",
    )
    assert world.ask(model="id")["api_key_env"] == "ANTHROPIC_API_KEY"


@pytest.mark.parametrize(("status", "expected"), [("active", "zz"), ("paused", "zz")])
def test_running_experiment_hides_a_completed_one(status: str, expected: str) -> None:
    """ "An unarchived active or paused experiment hides a completed one on the same public id"."""
    more = """
      a-first: {public_model_id: id, status: completed, winner: control, variants: {
        control: {weight: 1, versions: [{version: 1, model: weak}]}}}
    """
    world = experiment(f"status: {status}, on_pause: control", slug="zz", more=more)
    assert world.ask(model="id")["experiment"] == expected


def test_archived_paused_experiment_hides_nothing() -> None:
    """… an *unarchived* one does."""
    more = """
      old: {public_model_id: id, status: completed, winner: control, variants: {
        control: {weight: 1, versions: [{version: 1, model: weak}]}}}
    """
    world = experiment("status: paused, archived: true", more=more)
    assert world.ask(model="id")["experiment"] == "old"


# -- shadows --------------------------------------------------------------------------------------------------------


# Slots of `shadow:chat:good`: r-1 5397, r-2 3141, user-1 965, user-2 8188; of `shadow:chat:cheap`: r-1 6869,
# r-2 2421, user-1 5505, user-2 7100.
def shadowed(good: str = "sample: 1", cheap: str = "sample: 1", policies: str = "", chat: str = "") -> Service:
    """Feature `chat`: primary `best`; shadows `good` and `cheap`, declared between each other."""
    return service(
        policies=policies,
        routes=f"""
    features:
      chat: {{models: {{good: {{status: shadow, {good}}}, best: primary, cheap: {{status: shadow, {cheap}}},
                        weak: shadow}}{chat}}}
    """,
    )


def test_shadow_below_its_sample_is_mirrored() -> None:
    """ "mirrored when its own slot (salt = `shadow:` + feature + `:` + model …) is below `sample`·10000"."""
    assert shadowed("sample: 0.5398").ask(feature="chat", unit="r-1")["shadows"] == ["good", "cheap"]
    assert shadowed("sample: 0.5397").ask(feature="chat", unit="r-1")["shadows"] == ["cheap"]
    assert shadowed("sample: 0.0001", "sample: 0.687").ask(feature="chat", unit="r-1")["shadows"] == ["cheap"]
    assert shadowed("sample: 0.0001", "sample: 0.6869").ask(feature="chat", unit="r-1")["shadows"] == []


def test_request_id_before_unit() -> None:
    """ "unit = `request_id`, else `unit`"."""
    world = shadowed("sample: 0.4", "sample: 0.4")
    # r-2: good 3141 and cheap 2421 below 4000; user-1: good 965 alone; user-2: neither.
    assert world.ask(feature="chat", request_id="r-2", unit="user-2")["shadows"] == ["good", "cheap"]
    assert world.ask(feature="chat", request_id="user-2", unit="r-2")["shadows"] == []
    assert world.ask(feature="chat", unit="user-1")["shadows"] == ["good"]
    assert world.ask(feature="chat", request_id=7.0, unit="user-1")["shadows"] == ["good"]


def test_neither_request_id_nor_unit() -> None:
    """ "neither: not mirrored"."""
    assert shadowed().ask(feature="chat")["shadows"] == []


def test_shadow_that_is_picked_is_not_mirrored() -> None:
    """ "never when it is the model picked"."""
    world = shadowed(chat=", fallback: [good]")
    decision = world.ask(feature="chat", unit="u", unavailable=["best"])
    assert (decision["model"], decision["shadows"]) == ("good", ["cheap"])
    assert world.ask(feature="chat", unit="u")["shadows"] == ["good", "cheap"]


def test_bare_shadow_is_never_mirrored() -> None:
    """Section 2: "a bare shadow is a candidate, never mirrored"."""
    assert "weak" not in shadowed().ask(feature="chat", unit="u")["shadows"]


def test_shadow_needs_permission_and_ability_and_meets_no_demand() -> None:
    """Section 4: "experiment variant, shadow | yes | yes | no"."""
    world = shadowed(policies="tenants: {no-china: {stacks: [us, eu]}}")
    assert world.ask(feature="chat", unit="u", tenant="no-china")["shadows"] == ["good"]
    assert world.ask(feature="chat", unit="u", tools=True)["shadows"] == ["good"]
    assert world.ask(feature="chat", unit="u", unavailable=["good"])["shadows"] == ["cheap"]
    assert world.ask(feature="chat", unit="u", input_tokens=3000)["shadows"] == ["good"]
    assert world.ask(feature="chat", unit="u", min_quality=0.85)["shadows"] == ["good", "cheap"]


def test_shadow_may_be_unlisted() -> None:
    """Section 4: listed binds "target, logical and direct routes": a feature may mirror an unlisted model."""
    models = MODELS.replace("  good: {", "  good: {listed: false, ").replace("  cheap: {", "  cheap: {active: false, ")
    world = service(
        models=models,
        routes="""
    features:
      chat: {models: {best: primary, good: {status: shadow, sample: 1}, cheap: {status: shadow, sample: 1}}}
    """,
    )
    assert world.ask(feature="chat", unit="u")["shadows"] == ["good"]


def test_shadows_belong_to_their_feature() -> None:
    """A feature without shadows, a target and a rung mirror nothing."""
    world = shadowed()
    for request in ({"model": "auto"}, {"feature": "other"}, {"model": "best"}):
        assert world.ask(**request, unit="u")["shadows"] == []


def test_daily_cap_is_not_the_resolvers() -> None:
    """ "`max_daily_usd` is kept by the service that mirrors": the decision is the same with it."""
    capped = shadowed("sample: 1, max_daily_usd: 0.01").ask(feature="chat", unit="u")
    assert capped["shadows"] == ["good", "cheap"]
