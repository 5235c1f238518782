"""The rules of experiments: variants, versions, overlap, salts and slots."""

from __future__ import annotations

import random

import pytest

from routecomp.model.experiment import Experiment, Variant
from routecomp.rules.slots import partition
from tests.check.project import at, findings, ids

VERSION = "versions: [{version: 1, model: good}]"
TWO = f"{{a: {{weight: 0.5, {VERSION}}}, b: {{weight: 0.5, {VERSION}}}}}"


def experiments(**bodies: str) -> dict[str, str]:
    """experiments/e.yaml with these bodies, each on a line."""
    lines = [f"  {name.replace('_', '-')}: {{{body}}}" for name, body in bodies.items()]
    return {"experiments_e": "\n".join(["experiments:", *lines]) + "\n"}


@pytest.mark.parametrize(
    ("status", "variants", "wrong"),
    [
        ("draft", "{}", []),
        ("draft", "{a: {weight: 1}}", []),
        ("completed", "{}", []),
        ("completed", "{a: {weight: 1}}", []),
        ("completed, winner: a", f"{{a: {{weight: 1, {VERSION}}}}}", []),
        ("completed, winner: a", f"{{a: {{weight: 0.5, {VERSION}}}, b: {{weight: 0.5}}}}", ["RC313"]),
        ("active", TWO, []),
        ("paused", TWO, []),
        ("active", "{}", ["RC313"]),
        ("paused", f"{{a: {{weight: 1, {VERSION}}}}}", ["RC313"]),
        ("active", "{a: {weight: 0.5}, b: {weight: 0.5}}", ["RC313", "RC313"]),
        ("active", "{a: {weight: 1}}", ["RC313", "RC313"]),
        ("active, winner: a", TWO, ["RC319"]),
        ("draft, winner: a", TWO, ["RC319"]),
        ("paused, winner: c", TWO, ["RC212", "RC319"]),
        ("active, archived: true", TWO, ["RC316"]),
        ("paused, archived: true", TWO, []),
        ("draft, archived: true", TWO, []),
    ],
)
def test_statuses(status: str, variants: str, wrong: list[str]) -> None:
    """What each status asks of variants, versions, winner and archive."""
    assert ids(**experiments(e=f"public_model_id: x, status: {status}, variants: {variants}")) == wrong


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [
        ("active", "active", ["RC314"]),
        ("active", "paused", ["RC314"]),
        ("active", "paused, archived: true", ["RC314"]),
        ("active", "draft", []),
        ("active", "completed, winner: a", []),
        ("completed, winner: a", "completed, winner: a", ["RC315"]),
        ("completed, winner: a", "completed, winner: a, archived: true", []),
        ("completed, winner: a", "completed", []),
    ],
)
def test_two_on_one_public_id(first: str, second: str, wrong: list[str]) -> None:
    """One running experiment and one winner per public model id; the first place is the label."""
    texts = experiments(
        e1=f"public_model_id: x, status: {first}, variants: {TWO}",
        e2=f"public_model_id: x, status: {second}, variants: {TWO}",
    )
    found = findings(**texts)
    assert [one.rule for one in found] == wrong
    for one in found:
        assert one.span is not None
        assert one.span.line == 3
        assert one.labels[0].span.line == 2
    other = {path: text.replace("e2: {public_model_id: x", "e2: {public_model_id: y") for path, text in texts.items()}
    assert ids(**other) == []


def test_three_on_one_public_id_all_point_at_the_first() -> None:
    """Each further one is a finding."""
    found = findings(
        **experiments(**{f"e{n}": f"public_model_id: x, status: active, variants: {TWO}" for n in range(3)})
    )
    assert [one.rule for one in found] == ["RC314", "RC314"]
    assert [one.labels[0].span.line for one in found] == [2, 2]


def test_salts() -> None:
    """The effective salt counts: a declared one, else the slug, over experiments of every status."""
    body = f"public_model_id: x, status: draft, variants: {TWO}"
    assert ids(**experiments(a=body, b=body)) == []
    found = findings(**experiments(a=body, b=f"salt: a, {body}"))
    assert [(one.rule, at(one), one.labels[0].span.text) for one in found] == [("RC318", "a", "a")]
    assert ids(**experiments(a=f"salt: b, {body}", b=f"salt: a, {body}")) == []
    assert ids(**experiments(a=f"salt: '', {body}", b=f"salt: '', {body}")) == ["RC318"]
    assert ids(**experiments(a=f"salt: 'a:b', {body}")) == ["RC118"]


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        ([1], None),
        ([1, 2, 3], None),
        ([], None),
        ([2], "2"),
        ([0], "0"),
        ([1, 1], "1"),
        ([1, 3, 4], "3"),
        ([3, 2, 1], "3"),
    ],
)
def test_versions_count_from_one(numbers: list[int], wrong: str | None) -> None:
    """The first number out of place is underlined, once per variant."""
    versions = ", ".join(f"{{version: {number}, model: good}}" for number in numbers)
    found = findings(
        **experiments(e=f"public_model_id: x, status: draft, variants: {{a: {{weight: 1, versions: [{versions}]}}}}")
    )
    assert [(one.rule, at(one)) for one in found] == (
        [] if wrong is None else [("RC317" if wrong != "0" else "RC117", wrong)]
    )


def slotted(*slots: str, weights: tuple[str, ...] = ("0.5", "0.5")) -> dict[str, str]:
    """A draft whose variants a, b … have these slots."""
    variants = ", ".join(
        f"{name}: {{weight: {weight}{', slots: ' + own if own else ''}}}"
        for name, own, weight in zip("abcdef", slots, weights, strict=False)
    )
    return experiments(e=f"public_model_id: x, status: draft, variants: {{{variants}}}")


