"""Test what the detector of credentials refuses and accepts, over generated keys and real names."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from routecomp.diagnostics.credentials.detect import (
    find_secret,
    find_secrets,
    fingerprint,
    may_hold_secret,
    star_secrets,
)
from tests.secrets.samples import ALNUM, BARE, BASE64, HEX, IDENTIFIERS, SHAPES, URL64, harmless, some
from tests.seeds import FRESH

DATA = Path(__file__).parents[3] / "shared" / "data"
EMBEDDED = {
    "alone": "{}",
    "prose": "use {} until the vault is back",
    "sentence": "The key ({}), which is temporary.",
    "double-quotes": 'set it to "{}" please',
    "single-quotes": "set it to '{}' please",
    "backticks": "set it to `{}`",
    "comment": "# old key: {}",
    "assignment": "API_KEY={}",
    "query": "https://gateway.example.com/v1?region=eu&key={}&x=1",
    "flow": "[first,{},last]",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_refused_everywhere(shape: str) -> None:
    """Keys of every known shape are found alone, in prose, in quotes, in a comment and in an address."""
    random = Random(shape)
    texts = [frame.replace("{}", SHAPES[shape](random)) for frame in EMBEDDED.values() for _ in range(4)]
    assert [text for text in texts if find_secret(text) is None] == []


def test_the_figure_of_refused_shapes() -> None:
    """At least fifty shapes are known, and a drawn seed, printed here, finds no key of a vendor's shape missed."""
    print(f"seed {FRESH}")
    assert len(SHAPES) >= 50
    random = Random(FRESH)
    keys = {shape: [make(random) for _ in range(40)] for shape, make in SHAPES.items()}
    missed = {shape: sum(find_secret(key) is None for key in generated) for shape, generated in keys.items()}
    # A key that is nothing but random characters may spell words by chance: one in 2,000 for the worst shape.
    assert sum(missed[shape] for shape in BARE) <= 3, (FRESH, missed)
    # With a vendor's mark only chance against chance is left: measured one in 10,000 for the worst shape.
    assert sum(count for shape, count in missed.items() if shape not in BARE) <= 1, (FRESH, missed)


def test_harmless_text_passes() -> None:
    """Ten thousand slugs, model names, descriptions, addresses, ids and commit hashes hold no credential."""
    wrong = [text for text in islice(harmless(Random(11)), 10_000) if find_secret(text) is not None]
    assert wrong == []


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_public_identifiers_pass(kind: str) -> None:
    """Ids of accounts, projects and deployments pass alone, in prose, in quotes, in lists and as a header's value."""
    random = Random(kind)
    frames = [EMBEDDED[name] for name in EMBEDDED if name not in ("assignment", "query", "sentence", "comment")]
    frames.append("anthropic-workspace-id: {}")
    texts = [frame.replace("{}", IDENTIFIERS[kind](random)) for frame in frames for _ in range(10)]
    assert [text for text in texts if find_secret(text) is not None] == []


@pytest.mark.parametrize(
    "frame",
    [
        "org-{url64}",
        "proj_{base64}",
        "xorg-{alnum}",
        "vs_{alnum}{alnum}{alnum}",
        "api_key=org-{alnum}",
        "https://mainnet.example.com/v3/{hex}",
        "https://gateway.example.com/v1/{hex}/chat",
        "https://api.example.com/accounts/{alnum}/ai",
        "https://api.example.com/accounts/{hex}{hex}/ai",
        "accounts/acme/deployedModels/{alnum}",
    ],
)
def test_the_place_of_an_identifier_hides_no_key(frame: str) -> None:
    """What has not the alphabet, the length or the place of an identifier is judged as ever."""
    random = Random(frame)
    makers = {"{url64}": some(URL64, 74), "{base64}": some(BASE64, 40), "{hex}": some(HEX, 32)}
    makers["{alnum}"] = some(ALNUM, 40)
    for _ in range(20):
        text = frame
        for hole, make in makers.items():
            text = text.replace(hole, make(random))
        assert find_secret(text) is not None, text


@pytest.mark.parametrize("prefix", ["org-", "wrkspc_", "/accounts/", "deployedModels/"])
def test_keys_behind_the_mark_of_an_identifier_are_found(prefix: str) -> None:
    """A vendor's key is told by its own shape, whatever stands before it."""
    random = Random(prefix)
    keys = {shape: make(random) for shape, make in SHAPES.items() if shape not in (*BARE, "azure-client")}
    assert [shape for shape, key in keys.items() if find_secret(f"{prefix}{key}") is None] == []


