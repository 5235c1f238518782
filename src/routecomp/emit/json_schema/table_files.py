"""Build the JSON Schemas of routing_table.json and fallback.json (docs/table.md)."""

from __future__ import annotations

from routecomp.emit.json_schema.builders import (
    A_SLUG,
    ENVIRONMENT,
    POLICY_NAME,
    PUBLIC_PATTERN,
    SLUG_PATTERN,
    TOP,
    Json,
    basis_points,
    content_pattern,
    count,
    enumeration,
    exact_object,
    file_schema,
    object_by_name,
    or_null,
    unique_list,
)
from routecomp.model.vocabulary import ON_PAUSE, PREFERENCES, ROW_STATUSES, SLOTS, UNKNOWN_TENANT
from routecomp.parse.scalars import SLUG
from routecomp.table.table import FORMAT


def routing_table() -> Json:
    """Return the schema of routing_table.json."""
    return file_schema(
        "The compiled routing table",
        "Written by `routecomp compile`, read by the resolver.",
        {
            **_head(),
            "providers": object_by_name("Provider slug to endpoint.", SLUG_PATTERN, {"$ref": "#/$defs/provider"}),
            "models": object_by_name(
                "Model slug to what decisions need of it.", SLUG_PATTERN, {"$ref": "#/$defs/model"}
            ),
            "orders": object_by_name(
                "Order name to all model slugs in rank order, best first, with single spaces.",
                content_pattern("o"),
                {"type": "string", "pattern": f"^{SLUG.pattern}( {SLUG.pattern})*$"},
            ),
            "policies": object_by_name(
                "Policy name to effective policy.", content_pattern("p"), {"$ref": "#/$defs/policy"}
            ),
            "tenants": object_by_name("Tenant slug to policy name.", SLUG_PATTERN, POLICY_NAME),
            "features": object_by_name("Feature slug to its chain.", SLUG_PATTERN, {"$ref": "#/$defs/feature"}),
            "targets": object_by_name("Target slug to its candidates.", SLUG_PATTERN, {"$ref": "#/$defs/target"}),
            "aliases": object_by_name("Alias to target slug.", PUBLIC_PATTERN, A_SLUG),
            "experiments": object_by_name(
                "Public model id to the one experiment that answers for it.",
                PUBLIC_PATTERN,
                {"$ref": "#/$defs/experiment"},
            ),
            "defaults": _defaults(POLICY_NAME),
            "preferences": or_null(
                exact_object(
                    "The dial.",
                    {
                        "clamp_bp": {
                            "description": "Lowest and highest floor the dial moves to.",
                            "type": "array",
                            "minItems": 2,
                            "maxItems": 2,
                            "items": basis_points(),
                        },
                        "default": enumeration("The preference of requests that name none.", PREFERENCES),
                        "dial_bp": exact_object(
                            "What each preference adds to the floor.",
                            {
                                word: {"type": "integer", "minimum": -TOP, "maximum": TOP}
                                for word in sorted(PREFERENCES)
                            },
                        ),
                        "gate_env": ENVIRONMENT,
                        "good_bp": basis_points("The floor where nothing declares one."),
                    },
                )
            ),
            "resilience": exact_object(
                "Circuit breaker and chain length.",
                {
                    "cooloff_s": count("Seconds an open circuit waits.", 1),
                    "failures": count("Failures within the window that open a circuit.", 1),
                    "max_attempts": count("Most models of one chain.", 1),
                    "window_s": count("Window in seconds.", 1),
                },
            ),
        },
        {
            "provider": _provider(),
            "model": _model(),
            "policy": _policy(),
            "feature": _feature(),
            "target": _target(),
            "experiment": _experiment(),
        },
    )


