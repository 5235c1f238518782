"""Make realistic projects of a given number of files, which benchmarks and long tests compile.

Each file holds one body, so that it has one owner. Seven of ten files are tenants, two are features, one is a model
(30 to 300 models at twenty providers). The same number and seed give the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

STACKS = ("us", "eu", "china", "sea", "canada")
CAPABILITIES = ("streaming", "tools", "vision", "json-schema", "reasoning")
PRESETS = ("balanced", "cost_first", "quality_first", "latency_first")
HEADER = "# yaml-language-server: $schema=../../schemas/{}.schema.json\n\n"


def project(files: int, seed: int = 7) -> dict[str, bytes]:
    """Return path → bytes of a project of exactly `files` files (at least 100) that has no errors."""
    random = Random(seed)
    providers, experiments = 20, 12
    models = min(max(files // 10, 30), 300)
    features = max(files // 5, 10)
    tenants = files - providers - models - features - experiments - 4
    slugs = [f"{random.choice(('aurora', 'birch', 'cobalt', 'delta', 'ember'))}-{n:03d}" for n in range(models)]
    good = [slug for n, slug in enumerate(slugs) if n % 3 == 0]  # they pass every floor and every policy
    text: dict[str, str] = {
        "routes/defaults.yaml": _defaults(good),
        "routes/targets.yaml": _targets(slugs),
        "policies/preferences.yaml": _PREFERENCES,
        "policies/presets.yaml": _PRESETS,
    }
    for n in range(providers):
        text[f"routes/providers/host-{n:02d}.yaml"] = _provider(n)
    for n, slug in enumerate(slugs):
        text[f"routes/models/{slug}.yaml"] = _model(random, n, slug, providers)
    for n in range(features):
        name = f"feature-{n:04d}"
        text[f"routes/features/{n % 40:02d}/{name}.yaml"] = _feature(random, name, good, slugs)
    for n in range(tenants):
        name = f"tenant-{n:05d}"
        text[f"policies/tenants/{n % 100:02d}/{name}.yaml"] = _tenant(random, name, slugs, providers)
    for n in range(experiments):
        text[f"experiments/trial-{n:02d}.yaml"] = _experiment(random, n, slugs)
    assert len(text) == files
    return {path: content.encode() for path, content in sorted(text.items())}


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write a project's files below a folder."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


_PREFERENCES = """\
preferences:
  default: balanced
  floors: {good: 0.50, frontier: 0.85}
  dial: {quality: +0.10, balanced: 0, cost: -0.10}
  clamp: [good, frontier]
  gate_env: PREFERENCES_LIVE
"""
_PRESETS = """\
presets:
  balanced:
    description: The house's own balance.
    weights: {quality: 0.45, latency: 0.25, cost: 0.30}
