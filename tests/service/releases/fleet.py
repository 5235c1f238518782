"""Simulate a fleet of replicas by the functions that decide in each of them, and note whatever none of them may do."""

from __future__ import annotations

import random
from collections.abc import Collection
from hashlib import sha256
from typing import Final

from routecomp.service.health.breaker import DEFAULT, Breaker
from routecomp.service.releases import judge as judging
from routecomp.service.releases.keys import Key
from routecomp.service.releases.manifest import read_manifest, write_manifest
from routecomp.service.releases.names import MANIFEST, RESOLVER
from routecomp.service.tables import protocol
from routecomp.service.tables.files import FALLBACK, TABLE, Files
from routecomp.service.tables.protocol import Refusal, Replica, TableId
from routecomp.workspace.publishing import steps

from . import order

KEY, OTHER = Key(b"the key of the fleet, which publishers have"), Key(b"the key of somebody else, of no fleet")
MODELS: Final = 3
Release = dict[str, bytes]


class Violation(Exception):
    """What happened that must not."""


def release(note: int, generation: int, keys: Collection[Key]) -> Release:
    files = {TABLE: b"table %d" % note, FALLBACK: b"fallback %d" % note, RESOLVER: b"resolver"}
    return files | {MANIFEST: write_manifest(files, generation, None, None, None, list(keys))}


class Node:
    """One replica: what it serves and keeps, its circuits, its clocks, and a witness that forgets nothing."""

    def __init__(self, chance: random.Random) -> None:
        self.replica = Replica()
        self.disk: tuple[TableId, bytes | None] | None = None
        self.fallback: bytes | None = None
        self.best: TableId | None = None
        self.excused = False
        self.monotonic, self.wall = chance.uniform(0, 1e6), 1e9
        self.breakers = [Breaker() for _ in range(MODELS)]
        self.down_calls: list[list[float]] = [[] for _ in range(MODELS)]


