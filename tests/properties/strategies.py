"""Draw valid programs as YAML text: every construct of docs/semantics.md, with ties on purpose.

One set of generators, two drivers: `Drawn` lets Hypothesis choose (and shrink), `Seeded` is the fast one of
the long runs. Requests are made the same way, in requests.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import hypothesis.strategies as st

from routecomp.model.figure import REQUIRED, SCALES, Figure
from routecomp.model.figures import BUDGET, MODEL, PROVIDER
from routecomp.model.numbers import format_decimal

T = TypeVar("T")
Files = dict[str, bytes]
GATE = "ROUTECOMP_TEST_GATE"


class Choices(Protocol):
    """Where the generators' decisions come from."""

    def whole(self, low: int, high: int) -> int:
        """Return a whole number low..high; shrinks to low."""


class Seeded:
    """Choices of a pseudo-random generator: the same seed, the same program."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed).random

    def whole(self, low: int, high: int) -> int:
        return low + int(self._random() * (high - low + 1))


class Drawn:
    """Choices of Hypothesis."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def whole(self, low: int, high: int) -> int:
        return int(self._draw(st.integers(low, high)))


def pick(c: Choices, options: Sequence[T]) -> T:
    """One of the options; shrinks to the first."""
    return options[c.whole(0, len(options) - 1)]


def chance(c: Choices, percent: int) -> bool:
    """Return true so often; shrinks to False."""
    return c.whole(0, 99) >= 100 - percent


def some(c: Choices, options: Sequence[T], most: int, least: int = 0) -> list[T]:
    """From `least` up to `most` different options, in any order; fewer where there are no more."""
    left, chosen = list(options), list[T]()
    for _ in range(c.whole(min(least, len(left)), min(most, len(left)))):
        chosen.append(left.pop(c.whole(0, len(left) - 1)))
    return chosen


class Number(str):
    """A number as it is written: plain, whatever its text looks like."""


# Few distinct values, so that ties are common; the first of each is the simplest.
QUALITIES = ("0.5", "0.85", "0.55", "0.50", "0.8501", "0.3", "1", "0")
PRICES = ("1", "2.50", "0", "5", "0.333333", "0.000001", "25.00")
RATIOS = ("0.5", "0", "0.3333", "2", "1")
LATENCIES = ("800", "1800", "0", "300", "801", "20000")
WINDOWS = ("8000", "1000", "8001", "200000", "1")
COMPLIANCES = ("1", "0.9", "0.5", "0.4999", "0")
# The numbers of a model by their path, and how often one is written that has a default.
MODEL_NUMBERS = {
    "quality": QUALITIES,
    "price.input": PRICES,
    "price.output": PRICES,
    "output_ratio": RATIOS,
    "latency_ms": LATENCIES,
    "context_window": WINDOWS,
    "min_output_tokens": ("100", "0", "1"),
    "max_output_tokens": ("400", "100", "101", "5000"),  # none below the least that a model needs
    "compliance": COMPLIANCES,
}
WRITTEN = {"output_ratio": 40, "compliance": 25}
THRESHOLDS = ("0.5", "0.9", "0", "1", "0.9001")
FLOORS = ("0.5", "0.55", "0.85", "0.3", "0.8", "0", "1", "0.9999")
WEIGHTS = (
    ("0.40", "0.30", "0.30"),
    ("0.6", "0.2", "0.2"),
    ("1", "0", "0"),
    ("0", "1", "0"),
    ("0", "0", "1.00"),
    ("0.33", "0.33", "0.34"),
    ("0.01", "0.98", "0.01"),
)
ADDRESSES = (
    ("https://api.example.com", "/v1/chat"),
    ("https://api.example.com/", "v1/chat"),
    ("https://x.example/v1", "/chat/v1"),
    ("http://localhost:8000/", "/chat"),
    ("https://[2001:db8::1]:8443/a", "b"),
)
BASES = ("https://api.example.com", "https://x.example/own//", "http://localhost:8000/v1beta/api")
ADAPTER_WORDS = (
    "openai",
    "bedrock",
    "anthropic",
    "gemini",
    "azure_openai",
    "openai_compatible",
    "openai_responses",
    "vertex",
    "cohere",
    "custom",
)
CAPABILITIES = ("streaming", "tools", "vision", "json-mode")
STACKS = ("us", "eu", "china")
MODEL_NAMES = (
    "alpha",
    "beta",
    "gamma",
    "delta",
    "m-1",
    "m.2",
    "7",
    "0.5",
    "true",
    "null",
    "no",
    "zeta_9",
    "omega",
    "z" * 63,
)
LOGICAL_NAMES = ("big", "small", "12")
FEATURE_NAMES = ("chat", "search", "summarise", "9", "agents")
TARGET_NAMES = ("auto", "fast", "cheap-one", "eu.only")
TENANT_NAMES = ("acme", "globex", "initech", "404", "umbrella", "1", "0", "1000000000000000000")
PUBLIC_IDS = ("preview/nimbus", "exp-id", "x/y/z", "Preview 1:x")
ALIASES = (
    "router/auto",
    "default-route",
    "a/b",
    "5",
    "openai/Qwen/Qwen3",
    "GPT 4o",
    "anthropic.claude-3:0",
    "!#$%&'()+,",
)
PATTERNS = ("*", "openai/*", "openai/gpt*", "x/y*", "p*", "GPT *", "preview/*")
PRESETS = ("balanced", "cost_first", "quality_first", "latency_first", "strict_no_fallback")
SHARES = (
    ("1",),
    ("0.5", "0.5"),
    ("0.9", "0.1"),
    ("0.0001", "0.9999"),
    ("0.3333", "0.3333", "0.3334"),
    ("0.2", "0.30", "0.5"),
)