def test_real_names_pass() -> None:
    """No key, name or address of a real catalogue of 4,553 models is taken for a credential."""
    catalogue = DATA / "catalogue" / "litellm_model_prices.json"
    if not catalogue.exists():
        pytest.skip(f"NOT CHECKED: {catalogue} is absent; the catalogue of real model names is needed")
    names: set[str] = set()
    pending = [json.loads(catalogue.read_text(encoding="utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            names |= node.keys()
            pending += node.values()
        elif isinstance(node, list):
            pending += node
        elif isinstance(node, str):
            names.add(node)
    assert len(names) > 4_553
    assert [text for text in sorted(names) if find_secret(text) is not None] == []


def test_real_configuration_files_pass() -> None:
    """The lines of real files, whose keys were taken out, raise no alarm."""
    if not DATA.exists():
        pytest.skip(f"NOT CHECKED: {DATA} is absent; real configuration files are needed")
    files = [path for path in sorted((DATA / "configs").rglob("*")) if path.is_file()]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 1_000
    assert [line for line in lines if find_secret(line) is not None] == []


@pytest.mark.parametrize(
    "text",
    [
        "OPENAI_API_KEY",
        "sk-1234",
        "sk-ant-api03-" + "x" * 80,
        "sk-proj-your-api-key-goes-here-please",
        "gsk_" + "*" * 52,
        "sk-telecom-a-dot-x-4-0-light-20250115",
        "pplx-70b-online-chat-instruct",
        "https://${USER}:${PASSWORD}@proxy.example.com/",
        "https://proxy.example.com/v1?api_key=${KEY_FROM_ENV}",
        "Bearer tokens-are-not-allowed-in-files",
        "secret: ProductionVaultOpenAiKey",
        "-----BEGIN PUBLIC KEY-----",
        "commits b469a113cedc, 0b64fdafe049 and 5dc9490bb35f",
        "team@example.com answers at https://status.example.com",
    ],
)
def test_blanks_and_look_alikes_pass(text: str) -> None:
    """Placeholders, names of variables and words about credentials are not credentials."""
    assert find_secret(text) is None


def test_base64_broken_by_signs_is_refused() -> None:
    """A base64 string whose signs cut it into pieces as short as a name's is told by its plus signs."""
    random = Random(10)
    for _ in range(50):
        assert find_secret("+".join(some(ALNUM, 4)(random) for _ in range(8)) + "/7a") is not None


def test_the_first_line_of_a_private_key_is_enough() -> None:
    """A comment that holds only the line a private key begins with is refused; a public key's is not."""
    assert find_secret("# -----BEGIN PRIVATE" + " KEY-----") is not None
    assert find_secret("# -----BEGIN EC PRIVATE" + " KEY-----") is not None
    assert find_secret("# -----BEGIN PUBLIC" + " KEY-----") is None


def test_an_escaped_scalar_hides_nothing() -> None:
    """A key written with escapes, or cut over lines by them, keeps its file from being skipped."""
    key = SHAPES["groq"](Random(12))
    for written in ("".join(f"\\x{ord(c):02x}" for c in key), "\\\n  ".join(key)):
        text = f'description: "{written}"\n'
        assert yaml.safe_load(text) == {"description": key}
        assert may_hold_secret(text)


def test_a_commit_is_known_by_its_word() -> None:
    """The same forty hex digits are a commit where they are called one, and refused where nothing explains them."""
    digits = some(HEX, 40)(Random(5))
    assert find_secret(f"as of commit {digits}") is None
    assert find_secret(f"as of commits {digits}, {digits} and {digits}") is None
    assert find_secret(f"pip install tool@{digits}") is None
    assert find_secret(f"x-key {digits}") is not None


def test_a_fingerprint_names_the_value_alone() -> None:
    """The fingerprint is 16 hex digits, equal wherever the value stands, other for another value, never the value."""
    random = Random(6)
    groq_key, other_key = SHAPES["groq"](random), SHAPES["groq"](random)
    first, second = find_secret(groq_key), find_secret(f"use '{groq_key}' now")
    assert first == second
    assert first is not None
    assert first.kind == "Groq API key"
    assert len(first.fingerprint) == 16
    assert int(first.fingerprint, 16) >= 0
    assert first.fingerprint == fingerprint(groq_key) != fingerprint(other_key)
    assert groq_key not in repr(first)


def test_every_credential_of_a_text_is_named() -> None:
    """A text with three credentials yields three, in their order, so that releasing one releases no other."""
    random = Random(7)
    keys = [SHAPES[shape](random) for shape in ("github", "mistral", "anthropic")]
    names = list(find_secrets(" and ".join(keys)))
    assert [secret.fingerprint for secret in names] == [fingerprint(key) for key in keys]


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ("anthropic", "Anthropic API key"),
        ("openai", "OpenAI API key"),
        ("deepseek", "DeepSeek API key"),
        ("openrouter", "OpenRouter API key"),
        ("google", "Google API key"),
        ("aws-id", "AWS access key id"),
        ("github-fine-grained", "GitHub token"),
        ("slack-bot", "Slack token"),
        ("jwt", "JSON web token"),
        ("pem", "private key"),
        ("url-password", "password in a URL"),
        ("query", "credential in a URL's query"),
        ("huggingface-organisation", "Hugging Face token"),
        ("bearer", "named credential"),
        ("aws-secret", "long random string"),
    ],
)
def test_the_kind_is_said(shape: str, kind: str) -> None:
    """A finding says what kind of credential it is, which tells whom to ask for a new one."""
    secret = find_secret(SHAPES[shape](Random(8)))
    assert secret is not None
    assert secret.kind == kind


def test_the_owner_is_taken_from_the_words_around() -> None:
    """A key without a vendor's mark is named after the vendor that the text speaks of."""
    secret = find_secret("mistral: " + SHAPES["mistral"](Random(9)))
    assert secret is not None
    assert secret.kind == "Mistral key or other random string"


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(SHAPES)), min_size=1, max_size=4), st.integers(0, 2**32), st.text())
def test_stars_keep_places_and_hide_every_value(shapes: list[str], seed: int, around: str) -> None:
    """Starring a text changes no length and leaves none of its credentials to be found."""
    random = Random(FRESH)
    text = around + " " + f" {around} ".join(SHAPES[shape](random) for shape in shapes)
    starred = star_secrets(text)
    assert len(starred) == len(text)
    assert find_secret(starred) is None
    assert all(old == new or new == "*" for old, new in zip(text, starred, strict=True))


