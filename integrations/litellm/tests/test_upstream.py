"""Whatever a caller says beside its model, a call goes to its model's host, with its key; run with LiteLLM's Python."""

from __future__ import annotations

import asyncio
import os
import re
import unittest
from types import SimpleNamespace
from typing import Any
from unittest import mock

import litellm
import litellm.types.router
from litellm.proxy._types import UserAPIKeyAuth
from litellm.types.router import GenericLiteLLMParams
from litellm.types.utils import all_litellm_params
from routecomp_litellm import RoutecompHook
from routecomp_litellm.names import replace_names
from routecomp_litellm.upstream import _BESIDE, drop_upstream, known_parameters
from running_proxy import MESSAGES, PERMITTED, REFUSED, ROUTER, Proxy

PARAMETERS = sorted({*all_litellm_params, *GenericLiteLLMParams.model_fields, *_BESIDE} - {"model", "messages", "self"})
"""Every name by which LiteLLM reads more of a call than its provider gets, of the version that is installed."""
PROVIDERS = ("deepseek", "groq", "openrouter", "mistral", "xai", "azure", "azure_text", "bedrock", "vertex_ai")


def values_of(name: str) -> list[Any]:
    """Values of a parameter that would lead elsewhere."""
    if name == "custom_llm_provider":
        return list(PROVIDERS)
    if name == "aws_region_name":
        return ["us-east-1"]
    return [REFUSED, {"model": REFUSED, "gpt": REFUSED}] if name.endswith(("_params", "_info", "_map")) else [REFUSED]


class Parameters(Proxy):
    """A call of the proxy with one parameter more goes where it goes without."""

    def test_no_parameter_leads_elsewhere(self) -> None:
        """With a key of its own a caller may go where that key is good, and LiteLLM calls the same address."""
        chat, text = ("/v1/chat/completions", {"messages": MESSAGES}), ("/v1/completions", {"prompt": "hi"})
        responses, embeddings = ("/v1/responses", {"input": "hi"}), ("/v1/embeddings", {"input": "hi"})
        for model, ways in ((PERMITTED, (chat, text, responses, embeddings)), ("only-litellm", (chat, embeddings))):
            for path, body in ways:
                for name in PARAMETERS:
                    for value in values_of(name):
                        inside = [{"extra_body": {name: value}}] if path == chat[0] and model == PERMITTED else []
                        for more in ({name: value}, *inside):
                            self.provider.calls.clear()
                            Proxy.key = UserAPIKeyAuth(api_key="key")
                            self.client.post(path, json={"model": model, **body, **more})
                            keys = {f"key of {model}", REFUSED if name == "api_key" else ""}
                            with self.subTest(path=path, model=model, more=more):
                                assert {*self.provider.calls} <= {(model, key) for key in keys}, self.provider.calls

    def test_no_body_of_a_provider_names_another_model(self) -> None:
        """A body's own model would take the place of the deployment's, also for a name that only LiteLLM knows."""
        ways = (("/v1/chat/completions", {"messages": MESSAGES}), ("/v1/responses", {"input": "hi"}))
        ways += (("/v1/messages", {"messages": MESSAGES, "max_tokens": 5}),)
        for model in (PERMITTED, "only-litellm"):
            for path, body in ways:
                with self.subTest(path=path, model=model):
                    self.provider.calls.clear()
                    Proxy.key = UserAPIKeyAuth(api_key="key")
                    self.client.post(path, json={"model": model, **body, "extra_body": {"model": REFUSED}})
                    assert {*self.called} == {model}

    def test_the_models_of_a_body_are_looked_at(self) -> None:
        body = {"models": [REFUSED, "fine"], "min_p": 0.1}
        replace_names(data := {"extra_body": body}, lambda name: None if name == REFUSED else name)
        assert data == {"extra_body": {"models": ["fine"], "min_p": 0.1}}
        assert body["models"] == [REFUSED, "fine"]

    def test_no_header_names_another_host(self) -> None:
        """Hosts that share an address choose by it; other headers, and keys of the caller's own, stay."""
        for name in ("Host", "host", " HOST", "OpenAI-Organization", "OpenAI-Project", "x-goog-user-project"):
            headers = {name: "elsewhere", "a": "b", "Authorization": "Bearer mine"}
            kept = {"a": "b", "Authorization": "Bearer mine"}
            for key in ("headers", "extra_headers"):
                with self.subTest(name=name, key=key):
                    assert drop_upstream(data := {key: dict(headers)}) == [f"{key}.{name}"]
                    assert data == {key: kept}
            given = {"custom_llm_provider": "openai", "extra_headers": dict(headers)}
            drop_upstream(data := {"provider_specific_header": given})
            assert data["provider_specific_header"] == {"custom_llm_provider": "openai", "extra_headers": kept}

    def test_a_litellm_that_does_not_say_its_parameters_is_refused_at_the_start(self) -> None:
        """An error at each call would leave all calls undecided."""
        self.addCleanup(known_parameters.cache_clear)
        for gone in (None, SimpleNamespace(model_fields={"api_base": None})):
            known_parameters.cache_clear()
            without = mock.patch.object(litellm.types.router, "GenericLiteLLMParams", gone)
            refused = self.assertRaisesRegex(RuntimeError, "which parameters choose")  # noqa: PT027
            with self.subTest(gone=gone), without, refused:
                RoutecompHook(ROUTER)

    def test_what_is_the_caller_s_own_stays(self) -> None:
        """What a provider alone reads, and how a call is made, are no concern of the policy."""
        own: dict[str, Any] = {
            "top_k": 5,
            "chat_template_kwargs": {"enable_thinking": False},
            "repetition_penalty": 1.1,
            "timeout": 5,
            "num_retries": 0,
            "tags": ["a"],
            "user": "ada",
            "temperature": 0,
            "metadata": {"a": "b"},
            "extra_body": {"min_p": 0.1},
            "extra_headers": {"a": "b"},
        }
        assert drop_upstream(kept := dict(own)) == []
        assert kept == own

    def test_the_key_of_a_version_stays_with_its_host(self) -> None:
        """Of two deployments under its model's name, the one that the table does not know gets the group's own."""
        unit, decision = next(
            (str(unit), decision)
            for unit in range(500)
            if (decision := ROUTER.resolve(model="hermelin/triage", unit=str(unit))).api_key_env
            == "AZURE_OPENAI_TRIAGE_KEY"
        )
        slug, own, other = str(decision.model), str(decision.url), "http://127.0.0.1:9/v1"
        for addresses, keys in (
            ([own], ["version-key"]),
            ([other], ["version-key"]),
            ([own, other], ["version-key", None]),
            ([other, "http://127.0.0.1:8/v1"], [None, None]),
        ):
            groups = [
                {"model_name": slug, "litellm_params": {"model": f"openai/{slug}", "api_key": "own", "api_base": base}}
                for base in addresses
            ]
            router = litellm.Router(model_list=groups)
            hook = RoutecompHook(ROUTER, litellm_router=router)
            os.environ["AZURE_OPENAI_TRIAGE_KEY"] = "version-key"
            try:
                given = asyncio.run(self.keys_of(hook, groups, unit))
            finally:
                del os.environ["AZURE_OPENAI_TRIAGE_KEY"]
            with self.subTest(addresses=addresses):
                assert given == keys

    async def keys_of(self, hook: RoutecompHook, groups: list[dict[str, Any]], unit: str) -> list[str | None]:
        """The keys that the hook gives the deployments of a group, None for each that keeps its own."""
        key = SimpleNamespace(team_id=None)
        request = {"model": "hermelin/triage", "messages": MESSAGES, "user": unit}
        data = await hook.async_pre_call_hook(key, None, request, "acompletion")
        given = []
        for group in groups:
            bag = {"user_api_key_auth": key, "deployment_model_name": group["model_name"]}
            kwargs = {**group["litellm_params"], "metadata": bag, "litellm_call_id": data["litellm_call_id"]}
            changed = await hook.async_pre_call_deployment_hook(kwargs, "acompletion")
            given.append(None if changed is None else changed["api_key"])
        return given


