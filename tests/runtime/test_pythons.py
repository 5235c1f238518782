"""The resolver decides alike on each supported Python; those that this machine lacks are named in the skip."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pythons import OWN, SUPPORTED, other_pythons

GENERATED = Path(__file__).parents[2] / "generated"
FILE = json.loads((GENERATED / "vectors.json").read_text(encoding="ascii"))


@pytest.mark.parametrize("version", SUPPORTED)
def test_every_vector_on_a_bare_python(version: str) -> None:
    """The shipped file, run by a Python without any package, gives each decision of the vectors with the table."""
    python = {OWN: sys.executable, **dict(other_pythons())}.get(version)
    if python is None:
        pytest.skip(f"there is no Python {version} here: the resolver was not run on it")
    for gate in (False, True):
        vectors = [vector for vector in FILE["vectors"] if vector["table"] and vector["gate"] is gate]
        assert len(vectors) > 100
        ran = subprocess.run(
            [python, "-I", "-S", str(GENERATED / "resolver.py"), "--table", str(GENERATED / "routing_table.json")],
            input="".join(json.dumps(vector["request"]) + "\n" for vector in vectors),
            capture_output=True,
            text=True,
            env={**os.environ, FILE["gate_env"]: str(int(gate))},
            check=True,
        )
        decisions = [json.loads(line) for line in ran.stdout.splitlines()]
        assert [{**decision, "ruleset_hash": None} for decision in decisions] == [
            {**vector["decision"], "ruleset_hash": None} for vector in vectors
        ]
