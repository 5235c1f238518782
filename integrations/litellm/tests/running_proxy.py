"""The real proxy of LiteLLM with the hook named in its file, and a host that answers for every provider."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

from litellm.proxy import proxy_server
from litellm.proxy._types import UserAPIKeyAuth
from litellm.proxy.auth.user_api_key_auth import user_api_key_auth
from starlette.testclient import TestClient

from routecomp.runtime.resolver import Router

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "generated" / "routing_table.json"
ROUTER = Router.from_bytes(TABLE.read_bytes(), TABLE.with_name("fallback.json").read_bytes())
SLUGS = tuple(json.loads(TABLE.read_text(encoding="ascii"))["models"])
REFUSED = next(slug for slug in SLUGS if ROUTER.resolve(model=slug).model is None)
"""A model that the policy of who names no tenant refuses."""
REFUSED_TOO = next(slug for slug in SLUGS if slug != REFUSED and ROUTER.resolve(model=slug).model is None)
PERMITTED = next(slug for slug in SLUGS if ROUTER.resolve(model=slug).chain == (slug,))
HIDDEN = "routecomp:hidden"
SHARED = "hosted_vllm/shared"
"""A provider's name that two groups have, of which callers may name one."""
TARGET = "router/fast"
"""A target, of whose name LiteLLM has a group: with a model that is refused, one that is not, and one of its own."""
MESSAGES = [{"role": "user", "content": "hi"}]
_USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
_MESSAGE = {"role": "assistant", "content": "hi"}
_TEXT = {"type": "output_text", "text": "hi", "annotations": []}
_OUTPUT = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [_TEXT]}
_RESPONSE = {"id": "r", "object": "response", "created_at": 1, "status": "completed", "output": [_OUTPUT], "tools": []}
_ANSWERS: dict[str, dict[str, Any]] = {
    "/chat/completions": {"choices": [{"index": 0, "message": _MESSAGE, "finish_reason": "stop"}], "usage": _USAGE},
    "/responses": {**_RESPONSE, "tool_choice": "auto", "parallel_tool_calls": True},
    "/embeddings": {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}]},
}
TOO_LONG = {"message": "This model's maximum context length is 10 tokens", "code": "context_length_exceeded"}
UNSAFE = {"message": "content filter", "type": "invalid_request_error", "code": "content_policy_violation"}
BROKEN = {"message": "no answer"}


class Call(NamedTuple):
    """What a provider was asked."""

    model: str
    key: str


class Provider(ThreadingHTTPServer):
    """Answers like OpenAI, and notes each call; a model in `failing` is answered with that error."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[Call] = []
        self.failing: dict[str, dict[str, str]] = {}
        self.url = f"http://127.0.0.1:{self.server_port}/v1"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw)
        except ValueError:  # a form
            body = {}
        form = re.search(rb'name="model"\r\n\r\n([^\r]*)', raw)
        model = body.get("model") or (form[1].decode() if form else self.path)
        if self.command == "POST" or "Upgrade" in self.headers:  # LiteLLM looks before whether a host takes files
            key = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self.server.calls.append(Call(model, key))
        answer = next((_ANSWERS[end] for end in _ANSWERS if self.path.endswith(end)), {"id": "x", "data": []})
        error = self.server.failing.get(model)
        if error is None and body.get("stream"):
            chunk = {"id": "x", "choices": [{"index": 0, "delta": _MESSAGE}], "model": model}
            sent, kind = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode(), "text/event-stream"
        else:
            sent, kind = (
                json.dumps({**answer, "model": model} if error is None else {"error": error}).encode(),
                "application/json",
            )
        self.send_response(200 if error is None else 500 if error is BROKEN else 400)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)


class Proxy(unittest.TestCase):
    """A proxy whose groups are the living example's models, and some that only LiteLLM knows."""

    client: ClassVar[TestClient]
    provider: ClassVar[Provider]
    key: ClassVar[UserAPIKeyAuth]

    @classmethod
    def setUpClass(cls) -> None:
        if "provider" in vars(Proxy):
            return  # one proxy for all tests: it lives in its module
        Proxy.provider = Provider()
        groups = [cls.group(slug) for slug in (*SLUGS, "only-litellm") if slug != REFUSED]
        groups += [cls.group(HIDDEN, "hosted_vllm/hidden", id="hidden-id")]
        groups += [cls.group(REFUSED, f"hosted_vllm/{REFUSED}", id="refused-id")]
        groups += [cls.group("one-of-two", SHARED), cls.group("routecomp:other-of-two", SHARED)]
        groups += [cls.group(TARGET, f"openai/{model}") for model in (REFUSED_TOO, PERMITTED, "their-own")]
        router = {
            "num_retries": 0,
            "disable_cooldowns": True,
            "model_group_alias": {"their-alias": REFUSED, "their-other": {"model": HIDDEN, "hidden": True}},
            "context_window_fallbacks": [{slug: [REFUSED, "one-of-two"]} for slug in SLUGS]
            + [{"only-litellm": [REFUSED, HIDDEN]}],
            "content_policy_fallbacks": [{"*": [REFUSED]}],
        }
        settings = {"callbacks": "routecomp_litellm.hook"}
        config = {"model_list": groups, "router_settings": router, "litellm_settings": settings}
        # where LiteLLM asks a provider without a group's address, it asks this one
        os.environ |= {"OPENAI_BASE_URL": cls.provider.url, "OPENAI_API_BASE": cls.provider.url}
        os.environ |= {"ANTHROPIC_API_BASE": cls.provider.url, "ROUTECOMP_TABLE": str(TABLE)}
        os.environ |= {"OPENAI_API_KEY": "env-key", "ANTHROPIC_API_KEY": "env-key"}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "config.yaml"
            path.write_text(json.dumps(config))
            for name in ("LiteLLM", "LiteLLM Proxy", "LiteLLM Router"):
                logging.getLogger(name).setLevel(logging.CRITICAL)  # it logs each refusal at length
            asyncio.run(proxy_server.initialize(config=str(path)))
        proxy_server.app.dependency_overrides[user_api_key_auth] = lambda: Proxy.key
        Proxy.client = TestClient(
            proxy_server.app, raise_server_exceptions=False, headers={"Authorization": "Bearer key"}
        )

    def setUp(self) -> None:
        self.provider.calls.clear()
        self.provider.failing.clear()
        Proxy.key = UserAPIKeyAuth(api_key="key")

    @staticmethod
    def group(name: str, model: str | None = None, **info: str) -> dict[str, Any]:
        params = {"model": model or f"openai/{name}", "api_key": f"key of {name}", "api_base": Proxy.provider.url}
        return {"model_name": name, "litellm_params": params, "model_info": info}

    @property
    def called(self) -> list[str]:
        return [call.model for call in self.provider.calls]

    def ask(self, model: Any, team: str | None = None, **more: Any) -> Any:
        self.provider.calls.clear()
        Proxy.key = UserAPIKeyAuth(api_key="key", team_id=team)
        return self.client.post("/v1/chat/completions", json={"model": model, "messages": MESSAGES, **more})
