"""The real proxy of LiteLLM, with the hook named in its file, calls what routecomp decides; run with its own Python.

`make hard` runs this in .venv-peers.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import unittest
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from litellm.proxy._types import UserAPIKeyAuth
from litellm.types.utils import CallTypes
from routecomp_litellm import Rejected, RoutecompHook
from running_proxy import BROKEN, PERMITTED, REFUSED, ROUTER, SLUGS, TABLE, Proxy

from routecomp.runtime.resolver import Router


class Decisions(Proxy):
    """The proxy with the living example's table, and a group for each of its models."""

    router = ROUTER

    def test_the_decision_is_called(self) -> None:
        for name in ("auto", "europe", "router/fast", "chat/support:latest", "gpt-4o-mini", "hermelin/reply"):
            with self.subTest(name):
                self.provider.calls.clear()
                assert self.ask(name).status_code == 200
                assert self.called == [self.router.resolve(model=name).model]

    def test_what_fails_is_followed_by_the_chain(self) -> None:
        chain = list(self.router.resolve(model="europe").chain)
        self.provider.failing |= dict.fromkeys(chain, BROKEN)
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
        self.provider.calls.clear()
        self.ask("auto", metadata={"routecomp": {"tenant": other}})
        assert self.called == [plain]

    def test_a_feature_and_the_dial_come_from_the_metadata(self) -> None:
        self.ask("auto", metadata={"routecomp": {"feature": "kb-answer"}})
        assert self.called == [self.router.resolve(feature="kb-answer").model]

    def test_a_feature_may_be_the_model(self) -> None:
        """`routecomp export litellm` makes a group or an alias of each."""
        for feature in ROUTER.facts.features:
            for team in (None, *ROUTER.facts.tenants[::8]):
                chain = ROUTER.resolve(feature=feature, tenant=team).chain
                answer = self.ask(feature, team)
                # a spread deals by the call's id
                assert len(self.called) == bool(chain), (feature, team, answer.text)
                assert {*chain}.issuperset(self.called)

    def test_experiments_keep_their_units(self) -> None:
        for unit in map(str, range(20)):
            self.provider.calls.clear()
            self.ask("hermelin/assistant-plus", user=unit)
            wanted = self.router.resolve(model="hermelin/assistant-plus", unit=unit).model
            assert self.called == [wanted]

    def test_a_rejection_is_an_answer(self) -> None:
        answer = self.ask("preview/nimbus")
        assert answer.status_code == 403
        assert "rejected_experiment" in answer.text
        assert self.called == []
        answer = self.ask("preview/nimbus", metadata={"routecomp": {"capabilities": 5}}, max_tokens=-1)
        assert "(ignored:capabilities, ignored:max_output_tokens)" in answer.text

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

    async def test_every_kind_of_call_is_looked_at(self) -> None:
        hook = RoutecompHook(ROUTER, groups=SLUGS)
        for call in (*CallTypes, "what LiteLLM has tomorrow", None):
            for name in (
                REFUSED,
                [REFUSED],
                f"{REFUSED},a",
                [PERMITTED, f"a,{REFUSED}"],
                "routecomp:a",
                "a,routecomp:a",
            ):
                with self.subTest(call=call, name=name), self.assertRaises(Rejected):  # noqa: PT027
                    await self.decided(hook, {"model": name}, call)
            for data in ({"model": PERMITTED}, {"model": "a,b"}, {"target_model_names": "a"}, {"models": ["a"]}):
                with self.subTest(call=call, data=data):
                    assert (await self.decided(hook, dict(data), call)).get("model") == data.get("model")

    async def test_the_policy_of_each_tenant_holds(self) -> None:
        hook = RoutecompHook(ROUTER, groups=SLUGS)
        for team in (None, *ROUTER.facts.tenants):
            for slug in SLUGS:
                permitted = slug in ROUTER.resolve(model=slug, tenant=team).chain
                bag = {"user_api_key_auth": UserAPIKeyAuth(team_id=team)}
                for call in ("aembedding", "acompletion"):
                    with self.subTest(team=team, slug=slug, call=call):
                        key = bag["user_api_key_auth"]
                        assert await self.is_permitted(self.decided(hook, {"model": slug}, call, key)) == permitted
                deployments = [{"model_name": slug}]
                for metadata in (bag, {"user_api_key": "key", "user_api_key_team_id": team}):
                    kwargs = {"litellm_metadata": metadata}
                    kept = hook.async_filter_deployments("a", deployments, None, kwargs)
                    assert await self.is_permitted(kept) == permitted
                called = hook.async_pre_call_deployment_hook({"model": slug, "metadata": bag}, None)
                assert await self.is_permitted(called) == permitted

    async def is_permitted(self, asked: Coroutine[Any, Any, Any]) -> bool:
        try:
            await asked
        except Rejected:
            return False
        return True

    async def test_a_decided_call_names_no_other_model(self) -> None:
        hook = RoutecompHook(ROUTER, groups=SLUGS)
        lists = {"fallbacks": [PERMITTED], "default_fallbacks": [PERMITTED]}
        body = {"model": "a", "models": ["a"], "top_k": 3}
        more = {"models": ["a"], "user_config": {}, "router_settings_override": lists, "extra_body": body}
        data = await self.decided(hook, {"model": "europe", **lists, **more})
        chain = ROUTER.resolve(model="europe").chain
        assert data.pop("litellm_call_id")
        assert data == {
            "model": chain[0],
            "fallbacks": [*chain[1:]],
            "context_window_fallbacks": [],
            "content_policy_fallbacks": [],
            "router_settings_override": {},
            "extra_body": {"top_k": 3},
        }

    async def test_a_call_is_decided_once(self) -> None:
        """LiteLLM may run its hooks again over a call: nobody named what was chosen."""
        hook = RoutecompHook(ROUTER, groups=[f"routecomp:{PERMITTED}"])
        data = await self.decided(hook, {"model": PERMITTED})
        assert data["model"] == f"routecomp:{PERMITTED}"
        assert await self.decided(hook, dict(data)) == data

    async def test_a_router_that_fails_fails_no_call(self) -> None:
        hook = RoutecompHook(None, groups=["auto"])  # type: ignore[arg-type]
        assert await self.decided(hook, {"model": "auto"}) == {"model": "auto"}
        kwargs = {"model": "auto", "metadata": {"user_api_key": "key"}}
        assert await hook.async_filter_deployments("auto", [{"model_name": "auto"}], None, kwargs) != []
        assert await hook.async_pre_call_deployment_hook(kwargs, None) is None

    async def test_what_litellm_says_oddly_fails_no_call(self) -> None:
        hook = RoutecompHook(ROUTER, groups=["auto"])
        for metadata in (
            None,
            "text",
            [1],
            {},
            {"user_api_key_auth": 3},
            {"user_api_key": 1, "user_api_key_team_id": {}},
        ):
            for model in (None, 3, ["a"], "a"):
                kwargs = {"model": model, "metadata": metadata, "litellm_metadata": metadata, "user": {}}
                with self.subTest(kwargs=kwargs):
                    deployments = [{"model_name": "a"}]
                    assert await hook.async_filter_deployments("a", deployments, None, kwargs) == deployments
                    assert await hook.async_pre_call_deployment_hook(kwargs, None) is None
        assert await hook.async_filter_deployments("a", [], None) == []

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
        for name in ("preview/nimbus", "routecomp:a", f"{REFUSED},a"):
            assert await self.decided(hook, {"model": name, "fallbacks": [REFUSED]}) == {
                "model": name,
                "fallbacks": [REFUSED],
            }
            kwargs = {"metadata": {"user_api_key": "key"}}
            assert await hook.async_filter_deployments(name, [{"model_name": name}], None, kwargs) != []

    def test_seconds_that_are_none_are_refused(self) -> None:
        for text in ("nan", "inf", "-inf", "-1", "soon", "1e999"):
            os.environ["ROUTECOMP_RELOAD_S"] = text
            with self.assertRaisesRegex(ValueError, f"ROUTECOMP_RELOAD_S is '{text}': write a number"):  # noqa: PT027
                RoutecompHook.from_environment()
        for text, seconds in (("", 5), ("0", 0.1), ("2.5", 2.5)):
            os.environ["ROUTECOMP_RELOAD_S"] = text
            assert RoutecompHook.from_environment()._reload_s == seconds
        del os.environ["ROUTECOMP_RELOAD_S"]

    async def test_a_new_table_is_read_beside_the_calls(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "routing_table.json"
            os.environ["ROUTECOMP_TABLE"] = str(path)
            hook = RoutecompHook.from_environment()
            hook._next, hook._reload_s = 0.0, 0.0
            path.write_bytes(TABLE.read_bytes())
            for _ in range(200):
                await self.decided(hook, {"model": "nobody"})
                if hook.router.status()["serving"] == "routing table":
                    break
                await asyncio.sleep(0.02)
            assert hook.router.status()["serving"] == "routing table"


if __name__ == "__main__":
    unittest.main()
