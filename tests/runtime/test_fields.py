"""Every field of the two files is needed, and of its kind: a table that lacks one or bends one is refused in words."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from routecomp.runtime.resolver import Router

from .tables import FALLBACK, PLAIN, TABLE, encode

# Kind: the words for it; values that are not of it; values that just are.
KINDS: dict[str, tuple[str, list[Any], list[Any]]] = {
    "text": ("text", [None, 5, True, ["x"], "\ud800", "x\udfff"], []),
    "free text": ("text", [None, 5, True, ["x"], "\ud800"], ["", "x", "é", "💥"]),
    "name": ("text or null", [5, ["x"], "\ud800"], [None, "x", "é"]),
    "target or null": ("text or null", [5, ["x"], "\ud800"], [None, "auto"]),
    "flag": ("true or false", [None, 0, 1, "true"], [True, False]),
    "share": ("a whole number from 0 to 10000", [None, -1, 10001, True, False, "1"], [0, 1, 9999, 10000]),
    "floor": ("a whole number from 0 to 10000 or null", [-1, 10001, True, "1"], [None, 0, 1, 9999, 10000]),
    "sample": ("a whole number from 1 to 10000", [None, 0, -1, 10001, True, "1"], [1, 10000]),
    "dial": ("a whole number from -10000 to 10000", [None, -10001, 10001, True, "1"], [-10000, 0, 10000]),
    "count": ("a whole number of at least 0", [None, -1, True, "1"], [0, 1, 10**30]),
    "positive": ("a whole number of at least 1", [None, 0, -1, True, "1"], [1, 10**30]),
    "positive or null": ("a whole number of at least 1 or null", [0, -1, True, "1"], [None, 1, 10**30]),
    "names": ("a list of text", [None, "x", {"x": "y"}, 5, [1], ["x", None]], []),
    "names or null": ("a list of text or null", ["x", {"x": "y"}, 5, [1], ["x", None]], [None, [], ["x"]]),
    "params": ("the text of a JSON object or null", [5, "", "{", "[1]", "null", {"x": 1}], [None, "{}", '{"x": 1}']),
    "list": ("a list", [None, "x", {"x": "y"}, 5], []),
    "texts": ("an object of text", [None, ["x"], {"x": 1}, {"x": "y", "z": None}], []),
    "free texts": ("an object of text", [None, ["x"], {"x": 1}, {"x": "y", "z": None}], [{}, {"x": "y"}]),
    "cents": ("a whole number of at least 0 or null", [-1, True, "1"], [None, 0, 1, 10**30]),
    "status": ("one of primary, shadow, retired", [None, "", "Primary", "primary,", 1], []),
    "standing": ("one of active, paused, completed", [None, "draft", "Active"], ["active", "paused"]),
    "pause": ("one of reject, control", [None, "wait"], ["reject", "control"]),
    "preference": ("one of quality, balanced, cost", [None, 5, "", "Cost"], []),
    "unknown": ("one of default, reject", [None, "maybe"], ["default", "reject"]),
    "stack": ("text that does not begin with avoid-", [None, 5, "\ud800", "avoid-", "avoid-eu"], ["void-eu", "é"]),
    "anything": ("anything", [], []),
}  # fmt: skip

PERMISSION = {
    "banned_models": "names", "banned_providers": "names", "compliance_bp": "share", "stacks": "names or null",
}  # fmt: skip
# What tables of format 2.0 do not have: a file may lack it.
SERVICE = {
    "connect_ms": "positive or null", "first_token_ms": "positive or null", "parallel": "positive or null",
    "params": "params", "rpm": "positive or null", "total_ms": "positive or null", "tpm": "positive or null",
}  # fmt: skip
WIRE = {
    "auth": "name", "base_url": "name", "headers": "free texts", "region": "name", "secret_headers": "free texts",
    "stream_url": "name",
}  # fmt: skip
BUDGET = {"daily_cents": "cents", "monthly_cents": "cents"}
OF_MODELS = {
    "max_output_tokens": "positive or null", "successor": "name", "sunset": "name", "upstream_in_path": "name",
}  # fmt: skip
LATER = {*SERVICE, *WIRE, *BUDGET, *OF_MODELS, "retries", "on_unavailable", "max_daily_cents"}
MODEL = SERVICE | OF_MODELS | {"api_key_env": "name"} | {
    "active": "flag", "capabilities": "names", "compliance_bp": "share", "context_window": "positive",
    "input_pusd": "count", "latency_ms": "count", "listed": "flag", "logical": "name", "min_output_tokens": "count",
    "output_pusd": "count", "output_ratio_bp": "count", "provider": "text", "quality_bp": "share",
    "upstream": "free text",
}  # fmt: skip
PROVIDER = SERVICE | WIRE | {"adapter": "free text", "api_key_env": "name", "stack": "stack", "url": "free text"}
DEFAULTS = {"model": "text", "policy": "text", "routes": "texts", "unknown_tenant": "unknown"}

# Where a body is, what it is called, and its fields.
IN_TABLE: list[tuple[tuple[Any, ...], str, dict[str, str]]] = [
    (("providers", "mistral"), "provider 'mistral'", PROVIDER),
    (("models", "qwen-max"), "model 'qwen-max'", MODEL),
    (("policies", "p-floor"), "policy 'p-floor'",
     PERMISSION | {"fallback": "flag", "max_quality_loss_bp": "share", "min_quality_bp": "floor", "penalised": "text",
                   "plain": "text"}),
    (("defaults",), "`defaults`", DEFAULTS),
    (("resilience",), "`resilience`",
     {"cooloff_s": "positive", "failures": "positive", "max_attempts": "positive", "window_s": "positive",
      "retries": "count"}),
    (("preferences",), "`preferences`",
     {"clamp_bp": "list", "default": "preference", "dial_bp": "anything", "gate_env": "name", "good_bp": "share"}),
    (("preferences", "dial_bp"), "`dial_bp`", {"balanced": "dial", "cost": "dial", "quality": "dial"}),
    (("features", "secret"), "feature 'secret'",
     {"fallback": "names", "min_quality_bp": "floor", "rows": "list", "then": "target or null"}),
    (("features", "chat", "rows", 0), "feature 'chat': a row", {"model": "text", "status": "status"}),
    (("features", "chat", "rows", 3), "feature 'chat': the row of 'mini'",
     {"sample_bp": "sample", "max_daily_cents": "cents"}),
    (("budgets", "berlin"), "the budget of tenant 'berlin'", BUDGET),
    (("targets", "europe"), "target 'europe'", {"candidates": "anything", "min_quality_bp": "floor"}),
    (("experiments", "preview/nimbus"), "experiment of 'preview/nimbus'",
     {"experiment": "free text", "on_pause": "pause", "salt": "free text", "slots": "list", "status": "standing",
      "variants": "list", "winner": "anything", "on_unavailable": "pause"}),
    (("experiments", "preview/nimbus", "variants", 1), "experiment of 'preview/nimbus': a variant",
     {"api_key_env": "name", "id": "free text", "model": "text", "version": "positive"}),
]  # fmt: skip
IN_FALLBACK: list[tuple[tuple[Any, ...], str, dict[str, str]]] = [
    (("providers", "mistral"), "provider 'mistral'", PROVIDER),
    (("models", "gpt"), "model 'gpt'", MODEL),
    (("permissions", "f-open"), "permission 'f-open'", PERMISSION),
    (("defaults",), "`defaults`", DEFAULTS),
    (("preferences",), "`preferences`", {"default": "preference", "gate_env": "name", "names": "names"}),
]

FIELDS = [
    (where, path, what, key, kind)
    for where, bodies in (("table", IN_TABLE), ("fallback", IN_FALLBACK))
    for path, what, fields in bodies
    for key, kind in fields.items()
]


def bent(where: str, path: tuple[Any, ...], key: str, value: Any) -> bytes:
    """Return the file with another value in one place; `...` removes the key."""
    body = deepcopy(TABLE | {"budgets": {"berlin": {}}} if where == "table" else FALLBACK)
    place: Any = body
    for step in path:
        place = place[step]
    if value is ...:
        place.pop(key, None)
    else:
        place[key] = value
    return encode(body)


def said(where: str, raw: bytes) -> str | None:
    """Why a file was refused; None if it serves."""
    if where == "table":
        reason: str | None = Router.from_bytes(raw).status()["last_rejection"]
        return reason and reason.removeprefix("routing table: ")
    words: str = Router.from_bytes(None, raw).status()["fallback"]
    return None if words == "loaded" else words.removeprefix("refused: ")


@pytest.mark.parametrize(("where", "path", "what", "key", "kind"), FIELDS)
def test_a_field_is_there_and_of_its_kind(where: str, path: tuple[Any, ...], what: str, key: str, kind: str) -> None:
    """A missing field and each value that is not of the field's kind are refused, saying where and what is wanted."""
    words, wrong, right = KINDS[kind]
    if key in LATER or (key == "api_key_env" and path[0] == "models"):
        assert said(where, bent(where, path, key, ...)) is None
    elif kind != "sample":  # a shadow without a sample is never mirrored
        assert said(where, bent(where, path, key, ...)) == f"{what} has no `{key}`"
    for value in wrong:
        assert said(where, bent(where, path, key, value)) == f"{what}: `{key}` is not {words}", value
    for value in right:
        assert said(where, bent(where, path, key, value)) is None, value


