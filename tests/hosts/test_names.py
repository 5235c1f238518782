"""`routecomp probe --names`: the host's own list beside the names that the project calls."""

from __future__ import annotations

import json

import pytest

from tests.cli.repository import Repository
from tests.hosts.conftest import routecomp
from tests.hosts.host import Host


def test_missing_names(repository: Repository, host: Host) -> None:
    """The nearest come first; what is listed is no finding."""
    host.answers = [(200, {"data": [{"id": "small-a"}, {"id": "vendor/small-b2"}, {"id": "zzz"}, {"id": "vendor/b"}]})]
    ran = routecomp(repository, "probe", "--names", "small-a", "small-b", "--json")
    assert ran.code == 1
    (listed,) = json.loads(ran.out)["names"]
    assert listed["known"] == 4
    assert listed["missing"] == {"small-b": ["vendor/small-b2", "vendor/b", "small-a"]}
    assert [(asked.method, asked.path) for asked in host.asked] == [("GET", "/v1/models")]
    text = routecomp(repository, "probe", "--names", "small-a", "small-b")
    assert "small-b: no `vendor/small-b` there; nearest: vendor/small-b2" in text.out
    host.answers = [(200, {"data": [{"id": "small-a"}]})]
    assert routecomp(repository, "probe", "--names").code == 0


@pytest.mark.parametrize("answer", [(404, b""), (200, b"no"), (200, {"data": 1}), (200, {"data": []}), "reset"])
def test_no_list(repository: Repository, host: Host, answer: object) -> None:
    """A host that gives none is told; nothing was compared, so nothing is well."""
    host.answers = [answer]
    ran = routecomp(repository, "probe", "--names")
    assert ran.code == 1
    assert "local: not compared: " in ran.out


def test_a_host_without_a_list(repository: Repository, host: Host) -> None:
    """Of some adapters no key may read a list: that is told, and no finding."""
    repository.edit("routes/all.yaml", ("adapter: openai", 'adapter: azure_openai, query: {api-version: "2024-10-21"}'))
    repository.commit("Another adapter")
    ran = routecomp(repository, "probe", "--names")
    assert (ran.code, host.asked) == (0, [])
    assert "has no list" in ran.out


def test_pages(repository: Repository, host: Host) -> None:
    """Anthropic's lists go on."""
    repository.edit("routes/all.yaml", ("adapter: openai", "adapter: anthropic"))
    repository.commit("Another adapter")
    host.answers = [
        (200, {"data": [{"id": "x"}], "has_more": True, "last_id": "x y"}),
        (200, {"data": [{"id": "small-a"}], "has_more": False}),
    ]
    assert routecomp(repository, "probe", "--names").code == 0
    assert [asked.path for asked in host.asked] == ["/v1/models?limit=1000", "/v1/models?limit=1000&after_id=x%20y"]
