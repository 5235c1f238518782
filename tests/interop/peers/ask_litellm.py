"""Ask the real Router of LiteLLM by names, and tell what it called in turn; run in .venv-peers.

Standard input is a JSON object: `answers`, the file to write, and `asked`, a list of objects: `file`, a configuration;
`loaded`, whether the proxy loads it, in place of the Router; `jobs`, a list of [name, fails]. What is called answers at
once, or fails at once: nothing is sent.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

litellm: Any = import_module("litellm")

logging.disable(logging.CRITICAL)


async def main() -> None:
    asked = json.load(sys.stdin)
    answers = [await ask(configuration) for configuration in asked["asked"]]
    Path(asked["answers"]).write_text(json.dumps(answers), encoding="utf-8")  # the proxy prints a banner


async def ask(configuration: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the router of one file called for each name, and how that ended."""
    document = yaml.safe_load(Path(configuration["file"]).read_text(encoding="utf-8"))
    for deployment in document["model_list"]:
        for value in deployment["litellm_params"].values():
            if isinstance(value, str) and value.startswith("os.environ/"):
                os.environ[value.removeprefix("os.environ/")] = f"value of {value.removeprefix('os.environ/')}"
    if configuration["loaded"]:
        router = await loaded(configuration["file"])
    else:
        router = litellm.Router(model_list=document["model_list"], **document["router_settings"])
    tried: list[dict[str, Any]] = []
    failing = False

    async def call(*_: Any, **arguments: Any) -> Any:
        info = arguments["metadata"]["model_info"]
        tried.append({"model": info["routecomp"]["slug"], "key": arguments.get("api_key")})
        if failing:
            raise litellm.InternalServerError("no answer", model=arguments["model"], llm_provider="openai")
        return litellm.ModelResponse(model=arguments["model"])

    litellm.acompletion = call
    answers = []
    for name, fails in configuration["jobs"]:
        tried.clear()
        failing = fails
        try:
            await router.acompletion(model=name, messages=[{"role": "user", "content": "hello"}])
            error = None
        except Exception as failure:
            error = type(failure).__name__
        answers.append({"tried": list(tried), "error": error})
    return answers


async def loaded(file: str) -> Any:
    """Return the router that the proxy makes of its configuration file."""
    config = import_module("litellm.proxy.proxy_server").ProxyConfig()
    router, _, _ = await config.load_config(router=None, config_file_path=file)
    return router


asyncio.run(main())
