"""Make one call with each `litellm_params` of a list; what the host answers does not matter. Run in .venv-peers."""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

litellm: Any = import_module("litellm")
logging.disable(logging.CRITICAL)


def main() -> None:
    asked = json.load(sys.stdin)
    for params in asked["calls"]:
        for value in params.values():
            if isinstance(value, str) and value.startswith("os.environ/"):
                os.environ[value.removeprefix("os.environ/")] = f"value of {value.removeprefix('os.environ/')}"
        resolved = {
            key: os.environ[value.removeprefix("os.environ/")] if str(value).startswith("os.environ/") else value
            for key, value in params.items()
        }
        with suppress(Exception):
            litellm.completion(
                **resolved, messages=[{"role": "user", "content": "hello"}], num_retries=0, max_retries=0, timeout=20
            )
    Path(asked["answers"]).write_text("[]", encoding="utf-8")


main()