"""


def _defaults(good: list[str]) -> str:
    """Return the YAML of `defaults` and `scoring`."""
    return (
        f"defaults:\n  model: {good[0]}\n  routes:\n    batch-import: {good[1]}\n  policy: {{preset: balanced}}\n"
        "  unknown_tenant: default\n\nscoring:\n  cost: {best: 0, worst: 75.00}\n"
        "  latency_ms: {best: 0, worst: 10000}\n"
    )


def _targets(slugs: list[str]) -> str:
    """Return the YAML of the targets."""
    return (
        "targets:\n  auto:\n    aliases: [router/auto]\n    candidates: all\n    min_quality: 0.50\n"
        "  auto-eu:\n    candidates: {stacks: [eu]}\n"
        f"  small:\n    candidates: {{models: [{', '.join(slugs[:8])}]}}\n"
    )


def _provider(n: int) -> str:
    """Return the YAML of a provider."""
    return HEADER.format("routes") + (
        f"providers:\n  host-{n:02d}:\n    description: Host number {n}, contract of 2026.\n"
        f"    adapter: openai_compatible\n    base_url: https://api.host-{n:02d}.example\n"
        f"    chat_path: /v1/chat/completions\n    api_key_env: HOST_{n:02d}_API_KEY\n"
        f"    stack: {'us' if n % 3 == 0 else STACKS[n % len(STACKS)]}\n"
    )


def _model(random: Random, n: int, slug: str, providers: int) -> str:
    """Return the YAML of a model; every third passes every floor."""
    quality = random.randrange(8500, 9600) if n % 3 == 0 else random.randrange(3000, 9000)
    price = random.randrange(5, 800)
    chosen = [word for word in CAPABILITIES if random.random() < 0.7] or ["streaming"]
    logical = f"    logical_slug: family-{n // 4:03d}\n" if n % 2 == 0 else ""
    return HEADER.format("routes") + (
        f"# Figures of the last evaluation; price as of the contract.\nmodels:\n  {slug}:\n"
        f"    provider: host-{n % providers:02d}\n    provider_model_name: vendor/{slug}-2026\n{logical}"
        f"    quality: {quality / 10000:.4f}\n"
        f"    price: {{input: {price / 100:.2f}, output: {price * random.randrange(2, 6) / 100:.2f}}}\n"
        f"    latency_ms: {random.randrange(200, 9000)}\n    context_window: {random.choice((32, 128, 200, 1000))}000\n"
        f"    compliance: {0.95 if n % 3 == 0 else random.randrange(60, 100) / 100:.2f}\n"
        f"    capabilities: [{', '.join(chosen)}]\n"
    )


def _feature(random: Random, name: str, good: list[str], slugs: list[str]) -> str:
    """Return the YAML of a feature."""
    primary = random.choice(good)
    others = [slug for slug in random.sample(slugs, 5) if slug != primary]
    return HEADER.format("routes") + (
        f"features:\n  {name}:\n    description: A call site of team {name[-2:]}.\n    owner: team-{name[-2:]}\n"
        f"    models:\n      {primary}: primary\n"
        f"      {others[0]}: {{status: shadow, sample: 0.05, max_daily_usd: 20.00}}\n      {others[1]}: shadow\n"
        f"      {others[2]}: retired\n    fallback: [{others[3]}]\n    then: auto\n    min_quality: 0.50\n"
    )


def _tenant(random: Random, name: str, slugs: list[str], providers: int) -> str:
    """Return the YAML of a tenant."""
    preset = random.choice(PRESETS)
    lines = [f"  {name}:", f"    description: Customer {name[-5:]}.", "    owner: sales", f"    preset: {preset}"]
    if random.random() < 0.02:
        quality = random.randrange(20, 70)
        latency = random.randrange(0, 100 - quality)
        lines.append(
            f"    weights: {{quality: {quality / 100:.2f}, latency: {latency / 100:.2f}, "
            f"cost: {(100 - quality - latency) / 100:.2f}}}"
        )
    if random.random() < 0.3:
        lines.append(f"    min_quality: 0.{random.choice((50, 55, 60, 65, 70))}")
    if random.random() < 0.2:
        lines.append(f"    stacks: [{', '.join(random.sample(STACKS, 3))}]")
    if random.random() < 0.15:
        lines.append(f"    banned_providers: [host-{random.randrange(providers):02d}]")
    if random.random() < 0.1:
        lines.append(f"    banned_models: [{', '.join(random.sample(slugs, 2))}]")
    if random.random() < 0.02:
        lines.append(f"    preferred_providers: [host-{random.randrange(providers):02d}]")
    return HEADER.format("policies") + "tenants:\n" + "\n".join(lines) + "\n"


def _experiment(random: Random, n: int, slugs: list[str]) -> str:
    """Return the YAML of an experiment."""
    first, second = random.sample(slugs, 2)
    return HEADER.format("experiments") + (
        f"experiments:\n  trial-{n:02d}:\n    public_model_id: preview/trial-{n:02d}\n    status: active\n"
        "    variants:\n"
        f"      control: {{label: Control, weight: 0.70, versions: [{{version: 1, model: {first}}}]}}\n"
        f"      next: {{label: Next, weight: 0.30, versions: [{{version: 1, model: {second}}}]}}\n"
    )
