"""Start LiteLLM with each of a list of files, and record what it raises or logs as a warning. Run in .venv-peers."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

litellm: Any = import_module("litellm")
server: Any = import_module("litellm.proxy.proxy_server")
yaml: Any = import_module("yaml")


def start(by: str, text: str, path: Path) -> list[str]:
    """Start the proxy or the Router with a file; return the lines of its log, and what was raised."""
    log = io.StringIO()
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).handlers = [logging.StreamHandler(log)]
        logging.getLogger(name).setLevel(logging.WARNING)
    before = dict(os.environ)
    try:
        if by == "proxy":
            path.write_text(text, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()):
                asyncio.run(server.ProxyConfig().load_config(router=None, config_file_path=str(path)))
        else:
            loaded = yaml.safe_load(text)
            litellm.Router(model_list=loaded["model_list"], **loaded.get("router_settings", {}))
    except Exception as raised:
        return [*log.getvalue().splitlines(), repr(raised)]
    finally:
        os.environ.clear()
        os.environ.update(before)
    return log.getvalue().splitlines()


def main() -> None:
    asked = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        answers = [start(by, text, Path(folder) / "config.yaml") for by, text in asked["files"]]
    Path(asked["answers"]).write_text(json.dumps(answers), encoding="utf-8")


main()
