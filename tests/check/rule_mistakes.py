"""List one mistake in the living example for each rule over a project: what is written instead of what."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

ASSISTANTS, TICKETS = "experiments/assistants.yaml", "experiments/tickets.yaml"
DEFAULTS, PROVIDERS, TARGETS = "routes/defaults.yaml", "routes/providers.yaml", "routes/targets.yaml"
DOCUMENTS, SUPPORT = "routes/features/documents.yaml", "routes/features/support.yaml"
MISTRAL, COMMERCE = "routes/models/mistral.yaml", "policies/tenants/commerce.yaml"
EXPECTATIONS, CLAIMS = "policies/expectations.yaml", "policies/claims.yaml"
PREFERENCES, PRESETS = "policies/preferences.yaml", "policies/presets.yaml"
KEY = "sk-ant-api03-" + "Zq8vT1mYp0Kd7RwXu3Lb" * 4

_DEFAULTS = (Path(__file__).parents[2] / DEFAULTS).read_text()
SCORING = _DEFAULTS[_DEFAULTS.index("scoring:\n") : _DEFAULTS.index("\n\nresilience:") + 1]
SLOTS = """[[0, {}], [9000, 9999]]
        versions: [{{version: 1, model: gpt-6.1-sol-azure-eu}}]
      sonnet:
        label: Sonnet 5.5
        weight: 0.40
        slots: [[{}, 8999]]"""


class Change(NamedTuple):
    """Replace a text that stands once in a file; `where` is the text that the finding underlines, if it has a place."""

    path: str
    old: str
    new: str
    where: str | None


MISTAKES: dict[str, Change] = {
    "RC101": Change(PRESETS, "Cheap even when", "Cheap \udcff even when", "\ufffd"),
    "RC102": Change(PRESETS, "Cheap even when", "Cheap\u202e even when", "\u202e"),
    "RC103": Change(PRESETS, "Cheap even when", "'Cheap even when", None),
    "RC104": Change(PRESETS, "0.20", "[" * 40 + "]" * 40, None),
    "RC105": Change(PRESETS, "Cheap even when", "x" * 4_200_000, None),
    "RC106": Change(PRESETS, "owner: key-accounts", "owner: &a key-accounts", "&a"),
    "RC107": Change(PRESETS, "owner: key-accounts", "owner: !!str key-accounts", "!!str"),
    "RC108": Change(PRESETS, "  quality_first:", "---\n  quality_first:", "---"),
    "RC109": Change(PRESETS, "owner: key-accounts", "owner: key-accounts\n    owner: x", "owner"),
    "RC110": Change(PRESETS, "owner: key-accounts", "[owner]: key-accounts", None),
    "RC111": Change("policies/more.yaml", "", "# nothing\n", None),
    "RC112": Change(MISTRAL, "    quality: 0.74", "    qualty: 0.74", "qualty"),
    "RC113": Change(MISTRAL, "    quality: 0.74\n", "", "mistral-medium-3"),
    "RC114": Change(MISTRAL, "    quality: 0.74", "    quality: null", "null"),
    "RC115": Change(MISTRAL, "    quality: 0.74", "    quality: good", "good"),
    "RC116": Change(MISTRAL, "    quality: 0.74", "    quality: 0.74321", "0.74321"),
    "RC117": Change(MISTRAL, "    quality: 0.74", "    quality: 74", "74"),
    "RC118": Change(MISTRAL, "  mistral-medium-3:", "  Mistral Medium 3:", "Mistral Medium 3"),
    "RC119": Change(PRESETS, "owner: key-accounts", "owner: Ke\u0301y", "Ke\u0301y"),
    "RC120": Change(MISTRAL, "    price: {input: 1.50, output: 7.50}", "    price: 1.50", "1.50"),
    "RC121": Change(ASSISTANTS, "status: draft", "status: planned", "planned"),
    "RC122": Change(PRESETS, "owner: key-accounts", f"owner: {KEY}", None),
    "RC123": Change(PRESETS, "owner: key-accounts", "owner: key-accounts  # routecomp:allow RC403", None),
    "RC124": Change(
        PRESETS,
        "owner: key-accounts",
        'owner: key-accounts  # routecomp:allow RC403 until=2026-01-01 reason="x"',
        None,
    ),
    "RC126": Change(
        MISTRAL, "    price: {input: 1.50, output: 7.50}", "    price: {input: TODO, output: 7.50}", "TODO"
    ),
    "RC125": Change(
        PRESETS,
        "owner: key-accounts",
        'owner: key-accounts  # routecomp:allow RC403 until=2026-12-24 reason="x"',
        None,
    ),
    "RC201": Change("policies/tenants/zz.yaml", "", "tenants:\n  tischlein: {preset: balanced}\n", "tischlein"),
    "RC202": Change(PRESETS, "presets:", "targets: {more: {candidates: all}}\npresets:", None),
    "RC203": Change(PRESETS, "presets:", "presetts:", "presetts"),
    "RC204": Change(
        MISTRAL, "models:", "scoring: {cost: {best: 0, worst: 1}, latency_ms: {best: 0, worst: 1}}\nmodels:", None
    ),
    "RC205": Change(DEFAULTS, SCORING, "", None),
    "RC206": Change(
        MISTRAL, "  mistral-medium-3:\n    provider: mistral", "  mistral-medium-3:\n    provider: mistrol", "mistrol"
    ),
    "RC207": Change(DOCUMENTS, "fallback: [gpt-6-luna, claude", "fallback: [gpt-7-luna, claude", "gpt-7-luna"),
    "RC208": Change(DOCUMENTS, "then: europe", "then: europa", "europa"),
    "RC209": Change(COMMERCE, "preset: balanced", "preset: even", "even"),
    "RC210": Change(TARGETS, "candidates: {stacks: [eu]}", "candidates: {stacks: [mars]}", "mars"),
    "RC211": Change(TARGETS, "{logical: any-qwen3-235b}", "{logical: any-gwen}", "any-gwen"),
    "RC212": Change(TICKETS, "winner: sonnet", "winner: sonata", "sonata"),
    "RC213": Change(PREFERENCES, "clamp: [good, frontier]", "clamp: [good, top]", "top"),
    "RC214": Change(TARGETS, "aliases: [router/eu, hermelin/europe]", "aliases: [router/eu, hermelin/open]", None),
    "RC216": Change(TARGETS, "  swift:\n", "  swift:\n    was: auto\n", "auto"),
    "RC218": Change(EXPECTATIONS, "for: {tenant: [elbufer-bank", "for: {tenant: [elbuffer-bank", "elbuffer-bank"),
    "RC301": Change(COMMERCE, "latency: 0.55", "latency: 0.56", None),
    "RC302": Change(ASSISTANTS, "weight: 0.90", "weight: 0.80", None),
    "RC303": Change(DOCUMENTS, "gpt-4.1-azure-eu: primary", "gpt-4.1-azure-eu: shadow", None),
    "RC304": Change(
        "routes/models/azure-eu.yaml", "  gpt-4.1-azure-eu:\n", "  gpt-4.1-azure-eu:\n    active: false\n", None
    ),
    "RC305": Change(DOCUMENTS, "min_quality: 0.60", "min_quality: 0.99", "primary"),
    "RC306": Change(
        DOCUMENTS, "fallback: [gpt-6-luna, claude", "fallback: [gpt-4o-azure-eu, claude", "gpt-4o-azure-eu"
    ),
    "RC307": Change(DOCUMENTS, "gpt-4.1-azure-eu: primary", "gpt-4.1-azure-eu: {status: primary, sample: 0.1}", None),
    "RC308": Change(PREFERENCES, "clamp: [good, frontier]", "clamp: [frontier, good]", None),
    "RC309": Change(PREFERENCES, "balanced: 0,", "balanced: 0.05,", "0.05"),
    "RC310": Change(PREFERENCES, "quality: +0.10", "quality: -0.05", None),
    "RC311": Change(DEFAULTS, "latency_ms: {best: 0,", "latency_ms: {best: 10000,", None),
    "RC312": Change(PROVIDERS, "base_url: https://api.anthropic.com\n", "base_url: http://api.anthropic.com\n", None),
    "RC313": Change(
        ASSISTANTS,
        "        versions: [{version: 1, model: gpt-6-astra, api_key_env: OPENAI_PREVIEW_API_KEY}]\n",
        "",
        None,
    ),
    "RC314": Change(ASSISTANTS, "public_model_id: preview/nimbus", "public_model_id: hermelin/assistant-plus", None),
    "RC315": Change(
        TICKETS, "public_model_id: hermelin/search", "public_model_id: hermelin/reply\n    winner: qwen", None
    ),
    "RC316": Change(ASSISTANTS, "    status: active\n", "    status: active\n    archived: true\n", None),
    "RC317": Change(TICKETS, "{version: 2, model: claude", "{version: 3, model: claude", "3"),
    "RC318": Change(ASSISTANTS, "    status: draft\n", "    status: draft\n    salt: triage-three-2026-10\n", None),
    "RC319": Change(ASSISTANTS, "    status: draft\n", "    status: draft\n    winner: kimi\n", None),
    "RC320": Change(ASSISTANTS, "        slots: [[5000, 8999]]\n", "", None),
    "RC321": Change(ASSISTANTS, "slots: [[5000, 8999]]", "slots: [[5000, 8998]]", None),
    "RC322": Change(ASSISTANTS, SLOTS.format(4999, 5000), SLOTS.format(5000, 5001), None),
    "RC323": Change(
        COMMERCE,
        "    objective: cheapest\n",
        "    objective: cheapest\n    weights: {quality: 0.2, latency: 0.3, cost: 0.5}\n",
        None,
    ),
    "RC324": Change(PREFERENCES, "{good: 0.50,", "{good: 0.50, spare: 0.60,", "spare"),
    "RC325": Change(
        DOCUMENTS, "fallback: [gpt-6-luna, claude", "fallback: [gpt-4.1-azure-eu, claude", "gpt-4.1-azure-eu"
    ),
    "RC326": Change(PROVIDERS, "api_key_env: ANTHROPIC_API_KEY", "api_key_env: GITHUB_TOKEN", "GITHUB_TOKEN"),
    "RC341": Change(
        MISTRAL,
        "    quality: 0.74\n",
        "    quality: 0.74\n    min_output_tokens: 2\n    max_output_tokens: 1\n",
        "1",
    ),
    "RC342": Change(
        MISTRAL, "    quality: 0.74\n", "    quality: 0.74\n    successor: mistral-medium-3\n", "mistral-medium-3"
    ),
    "RC331": Change(
        PROVIDERS,
        "base_url: https://api.anthropic.com\n",
        "base_url: https://api.anthropic.com/v1\n",
        "https://api.anthropic.com/v1",
    ),
    "RC332": Change(PROVIDERS, "adapter: anthropic\n", "adapter: vertex\n    auth: bearer\n", "vertex"),
    "RC333": Change(
        PROVIDERS, "adapter: anthropic\n", 'adapter: anthropic\n    headers: {X-Api-Key: "1"}\n', "X-Api-Key"
    ),
    "RC334": Change(PROVIDERS, "    api_key_env: MISTRAL_API_KEY\n", "", "mistral"),
    "RC335": Change(PROVIDERS, "adapter: anthropic\n", "adapter: anthropic\n    region: eu-west-1\n", "eu-west-1"),
    "RC361": Change(MISTRAL, "    quality: 0.74", "    quality: 0.74\n    share: 1", "1"),
    "RC362": Change("routes/models/groq.yaml", "share: 0.6", "share: 0.5", None),
    "RC343": Change(
        MISTRAL, "    quality: 0.74\n", "    quality: 0.74\n    params: {seed: 7, stream: true}\n", "stream"
    ),
    "RC371": Change(EXPECTATIONS, "where: {preference: balanced}", "where: {tenant: elbufer-bank}", "tenant"),
    "RC372": Change(CLAIMS, "never_reaches: {stacks: [us, canada, sea, china]}", "never_reaches: {by: any}", None),
    "RC401": Change(DEFAULTS, "compliance_veto_threshold: 0.80", "compliance_veto_threshold: 0.99", None),
    "RC403": Change(DEFAULTS, "ticket-triage: gpt-6-luna-azure-eu", "ticket-triage: grok-4.7", "grok-4.7"),
}
