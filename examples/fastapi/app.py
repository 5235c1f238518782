"""Serve chats with FastAPI: routecomp decides which models answer, and this file asks them."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anthropic
import openai
from fastapi import Body, FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

from routecomp import service
from routecomp.service.clients import Clients

router = service.open(os.environ["ROUTING_TABLE"], every_s=float(os.getenv("RELOAD_S", "30")), mirror=True, deadline=20)
clients = Clients()


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with router, clients:  # at the end every outcome is written
        yield


def text_of(piece: Any) -> str:
    part = (getattr(piece, "choices", None) or getattr(piece, "content", None) or [piece])[0]
    part = getattr(part, "message", None) or getattr(part, "delta", None) or part
    return getattr(part, "content", None) or getattr(part, "text", None) or ""


async def chat(http: Request, messages: list[Any] = Body(), stream: bool = Body(False)) -> Response:
    who = {"tenant": http.headers.get("x-tenant"), "request_id": http.headers.get("x-request-id")}
    asked: dict[str, Any] = {"feature": "support-chat", "messages": messages, **who}

    async def ask(at: service.At) -> Any:
        client = clients.for_task(at)
        create = client.messages.create if at.adapter == "anthropic" else client.chat.completions.create
        return await create(model=at.upstream_model, messages=messages, stream=stream, timeout=at.timeout, **at.params)

    async def texts() -> AsyncIterator[str]:
        async with router.astream(ask, first_token=5, between=5, **asked) as chunks:
            yield ""  # a model has begun; a stream that breaks later breaks the response
            async for chunk in chunks:
                yield text_of(chunk)

    try:
        if not stream:
            return JSONResponse({"text": text_of(await router.arun(ask, **asked))})
        await anext(text := texts())
        return StreamingResponse(text, media_type="text/plain")
    except (service.CallError, openai.APIStatusError, anthropic.APIStatusError) as why:
        return JSONResponse({"error": str(why)}, getattr(why, "http_status", 422), getattr(why, "http_headers", {}))


app = FastAPI(lifespan=lifespan)
app.add_api_route("/chat", chat, methods=["POST"])
app.add_api_route("/ready", lambda: Response(status_code=200 if router.ready() else 503))
app.add_api_route("/live", lambda: Response(status_code=200 if router.live() else 503))
app.add_api_route("/metrics", lambda: PlainTextResponse(router.metrics()))