def optional(c: Choices, body: dict[str, Any], key: str, options: Sequence[str], percent: int = 40) -> None:
    """Write a number under a key, or leave it to the default."""
    if chance(c, percent):
        body[key] = Number(pick(c, options))


def plain_numbers(figure: Figure) -> tuple[str, ...]:
    """Return numbers of a figure that has none of its own above: few, so that ties are common."""
    low, high = figure.bounds
    scale = SCALES.get(figure.unit, 0)
    return tuple(format_decimal(number, scale) for number in (low, low + 1, 100, 1000, high) if low <= number <= high)


def bp(text: str) -> int:
    """Return a number 0..1 as basis points."""
    whole, _, fraction = text.partition(".")
    return int(whole) * 10_000 + int(fraction.ljust(4, "0")[:4])


def program_files(c: Choices, crowds: bool = False) -> Files:
    """Return the YAML files of a valid program; one in 25 has a crowd of models, where `crowds` are wanted."""
    return Project(c, crowds and chance(c, 4)).files()


def provider_body(c: Choices, key: str) -> dict[str, Any]:
    """Return a provider without its stack: any adapter, with its own paths or other ones, and all that goes with it."""
    if not chance(c, 60):
        base, path = pick(c, ADDRESSES)
        body: dict[str, Any] = {"adapter": pick(c, ("openai", "anthropic", "custom")), "base_url": base}
        body["chat_path"] = path
        if chance(c, 20):
            body["stream_path"] = pick(c, ("/stream", "/s/{model}?x=1"))
    else:
        adapter = pick(c, ADAPTER_WORDS)
        body = {"adapter": adapter, "base_url": pick(c, BASES)}
        if adapter == "vertex" or (adapter not in ("azure_openai", "custom") and chance(c, 25)):
            body |= {"chat_path": pick(c, ("/p/{model}:go", "p/{model}/q?k=1")), "stream_path": "/p/{model}:stream"}
        elif adapter == "custom":
            body["chat_path"] = "/call"
        elif adapter == "gemini" and chance(c, 30):
            body |= {"chat_path": "/v1/models/{model}:generateContent", "stream_path": "/v1/models/{model}:s"}
    if body["adapter"] == "azure_openai" or chance(c, 15):
        body["query"] = {"api-version": "2024-10-21", "b c": pick(c, ("", "x/y", "&=?"))}
    if chance(c, 20):
        body["headers"] = pick(c, ({"X-One": "two words"}, {"Anthropic-Version": "2026-10-21", "x-a": ""}))
    if chance(c, 15):
        body["secret_headers"] = {"x-gateway": "GATEWAY_TOKEN"}
    if chance(c, 15):
        body["allow_http"] = Number("true")
        body["base_url"] = pick(c, ("http://vllm.svc:8000", "http://10.0.0.1", "http://gateway"))
    if chance(c, 40):
        body["auth"] = pick(c, ("none", "bearer", "header:x-own", "sigv4", "oauth", "api-key"))
    auth = body.get("auth", "oauth" if body["adapter"] == "vertex" else "bearer")
    if auth == "sigv4":
        if chance(c, 50):
            body["base_url"] = "https://bedrock-runtime.eu-central-1.amazonaws.com"
        else:
            body["region"] = "eu-north-1"
    if auth not in ("none", "sigv4", "oauth"):
        body["api_key_env"] = key
    return body