class Bedrock(Proxy):
    """A call of a Router whose model Bedrock has goes to its region, under its name."""

    def test_no_parameter_leads_elsewhere(self) -> None:
        os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
        params = {
            "model": "bedrock/converse/eu.anthropic.claude-haiku-5-5",
            "aws_region_name": "eu-central-1",
            "aws_bedrock_runtime_endpoint": self.provider.url,
        }
        router = litellm.Router(model_list=[{"model_name": PERMITTED, "litellm_params": params}], num_retries=0)
        hook = RoutecompHook(ROUTER, litellm_router=router)
        before = litellm.callbacks
        litellm.callbacks = [hook]
        try:
            plain = self.seen(hook, router, {})
            assert len(plain) == 1
            for name in PARAMETERS:
                for value in values_of(name) if name != "api_key" else ():  # a key of one's own signs for no region
                    with self.subTest(name=name, value=value):
                        assert self.seen(hook, router, {name: value}) <= plain
                        assert self.seen(hook, router, {"extra_body": {name: value}}) <= plain
        finally:
            litellm.callbacks = before

    def seen(self, hook: RoutecompHook, router: litellm.Router, more: dict[str, Any]) -> set[tuple[str, ...]]:
        """The paths and regions that a call with some parameters goes to."""

        async def call() -> None:
            request = {"model": PERMITTED, "messages": MESSAGES, "max_retries": 0, **more}
            await router.acompletion(
                **await hook.async_pre_call_hook(SimpleNamespace(team_id=None), None, request, "acompletion")
            )

        self.provider.calls.clear()
        try:
            asyncio.run(call())
        except Exception as refused:  # the host answers like OpenAI, and Bedrock's answers are others
            self.refused = refused
        return {(call.model, *re.findall(r"Credential=x/\d+/([^/]+)/", call.key)) for call in self.provider.calls}


if __name__ == "__main__":
    unittest.main()
