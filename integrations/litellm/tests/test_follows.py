"""Whatever a caller or LiteLLM's file says of what follows a model that fails, no model follows that is refused."""

from __future__ import annotations

import asyncio
import os
import unittest
from itertools import product
from typing import Any

from litellm.proxy import proxy_server
from routecomp_litellm import Rejected, RoutecompHook
from running_proxy import (
    BROKEN,
    HIDDEN,
    MESSAGES,
    PERMITTED,
    REFUSED,
    ROUTER,
    SLUGS,
    TOO_LONG,
    UNSAFE,
    Proxy,
)

CHAIN = ROUTER.resolve(model="europe").chain
LISTS = ("fallbacks", "context_window_fallbacks", "content_policy_fallbacks", "default_fallbacks")
ERRORS = {"broken": BROKEN, "too long": TOO_LONG, "unsafe": UNSAFE}


def shapes(failing: str, following: Any) -> list[Any]:
    """Return what a caller may write so that a model follows another, in each shape that LiteLLM reads."""
    return [
        [following],
        [{"model": following}],
        [{failing: [following]}],
        [{"*": [following]}],
        [{failing: [{"model": following, "messages": MESSAGES}]}],
        [{"model": failing, "fallbacks": [following]}],
        [{"model": failing, "context_window_fallbacks": [{failing: [following]}]}],
        following,
        {failing: [following]},
        [[following]],
    ]


class Follows(Proxy):
    """The proxy's file lets a refused model follow each other one where a context is too long or unsafe."""

    def follow(self, model: str, **more: Any) -> set[str]:
        self.ask(model, **more)
        return {*self.called}

    def test_a_refused_name_never_follows(self) -> None:
        names = [REFUSED, HIDDEN, "refused-id", "hidden-id", "their-alias", f"hosted_vllm/{REFUSED}"]
        names.append(f"{REFUSED},only-litellm")
        for asked in ("only-litellm", PERMITTED):
            tried = [(BROKEN, "fallbacks", name) for name in names]
            for error, key, name in [*tried, *product((TOO_LONG, UNSAFE), LISTS, [REFUSED])]:
                self.provider.failing[asked] = error
                for shape in shapes(asked, name):
                    with self.subTest(asked=asked, error=error, key=key, shape=shape):
                        assert self.follow(asked, **{key: shape}) <= {asked}

    def test_a_permitted_name_follows_a_name_of_litellms_own(self) -> None:
        self.provider.failing["only-litellm"] = BROKEN
        for name, wanted in ((PERMITTED, PERMITTED), ("auto", ROUTER.resolve(model="auto").model)):
            for shape in shapes("only-litellm", name)[:3]:
                with self.subTest(shape=shape):
                    assert self.follow("only-litellm", fallbacks=shape) == {"only-litellm", wanted}
        shape = [REFUSED, PERMITTED]
        assert self.follow("only-litellm", fallbacks=shape) == {"only-litellm", PERMITTED}

    def test_the_chain_follows_and_nothing_else(self) -> None:
        for error in ERRORS.values():
            self.provider.failing |= dict.fromkeys(CHAIN, error)
            for more in (
                {},
                {"fallbacks": [PERMITTED, REFUSED]},
                {"context_window_fallbacks": [{CHAIN[0]: [PERMITTED]}]},
            ):
                with self.subTest(error=error, more=more):
                    self.ask("europe", **more)
                    assert self.called == [*CHAIN]
            self.provider.failing.clear()

    def test_a_decided_call_stays_in_its_chain_once_its_model_failed(self) -> None:
        """Also where LiteLLM goes on by lists that the hook does not know."""
        hook = RoutecompHook(ROUTER, groups=SLUGS)

        async def kept(group: str, **bag: Any) -> bool:
            data = await hook.async_pre_call_hook(None, None, {"model": "europe"}, "acompletion")
            call = {"litellm_call_id": data["litellm_call_id"], "metadata": {"user_api_key": "key", **bag}}
            try:
                return await hook.async_filter_deployments(group, [{"model_name": group}], None, call) != []
            except Rejected:
                return False

        failed = {"previous_models": [{"model_group": CHAIN[0]}]}
        assert PERMITTED not in CHAIN
        assert all(asyncio.run(kept(slug, **failed)) for slug in (*CHAIN, "only-litellm"))
        assert not asyncio.run(kept(PERMITTED, **failed))
        assert asyncio.run(kept(PERMITTED))  # a guardrail sends it there
        assert not asyncio.run(kept(REFUSED))

    def test_litellms_file_leads_nowhere_that_is_refused(self) -> None:
        """These calls are not decided, so their fallbacks are those of the file."""
        for name in (PERMITTED, "only-litellm"):
            self.provider.failing[name] = TOO_LONG
            with self.subTest(name):
                self.client.post("/v1/embeddings", json={"model": name, "input": "hi"})
                self.client.post("/v1/responses/compact", json={"model": name, "input": "hi"})
                assert {*self.called} - {"shared"} == {name}
                self.provider.calls.clear()

    def test_what_is_permitted_differs_by_tenant(self) -> None:
        tenant, slug = next(
            (tenant, slug)
            for tenant in ROUTER.facts.tenants
            for slug in SLUGS
            if ROUTER.resolve(model=slug).chain == (slug,) and ROUTER.resolve(model=slug, tenant=tenant).model is None
        )
        self.provider.failing["only-litellm"] = BROKEN
        assert self.follow("only-litellm", fallbacks=[slug]) == {"only-litellm", slug}
        assert self.follow("only-litellm", fallbacks=[slug], team=tenant) == {"only-litellm"}
        answer = self.client.post("/v1/embeddings", json={"model": slug, "input": "hi"})
        assert answer.status_code == 403

    def test_a_caller_cannot_say_who_it_is(self) -> None:
        tenant, slug = next(
            (tenant, slug)
            for tenant in ROUTER.facts.tenants
            for slug in SLUGS
            if ROUTER.resolve(model=slug).model is None and ROUTER.resolve(model=slug, tenant=tenant).model is not None
        )
        said = {"user_api_key_team_id": tenant, "user_api_key_auth": {"team_id": tenant}, "user_api_key": "mine"}
        said |= {"deployment_model_name": PERMITTED, "routecomp": {"tenant": tenant}, "previous_models": []}
        for key in ("metadata", "litellm_metadata"):
            for path, body in (("embeddings", {"input": "hi"}), ("responses", {"input": "hi"})):
                with self.subTest(key=key, path=path):
                    self.client.post(f"/v1/{path}", json={"model": slug, **body, key: said})
                    self.provider.failing["only-litellm"] = BROKEN
                    self.client.post(
                        f"/v1/{path}", json={"model": "only-litellm", "fallbacks": [slug], **body, key: said}
                    )
                    assert {*self.called} <= {"only-litellm"}

    def test_what_no_caller_asked_for_goes_on(self) -> None:
        """A guardrail's own model is what LiteLLM's file says, whatever the policy says to callers."""
        router = proxy_server.llm_router

        async def ask() -> None:
            await router.acompletion(model=REFUSED, messages=MESSAGES)
            await router.aembedding(model=HIDDEN, input="hi")

        asyncio.run(ask())
        assert self.called == [REFUSED, "hidden"]

    def test_the_health_of_all_is_checked(self) -> None:
        for model in (REFUSED, HIDDEN, PERMITTED):
            self.provider.calls.clear()
            health = self.client.get("/health", params={"model": model}).json()
            assert (health["healthy_count"], health["unhealthy_count"]) == (1, 0), health
            assert len(self.called) == 1


