"""RC312 provider-url, RC331 url-repeats: which URLs a provider may have."""

from __future__ import annotations

import pytest

from routecomp.model.hosts import is_link_local, is_loopback, is_own_network
from routecomp.rules.urls import url_faults, url_repeat
from tests.check.project import at, findings, fixed, project

SOUND = [
    ("https://api.example.com", "/v1/chat"),
    ("https://api.example.com/", "v1/chat"),
    ("https://api.example.com/v1/", "/chat/completions"),
    ("https://api.example.com/v1", "/openai/v1/chat"),
    ("https://api.example.com:8443", "/chat"),
    ("HTTPS://API.example.com", "/chat"),
    ("https://10.0.0.1", "/chat"),
    ("https://[2001:db8::1]:8443", "/chat"),
    ("https://my_gateway.internal", "/chat"),
    ("https://bedrock-runtime.eu-central-1.amazonaws.com/model/a%3A0", "/converse"),
    ("https://x.openai.azure.com/openai/deployments/gpt", "/chat/completions?api-version=2024-10-21"),
    ("https://relay.example", "/proxy/https://api.openai.com/v1/chat/completions"),
    ("https://relay.example", "/https://api.openai.com/v1/chat/completions"),
    ("https://relay.example", "/v1/chat?to=https://api.openai.com"),
    ("http://localhost:11434", "/v1/chat"),
    ("http://LOCALHOST", "/v1/chat"),
    ("http://127.0.0.1", "/chat"),
    ("http://127.255.255.254:1", "/chat"),
    ("http://[::1]", "/chat"),
    ("http://[::1]:8080/", "/chat"),
    ("http://[0:0:0:0:0:0:0:1]", "/chat"),
]


@pytest.mark.parametrize(("base", "path"), SOUND)
def test_sound_urls(base: str, path: str) -> None:
    """https anywhere, http on the own machine, a query behind the path, any port."""
    assert url_faults(base, {"chat_path": path}) == []
    assert url_repeat(base, "chat_path", path) is None


UNSOUND = [
    ("http://api.example.com", "/chat", "base_url", "sends calls to api.example.com over http, in the clear"),
    ("http://localhost.example.com", "/chat", "base_url", "over http"),
    ("http://127.0.0.1.example.com", "/chat", "base_url", "over http"),
    ("http://128.0.0.1", "/chat", "base_url", "over http"),
    ("http://127.1", "/chat", "base_url", "over http"),
    ("http://127.0.0.01", "/chat", "base_url", "over http"),
    ("http://[::2]", "/chat", "base_url", "over http"),
    ("http://[::ffff:127.0.0.1]", "/chat", "base_url", "over http"),
    ("http://[fe80::1%25lo]", "/chat", "base_url", "has a host that is not one"),
    ("http://[::1", "/chat", "base_url", "has a host that is not one"),
    ("ftp://api.example.com", "/chat", "base_url", "has the scheme ftp"),
    ("api.example.com", "/chat", "base_url", "is not an absolute URL"),
    ("//api.example.com", "/chat", "base_url", "is not an absolute URL"),
    ("/v1", "/chat", "base_url", "is not an absolute URL"),
    ("https:/api.example.com", "/chat", "base_url", "is not an absolute URL"),
    ("https://", "/chat", "base_url", "has no host"),
    ("https:///v1", "/chat", "base_url", "has no host"),
    ("https://:443", "/chat", "base_url", "has no host"),
    ("https://a..b", "/chat", "base_url", "has a host that is not one"),
    ("https://-", "/chat", "base_url", "has a host that is not one"),
    ("https://api.example.com:0", "/chat", "base_url", "has a port that is not one"),
    ("https://api.example.com:65536", "/chat", "base_url", "has a port that is not one"),
    ("https://api.example.com:http", "/chat", "base_url", "has a port that is not one"),
    ("https://me@api.example.com", "/chat", "base_url", "holds a user name or a password"),
    ("http://localhost@api.example.com", "/chat", "base_url", "holds a user name or a password"),
    ("https://api.example.com#x", "/chat", "base_url", "holds a fragment"),
    ("https://api.example.com?key=1", "/chat", "base_url", "holds a query"),
    ("https://api.example.com/v 1", "/chat", "base_url", "holds a space"),
    ("https://api.example.com/é", "/chat", "base_url", "holds a character that URLs do not have"),
    ("https://api.example.com/\x7f", "/chat", "base_url", "holds a character that URLs do not have"),
    ("https://api.example.com\\v1", "/chat", "base_url", "holds a backslash"),
    ("", "/chat", "base_url", "is empty"),
    ("https://api.example.com", "", "chat_path", "is empty"),
    ("https://api.example.com", "/chat#x", "chat_path", "holds a fragment"),
    ("https://api.example.com", "https://api.example.com/chat", "chat_path", "is a whole URL"),
    ("https://api.example.com", "HTTP://api.example.com", "chat_path", "is a whole URL"),
    ("https://api.example.com", "/chat completions", "chat_path", "holds a space"),
    ("https://api.example.com", "\\chat", "chat_path", "holds a backslash"),
    ("https://api.example.com/{model}", "/chat", "base_url", "holds a brace"),
    ("https://api.example.com", "/chat?a?b", "chat_path", "holds two question marks"),
    ("https://api.example.com", "/chat?", "chat_path", "ends in a question mark"),
    ("https://api.example.com", "/{modell}/chat", "chat_path", "holds a brace that is not part of {model}"),
    ("https://api.example.com", "/}{model}/chat", "chat_path", "holds a brace that is not part of {model}"),
    ("https://api.example.com", "/{model}/{model}", "chat_path", "holds {model} twice"),
]


