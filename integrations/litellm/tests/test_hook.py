"""The real proxy of LiteLLM, with the hook named in its file, calls what routecomp decides; run with its own Python.

`make hard` runs this in .venv-peers. Only the last step, the call to a provider, is replaced.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import unittest
from pathlib import Path
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
from litellm.proxy import proxy_server
from litellm.proxy._types import UserAPIKeyAuth
from litellm.proxy.auth.user_api_key_auth import user_api_key_auth
from routecomp_litellm import RoutecompHook
from starlette.testclient import TestClient

from routecomp.runtime.resolver import Router

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "generated" / "routing_table.json"


class Proxy(unittest.TestCase):
    """The proxy with the living example's table, and a group for each of its models."""

    client: TestClient
    router: Router
    called: list[str]
    failing: set[str]
    team: str | None

    @classmethod
    def setUpClass(cls) -> None:
        table = json.loads(TABLE.read_text(encoding="ascii"))
        groups = [
            {"model_name": slug, "litellm_params": {"model": f"openai/{slug}", "api_key": "none"}}
            for slug in table["models"]
        ] + [{"model_name": "only-litellm", "litellm_params": {"model": "openai/only-litellm", "api_key": "none"}}]
        cls.folder = tempfile.TemporaryDirectory()
        config = Path(cls.folder.name) / "config.yaml"
        config.write_text(
            json.dumps(
                {
                    "model_list": groups,
                    "router_settings": {"num_retries": 0},
                    "litellm_settings": {"callbacks": "routecomp_litellm.hook"},
                }
            )
        )
        os.environ["ROUTECOMP_TABLE"] = str(TABLE)
        cls.router = Router.from_bytes(TABLE.read_bytes(), TABLE.with_name("fallback.json").read_bytes())
        cls.called, cls.failing, cls.team = [], set(), None

        async def call(*_: Any, **arguments: Any) -> Any:
            cls.called.append(arguments["model"].removeprefix("openai/"))
            if cls.called[-1] in cls.failing:
                raise litellm.InternalServerError("no answer", model=arguments["model"], llm_provider="openai")
            message = {"role": "assistant", "content": "hello"}
            choices = [{"message": message, "finish_reason": "stop", "index": 0}]
            return litellm.ModelResponse(model=arguments["model"], choices=choices)

        litellm.acompletion = call
        asyncio.run(proxy_server.initialize(config=str(config)))
        proxy_server.app.dependency_overrides[user_api_key_auth] = lambda: UserAPIKeyAuth(team_id=cls.team)
        cls.client = TestClient(proxy_server.app)

    def setUp(self) -> None:
        type(self).called.clear()
        type(self).failing.clear()
        type(self).team = None

    def ask(self, model: str, team: str | None = None, **more: Any) -> Any:
        type(self).team = team
        body = {"model": model, "messages": [{"role": "user", "content": "hi"}], **more}
        return self.client.post("/v1/chat/completions", json=body)

    def test_the_decision_is_called(self) -> None:
        for name in ("auto", "europe", "router/fast", "chat/support:latest", "gpt-4o-mini", "hermelin/reply"):
            with self.subTest(name):
                self.called.clear()
                assert self.ask(name).status_code == 200
                assert self.called == [self.router.resolve(model=name).model]

    def test_what_fails_is_followed_by_the_chain(self) -> None:
        chain = list(self.router.resolve(model="europe").chain)
        self.failing.update(chain)
        assert self.ask("europe").status_code >= 500
        assert self.called == chain

    def test_the_key_says_who_the_tenant_is_and_the_caller_does_not(self) -> None:
        tenants = list(self.router.facts.tenants)
        plain = self.router.resolve(model="auto").model
        other = next(
            slug for slug in tenants if self.router.resolve(model="auto", tenant=slug).model not in (plain, None)
        )
        self.ask("auto", team=other)
        assert self.called == [self.router.resolve(model="auto", tenant=other).model]
        self.called.clear()
        self.ask("auto", metadata={"routecomp": {"tenant": other}})
        assert self.called == [plain]

    def test_a_feature_and_the_dial_come_from_the_metadata(self) -> None:
        self.ask("auto", metadata={"routecomp": {"feature": "kb-answer"}})
        assert self.called == [self.router.resolve(feature="kb-answer").model]

    def test_experiments_keep_their_units(self) -> None:
        for unit in map(str, range(20)):
            self.called.clear()
            self.ask("hermelin/assistant-plus", user=unit)
            wanted = self.router.resolve(model="hermelin/assistant-plus", unit=unit).model
            assert self.called == [wanted]

    def test_a_rejection_is_an_answer(self) -> None:
        answer = self.ask("preview/nimbus")
        assert answer.status_code == 403
        assert "rejected_experiment" in answer.text
        assert self.called == []

    def test_a_name_of_litellms_own_goes_on(self) -> None:
        assert self.ask("only-litellm").status_code == 200
        assert self.called == ["only-litellm"]


