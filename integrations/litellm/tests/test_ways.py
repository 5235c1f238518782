"""By whatever way and name a caller asks for a model that the policy refuses, no provider is called."""

from __future__ import annotations

import base64
import json
import unittest
from collections.abc import Callable
from typing import Any

from litellm.proxy._types import UserAPIKeyAuth
from running_proxy import HIDDEN, MESSAGES, PERMITTED, REFUSED, REFUSED_TOO, ROUTER, SHARED, TARGET, Call, Proxy
from starlette.websockets import WebSocketDisconnect

_LINE = json.dumps({"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {}}).encode()
AUTO = ROUTER.resolve(model="auto").model
_CONTENTS = {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}
_BATCH = {"input_file_id": "file-1", "endpoint": "/v1/chat/completions", "completion_window": "24h"}
_EVAL: dict[str, Any] = {"data_source_config": {}, "testing_criteria": []}


def _post(path: str, **body: Any) -> Callable[[Proxy, str], Any]:
    """Return a way in that is a path and a body, NAME in the path or else `model` in the body."""
    return lambda proxy, name: proxy.client.post(
        path.replace("NAME", name), json=body if "NAME" in path else {"model": name, **body}
    )


def _form(path: str, field: str, **more: str) -> Callable[[Proxy, str], Any]:
    return lambda proxy, name: proxy.client.post(path, data={"model": name, **more}, files={field: ("a.jsonl", _LINE)})


def _socket(path: str, *frames: dict[str, Any]) -> Callable[[Proxy, str], Any]:
    def ask(proxy: Proxy, name: str) -> str:
        try:
            with proxy.client.websocket_connect(path.replace("NAME", name)) as socket:
                for frame in frames:
                    socket.send_json({**frame, "model": name})
                return str(socket.receive())
        except WebSocketDisconnect as closed:
            return str(closed.reason)

    return ask


def _file_id(name: str) -> str:
    return "file-" + base64.urlsafe_b64encode(f"litellm:file-1;model,{name}".encode()).decode().rstrip("=")


DECIDED: dict[str, Callable[[Proxy, str], Any]] = {
    "chat": _post("/v1/chat/completions", messages=MESSAGES),
    "chat, streamed": _post("/v1/chat/completions", messages=MESSAGES, stream=True),
    "engines": _post("/engines/NAME/chat/completions", messages=MESSAGES),
    "deployments": _post("/openai/deployments/NAME/chat/completions", messages=MESSAGES),
    "cursor": _post("/cursor/chat/completions", messages=MESSAGES),
    "completions": _post("/v1/completions", prompt="hi"),
    "responses": _post("/v1/responses", input="hi"),
    "messages": _post("/v1/messages", messages=MESSAGES, max_tokens=5),
    "generateContent": _post("/v1beta/models/NAME:generateContent", **_CONTENTS),
    "generateContent, v1": _post("/models/NAME:generateContent", **_CONTENTS),
    "streamGenerateContent": _post("/v1beta/models/NAME:streamGenerateContent", **_CONTENTS),
    "interactions": _post("/v1beta/interactions", input="hi"),
}
LOOKED_AT: dict[str, Callable[[Proxy, str], Any]] = {
    "compact": _post("/v1/responses/compact", input="hi"),
    "embeddings": _post("/v1/embeddings", input="hi"),
    "moderations": _post("/v1/moderations", input="hi"),
    "images": _post("/v1/images/generations", prompt="hi"),
    "image edits": _form("/v1/images/edits", "image", prompt="hi"),
    "speech": _post("/v1/audio/speech", input="hi", voice="a"),
    "transcriptions": _form("/v1/audio/transcriptions", "file"),
    "rerank": _post("/v1/rerank", query="hi", documents=["a"]),
    "ocr": _post("/v1/ocr", document={"type": "document_url", "document_url": "http://a"}),
    "videos": _post("/v1/videos", prompt="hi"),
    "vector stores": _post("/v1/vector_stores", name="a"),
    "evals": _post("/v1/evals", **_EVAL),
    "batches": _post("/v1/batches", **_BATCH),
    "batches, query": lambda proxy, name: proxy.client.post("/v1/batches", params={"model": name}, json=_BATCH),
    "batches, header": lambda proxy, name: proxy.client.post(
        "/v1/batches", headers={"x-litellm-model": name}, json=_BATCH
    ),
    "batches, file": lambda proxy, name: proxy.client.post(
        "/v1/batches", json={**_BATCH, "input_file_id": _file_id(name)}
    ),
    "files": _form("/v1/files", "file", purpose="batch"),
    "realtime secrets": _post("/v1/realtime/client_secrets"),
    "realtime session": _post("/v1/realtime/transcription_sessions"),
    "bedrock": _post("/bedrock/model/NAME/converse", messages=MESSAGES),
    "vllm": _post("/vllm/chat/completions", messages=MESSAGES),
    "azure": _post("/azure/openai/deployments/NAME/chat/completions", messages=MESSAGES),
    "anthropic": _post("/anthropic/v1/messages", messages=MESSAGES, max_tokens=5),
    "rag": _post("/v1/rag/query", messages=MESSAGES, retrieval_config={"vector_store_id": "a"}),
}
COUNTED: dict[str, Callable[[Proxy, str], Any]] = {
    "messages": _post("/v1/messages/count_tokens", messages=MESSAGES),
    "generateContent": _post("/v1beta/models/NAME:countTokens", **_CONTENTS),
    "tool": _post("/utils/token_counter", messages=MESSAGES),
}
SOCKETS: dict[str, Callable[[Proxy, str], Any]] = {
    "realtime": _socket("/v1/realtime?model=NAME"),
    "responses": _socket("/v1/responses?model=NAME", {"type": "response.create", "input": "hi"}),
    "responses, first frame": _socket("/v1/responses", {"type": "response.create", "input": "hi"}),
}
NAMES = {
    "slug": REFUSED,
    "hidden": HIDDEN,
    "id": "refused-id",
    "hidden id": "hidden-id",
    "provider's": f"hosted_vllm/{REFUSED}",
    "provider's, hidden": "hosted_vllm/hidden",
    "alias": "their-alias",
    "hidden alias": "their-other",
    "team's": "teams-alias",
    "key's": "keys-alias",
    "comma": f"only-litellm,{REFUSED}",
    "comma, last": f"{REFUSED} , only-litellm",
    "comma, hidden": f"only-litellm,{HIDDEN}",
    "comma, id": f"{PERMITTED},refused-id",
}

WITHOUT_A_DATABASE = {"batches", "batches, query", "batches, header", "batches, file", "files", "vllm", "azure"}
"""Of these LiteLLM says every error with the package of its database, which may be missing: then the status is 500."""
HARMLESS = {"/v1/vector_stores/a/search", "teams-alias", "keys-alias"}
"""What is called before a model is, and what a provider is asked for as it is, without LiteLLM's aliases."""


class Ways(Proxy):
    """A table of ways in by kinds of names."""

    def setUp(self) -> None:
        super().setUp()
        aliases = {"teams-alias": REFUSED, "keys-alias": REFUSED}
        Proxy.key = UserAPIKeyAuth(api_key="key", team_model_aliases=aliases, aliases=aliases)

    def refuse(self, ways: dict[str, Callable[[Proxy, str], Any]], names: dict[str, str]) -> list[tuple[str, Any]]:
        """Ask by each way for each name, and return the answers with their ways."""
        answers = []
        for way, ask in ways.items():
            for kind, name in names.items():
                with self.subTest(way=way, name=kind):
                    self.provider.calls.clear()
                    answers.append((way, ask(self, name)))
                    assert HARMLESS.issuperset(self.called), self.called
        return answers

    def test_nothing_is_called_under_any_name(self) -> None:
        own_errors = WITHOUT_A_DATABASE | {"rag", "anthropic"}  # these are asked, and fail, without a model of ours
        for way, answer in self.refuse(DECIDED | LOOKED_AT, NAMES):
            assert answer.status_code in (400, 403) or way in own_errors, (way, answer.text)

    def test_the_answer_is_that_of_the_policy(self) -> None:
        ways = {way: ask for way, ask in (DECIDED | LOOKED_AT).items() if way not in WITHOUT_A_DATABASE}
        for _, answer in self.refuse(ways, {"slug": REFUSED, "hidden": HIDDEN}):
            assert answer.status_code == 403, answer.text
            assert "rejected_policy" in answer.text

    def test_sockets_are_closed_with_the_reason(self) -> None:
        of_the_key = {"team's", "key's"}  # LiteLLM does not know these here, and closes the socket itself
        for _, answer in self.refuse(SOCKETS, {kind: NAMES[kind] for kind in NAMES if kind not in of_the_key}):
            assert "rejected_policy" in answer

    def test_tokens_are_not_counted_by_a_provider_that_is_refused(self) -> None:
        """LiteLLM asks no hook whether it may; it then estimates them itself."""
        for way in COUNTED.values():
            assert way(self, PERMITTED).status_code == 200
            assert PERMITTED in self.called or way is not COUNTED["messages"]
        for _, answer in self.refuse(COUNTED, {"slug": REFUSED_TOO, "id": "refused-id", "hidden": HIDDEN}):
            assert answer.status_code == 200

    def test_of_two_groups_the_permitted_one_is_called(self) -> None:
        for _ in range(12):
            assert self.ask(SHARED).status_code == 200
            assert self.provider.calls == [Call("shared", "key of one-of-two")]
        for way in WITHOUT_A_DATABASE - {"files"}:  # what a file is uploaded for is said where it is used
            self.refuse({way: LOOKED_AT[way]}, {"other": "routecomp:other-of-two"})

    def test_a_group_with_a_targets_name_calls_no_refused_model(self) -> None:
        """Only text is decided: LiteLLM's own group answers other calls."""
        called = set()
        for way in ("embeddings", "images", "speech") * 8:
            self.provider.calls.clear()
            assert LOOKED_AT[way](self, TARGET).status_code == 200
            called |= {*self.called}
        assert called == {PERMITTED, "their-own"}
        self.refuse({"batches": LOOKED_AT["batches"]}, {"target": TARGET})  # LiteLLM takes the group's first
        assert DECIDED["chat"](self, TARGET).status_code == 200
        assert self.called[-1] == ROUTER.resolve(model=TARGET).model

    def test_the_models_of_tools_are_looked_at(self) -> None:
        for model in (PERMITTED, "only-litellm"):
            tools = [{"type": "advisor_20260301", "name": "advisor", "model": REFUSED}]
            assert self.ask(model, tools=tools).status_code == 403
            assert self.called == []

    def test_what_is_permitted_is_called(self) -> None:
        for way, ask in DECIDED.items():
            for name, wanted in ((PERMITTED, PERMITTED), ("only-litellm", "only-litellm"), ("auto", AUTO)):
                with self.subTest(way=way, name=name):
                    self.provider.calls.clear()
                    assert ask(self, name).status_code == 200
                    assert self.called == [wanted]
        for way in ("vllm", "azure"):  # these take hosts of this kind only
            self.provider.calls.clear()
            assert LOOKED_AT[way](self, "one-of-two").status_code == 200
            assert [call.key for call in self.provider.calls] == ["key of one-of-two"]
        for way in ("embeddings", "images", "image edits", "speech", "transcriptions", "videos", "compact"):
            for name in (PERMITTED, "only-litellm"):
                with self.subTest(way=way, name=name):
                    self.provider.calls.clear()
                    LOOKED_AT[way](self, name)
                    assert self.called == [name]


if __name__ == "__main__":
    unittest.main()
