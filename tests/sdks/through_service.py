"""Pass streams of the real SDKs through a service, in threads and in tasks; run where the SDKs are installed.

    python -m tests.sdks.through_service

The first model of the chain is Anthropic's, the second one OpenAI's; prints how each pair of faults ended.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from routecomp import service
from routecomp.service import At, Service
from routecomp.service.clients import Clients
from tests.runtime.tables import TABLE, changed, encode
from tests.sdks.faulty import faulty
from tests.sdks.raise_errors import MESSAGES

PAIRS = (
    ("stream", "stream"),
    ("overloaded", "stream"),
    ("hang", "stream"),
    ("stream-half", "stream"),
    ("stream-error", "stream"),
    ("overloaded", "stream-half"),
    ("overloaded", "unended"),
)
LIMITS: dict[str, Any] = {"feature": "chat", "first_token": 3, "between": 3}


def table(url: str, first: str, second: str) -> bytes:
    """Return the table whose first two models are at hosts that answer so."""
    urls = {
        "providers/anthropic/url": f"{url}/anthropic/{first}/v1/messages",
        "providers/mistral/url": f"{url}/openai/{second}/v1/chat/completions",
    }
    return encode(changed(TABLE, urls))


def create(client: Any, at: At) -> Any:
    """Open a stream with the client of its adapter."""
    more: dict[str, Any] = {"max_tokens": 9, "stream": True, "timeout": at.timeout}
    messages = client.messages if at.adapter == "anthropic" else client.chat.completions
    return messages.create(model=at.upstream_model, messages=MESSAGES, **more)


def read(router: Service) -> None:
    """Read a stream in this thread."""
    with Clients() as clients, router.stream(lambda at: create(clients(at), at), **LIMITS) as chunks:
        list(chunks)


async def read_in_task(router: Service) -> None:
    """Read a stream in a task."""
    clients = Clients()
    async with clients, router.astream(lambda at: create(clients.for_task(at), at), **LIMITS) as chunks:
        async for _ in chunks:
            pass


def ended(router: Service, way: Any) -> str:
    """Return how a call ended: its outcome, and what was raised."""
    raised = ""
    before = router.status()["capture"]["outcomes"]
    try:
        way()
    except Exception as error:
        raised = f" {type(error).__name__}: {error}"
    after = router.status()["capture"]["outcomes"]
    return "".join(name for name in after if after[name] != before.get(name)) + raised


def main() -> None:
    """Print how the calls ended."""
    for package in ("openai", "anthropic"):  # so that no call waits for that
        import_module(package)
    os.environ |= {"ANTHROPIC_API_KEY": "k", "MISTRAL_API_KEY": "k"}
    os.environ.pop("OPENAI_API_KEY", None)
    ends = []
    with tempfile.TemporaryDirectory() as folder, faulty() as url:
        path = Path(folder) / "routing_table.json"
        for first, second in PAIRS:
            path.write_bytes(table(url, first, second))
            for way in (lambda r: read(r), lambda r: asyncio.run(read_in_task(r))):
                with service.open(path, last_good=None, sinks=()) as router:
                    ends.append([first, second, ended(router, lambda way=way, router=router: way(router))])
    json.dump(ends, sys.stdout)


if __name__ == "__main__":
    main()