@pytest.mark.parametrize("where", ["table", "fallback"])
def test_a_section_is_there(where: str) -> None:
    """A file that lacks a section is refused by the section's name; sections are objects."""
    body = TABLE if where == "table" else FALLBACK
    for key in body:
        assert said(where, bent(where, (), key, ...)) == f"the file has no `{key}`"
        if key not in ("format", "requires", "stacks"):
            words = {"aliases": " of text", "orders": " of text", "preferences": " or null"}.get(key, "")
            assert said(where, bent(where, (), key, "none")) == f"the file: `{key}` is not an object{words}"
    assert said(where, bent(where, (), "requires", "none")) == "the file: `requires` is not a list of text"
    assert said(where, bent(where, (), "format", None)) == "the file: `format` is not text"
    if where == "fallback":
        assert said(where, bent(where, (), "stacks", {"x": "y"})) == "the file: `stacks` is not text"


SECTIONS = {
    **dict.fromkeys(("feature_aliases", "model_aliases", "patterns", "shadow_salts", "unanswered"), " of text"),
    "budgets": "",
    "shares": "",
}


@pytest.mark.parametrize("key", SECTIONS)
def test_a_section_of_later_formats(key: str) -> None:
    """A file may lack it, and where it is there it is an object."""
    assert said("table", bent("table", (), key, ...)) is said("table", bent("table", (), key, {})) is None
    wrong: list[Any] = [None, [], "x", {"x": 5} if SECTIONS[key] else 5]
    for value in wrong:
        assert said("table", bent("table", (), key, value)) == f"the file: `{key}` is not an object{SECTIONS[key]}"


