"""Record the URL and the model of the call that LiteLLM makes for each of a list of parameters. Run in .venv-peers.

All but the last step is LiteLLM's own: the request that it would send is kept, and no host is asked.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

httpx: Any = import_module("httpx")
litellm: Any = import_module("litellm")
logging.disable(logging.CRITICAL)
litellm.suppress_debug_info = True
requests: list[Any] = []


def keep(_: object, request: Any, **__: Any) -> None:
    """Keep a request in the place of sending it."""
    requests.append(request)
    raise httpx.ConnectError("kept")


def main() -> None:
    asked = json.load(sys.stdin)
    httpx.Client.send = keep
    vars(time)["sleep"] = lambda _: None
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example"}
    answers = []
    for params in asked["calls"]:
        requests.clear()
        with suppress(Exception):
            litellm.completion(**params, messages=[{"role": "user", "content": "hello"}], num_retries=0, max_retries=0)
        call = next((request for request in requests if request.method == "POST"), None)
        model = None
        if call is not None:
            with suppress(ValueError):
                model = json.loads(call.content).get("model")
        answers.append([str(call.url) if call is not None else None, model])
    Path(asked["answers"]).write_text(json.dumps(answers), encoding="utf-8")


main()