@pytest.mark.parametrize(
    ("slots", "messages"),
    [
        (("[[0, 4999]]", "[[5000, 9999]]"), []),
        (("[[5000, 9999]]", "[[0, 4999]]"), []),
        (("[[0, 0], [2, 5000]]", "[[1, 1], [5001, 9999]]"), []),
        (("[[0, 4998]]", "[[5000, 9999]]"), ["slot 4999 of experiment `e` belongs to no variant"]),
        (
            ("[[1, 4999]]", "[[5000, 9998]]"),
            ["slot 0 of experiment `e` belongs to no variant", "slot 9999 of experiment `e` belongs to no variant"],
        ),
        (("[[0, 5000]]", "[[5000, 9999]]"), ["slot 5000 of experiment `e` belongs to `a` and to `b`"]),
        (("[[0, 9999]]", "[[100, 200]]"), ["slots 100 to 200 of experiment `e` belong to `a` and to `b`"]),
        (
            ("[[0, 3000], [2000, 4999]]", "[[5000, 9999]]"),
            ["slots 2000 to 3000 of experiment `e` belong to `a`, twice"],
        ),
        (("[[4999, 0]]", "[[5000, 9999]]"), ["slots [4999, 0] of variant `a` of experiment `e` run backwards"]),
        (("[[0, 4999]]", ""), ["variant `b` of experiment `e` says no slots, and `a` does"]),
    ],
)
def test_slots(slots: tuple[str, ...], messages: list[str]) -> None:
    """Every slot of 0..9999 has exactly one owner; each fault is named with its slots."""
    assert [one.message for one in findings(**slotted(*slots))] == messages


@pytest.mark.parametrize(
    ("slots", "rule", "message"),
    [
        ("[]", "RC120", "experiment `e`: `variants.a.slots` is an empty list"),
        ("[[0]]", "RC120", "experiment `e`: an entry of `variants.a.slots` holds 1 entry; exactly 2 are wanted"),
        (
            "[[0, 1, 2]]",
            "RC120",
            "experiment `e`: an entry of `variants.a.slots` holds 3 entries; exactly 2 are wanted",
        ),
        ("[0, 1]", "RC120", "experiment `e`: `variants.a.slots` is not a list of ranges of slots"),
        (
            "[[0, 10000]]",
            "RC117",
            "experiment `e`: an entry of `variants.a.slots` is `10000`; it must be between 0 and 9999",
        ),
        ("[[-1, 5]]", "RC117", "experiment `e`: an entry of `variants.a.slots` is `-1`; it must be between 0 and 9999"),
    ],
)
def test_shapes_of_slots(slots: str, rule: str, message: str) -> None:
    """Slots are pairs of whole numbers in 0..9999."""
    assert (rule, message) in [(one.rule, one.message) for one in findings(**slotted(slots, "[[0, 9999]]"))]


def test_proportions_are_exact() -> None:
    """One slot more or less than the weight is refused; what one variant has too many, the other has too few."""
    assert ids(**slotted("[[0, 3332]]", "[[3333, 9999]]", weights=("0.3333", "0.6667"))) == []
    found = findings(**slotted("[[0, 3333]]", "[[3334, 9999]]", weights=("0.3333", "0.6667")))
    assert [(one.rule, one.message, one.help) for one in found] == [
        (
            "RC322",
            "variant `a` of experiment `e` owns 3334 slots; its weight 0.3333 makes 3333 (and so in 1 other place)",
            "write 0.3334, or give it 3333 slots",
        ),
    ]


def test_proportions_wait_for_a_partition() -> None:
    """While slots are missing or owned twice, counting them says nothing."""
    assert ids(**slotted("[[0, 5999]]", "[[5000, 9999]]")) == ["RC321"]


def test_partitions_against_counting() -> None:
    """Random ranges: the sweep agrees with counting the owners of every slot."""
    chance = random.Random(7)
    for _ in range(300):
        bounds = sorted(chance.sample(range(1, 10_000), chance.randint(0, 5)))
        ranges = [(a, b - 1) for a, b in zip([0, *bounds], [*bounds, 10_000], strict=True)]
        if chance.random() < 0.7:
            at = chance.randrange(len(ranges))
            first, last = ranges[at]
            ranges[at] = (
                min(9_999, max(0, first + chance.choice((-2, -1, 0, 1)))),
                min(9_999, max(0, last + chance.choice((-1, 0, 1, 2)))),
            )
        chance.shuffle(ranges)
        owners = [0] * 10_000
        for first, last in ranges:
            for slot in range(first, last + 1):
                owners[slot] += 1
        half = len(ranges) // 2
        experiment = Experiment(
            variants={
                name: Variant(weight=1, versions=(), slots=tuple(own))
                for name, own in (("a", ranges[:half]), ("b", ranges[half:]))
                if own
            }
        )
        found = partition(experiment)
        assert found is not None
        assert found.sound == (owners == [1] * 10_000)
        if not found.backwards:
            free = {slot for first, last in found.gaps for slot in range(first, last + 1)}
            assert free == {slot for slot, count in enumerate(owners) if count == 0}
            twice = {
                slot for one, other in found.overlaps for slot in range(other.first, min(one.last, other.last) + 1)
            }
            assert twice == {slot for slot, count in enumerate(owners) if count > 1}