NO_OBJECT = [
    (where, path, what)
    for where, bodies in (("table", IN_TABLE), ("fallback", IN_FALLBACK))
    for path, what, _ in bodies
    if len(path) > 1 and what not in ("`dial_bp`",) and "the row of" not in what
]


@pytest.mark.parametrize(("where", "path", "what"), NO_OBJECT)
def test_a_body_is_an_object(where: str, path: tuple[Any, ...], what: str) -> None:
    """A text in place of a body is refused."""
    assert said(where, bent(where, path[:-1], path[-1], "x")) == f"{what} is not an object"


REFERENCES: list[tuple[tuple[Any, ...], str, Any, str]] = [
    (("policies", "p-floor"), "plain", "gone", "policy 'p-floor' names the order 'gone'"),
    (("policies", "p-floor"), "penalised", "gone", "policy 'p-floor' names the order 'gone'"),
    (("policies", "p-floor"), "banned_models", ["mini", "gone"], "policy 'p-floor' names the banned model 'gone'"),
    (("policies", "p-floor"), "banned_providers", ["gone"], "policy 'p-floor' names the banned provider 'gone'"),
    (("defaults",), "model", "gone", "`defaults` names the model 'gone'"),
    (("defaults",), "policy", "gone", "`defaults` names the policy 'gone'"),
    (("defaults",), "routes", {"x": "mini", "y": "gone"}, "`defaults`: a route names the model 'gone'"),
    (("tenants",), "acme", "gone", "tenant 'acme' names the policy 'gone'"),
    (("features", "secret"), "fallback", ["gone"], "feature 'secret' names the model 'gone'"),
    (("features", "secret"), "then", "gone", "feature 'secret' names the target 'gone'"),
    (("features", "chat", "rows", 0), "model", "gone", "feature 'chat' names the model 'gone'"),
    (("targets", "europe"), "candidates", {"models": ["gone"]}, "target 'europe' names the model 'gone'"),
    (("targets", "europe"), "candidates", {"logical": "gone"}, "target 'europe' names the logical model 'gone'"),
    (("aliases",), "x", "gone", "an alias names the target 'gone'"),
    ((), "feature_aliases", {"x": "chat", "y": "auto"}, "an alias names the feature 'auto'"),
    ((), "model_aliases", {"x": "opus", "y": "gpt-logical"}, "an alias names the model 'gpt-logical'"),
    ((), "patterns", {"x*": "auto", "y*": "opus"}, "a pattern names the target 'opus'"),
    (("experiments", "preview/nimbus", "variants", 1), "model", "gone",
     "experiment of 'preview/nimbus' names the model 'gone'"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "key", "value", "reason"), REFERENCES)