class Project:
    """One program in the making: `sections` holds plain data, names to bodies."""

    def __init__(self, c: Choices, crowd: bool) -> None:
        self.c, self.crowd = c, crowd
        self.sections: dict[str, dict[str, Any]] = {}
        self.providers()
        self.models()
        self.policies()
        self.preferences()
        self.targets()
        self.features()
        self.experiments()
        self.settings()
        self.call_names()

    def call_names(self) -> None:
        """Give aliases to targets, features and models: each name once, and patterns to targets alone."""
        c, names, patterns = self.c, list(ALIASES), list(PATTERNS)
        for section in ("features", "models"):
            for name, body in self.sections[section].items():
                if chance(c, 12):
                    body["was"] = f"{pick(c, ('was', 'zz'))}-{name}"[:60] + "x"
        for section, often in (("targets", 60), ("features", 40), ("models", 25)):
            for body in self.sections[section].values():
                aliases = some(c, names, 2, 1) if chance(c, often) else []
                if section == "targets" and chance(c, often):
                    aliases += some(c, patterns, 2, 1)
                names = [name for name in names if name not in aliases]
                patterns = [name for name in patterns if name not in aliases]
                if aliases:
                    body["aliases"] = aliases

    def providers(self) -> None:
        c, bodies = self.c, dict[str, Any]()
        for name in ("north", "south", "east", "1st")[: c.whole(1, 4)]:
            body = provider_body(c, f"HOST_{len(bodies)}_KEY") | {"stack": pick(c, STACKS)}
            if chance(c, 10):
                body["params"] = {"top": Number("1")}
            self.numbers(body, PROVIDER, 10)
            bodies[name] = body
        self.sections["providers"] = bodies
        self.stacks = sorted({body["stack"] for body in bodies.values()})

    def numbers(self, body: dict[str, Any], figures: Iterable[Figure], percent: int) -> None:
        """Write some of the numbers of a body, or of the parts in it."""
        for figure in figures:
            if figure.kind == "whole":
                *above, key = figure.keys
                if chance(self.c, percent):
                    part = body.setdefault(above[0], {}) if above else body
                    part[key] = Number(pick(self.c, plain_numbers(figure)))

    def models(self) -> None:
        c, bodies = self.c, dict[str, Any]()
        names = some(c, MODEL_NAMES, 8, pick(c, (1, 3, 5)))
        if self.crowd:  # for what depends on how many there are
            names += [f"crowd-{number}" for number in range(pick(c, (20, 60)))]
        for name in names:
            body: dict[str, Any] = {"provider": pick(c, list(self.sections["providers"]))}
            for figure in MODEL:
                if (
                    figure.kind == "whole" and figure.key is not None
                ):  # shares depend on each other: `shares` deals them
                    *above, key = figure.keys
                    part = body.setdefault(above[0], {}) if above else body
                    often = 100 if figure.default is REQUIRED else WRITTEN.get(figure.path, 30)
                    optional(c, part, key, MODEL_NUMBERS.get(figure.path) or plain_numbers(figure), often)
            if chance(c, 40):
                body["logical_slug"] = pick(c, LOGICAL_NAMES)
            if chance(c, 30):
                body["provider_model_name"] = pick(c, ("Up/Stream@1", "gpt~{x}", "7"))
            if chance(c, 75):
                body["capabilities"] = some(c, CAPABILITIES, 4, 1)
            if chance(c, 15) and "api_key_env" in self.sections["providers"][body["provider"]]:
                body["api_key_env"] = f"MODEL_{len(bodies)}_KEY"
            if chance(c, 10):
                body["params"] = {"top": Number("0.1"), "deep": {"a": [Number("true"), "x"]}}
            if chance(c, 10):
                body["sunset"] = pick(c, ("2026-11-19", "2028-02-29"))
            if bodies and chance(c, 10):
                body["successor"] = pick(c, list(bodies))
            if chance(c, 8):
                body["active"] = Number("false")
            if chance(c, 10):
                body["listed"] = Number("false")
            bodies[name] = body
        self.sections["models"] = bodies
        self.logical = sorted({body["logical_slug"] for body in bodies.values() if "logical_slug" in body})
        self.shares()

    def shares(self) -> None:
        """Deal the load of some logical models among some of their hosts."""
        c = self.c
        for logical in self.logical:
            hosts = [body for body in self.sections["models"].values() if body.get("logical_slug") == logical]
            fitting = [parts for parts in SHARES if len(parts) <= len(hosts)]
            if chance(c, 60):
                parts = pick(c, fitting[1:] or fitting)
                for body, part in zip(some(c, hosts, len(parts), len(parts)), parts, strict=True):
                    body["share"] = Number(part)

    def policy(self, percent: int) -> dict[str, Any]:
        """Return the fields presets, tenants and the default policy share."""
        c, body = self.c, dict[str, Any]()
        if chance(c, percent):
            body["objective"] = pick(c, ("weighted", "cheapest"))
        if chance(c, percent):
            quality, latency, cost = pick(c, WEIGHTS)
            body["weights"] = {"quality": Number(quality), "latency": Number(latency), "cost": Number(cost)}
        optional(c, body, "min_quality", FLOORS, percent // 2)
        if chance(c, percent // 2):
            body["fallback_enabled"] = Number(pick(c, ("true", "false")))
        optional(c, body, "fallback_cost_penalty_pct", ("5.00", "0", "100", "33.33", "50"), percent)
        optional(c, body, "compliance_veto_threshold", THRESHOLDS, percent // 3)
        optional(c, body, "max_quality_loss", ("0.1", "0", "0.05", "0.3501", "1"), percent)
        for key, names, most in (
            ("banned_providers", list(self.sections["providers"]), 1),
            ("banned_models", [*self.sections["models"], *self.logical], 2),
            ("preferred_providers", list(self.sections["providers"]), 3),
        ):
            if chance(c, percent // 3 if most < 3 else percent):
                body[key] = some(c, names, most)
        if chance(c, percent // 3):
            body["stacks"] = some(c, self.stacks, 3, 1)
        return body

    def policies(self) -> None:
        c = self.c
        self.sections["presets"] = {name: self.policy(25) for name in some(c, PRESETS, 3)}
        self.sections["tenants"] = {}
        for name in some(c, TENANT_NAMES, 5, 2 if chance(c, 80) else 0):
            body = self.policy(40)
            if chance(c, 60):
                body["preset"] = pick(c, PRESETS)
            if chance(c, 20):
                body["budget"] = {}
                self.numbers(body["budget"], BUDGET, 60)
            self.sections["tenants"][name] = body
        self.default_policy: dict[str, Any] = self.policy(15) if chance(c, 50) else {}
        if chance(c, 30):
            self.default_policy["preset"] = pick(c, PRESETS)

    def default_value(self, key: str, otherwise: Any) -> Any:
        """Return a field of the default policy, its preset's where it has none."""
        preset = self.sections["presets"].get(self.default_policy.get("preset", "balanced"), {})
        return self.default_policy.get(key, preset.get(key, otherwise))

    def may_lead(self, name: str) -> bool:
        """Whether a model may be a primary: active, and permitted by the default policy (section 3)."""
        body = self.sections["models"][name]
        stack = self.sections["providers"][body["provider"]]["stack"]
        banned = self.default_value("banned_models", ())
        least = self.default_value("compliance_veto_threshold", "0.5")
        return (
            body.get("active", "true") == "true"
            and body["provider"] not in self.default_value("banned_providers", ())
            and name not in banned
            and body.get("logical_slug") not in banned
            and stack in self.default_value("stacks", self.stacks)
            and bp(body.get("compliance", "1")) >= bp(least)
        )

    def preferences(self) -> None:
        c = self.c
        if not chance(c, 88):
            return
        low, high = sorted((pick(c, FLOORS), pick(c, (*FLOORS, "1", "0.9"))), key=bp)
        floors = {"good": Number(pick(c, FLOORS)), "low": Number(low), "frontier": Number(high)}
        clamp = ["low", "frontier"]
        if chance(c, 20):
            clamp = ["good", "good"]
        down = pick(c, ("-0.10", "-0.0001", "-0.35", "-1", "0"))
        up = pick(c, ("+0.10", "0.0001", "0.35", "+1", "0"))
        default = pick(c, ("balanced", "quality", "cost"))
        dial = {
            "balanced": {"quality": up, "balanced": "0", "cost": down},
            "quality": {"quality": "0", "balanced": "0" if down == "0" else "-0.0001", "cost": down},
            "cost": {"quality": up, "balanced": "0" if up == "0" else "0.0001", "cost": "-0"},
        }[default]
        body: dict[str, Any] = {
            "default": default,
            "floors": floors,
            "clamp": clamp,
            "dial": {key: Number(value) for key, value in dial.items()},
        }
        if chance(c, 80):
            body["gate_env"] = GATE
        self.sections["preferences"] = body

    def targets(self) -> None:
        c, bodies = self.c, dict[str, Any]()
        for name in some(c, TARGET_NAMES, 3, 1 if chance(c, 90) else 0):
            kind = pick(c, ("all", "models", "stacks", "logical"))
            selector: Any = "all"
            if kind == "models":
                names = list(self.sections["models"])
                selector = {"models": some(c, names, 5, 1)}
            elif kind == "stacks":
                selector = {"stacks": some(c, self.stacks, 2, 1)}
            elif kind == "logical" and self.logical:
                selector = {"logical": pick(c, self.logical)}
            body: dict[str, Any] = {"candidates": selector}
            optional(c, body, "min_quality", FLOORS, 30)
            bodies[name] = body
        self.sections["targets"] = bodies

    def features(self) -> None:
        c, bodies, models = self.c, {}, list(self.sections["models"])
        leaders = [name for name in models if self.may_lead(name)]
        for name in some(c, FEATURE_NAMES, 3, 1 if chance(c, 90) else 0) if leaders else ():
            primary = pick(c, leaders)
            rows: dict[str, Any] = {primary: pick(c, ("primary", {"status": "primary"}))}
            for other in some(c, [model for model in models if model != primary], 4):
                rows[other] = pick(c, ("shadow", "retired", {"status": "shadow"}))
                if chance(c, 50):
                    sample = pick(c, ("1", "0.5", "0.05", "0.0001", "0.9999"))
                    rows[other] = {"status": "shadow", "sample": Number(sample)}
                    optional(c, rows[other], "max_daily_usd", ("20.00", "0.5"), 30)
            body: dict[str, Any] = {"models": dict(shuffled(c, list(rows.items())))}
            if chance(c, 60):
                barred = {primary, *(model for model, row in rows.items() if row == "retired")}
                body["fallback"] = some(c, [model for model in models if model not in barred], 5)
            if self.sections["targets"] and chance(c, 50):
                body["then"] = pick(c, list(self.sections["targets"]))
            reach = bp(self.sections["models"][primary]["quality"])
            floors = [floor for floor in FLOORS if bp(floor) <= reach]
            optional(c, body, "min_quality", floors, 40)
            bodies[name] = body
        self.sections["features"] = bodies

    def experiments(self) -> None:
        c, bodies, models = self.c, dict[str, Any](), list(self.sections["models"])
        for public in some(c, PUBLIC_IDS, 3):
            running = won = False
            for _ in range(c.whole(1, 3)):
                slug = f"e-{len(bodies)}"
                status = pick(c, ("active", "paused", "completed", "draft"))
                if status in ("active", "paused") and running:
                    status = "completed"
                running |= status in ("active", "paused")
                body: dict[str, Any] = {"public_model_id": public, "status": status}
                if status != "active" and chance(c, 20):
                    body["archived"] = Number("true")
                if chance(c, 40):
                    body["salt"] = f"{pick(c, ('salt', 'Ü-π', '💥 s', '7'))}-{len(bodies)}"
                if chance(c, 50):
                    body["on_pause"] = pick(c, ("reject", "control"))
                if chance(c, 50):
                    body["on_unavailable"] = pick(c, ("control", "reject"))
                winner = status == "completed" and chance(c, 70) and (not won or "archived" in body)
                won |= winner and "archived" not in body
                body["variants"] = self.variants(models, status in ("active", "paused"), winner)
                if winner:
                    body["winner"] = pick(c, list(body["variants"]))
                bodies[slug] = body
        self.sections["experiments"] = bodies

    def variants(self, models: list[str], running: bool, winner: bool) -> dict[str, Any]:
        c, variants = self.c, dict[str, Any]()
        shares = pick(c, SHARES[1:] if running else SHARES)
        names = pick(c, (("control", "b", "c"), ("z", "control", "1")))
        for name, share in zip(names, shares, strict=False):
            variant: dict[str, Any] = {"weight": Number(share)}
            versions = []
            for number in range(c.whole(1 if running or winner else 0, 2)):
                version: dict[str, Any] = {"version": Number(str(number + 1)), "model": pick(c, models)}
                host = self.sections["models"][version["model"]]["provider"]
                if chance(c, 30) and "api_key_env" in self.sections["providers"][host]:
                    version["api_key_env"] = f"VARIANT_{number}_KEY"
                versions.append(version)
            if versions or chance(c, 50):
                variant["versions"] = versions
            if chance(c, 30):
                variant["label"] = "a label: free text"
            variants[name] = variant
        if chance(c, 30):  # slots: each variant's share in one or two pieces, laid out in any order
            pieces = []
            for name, variant in variants.items():
                size = bp(variant["weight"])
                first = c.whole(1, size - 1) if size > 1 and chance(c, 60) else size
                pieces += [(name, size) for size in (first, size - first) if size]
                variant["slots"] = []
            start = 0
            for name, size in shuffled(c, pieces):
                variants[name]["slots"].append([Number(str(start)), Number(str(start + size - 1))])
                start += size
            for variant in variants.values():
                variant["slots"] = shuffled(c, variant["slots"])
        return variants

    def settings(self) -> None:
        c, models = self.c, list(self.sections["models"])
        body: dict[str, Any] = {"model": pick(c, models)}
        if chance(c, 70):
            body["routes"] = {name: pick(c, models) for name in some(c, (*FEATURE_NAMES, "only-routed"), 4)}
        if self.default_policy:
            body["policy"] = self.default_policy
        if chance(c, 50):
            body["unknown_tenant"] = pick(c, ("default", "reject"))
        self.sections["defaults"] = body
        low, high = pick(c, (("0", "75.00"), ("0", "3"), ("1", "1.000001"), ("0.5", "10")))
        fast, slow = pick(c, (("0", "10000"), ("300", "1800"), ("800", "801")))
        self.sections["scoring"] = {
            "cost": {"best": Number(low), "worst": Number(high)},
            "latency_ms": {"best": Number(fast), "worst": Number(slow)},
        }
        if chance(c, 70):
            self.sections["resilience"] = {"max_attempts": Number(str(pick(c, (1, 2, 3, 4, 5, 12))))}
            optional(c, self.sections["resilience"], "failures", ("3",), 30)
            optional(c, self.sections["resilience"], "retries", ("1", "3"), 30)

    def files(self) -> Files:
        """Each section whole or spread over two files, at any depth, `.yaml` or `.yml`."""
        c, pieces = self.c, dict[str, list[str]]()
        folders = {
            "experiments": "experiments",
            "presets": "policies",
            "tenants": "policies",
            "preferences": "policies",
        }
        for name, body in self.sections.items():
            items, cut = list(body.items()), len(body)
            once = name in ("defaults", "scoring", "resilience", "preferences")
            if not once and len(items) > 1 and chance(c, 30):
                cut = c.whole(1, len(items) - 1)
            folder = folders.get(name, "routes")
            first = pick(c, ("all.yaml", f"{name}.yml", f"deep/er/{name}.yaml"))
            for part, place in ((items[:cut], first), (items[cut:], f"more/{name}-2.yml")):
                if part:
                    bodies = [f"  {written(key)}: {written(value)}\n" for key, value in part]
                    pieces.setdefault(f"{folder}/{place}", []).append("".join((f"{name}:\n", *bodies)))
        return {path: "".join(texts).encode("utf-8") for path, texts in pieces.items()}


def shuffled(c: Choices, items: Sequence[T]) -> list[T]:
    """Return the items in any order; shrinks to theirs."""
    left = list(items)
    return [left.pop(c.whole(0, len(left) - 1)) for _ in range(len(left))]


def written(value: object) -> str:
    """Return a value as YAML in flow style; names that look like numbers stand without quotes, `null` with them."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{written(key)}: {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(written(inner) for inner in value) + "]"
    text = str(value)
    if text != "null" and text.isascii() and text.translate({45: "", 46: "", 95: ""}).isalnum():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