def fallback() -> Json:
    """Return the schema of fallback.json."""
    name = {"type": "string", "pattern": content_pattern("f")}
    description = "Written by `routecomp compile`, read when there is no usable table."
    return file_schema(
        "The fallback file",
        description,
        {
            **_head(),
            "defaults": _defaults(name),
            "models": object_by_name("The models named by `defaults`.", SLUG_PATTERN, {"$ref": "#/$defs/model"}),
            "permissions": object_by_name(
                "Permission name to the part of a policy nothing escapes.",
                content_pattern("f"),
                {"$ref": "#/$defs/permission"},
            ),
            "preferences": or_null(
                exact_object(
                    "The words of the dial, for the flags a decision says.",
                    {
                        "default": enumeration("The preference of requests that name none.", PREFERENCES),
                        "gate_env": ENVIRONMENT,
                        "names": {
                            "type": "array",
                            "items": enumeration("A preference.", PREFERENCES),
                            "uniqueItems": True,
                        },
                    },
                )
            ),
            "providers": object_by_name("The providers of those models.", SLUG_PATTERN, {"$ref": "#/$defs/provider"}),
            "stacks": {
                "description": "Every stack word that any provider declares, sorted, with single spaces.",
                "type": "string",
                "pattern": f"^{SLUG.pattern}( {SLUG.pattern})*$",
            },
            "tenants": object_by_name("Every declared tenant to its permission name.", SLUG_PATTERN, name),
        },
        {
            "provider": _provider(),
            "model": _model(),
            "permission": exact_object("Permission.", _permission()),
        },
    )


def _head() -> Json:
    """Return the keys that say how to read a file."""
    major = FORMAT.partition(".")[0]
    return {
        "format": {
            "description": f"major.minor; this schema describes {FORMAT}.",
            "type": "string",
            "pattern": rf"^{major}\.[0-9]+$",
        },
        "requires": unique_list("Words a reader must know to read the file right.", {"type": "string"}),
    }


def _provider() -> Json:
    """Return the schema of a provider's entry."""
    return exact_object(
        "Where calls go.",
        {
            "adapter": {"description": "The protocol spoken there.", "type": "string"},
            "api_key_env": ENVIRONMENT,
            "stack": {"description": "Region word.", **A_SLUG},
            "url": {"description": "Base URL and chat path joined.", "type": "string", "pattern": "^https?://"},
        },
    )


def _model() -> Json:
    """Return the schema of a model's entry."""
    price = "{} price of a token in pico-dollars (= micro-dollars per million tokens)."
    return exact_object(
        "A model at one provider.",
        {
            "active": {"description": "false: out of every route.", "type": "boolean"},
            "capabilities": unique_list("Sorted words.", A_SLUG),
            "compliance_bp": basis_points("Compliance."),
            "context_window": count("Most tokens of input and output together.", 1),
            "input_pusd": count(price.format("Input")),
            "latency_ms": count("Median latency to expect, in milliseconds."),
            "listed": {"description": "false: only features and experiments reach it.", "type": "boolean"},
            "logical": {"description": "Logical slug, or null.", "type": ["string", "null"], "pattern": SLUG_PATTERN},
            "min_output_tokens": count("Fewest output tokens a caller must allow."),
            "output_pusd": count(price.format("Output")),
            "output_ratio_bp": count("Expected output tokens per input token, in basis points."),
            "provider": {"description": "Provider slug.", **A_SLUG},
            "quality_bp": basis_points("Quality."),
            "upstream": {"description": "The name that goes upstream.", "type": "string", "minLength": 1},
        },
    )


def _permission() -> Json:
    """Return the keys of a permission, which a policy has too."""
    return {
        "banned_models": unique_list("Model or logical slugs, sorted.", A_SLUG),
        "banned_providers": unique_list("Provider slugs, sorted.", A_SLUG),
        "compliance_bp": basis_points("Least compliance."),
        "stacks": {
            "description": "The only stacks, sorted, or null for all.",
            "type": ["array", "null"],
            "minItems": 1,
            "uniqueItems": True,
            "items": A_SLUG,
        },
    }