@pytest.mark.parametrize(("base", "path", "field", "message"), UNSOUND)
def test_unsound_urls(base: str, path: str, field: str, message: str) -> None:
    """Each fault is said once, of the half it is in, in words."""
    faults = url_faults(base, {"chat_path": path})
    assert [fault.field for fault in faults][:1] == [field]
    assert message in faults[0].message
    assert len(faults) <= 2


def test_every_fault_of_a_url_is_said_at_once() -> None:
    """Scheme, user, query and path are judged in one go."""
    faults = url_faults("ftp://me@api.example.com?x", {"chat_path": "/a\\b", "stream_path": "/a b"})
    assert [fault.message.split(" ")[0] for fault in faults] == ["holds", "has", "holds", "holds", "holds"]


REPEATS = [
    ("https://api.example.com/v1", "/v1/chat", "v1", "base_url", "https://api.example.com"),
    ("https://api.example.com/a/v1/", "v1/chat", "v1", "base_url", "https://api.example.com/a"),
    ("https://api.example.com/v1/v1", "/chat", "v1", "base_url", None),
    ("https://api.example.com", "/v1/v1/chat", "v1", "chat_path", None),
    ("https://api.example.com", "/v1//v1/chat?a=/b/b", "v1", "chat_path", None),
    ("https://api.example.com/openai/v1", "/openai/v1/chat", "openai/v1", "base_url", "https://api.example.com"),
    ("https://api.example.com/openai", "/v1/openai/v1/chat", "openai/v1", "chat_path", None),
    ("https://api.example.com", "/a/b/c/a/b/c", "a/b/c", "chat_path", None),
    ("https://api.example.com", "/x/{model}/{model}", "{model}", "chat_path", None),
]


@pytest.mark.parametrize(("base", "path", "run", "field", "instead"), REPEATS)
def test_repeats(base: str, path: str, run: str, field: str, instead: str | None) -> None:
    """A run of segments right behind itself is found, wherever the two halves meet; the query is not looked at."""
    assert url_repeat(base, "chat_path", path) == (run, field, instead)


