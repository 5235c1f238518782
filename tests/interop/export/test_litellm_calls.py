"""What LiteLLM sends with our parameters arrives where our endpoint says: the same path, query, key and body."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from routecomp.interop.export.litellm import export_litellm
from routecomp.interop.export.routes import routes_of
from routecomp.runtime.resolver import Router
from tests.interop.export.sample import MODEL, compiled
from tests.interop.peers import environment

pytestmark = [pytest.mark.hard, environment.NEEDED]
CALL = environment.ROOT / "tests" / "interop" / "peers" / "call_litellm.py"
HOSTS = {
    "openai": "adapter: openai, params: {seed: 7}, headers: {x-team: routing}",
    "compatible": "adapter: openai_compatible, chat_path: /api/paas/v4/chat/completions",
    "responses": "adapter: openai_responses",
    "azure": "adapter: azure_openai, query: {api-version: '2024-10-21'}",
    "anthropic": "adapter: anthropic",
    "gemini": "adapter: gemini",
    "bedrock": "adapter: bedrock",
    "cohere": "adapter: cohere",
}
KEYS = ("authorization", "api-key", "x-api-key", "x-goog-api-key")


@pytest.fixture(scope="module")
def received() -> dict[str, Any]:
    """Call a model at each host through LiteLLM, and give what arrived by the model's name upstream."""
    arrived: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
            name = next(name for name in HOSTS if f"up-{name}" in self.path + body)
            headers = {key.lower(): value for key, value in self.headers.items()}
            arrived.setdefault(name, {"path": self.path, "headers": headers, "body": json.loads(body)})
            self.send_response(400)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    text = "providers:\n"
    for name, words in HOSTS.items():
        text += f"  {name}: {{{words}, base_url: '{base}', api_key_env: {name.upper()}_KEY, stack: us}}\n"
    text += "models:\n"
    for name in HOSTS:
        text += f"  m-{name}: {{provider: {name}, provider_model_name: up-{name}, {MODEL}}}\n"
    text += "defaults: {model: m-openai}\nscoring: {cost: {best: 0, worst: 75}, latency_ms: {best: 0, worst: 10000}}\n"
    program, table = compiled(text)
    made = yaml.safe_load(export_litellm(routes_of(program, table, None)).data)
    router = Router.from_bytes(table.data, table.fallback_data)
    environment.run(CALL, {"calls": [deployment["litellm_params"] for deployment in made["model_list"]]})
    server.shutdown()
    server.server_close()
    for name in HOSTS:
        url = urlsplit(router.resolve(model=f"m-{name}").url or "")
        arrived.setdefault(name, {})["wanted"] = f"{url.path}?{url.query}" if url.query else url.path
    return arrived


@pytest.mark.parametrize("name", HOSTS)
def test_a_call_arrives_at_our_address_with_the_key(received: dict[str, Any], name: str) -> None:
    call = received[name]
    assert call["path"] == call["wanted"]
    assert f"value of {name.upper()}_KEY" in " ".join(call["headers"].get(key, "") for key in KEYS)


def test_params_and_headers_go_upstream(received: dict[str, Any]) -> None:
    assert received["openai"]["body"]["seed"] == 7
    assert received["openai"]["headers"]["x-team"] == "routing"
