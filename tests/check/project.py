"""Make small projects from texts, and check them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from routecomp.checker import Checked, Options, check
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.source.edits import apply_fixes

TODAY = date(2026, 11, 20)

PROVIDERS = """\
providers:
  alpha: {adapter: openai, api_key_env: ALPHA_KEY, base_url: https://alpha.example, chat_path: /v1/chat, stack: us}
  beta: {adapter: openai, api_key_env: BETA_KEY, base_url: https://beta.example, chat_path: /v1/chat, stack: eu}
"""
MODELS = """\
models:
  good: {provider: alpha, quality: 0.9, price: {input: 5, output: 20}, latency_ms: 2000, context_window: 200000}
  fair: {provider: beta, quality: 0.7, price: {input: 1, output: 4}, latency_ms: 900, context_window: 128000}
  poor: {provider: beta, quality: 0.4, price: {input: 0.1, output: 0.4}, latency_ms: 300, context_window: 32000}
"""
SCALES = """\
scoring:
  cost: {best: 0, worst: 75}
  latency_ms: {best: 0, worst: 10000}
"""
DEFAULTS = "defaults: {model: fair}\n" + SCALES
PREFERENCES = """\
preferences:
  default: balanced
  floors: {good: 0.50, frontier: 0.85}
  dial: {quality: +0.10, balanced: 0, cost: -0.10}
  clamp: [good, frontier]
"""


def project(**texts: str | bytes) -> dict[str, bytes]:
    """Return a clean project with some files replaced or added: `routes_models=…` is routes/models.yaml."""
    contents: dict[str, str | bytes] = {
        "routes_providers": PROVIDERS,
        "routes_models": MODELS,
        "routes_defaults": DEFAULTS,
        **texts,
    }
    return {
        name.replace("_", "/", 1) + ".yaml": text.encode() if isinstance(text, str) else text
        for name, text in contents.items()
    }


def checked(files: Mapping[str, bytes], today: date = TODAY, released: frozenset[str] = frozenset()) -> Checked:
    """Check a project on a given day."""
    return check(files, Options(today, released=released))


def findings(**texts: str | bytes) -> list[Diagnostic]:
    """Return the diagnostics of `project(**texts)`."""
    return checked(project(**texts)).diagnostics


def ids(**texts: str | bytes) -> list[str]:
    """Return the rules of the diagnostics of `project(**texts)`, sorted."""
    return sorted(diagnostic.rule for diagnostic in findings(**texts))


def at(diagnostic: Diagnostic) -> str:
    """Return the characters that a diagnostic underlines."""
    assert diagnostic.span is not None
    return diagnostic.span.text


def fixed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a project after one round of all its fixes."""
    fixes = [diagnostic.fix for diagnostic in checked(files).diagnostics if diagnostic.fix is not None]
    contents = {}
    for path, data in files.items():
        mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
        own = [fix for fix in fixes if fix.edits[0].span.path == path]
        text = data.removeprefix(mark).decode("utf-8", "surrogateescape")
        contents[path] = mark + apply_fixes(text, own).encode("utf-8", "surrogateescape")
    return contents