class Keys(Proxy):
    """The key of an experiment's version goes to its own model alone."""

    def setUp(self) -> None:
        super().setUp()
        self.unit, self.decision = next(
            (str(unit), decision)
            for unit in range(200)
            if (decision := ROUTER.resolve(model="hermelin/triage", unit=str(unit))).api_key_env
            == "AZURE_OPENAI_TRIAGE_KEY"
        )
        os.environ["AZURE_OPENAI_TRIAGE_KEY"] = "version-key"
        self.addCleanup(os.environ.pop, "AZURE_OPENAI_TRIAGE_KEY")

    def keys(self) -> dict[str, set[str]]:
        return {name: {call.key for call in self.provider.calls if call.model == name} for name in self.called}

    def test_each_way_in_calls_with_the_key(self) -> None:
        bodies: dict[str, dict[str, Any]] = {
            "/v1/chat/completions": {"messages": MESSAGES},
            "/v1/completions": {"prompt": "hi"},
            "/v1/responses": {"input": "hi"},
            "/v1/messages": {"messages": MESSAGES, "max_tokens": 5},
            "/v1beta/interactions": {"input": "hi"},
        }
        for path, body in bodies.items():
            with self.subTest(path):
                self.provider.calls.clear()
                self.client.post(path, json={"model": "hermelin/triage", "user": self.unit, **body})
                assert self.keys() == {self.decision.model: {"version-key"}}

    def test_no_other_group_sees_it(self) -> None:
        first = str(self.decision.model)
        for error in ERRORS.values():
            self.provider.failing[first] = error
            for key in LISTS:
                for shape in shapes(first, "only-litellm"):
                    with self.subTest(error=error, key=key, shape=shape):
                        self.ask("hermelin/triage", user=self.unit, **{key: shape})
                        assert self.keys()[first] == {"version-key"}
                        assert "only-litellm" not in self.called
                        assert all(call.key != "version-key" for call in self.provider.calls if call.model != first)

    def test_a_group_of_the_chain_is_called_with_its_own(self) -> None:
        hook = RoutecompHook(ROUTER, groups=[str(self.decision.model), "other"])

        async def keys() -> list[Any]:
            data = {"model": "hermelin/triage", "user": self.unit, "litellm_call_id": "1"}
            await hook.async_pre_call_hook(None, None, data, "acompletion")
            calls = [
                {"litellm_call_id": call, "api_key": "own", "metadata": {"deployment_model_name": group}}
                for call, group in (("1", self.decision.model), ("1", "other"), ("2", self.decision.model), ("1", None))
            ]
            return [await hook.async_pre_call_deployment_hook(call, None) for call in calls]

        first, *others = asyncio.run(keys())
        assert first["api_key"] == "version-key"
        assert others == [None, None, None]

    def test_who_brings_an_address_gets_no_key(self) -> None:
        for brought in ({"api_base": self.provider.url}, {"base_url": self.provider.url}, {"api_key": "mine"}):
            with self.subTest(brought):
                self.ask("hermelin/triage", user=self.unit, **brought)
                assert all(call.key != "version-key" for call in self.provider.calls)

    def test_a_caller_brings_no_router_of_its_own(self) -> None:
        params = {"model": "openai/mine", "api_base": self.provider.url, "api_key": "mine"}
        config = {"model_list": [{"model_name": self.decision.model, "litellm_params": params}]}
        self.ask("hermelin/triage", user=self.unit, user_config=config)
        assert self.called == [self.decision.model]


if __name__ == "__main__":
    unittest.main()
