"""Simulate the calls of an experiment, day by day: users that differ, come late, call in bursts and stay what they are.

Everything is drawn by a seed. Users keep their slot; what a user is like holds for all of its calls, so calls of one
user are alike, as in life.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from routecomp.measure.outcome import Outcome
from routecomp.model.experiment import Experiment, Variant, Version
from routecomp.rules.change.moved_units import slot_owners


def experiment(control: int = 5000, *, status: str = "active", winner: str | None = None) -> Experiment:
    """Return an experiment of two variants with these basis points for the first one."""
    variants = {
        id: Variant(label=None, weight=weight, versions=(Version(version=1, model=f"model-{id}"),))
        for id, weight in (("control", control), ("other", 10_000 - control))
    }
    return Experiment(public_model_id="preview/nimbus", status=status, winner=winner, variants=variants)


@dataclass(frozen=True)
class World:
    """What is simulated. `more_failures` and `slower` are what the second variant does otherwise; 0 and 1 are A/A."""

    users: int = 400
    days: int = 14
    calls_a_day: float = 1.0
    control: int = 5000
    failures: float = 0.05
    more_failures: float = 0.0
    slower: float = 1.0
    dearer: float = 1.0

    def run(self, seed: int) -> Iterator[list[Outcome]]:
        """Yield the calls of each day."""
        random = Random(seed)
        body = experiment(self.control)
        owners = slot_owners(body)
        assert owners is not None
        users = [_User(random, self) for _ in range(self.users)]
        for day in range(self.days):
            yield [
                user.call(random, self, owners[user.slot], day, number)
                for user in users
                if user.arrives <= day
                for number in range(user.calls(random))
            ]


class _User:
    def __init__(self, random: Random, world: World) -> None:
        self.slot = random.randrange(10_000)
        self.arrives = random.choice((0, 0, random.randrange(world.days)))
        self.rate = world.calls_a_day * random.choice((0.2, 0.5, 1, 1, 4))
        self.clumsy = random.choice((0, 0.5, 0.5, 3))
        self.pace = random.lognormvariate(0, 0.4)
        self.length = random.lognormvariate(0, 0.7)

    def calls(self, random: Random) -> int:
        """Return how often the user calls on a day, now and then in a burst."""
        rate = self.rate * (8 if random.random() < 0.03 else 1)
        whole = int(rate)
        return whole + (random.random() < rate - whole)

    def call(self, random: Random, world: World, variant: str, day: int, number: int) -> Outcome:
        """Return one call of the user."""
        is_other = variant == "other"
        share = world.failures * self.clumsy + world.more_failures * is_other
        failed = random.random() < share
        latency = round(800 * self.pace * random.lognormvariate(0, 0.5) * (world.slower if is_other else 1))
        cost = round(2e9 * self.length * random.lognormvariate(0, 1) * (world.dearer if is_other else 1))
        date = f"2026-{10 + day // 28:02}-{1 + day % 28:02}"
        return Outcome(
            date,
            f"{id(self)}-{day}-{number}",
            f"{date}T09:30:00.000000Z",
            "failed" if failed else "succeeded",
            "acme",
            None if failed else f"model-{variant}",
            "nimbus",
            variant,
            1,
            self.slot,
            latency,
            1200,
            380,
            None if failed else cost,
            (),
        )