def test_a_reference_resolves(path: tuple[Any, ...], key: str, value: Any, reason: str) -> None:
    """A name of something that the table does not hold is refused, with what names it and what it should be."""
    assert said("table", bent("table", path, key, value)) == f"{reason}, which is not in the file"


def test_references_of_the_fallback_resolve() -> None:
    """A tenant, or everybody else, whose permission the fallback file lacks would escape it."""
    reason = "tenant 'acme' names the permission 'gone', which is not in the file"
    assert said("fallback", bent("fallback", ("tenants",), "acme", "gone")) == reason
    reason = "`defaults` names the permission 'gone', which is not in the file"
    assert said("fallback", bent("fallback", ("defaults",), "policy", "gone")) == reason


def test_a_ban_may_name_what_serves_nowhere() -> None:
    """A ban of a provider that only models name, or of one that no model has, is a ban all the same."""
    assert said("table", bent("table", ("policies", "p-floor"), "banned_providers", ["anthropic", "qwen"])) is None
    body = bent("table", ("policies", "p-floor"), "banned_models", ["gpt-logical", "opus"])
    assert said("table", body) is None
    lonely = deepcopy(TABLE)
    lonely["providers"]["idle"] = TABLE["providers"]["qwen"]
    lonely["policies"]["p-floor"]["banned_providers"] = ["idle"]
    assert said("table", encode(lonely)) is None
    del lonely["providers"]["mistral"]
    lonely["policies"]["p-floor"]["banned_providers"] = ["mistral"]
    assert said("table", encode(lonely)) is None


