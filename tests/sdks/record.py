"""Record what the providers' own SDKs send for the endpoints of this folder's project (`make sdks`).

    python -m tests.sdks.record

Every model of the project is called twice, whole and as a stream, by the client of its contract (calls.py), in the
environment that `make sdks` makes (.venv-sdks). The recordings are kept in recordings.json, with their day and the
versions of the packages.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.sdks.endpoints import ENDPOINTS, endpoints
from tests.sdks.recorder import Request, recording

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-sdks" / "bin" / "python"
"""The interpreter of the environment that has the SDKs; made by `make sdks`."""
KEPT = Path(__file__).parent / "recordings.json"
ERRORS = Path(__file__).parent / "errors.json"
"""What the SDKs raise against a faulty server, by library and fault (raise_errors.py)."""
OLDER = ROOT / ".venv-sdks" / "older"
"""Where `make sdks` puts an older major of openai, whose users' services are judged by the same rules."""

KEYS = {
    name: f"key of {name}"
    for name in (
        "ANTHROPIC_API_KEY",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AZURE_API_KEY",
        "COHERE_API_KEY",
        "COMPATIBLE_API_KEY",
        "GATEWAY_TOKEN",
        "GEMINI_API_KEY",
        "OAUTH_TOKEN",
        "OPENAI_API_KEY",
    )
}
"""The variables that hold a key, and the key in them."""

# What says nothing about the contract: the client's own name, versions, clocks and what its HTTP library adds.
_NOISE = re.compile(
    r"accept|accept-encoding|amz-sdk-.*|connection|content-length|host|user-agent|x-amz-date|x-fern-.*|"
    r"x-goog-api-client|x-stainless-(?!read-timeout).*"
)
_SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/]+/[0-9]{8}/([a-z0-9-]+/[a-z]+)/aws4_request, .*")


def record(caller: str = "tests.sdks.calls") -> dict[str, Any]:
    """Make every call, and return what was recorded: the kept file's content. `caller` is the module that calls."""
    requests: list[Request] = []
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder) / "certificate.pem"
        subprocess.run([PYTHON, "-m", "tests.sdks.certificate", certificate], cwd=ROOT, check=True)
        with recording(requests) as plain, recording(requests, certificate) as secure:
            made = endpoints(plain, secure)
            environments = {slug: _variables(made[slug]) | {"AWS_CA_BUNDLE": str(certificate)} for slug in made}
            calls = [
                {"client": client, "endpoint": made[slug], "stream": stream, "environment": environments[slug]}
                for slug, client in ENDPOINTS.items()
                for stream in (False, True)
            ]
            command = [str(PYTHON), "-m", caller]
            done = subprocess.run(command, cwd=ROOT, input=json.dumps(calls), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert len(requests) == len(calls), answer["ends"]
    recorded = iter(requests)
    return {
        "recorded": date.today().isoformat(),
        "packages": answer["versions"],
        "requests": {
            slug: {"client": client, "whole": _kept(next(recorded)), "stream": _kept(next(recorded))}
            for slug, client in ENDPOINTS.items()
        },
    }


def _variables(endpoint: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables of a call: what its endpoint names, and the credentials that no endpoint names."""
    named = [name for name in (endpoint["api_key_env"], *endpoint["secret_headers"].values()) if name]
    own = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"} if endpoint["auth"] == "sigv4" else {}
    return {name: KEYS[name] for name in [*named, "OAUTH_TOKEN"]} | own


def _kept(request: Request) -> dict[str, Any]:
    """Return a request as it is kept: headers in small letters, without noise; of a signature only its scope."""
    target = urlsplit(request.target)
    headers = {name.lower(): value for name, value in request.headers if not _NOISE.fullmatch(name.lower())}
    if signed := _SIGNED.fullmatch(headers.get("authorization", "")):
        headers["authorization"] = f"AWS4-HMAC-SHA256 {signed[1]}"
    return {
        "method": request.method,
        "path": target.path,
        "query": target.query,
        "headers": dict(sorted(headers.items())),
        "body": json.loads(request.body),
    }


def main() -> None:
    """Write the recordings: what the SDKs send, and what they raise."""
    errors = subprocess.run([str(PYTHON), "-m", "tests.sdks.raise_errors"], cwd=ROOT, capture_output=True, check=True)
    ERRORS.write_text(json.dumps(json.loads(errors.stdout)) + "\n", encoding="utf-8")
    KEPT.write_text(json.dumps(record(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