scalars = st.one_of(
    st.text(max_size=60),
    st.builds(
        lambda shape, place, seed: EMBEDDED[place].replace("{}", SHAPES[shape](Random(seed))),
        st.sampled_from(sorted(SHAPES)),
        st.sampled_from(sorted(EMBEDDED)),
        st.integers(0, 2**32),
    ),
    st.builds(lambda seed, size: some(ALNUM, size)(Random(seed)), st.integers(0, 2**32), st.integers(10, 50)),
)


@settings(deadline=None)
@given(
    st.dictionaries(scalars, st.one_of(scalars, st.lists(scalars, max_size=3)), min_size=1, max_size=4),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from([20, 80, 10_000]),
    st.booleans(),
)
def test_a_file_that_may_be_skipped_holds_no_secret(
    document: dict[str, object], style: str | None, width: int, flow: bool
) -> None:
    """Whatever the style of quoting and folding: if a scalar of a file holds a credential, the file may hold one."""
    text = yaml.safe_dump(document, default_style=style, width=width, default_flow_style=flow, allow_unicode=True)
    values = [token.value for token in yaml.scan(text) if isinstance(token, yaml.ScalarToken)]
    assert values
    if any(find_secret(scalar) for scalar in values):
        assert may_hold_secret(text)


def test_ordinary_files_are_skipped() -> None:
    """A file of routing policy without a credential is skipped by one cheap look at its text."""
    assert not may_hold_secret(
        "tenants:\n  acme:  # moved in March, figures of commit b469a113cedc\n    preset: balanced\n"
        "    weights: {quality: 0.40, latency: 0.30, cost: 0.30}\n    description: Answers in the support chat\n"
        "    banned_models: [claude-opus-4-20251110, qwen3-235b-a22b-instruct-2507]\n"
    )