NO_SLOTS: list[Any] = [[], {}, None, 5, "x", {"0": "gpt"}]
WHOLE: list[tuple[tuple[Any, ...], str, Any, str]] = [
    ((), "format", "1.9", "format 1.9 is not readable here, this resolver reads 2.1: compile it again"),
    ((), "format", "3.0", "format 3.0 is not readable here, this resolver reads 2.1: use the resolver.py that was "
     "compiled with it"),
    ((), "format", "1", "`format` is '1', not two numbers with a point between"),
    ((), "format", "1.", "`format` is '1.', not two numbers with a point between"),
    ((), "format", ".1", "`format` is '.1', not two numbers with a point between"),
    ((), "requires", ["x"], "the file requires 'x', which this resolver does not know"),
    *[(("orders",), "o-plain", text, "order 'o-plain' does not name every model exactly once")
      for text in (PLAIN.replace(" ", "  ", 1), PLAIN.replace(" ", "\t"), " " + PLAIN, PLAIN + " ")],
    (("orders",), "o-plain", "opus gpt", "order 'o-plain' does not name every model exactly once"),
    (("preferences",), "clamp_bp", [8500, 5000],
     "`preferences`: `clamp_bp` is not two numbers from 0 to 10000 in order"),
    (("preferences",), "clamp_bp", [5000, 6000, 7000],
     "`preferences`: `clamp_bp` is not two numbers from 0 to 10000 in order"),
    (("preferences",), "clamp_bp", [-1, 6000],
     "`preferences`: `clamp_bp` is not two numbers from 0 to 10000 in order"),
    (("targets", "europe"), "candidates", "ALL",
     "target 'europe': `candidates` is none of \"all\", models, stacks and logical"),
    (("targets", "europe"), "candidates", {"models": ["mini"], "x": "y"},
     "target 'europe': `candidates` is none of \"all\", models, stacks and logical"),
    (("targets", "europe"), "candidates", {"models": "mini"},
     "target 'europe': `candidates` is none of \"all\", models, stacks and logical"),
    (("targets", "europe"), "candidates", {"stacks": ["eu"], "x": "y"},
     "target 'europe': `candidates` is none of \"all\", models, stacks and logical"),
    (("targets", "europe"), "candidates", {"stacks": "eu"},
     "target 'europe': `candidates` is none of \"all\", models, stacks and logical"),
    (("targets", "europe"), "candidates", {"logical": "gpt-logical", "x": "y"},
     "target 'europe': `candidates` is none of \"all\", models, stacks and logical"),
    (("targets", "europe"), "candidates", {"logical": ["gpt-logical"]},
     "target 'europe': `candidates` is none of \"all\", models, stacks and logical"),
    (("experiments", "preview/nimbus"), "variants", [], "experiment of 'preview/nimbus' has no variant"),
    (("experiments", "preview/nimbus"), "winner", 2,
     "experiment of 'preview/nimbus': `winner` is not the number of a variant or null"),
    (("experiments", "preview/nimbus"), "winner", -1,
     "experiment of 'preview/nimbus': `winner` is not the number of a variant or null"),
    (("experiments", "preview/nimbus"), "status", "completed",
     "experiment of 'preview/nimbus' is completed without a winner"),
    *[((("experiments", "preview/nimbus"), "slots", slots,
        "experiment of 'preview/nimbus': `slots` holds something else than [first slot, variant]"))
      for slots in ([[0, 2]], [[0, -1]], [[0, 0, 0]], [[0]], [0], [[-1, 0]], [["0", 0]], [{"0": 0}])],
    *[((("experiments", "preview/nimbus"), "slots", slots,
        "experiment of 'preview/nimbus': `slots` does not rise from 0 to at most 9999"))
      for slots in ([], [[1, 0]], [[0, 0], [0, 1]], [[0, 0], [10000, 1]], [[0, 0], [20, 1], [10, 0]])],
    *[((), "patterns", {text: "auto"}, f"the pattern {text!r} does not end in its only `*`")
      for text in ("", "x", "*x", "x*y", "x**", "**")],
    *[((), "shares", {"gpt-logical": slots}, "shares of 'gpt-logical' are not a list of [first slot, model]")
      for slots in NO_SLOTS],
    *[((), "shares", {"gpt-logical": slots}, "shares of 'gpt-logical' hold something else than [first slot, model]")
      for slots in ([[0]], [[0, "gpt", 1]], [0], [["0", "gpt"]], [[0, 5]], [[-1, "gpt"]], [{"0": "gpt", "1": "x"}],
                    ["0g"])],
    *[((), "shares", {"gpt-logical": slots}, "shares of 'gpt-logical' do not rise from slot 0 to at most 9999")
      for slots in ([[1, "gpt"]], [[0, "gpt"], [0, "gpt-eu"]], [[0, "gpt"], [10000, "gpt-eu"]])],
    *[((), "shares", {name: slots},
       f"shares of {name!r} name {slug!r} twice, or it is no model of {name!r} in the file")
      for name, slots, slug in (("gpt-logical", [[0, "gpt"], [5, "gpt"]], "gpt"),
                                ("gpt-logical", [[0, "gone"]], "gone"),
                                ("gpt-logical", [[0, "gpt"], [9, "opus"]], "opus"),
                                ("gone", [[0, "gpt"]], "gpt"), ("gone", [[0, "hidden"]], "hidden"),
                                ("gone", [[0, "gone"]], "gone"))],
    *[((), section, {name: leads}, f"{name!r} names two things that `model` may name")
      for section, leads in (("aliases", "auto"), ("feature_aliases", "chat"), ("model_aliases", "opus"),
                             ("unanswered", "x"))
      for name in ("gpt", "gpt-logical", "preview/nimbus", "europe")],
]  # fmt: skip


@pytest.mark.parametrize(("path", "key", "value", "reason"), WHOLE)
def test_what_does_not_fit_is_refused(path: tuple[Any, ...], key: str, value: Any, reason: str) -> None:
    """Values of the right kind that do not fit what they are for are refused, each in its words."""
    assert said("table", bent("table", path, key, value)) == reason


FITTING: list[tuple[tuple[Any, ...], str, Any]] = [
    ((), "format", "2.0"),
    ((), "format", "2.99"),
    (("preferences",), "clamp_bp", [0, 10000]),
    (("preferences",), "clamp_bp", [5000, 5000]),
    (("experiments", "preview/nimbus"), "slots", [[0, 1]]),
    (("experiments", "preview/nimbus"), "slots", [[0, 0], [9999, 1]]),
    (("experiments", "preview/nimbus"), "winner", 0),
    (("experiments", "preview/nimbus"), "winner", 1),
    (("experiments", "preview/done"), "winner", 0),
    ((), "shares", {"gpt-logical": [[0, "gpt"]]}),
    ((), "shares", {"gpt-logical": [[0, "gpt-eu"], [9999, "gpt"]]}),
    ((), "patterns", {"*": "auto", "a*": "europe", "ab*": "auto", "b*": "auto"}),
]


@pytest.mark.parametrize(("path", "key", "value"), FITTING)
def test_what_just_fits_is_served(path: tuple[Any, ...], key: str, value: Any) -> None:
    """Values at their bounds are good ones."""
    assert said("table", bent("table", path, key, value)) is None
