"""A project in a repository whose one provider is a host of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.repository import Repository
from tests.cli.transcripts import Ran, in_process
from tests.hosts.host import Host, local_host

KEY = "sk-test-0123456789"
PROJECT = """
providers:
  local: {adapter: openai, base_url: "URL", stack: eu, api_key_env: LOCAL_API_KEY}

models:
  small-a: {provider: local, quality: 0.8, price: {input: 1.00, output: 2.00}, latency_ms: 900,
    context_window: 8000, compliance: 0.9, capabilities: [streaming]}
  small-b:
    provider: local
    provider_model_name: vendor/small-b
    active: false   # until somebody has seen it answer
    quality: 0.7
    price: {input: 1.00, output: 2.00}
    latency_ms: 900
    context_window: 8000
    compliance: 0.9
    capabilities: [streaming]

features:
  chat: {models: {small-a: primary}}

defaults: {model: small-a, routes: {}, policy: {preset: balanced}}

scoring: {cost: {best: 0, worst: 20.00}, latency_ms: {best: 0, worst: 10000}}
"""


def routecomp(repository: Repository, *arguments: str) -> Ran:
    """Run a command in the project, with the keys of this process's environment."""
    keys = {name: value for name, value in os.environ.items() if name.endswith("_API_KEY")}
    return in_process(list(arguments), repository.project, keys)


@pytest.fixture
def host() -> Iterator[Host]:
    """Return a host that is there."""
    with local_host() as there:
        yield there


@pytest.fixture
def repository(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository with the project, committed on main, and the key in the environment."""
    monkeypatch.setenv("LOCAL_API_KEY", KEY)
    project = Repository(tmp_path / "project")
    project.write({"routes/all.yaml": PROJECT.replace("URL", host.url), "policies/none.yaml": "tenants: {}\n"})
    project.commit("Begin")
    return project
