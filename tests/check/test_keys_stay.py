"""No fix takes away the key with which a provider is called, or the way in which it is sent."""

from __future__ import annotations

import random
import re
from collections import Counter

from routecomp.model.edit_distance import edit_distance
from routecomp.source.edits import apply_fixes
from tests.check.full_project import EXPERIMENTS, MODELS, PROVIDERS, TEXTS, findings
from tests.check.mistakes import slip
from tests.check.project import checked, fixed, project

VERTEX = """\
providers:
  x:
    adapter: vertex
    base_url: https://x.example
    chat_path: /v1/endpoints/openapi/chat/completions
    stream_path: /v1/endpoints/openapi/chat/completions
    stack: us
"""
KEYED = {
    PROVIDERS: TEXTS[PROVIDERS]
    .replace("    api_key_env: OPENAI_API_KEY\n", "    auth: bearer\n    api_key_env: OPENAI_API_KEY\n")
    .replace("providers:\n", """\
providers:
  claude:
    adapter: anthropic
    base_url: https://api.anthropic.com
    api_key_env: ANTHROPIC_API_KEY
    stack: us
  google:
    adapter: gemini
    base_url: https://generativelanguage.googleapis.com
    auth: x-goog-api-key
    api_key_env: GOOGLE_API_KEY
    stack: us
"""),
    MODELS: TEXTS[MODELS].replace("    share: 0.6\n", "    share: 0.6\n    api_key_env: SMALL_API_KEY\n"),
    EXPERIMENTS: TEXTS[EXPERIMENTS].replace(
        "versions: [{version: 1, model: gpt-6.1-sol}]",
        "versions:\n          - version: 1\n            model: gpt-6.1-sol\n            api_key_env: TRIAL_API_KEY",
    ),
}  # fmt: skip
_KEY = re.compile(r"^ *-? *(?:auth|api_key_env|cf-aig-authorization): (.*)$", re.MULTILINE)


def mistakes() -> list[tuple[str, str, str]]:
    """Return each line of the bodies that send keys: left out, with nothing behind its colon, or with a slip."""
    chance = random.Random(12)
    drawn = []
    for path, text in KEYED.items():
        lines = text.splitlines(keepends=True)
        for index, line in enumerate(lines):
            if path != PROVIDERS and "api_key_env" not in line:
                continue
            key, _, value = line.rstrip("\n").partition(":")
            others = ["", f"{key}:\n", f"{slip(chance, key)}:{value}\n"]
            if re.search("[a-z]", value, re.IGNORECASE):
                others += [f"{key}:{slip(chance, value)}\n", f"{key}:{value.upper()}\n"]
            others += [f"{key}: {word}\n" for word in ("None", "nome", "no", "false", "~") if "auth" in key]
            for other in others:
                after = "".join([*lines[:index], other, *lines[index + 1 :]])
                drawn.append((path, f"{line.strip()} -> {other.strip()}", after))
    return drawn


def test_no_fix_takes_a_key_away() -> None:
    """Whatever is wrong, `auth` and `api_key_env` after a fix are those before, or a near spelling."""
    fixes = 0
    for path, what, text in mistakes():
        for found in findings({**KEYED, path: text}):
            if found.fix is None or any(edit.span.path != path for edit in found.fix.edits):
                continue
            fixes += 1
            before = Counter(value.strip() for value in _KEY.findall(text))
            after = Counter(value.strip() for value in _KEY.findall(apply_fixes(text, [found.fix])))
            gone, written = list((before - after).elements()), list((after - before).elements())
            known = "\n".join(KEYED.values())
            assert "none" not in written or what.startswith("auth: none ->"), (what, found.fix)
            assert all(value in known for value in written), (what, found.fix)
            for value in gone:
                assert any(edit_distance(value.lower(), other.lower()) <= 2 for other in written), (what, found.fix)
    assert fixes > 40


def test_a_change_of_adapter_keeps_how_calls_are_authorised() -> None:
    """The fix that writes another adapter writes the `auth` of the one before, where no key is named."""
    files = project(routes_x=VERTEX)
    (found,) = checked(files).diagnostics
    assert found.rule == "RC432"
    assert "`auth: oauth`" in found.help
    after = fixed(files)
    assert b"adapter: openai_compatible\n    auth: oauth\n" in after["routes/x.yaml"]
    assert checked(after).diagnostics == []
