"""What the proof says of picks is what z3 says of the semantics page, view by view."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.interop.peers.environment import NEEDED, run
from tests.properties.compare import Case
from tests.properties.strategies import Seeded, program_files
from tests.review.analysis.mutations import mutated

SCRIPT = Path(__file__).parent / "peers" / "compare_views.py"


def pair(seed: int, views: int) -> dict[str, Any]:
    """A random program and a change of it."""
    before = Case.of(program_files(Seeded(f"z3-{seed}"))).table
    after = mutated(before, random.Random(seed))
    return {
        "before": json.loads(before), "after": json.loads(after), "caps": bool(seed % 2), "views": views, "seed": seed,
    }  # fmt: skip


@NEEDED
@pytest.mark.hard
@pytest.mark.parametrize("block", range(5))
def test_views_of_random_changes(block: int) -> None:
    """1,000 views and more, half of them with caps of cost."""
    answer = run(SCRIPT, {"pairs": [pair(100 * block + number, 6) for number in range(60)]})
    print(
        f"{answer['views']} views, {answer['moved']} move; z3 {answer['z3_s']:.1f} s, proof {answer['proof_s']:.1f} s"
    )
    assert answer["wrong"] == []
    assert answer["views"] > 150
    assert answer["moved"] > 20