def _policy() -> Json:
    """Return the schema of a policy's entry."""
    order = {"type": "string", "pattern": content_pattern("o")}
    description = "An effective policy. Weights, objective, preferred providers and penalty are in the orders."
    return exact_object(
        description,
        {
            **_permission(),
            "fallback": {"description": "false: every chain is cut to its pick.", "type": "boolean"},
            "max_quality_loss_bp": basis_points("What a latency budget may cost in quality."),
            "min_quality_bp": or_null(basis_points("Quality floor, or null.")),
            "penalised": {"description": "The order of fallbacks.", **order},
            "plain": {"description": "The order of picks.", **order},
        },
    )


def _feature() -> Json:
    """Return the schema of a feature's entry."""
    row = exact_object(
        "A registry row.",
        {
            "model": A_SLUG,
            "status": enumeration("primary serves, shadow is a candidate, retired is history.", ROW_STATUSES),
            "sample_bp": {
                "description": "Shadow: share of requests mirrored.",
                "type": "integer",
                "minimum": 1,
                "maximum": TOP,
            },
            "max_daily_cents": or_null(count("Shadow: most cents a day.")),
        },
    )
    row["required"] = ["model", "status"]
    row["dependentRequired"] = {"sample_bp": ["max_daily_cents"], "max_daily_cents": ["sample_bp"]}
    return exact_object(
        "A feature.",
        {
            "fallback": {"description": "Slugs in declared order.", "type": "array", "items": A_SLUG},
            "min_quality_bp": or_null(basis_points("Quality floor, or null.")),
            "rows": {"description": "In declared order.", "type": "array", "items": row},
            "then": {"description": "Target slug, or null.", "type": ["string", "null"], "pattern": SLUG_PATTERN},
        },
    )


def _target() -> Json:
    """Return the schema of a target's entry."""
    several = {"type": "array", "minItems": 1, "uniqueItems": True, "items": A_SLUG}
    return exact_object(
        "A target.",
        {
            "candidates": {
                "description": "Active, listed models only.",
                "oneOf": [
                    {"const": "all"},
                    exact_object("These models.", {"models": several}),
                    exact_object("The models of providers in these stacks.", {"stacks": several}),
                    exact_object("The hosts of this logical model.", {"logical": A_SLUG}),
                ],
            },
            "min_quality_bp": or_null(basis_points("Quality floor, or null.")),
        },
    )


def _experiment() -> Json:
    """Return the schema of an experiment's entry."""
    variant = exact_object(
        "A variant and the version that serves.",
        {"api_key_env": ENVIRONMENT, "id": A_SLUG, "model": A_SLUG, "version": count("The last version.", 1)},
    )
    first = {"type": "integer", "minimum": 0, "maximum": SLOTS - 1}
    return exact_object(
        "An experiment that answers for a public model id.",
        {
            "experiment": {"description": "Its slug.", **A_SLUG},
            "on_pause": enumeration("While paused.", ON_PAUSE),
            "salt": {"description": "Salt of the slots.", "type": "string", "pattern": "^[^:]*$"},
            "slots": {
                "description": "[first slot, variant index] of each range, sorted, from 0.",
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "array",
                    "minItems": 2,
                    "maxItems": 2,
                    "prefixItems": [first, count("Variant index.")],
                },
            },
            "status": {
                "description": "Drafts and archived ones are absent.",
                "enum": ["active", "paused", "completed"],
            },
            "variants": {"description": "In declared order.", "type": "array", "minItems": 1, "items": variant},
            "winner": or_null(count("Variant index, or null.")),
        },
    )


def _defaults(policy: Json) -> Json:
    """Return the schema of `defaults`; `policy` is the schema of a policy's or permission's name."""
    return exact_object(
        "What answers below the registry.",
        {
            "model": A_SLUG,
            "policy": {"description": "Of requests without a declared tenant.", **policy},
            "routes": object_by_name("Config route per feature.", SLUG_PATTERN, A_SLUG),
            "unknown_tenant": enumeration("What an undeclared tenant gets.", UNKNOWN_TENANT),
        },
    )
