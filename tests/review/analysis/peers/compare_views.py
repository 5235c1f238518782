"""Compare views of pairs of tables with z3 and with the proof; run in .venv-peers.

The request has `pairs`, each with `before`, `after`, `caps`, and how many `views` are drawn by a `seed`; the answer has
how many views were compared, how many of these move, those about which the two disagree, and the seconds of each.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[4]))

from routecomp.review.analysis.compare import Asked, compare_tables
from routecomp.review.analysis.space import Bounds, Space
from tests.review.analysis.peers.z3_views import deals_a_load, picks_alike

PICKS = {"pick", "rejected", "answered", "refusal"}


def views_of(before: Any, after: Any) -> list[tuple[str, str, str]]:
    """Return the tenant, the kind and the name of each view that both tables have and that deals no load."""
    kinds = (
        ("feature", sorted(before["features"].keys() & after["features"].keys())),
        ("target", sorted(before["targets"].keys() & after["targets"].keys())),
    )
    return [
        (tenant, kind, name)
        for tenant in sorted(before["tenants"].keys() & after["tenants"].keys())
        for kind, names in kinds
        for name in names
        if not any(deals_a_load(table, kind, name) for table in (before, after))
    ]


def main() -> None:
    """Answer the request on standard input."""
    request = json.loads(sys.stdin.read())
    answer: dict[str, Any] = {"views": 0, "moved": 0, "wrong": [], "z3_s": 0.0, "proof_s": 0.0}
    for pair in request["pairs"]:
        before, after, caps = pair["before"], pair["after"], pair["caps"]
        old, new = [json.dumps(table).encode() for table in (before, after)]
        views = views_of(before, after)
        dice = random.Random(pair["seed"])
        for tenant, kind, name in dice.sample(views, min(len(views), pair["views"])):
            policies = before["tenants"][tenant], after["tenants"][tenant]
            begun = time.process_time()
            alike = picks_alike(before, after, policies, kind, name, caps=caps)
            between = time.process_time()
            space = Space(cost=caps, units=False, outages=tuple({m["provider"] for m in before["models"].values()}))
            asked = Asked("feature" if kind == "feature" else "model", name, tenant)
            comparison = compare_tables(old, new, Bounds(chains=False), space, asked)
            answer["proof_s"] += time.process_time() - between
            answer["z3_s"] += between - begun
            answer["views"] += 1
            moves = [moved.move for moved in comparison.moved if moved.move.change in PICKS]
            answer["moved"] += bool(moves)
            if alike == bool(moves) or not comparison.is_proven:
                answer["wrong"].append([pair["seed"], tenant, kind, name, alike, [list(move) for move in moves]])
    Path(request["answers"]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