class Fleet:
    """Replicas, the place where releases lie, providers, and chance. `planted` names what is done wrongly."""

    def __init__(self, seed: int, size: int = 50, planted: Collection[str] = ()) -> None:
        self.chance = random.Random(seed)
        self.planted = planted
        self.keys = (KEY,) if seed % 3 else ()
        self.nodes = [Node(self.chance) for _ in range(size)]
        self.store: dict[int, Release] = {}
        self.whole: list[int] = []
        self.led: list[int] = []
        self.current: int | None = None
        self.slow: int | None = None  # the number of a publisher that has written and sleeps
        self.signed: set[tuple[int | None, str]] = set()
        self.up = [True] * MODELS
        self.notes = 0

    def run(self, events: int) -> None:
        """Let things happen, then let all be well for a while: then the newest release serves everywhere."""
        while not self.led:
            self.publish()
        kinds = (self.look, self.call, self.restart, self.lose, self.disturb, self.publish, self.toggle, self.wait)
        for kind in self.chance.choices(kinds, (40, 30, 8, 3, 6, 5, 3, 5), k=events):
            kind()
        self.finish()

    def publish(self) -> None:
        """Publish as `publish_release` does: a publisher may die on its way, or sleep and go on late."""
        self.notes += 1
        number = steps.next_number(self.current, self.store)
        if number in self.store:
            raise Violation("a number is given twice")
        self.store[number] = release(self.notes, number, self.keys)
        fate = self.chance.random()
        if order.ORDER[0] == "lead":
            self.current = number  # and what belongs to it is not there yet
            self.led.append(number)
        if fate < 0.1:
            if order.ORDER[0] == "lead":
                del self.store[number]
            return
        self.whole.append(number)
        self.signed.add((number, sha256(self.store[number][TABLE]).hexdigest()))
        if fate < 0.25 and self.slow is None:
            self.slow = number
            return
        self.lead(number)
        if self.slow is not None and self.chance.random() < 0.5:
            late, self.slow = self.slow, None
            self.lead(late)

    def lead(self, number: int) -> None:
        if steps.may_lead(number, self.current):
            self.current = number
            self.led.append(number)

    def node(self) -> Node:
        return self.chance.choice(self.nodes)

    def offer(self) -> tuple[Release, int] | None:
        """Return what a replica finds: what leads, something older, or what an intruder made of it."""
        assert self.led
        chance, number = self.chance, self.current or 1
        if number not in self.store:
            return None
        found, kind = dict(self.store[number]), chance.random()
        if kind < 0.55:
            return found, number
        if kind < 0.7:
            number = chance.choice([led for led in self.led if led in self.store])
            return dict(self.store[number]), number
        if kind < 0.78:
            name = chance.choice(list(found))
            raw = bytearray(found[name])
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            return {**found, name: bytes(raw)}, number
        if kind < 0.86 and self.keys:
            forged = number + chance.choice((0, 1, 1000))
            return release(-1, forged, chance.choice(((), (OTHER,)))), forged
        if kind < 0.92:  # two publishers who know nothing of each other
            fork = release(self.notes + 500, number, self.keys)
            self.signed.add((number, sha256(fork[TABLE]).hexdigest()))
            return fork, number
        return None

    def look(self, node: Node | None = None, *, calm: bool = False) -> None:
        """Let a replica look, by the steps of `Tables`; it may die between two of them, and its disk may fail."""
        node = node or self.node()
        node.replica = node.replica._replace(stored=self.kept(node))
        offered = (self.store[self.current or 1], self.current or 1) if calm else self.offer()
        if not calm and not self.keys and self.chance.random() < 0.05:
            return self.take(node, Files(b"plain table", b"fallback 0"), calm)
        if offered is None:
            node.replica = protocol.fall_back(node.replica)
            return self.witness(node)
        files, number = offered
        return self.take(node, judging.judge(files[MANIFEST], lambda _, name: files[name], self.keys, number), calm)

    def take(self, node: Node, files: Files, calm: bool) -> None:
        if not isinstance(files.table, bytes):
            node.replica = protocol.fall_back(node.replica)
            return self.witness(node)
        offered = TableId(sha256(files.table).hexdigest(), files.generation)
        if files.generation is None:
            self.signed.add(offered[::-1])
        storing = True
        step = protocol.next_step(node.replica, offered, storing=storing)
        if not isinstance(step, Refusal) or "fallback of a refused one" in self.planted:
            assert isinstance(files.fallback, bytes)
            node.fallback = files.fallback
        while not isinstance(step, Refusal) and step != "done":
            if step == "store":
                if not calm and self.chance.random() < 0.05:
                    storing, node.excused = False, True
                elif protocol.overwrites(offered, self.kept(node)):
                    node.disk = (offered, files.proof)
                    node.excused = False
            if step == "serve" or storing:
                node.replica = protocol.take_step(step, node.replica, offered)
            self.witness(node)
            if not calm and self.chance.random() < 0.05:
                return self.restart(node)
            step = protocol.next_step(node.replica, offered, storing=storing)
        node.replica = protocol.fall_back(node.replica)
        return self.witness(node)

    def kept(self, node: Node) -> TableId | None:
        """Return what is on a disk, if it is proven."""
        if node.disk is None or judging.find_proof_fault(node.disk[1], node.disk[0], self.keys) is not None:
            return None
        return node.disk[0]

    def witness(self, node: Node) -> None:
        """Compare what a replica serves with what it served before, and with what was ever published."""
        serving, best = node.replica.serving, node.best
        if serving is None:
            return
        if serving[::-1] not in self.signed:
            raise Violation("serves what nobody published")
        if best is not None and best.generation is not None:
            if (serving.generation or 0) < best.generation:
                raise Violation("goes back")
            if serving.generation == best.generation and serving != best:
                raise Violation("changes a table under its number")
        node.best = serving
        note = node.fallback and node.fallback.rpartition(b" ")[2]
        if note and serving.generation is not None and int(note) < 500 and serving.generation in self.store:
            release_note = self.store[serving.generation][FALLBACK].rpartition(b" ")[2]
            if int(note) < int(release_note) and node.replica.serving == node.replica.stored:
                raise Violation("decides by an older fallback file")

    def restart(self, node: Node | None = None) -> None:
        node = node or self.node()
        if node.excused:
            node.best, node.excused = None, False
        node.replica, node.fallback = protocol.start(self.kept(node)), None
        node.breakers, node.down_calls = [Breaker() for _ in range(MODELS)], [[] for _ in range(MODELS)]
        node.monotonic = self.chance.uniform(0, 1e6)

    def lose(self) -> None:
        self.wreck(self.node(), None)

    def wreck(self, node: Node, disk: tuple[TableId, bytes | None] | None) -> None:
        """Let a replica find something else on its disk; what serves it still knows, and nothing else."""
        node.disk, node.excused = disk, True
        if node.replica.serving is None:
            node.best = None

    def disturb(self) -> None:
        """Set a wall clock, or let an intruder write what a replica kept."""
        node = self.node()
        if self.chance.random() < 0.5 or not self.keys:
            node.wall += self.chance.choice((-86_400, 3_600, -600))
            return
        forged = release(-1, 10_000, (OTHER,))
        self.wreck(node, (TableId(read_manifest(forged[MANIFEST]).digest, 10_000), forged[MANIFEST]))

    def toggle(self) -> None:
        model = self.chance.randrange(MODELS)
        self.up[model] = not self.up[model]
        for node in self.nodes:
            node.down_calls[model].clear()

    def wait(self) -> None:
        seconds = self.chance.choice((1, 5, 30, 61))
        for node in self.nodes:
            node.monotonic += seconds
            node.wall += seconds

    def call(self, node: Node | None = None) -> None:
        """Let a replica take a few calls: each is answered if any provider is well, and one that is ill is spared."""
        node = node or self.node()
        for _ in range(self.chance.randint(1, 8)):
            now = node.wall if "the wall clock" in self.planted else node.monotonic
            left = list(range(MODELS))
            answered = False
            while left and not answered:
                able = [model for model in left if node.breakers[model].until(now) <= now]
                if not able and "nothing when all is open" in self.planted:
                    break
                model = able[0] if able else min(left, key=lambda other: node.breakers[other].until(now))
                left.remove(model)
                breaker = node.breakers[model]
                trial = breaker.take(now, DEFAULT)
                if self.up[model]:
                    answered = True
                    breaker.succeed(trial, now)
                    if breaker.state(now) != "closed":
                        raise Violation("a circuit stays open though its host answers")
                else:
                    breaker.fail(trial, now, DEFAULT)
                    if able:
                        node.down_calls[model].append(node.monotonic)
            if not answered and any(self.up):
                raise Violation("a call fails that a provider could have answered")
            for calls in node.down_calls:
                if sum(moment > node.monotonic - 59 for moment in calls) > 5 + 1:
                    raise Violation("an ill provider is called on and on")

    def finish(self) -> None:
        """Let every replica look once at what leads, with disks and networks that work, and call once."""
        if self.current != max(self.led):
            raise Violation("an update is lost")
        if self.current not in self.whole:
            raise Violation("half a release leads")
        self.up = [True] * MODELS
        for node in self.nodes:
            node.monotonic += 121
            self.look(node, calm=True)
            serving = node.replica.serving
            if serving is None or serving.generation != self.current:
                raise Violation("an update does not arrive")
            now = node.wall if "the wall clock" in self.planted else node.monotonic
            if node.breakers[0].until(now) > now:
                raise Violation("a circuit stays open though its host is well")
            self.call(node)