OWN = [
    *("vllm.llm.svc.cluster.local", "VLLM.llm.svc", "gateway", "host.docker.internal", "nas.lan", "pi.home.arpa"),
    *("printer.local", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "[fd12:3456::1]", "[fc00::]"),
]
FOREIGN = [
    *("api.example.com", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.64.0.1", "0.0.0.0"),
    *("169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "metadata.google.internal", "[fd00:ec2::254]"),
    *("2852039166", "0xa9fea9fe", "10.1", "10.0.0.0x1", "example.localhost", "internal.example.com", "[::]"),
]


@pytest.mark.parametrize("host", OWN)
def test_http_within_the_own_network_is_allowed_where_it_is_meant(host: str) -> None:
    """A private address and a local name may be called over http, but only with the provider's consent."""
    assert is_own_network(host)
    assert url_faults(f"http://{host}:8000/x", {}, allow_http=True) == []
    assert "allow_http" in url_faults(f"http://{host}", {})[0].help


@pytest.mark.parametrize("host", FOREIGN)
def test_http_to_others_is_never_allowed(host: str) -> None:
    """A public host, an address in another notation, and where clouds hand out credentials stay refused."""
    assert not is_own_network(host)
    assert len(url_faults(f"http://{host}", {}, allow_http=True)) == 1
    if is_link_local(host):
        assert "credentials" in url_faults(f"http://{host}", {})[0].help


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_loopback(host: str) -> None:
    """The hosts that never leave the machine."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "[::]", "localhost.", "127.0.0.1.nip.io", "2130706433", "0x7f000001", "", "[::0.0.0.1]"]
)
def test_not_loopback(host: str) -> None:
    """Names and addresses that look like the own machine to some readers."""
    assert not is_loopback(host)


def test_a_repeated_segment_is_repaired_in_the_base() -> None:
    """The base loses its last segment; what is called stays what it was meant to be."""
    body = "{adapter: openai, auth: none, base_url: https://a.example/api/v1/, chat_path: /v1/chat, stack: us}"
    text = f"providers:\n  a: {body}\n"
    files = project(routes_more=text)
    after = fixed(files)["routes/more.yaml"].decode()
    assert after == text.replace("https://a.example/api/v1/", "https://a.example/api")


def test_the_finding_stands_at_the_half_that_is_wrong() -> None:
    """The other half is named where both contribute."""
    found = findings(
        routes_more="providers:\n  a: {adapter: openai, auth: none, base_url: https://a.example/v1, "
        "chat_path: /v1/x, stack: us}\n"
    )
    assert [at(one) for one in found] == ["https://a.example/v1"]
    assert [label.span.text for label in found[0].labels] == ["/v1/x"]


def test_user_names_are_not_repeated() -> None:
    """The message does not quote what stands before the `@`."""
    found = findings(
        routes_more="providers:\n  a: {adapter: openai, auth: none, base_url: 'https://jane.doe@a.example', "
        "chat_path: /x, stack: us}\n"
    )
    assert [one.rule for one in found] == ["RC312"]
    assert "jane" not in found[0].message + found[0].help


AZURE, GEMINI = "adapter: azure_openai, query: {api-version: '2024-10-21'}", "adapter: gemini"
ADDRESSES = [
    (AZURE, "https://x.openai.azure.com/openai/deployments/gpt4", "https://x.openai.azure.com", "gpt4"),
    (AZURE, "https://x.example/openai/deployments/gpt4/chat/completions", "https://x.example", "gpt4"),
    (AZURE, "https://gw.example/az/openai/deployments/gpt4/", "https://gw.example/az", "gpt4"),
    (GEMINI, "https://g.example/v1beta/models/gemini-3-pro:generateContent", "https://g.example", "gemini-3-pro"),
    (GEMINI, "https://g.example/v1/models/gemini-3-pro:streamGenerateContent", "https://g.example", "gemini-3-pro"),
    (GEMINI, "https://g.example/v1beta/models/gemini-3-pro", "https://g.example", "gemini-3-pro"),
    ("adapter: bedrock", "https://b.example/model/x.y-v1/converse",
     "https://b.example", "x.y-v1"),
    ("adapter: anthropic, chat_path: '/anthropic/models/{model}', stream_path: '/anthropic/models/{model}'",
     "https://b.example/a/anthropic/models/claude", "https://b.example/a", "claude"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "base", "instead", "model"), ADDRESSES)
def test_a_base_that_is_the_address_of_a_call_is_told(keys: str, base: str, instead: str, model: str) -> None:
    """Portals show the whole address: the base and the path to write are named, and what the model is called."""
    body = f"{{{keys}, base_url: '{base}', api_key_env: X_KEY, stack: us}}"
    (found,) = findings(routes_more=f"providers:\n  a: {body}\n")
    assert found.rule == "RC331"
    assert f"`base_url: {instead}`" in found.help
    assert "{model}" in found.help
    assert f"`{model}` is the `provider_model_name`" in found.help
    assert found.fix is None
    assert findings(routes_more=f"providers:\n  a: {body.replace(base, instead)}\n") == []


def test_a_base_with_other_segments_is_sound() -> None:
    """A gateway's path that only resembles the adapter's own is kept."""
    for base in ("https://gw.example/models", "https://gw.example/models/eu", "https://gw.example/v1/eu/models"):
        body = f"{{adapter: gemini, base_url: '{base}', api_key_env: X_KEY, stack: us}}"
        assert findings(routes_more=f"providers:\n  a: {body}\n") == []


def test_a_version_in_the_base_is_one_finding() -> None:
    """Azure's address as the portal shows it, query and all: the query is told, and not also that none is named."""
    for path in ("", "/openai/deployments/gpt4/chat/completions"):
        base = f"https://x.openai.azure.com{path}?api-version=2024-10-21"
        body = f"{{adapter: azure_openai, base_url: '{base}', api_key_env: X_KEY, stack: us}}"
        (found,) = findings(routes_more=f"providers:\n  a: {body}\n")
        assert found.rule == "RC312"
        assert "`query`" in found.help
