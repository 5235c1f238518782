"""Find the environment in which other people's packages are installed: `make peers` makes it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
NEEDED = pytest.mark.skipif(not PYTHON.exists(), reason="no packages of others in .venv-peers: make peers")


def run(script: Path, request: dict[str, Any]) -> Any:
    """Run a script with a request on standard input, and return what it writes to the file `answers`."""
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.json"
        home = {"HOME": folder, "PATH": os.environ["PATH"], "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        done = subprocess.run(
            [PYTHON, script],
            input=json.dumps({**request, "answers": str(answers)}),
            env=home,
            capture_output=True,
            text=True,
            timeout=1200,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(answers.read_text(encoding="utf-8"))