class Hook(unittest.IsolatedAsyncioTestCase):
    """The hook alone: whatever it meets, a call goes on."""

    async def decided(self, hook: RoutecompHook, data: Any, call: Any = "acompletion", key: Any = None) -> Any:
        return await hook.async_pre_call_hook(key, None, data, call)

    async def test_odd_requests_go_on_unchanged(self) -> None:
        hook = RoutecompHook(Router.from_bytes(TABLE.read_bytes()), groups=["auto"])
        for data in (
            {},
            {"model": None},
            {"model": ["auto"]},
            {"model": "nobody", "metadata": "text"},
            {"model": "auto", "metadata": {"routecomp": [1]}, "max_tokens": "many", "tools": 3, "user": {"a": 1}},
            {"model": "auto", "metadata": {"routecomp": {"feature": {}, "capabilities": 5}}},
        ):
            with self.subTest(data=data):
                assert await self.decided(hook, dict(data)) == data

    async def test_other_calls_go_on_unchanged(self) -> None:
        hook = RoutecompHook(Router.from_bytes(TABLE.read_bytes()), groups=[])
        assert await self.decided(hook, {"model": "auto"}, "aembedding") == {"model": "auto"}

    async def test_a_router_that_fails_fails_no_call(self) -> None:
        hook = RoutecompHook(None, groups=["auto"])  # type: ignore[arg-type]
        assert await self.decided(hook, {"model": "auto"}) == {"model": "auto"}

    async def test_without_a_table_calls_go_on(self) -> None:
        hook = RoutecompHook(Router.from_bytes(None), groups=["auto"])
        assert await self.decided(hook, {"model": "auto"}) == {"model": "auto"}

    async def test_models_without_a_group_are_passed_over(self) -> None:
        router = Router.from_bytes(TABLE.read_bytes())
        chain = router.resolve(model="europe").chain
        hook = RoutecompHook(router, groups=[f"routecomp:{chain[1]}", chain[2]])
        data = await self.decided(hook, {"model": "europe"})
        assert (data["model"], data["fallbacks"]) == (f"routecomp:{chain[1]}", [chain[2]])

    async def test_rejections_can_be_let_through(self) -> None:
        hook = RoutecompHook(Router.from_bytes(TABLE.read_bytes()), groups=["a"], rejects=False)
        assert await self.decided(hook, {"model": "preview/nimbus"}) == {"model": "preview/nimbus"}

    async def test_a_new_table_is_read_beside_the_calls(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "routing_table.json"
            os.environ["ROUTECOMP_TABLE"] = str(path)
            hook = RoutecompHook.from_environment()
            hook._groups, hook._next, hook._reload_s = None, 0.0, 0.0
            path.write_bytes(TABLE.read_bytes())
            for _ in range(200):
                await self.decided(hook, {"model": "nobody"})
                if hook.router.status()["serving"] == "routing table":
                    break
                await asyncio.sleep(0.02)
            assert hook.router.status()["serving"] == "routing table"


if __name__ == "__main__":
    unittest.main()
