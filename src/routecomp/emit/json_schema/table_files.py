"""Build the JSON Schemas of routing_table.json and fallback.json (docs/table.md)."""

from __future__ import annotations

from routecomp.emit.json_schema.builders import (
    A_SLUG,
    CALL_NAME_PATTERN,
    NAME_PATTERN_PATTERN,
    POLICY_NAME,
    SLUG_PATTERN,
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
from routecomp.emit.json_schema.figure_keys import entry_schema
from routecomp.model import figures
from routecomp.model.numbers import ONE
from routecomp.model.vocabulary import PREFERENCES, SLOTS
from routecomp.parse.scalars import SLUG
from routecomp.table.table import FORMAT


def routing_table() -> Json:
    """Return the schema of routing_table.json."""
    schema = file_schema(
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
            "aliases": object_by_name("Alias to target slug.", CALL_NAME_PATTERN, A_SLUG),
            "experiments": object_by_name(
                "Public model id to the one experiment that answers for it.",
                CALL_NAME_PATTERN,
                {"$ref": "#/$defs/experiment"},
            ),
            "defaults": _defaults(POLICY_NAME),
            "preferences": or_null(
                entry_schema(
                    "The dial.",
                    figures.DIAL,
                    {
                        "clamp_bp": {
                            "description": "Lowest and highest floor the dial moves to.",
                            "type": "array",
                            "minItems": 2,
                            "maxItems": 2,
                            "items": basis_points(),
                        },
                        "dial_bp": exact_object(
                            "What each preference adds to the floor.",
                            {
                                word: {"type": "integer", "minimum": -ONE, "maximum": ONE}
                                for word in sorted(PREFERENCES)
                            },
                        ),
                        "good_bp": basis_points("The floor where nothing declares one."),
                    },
                )
            ),
            "resilience": entry_schema("Circuit breaker and chain length.", figures.RESILIENCE, {}),
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
    later = {
        "budgets": object_by_name(
            "Tenant slug to what it may spend.",
            SLUG_PATTERN,
            entry_schema("What a tenant may spend.", figures.BUDGET, {}),
        ),
        "feature_aliases": object_by_name("Alias to feature slug.", CALL_NAME_PATTERN, A_SLUG),
        "model_aliases": object_by_name("Alias to model slug.", CALL_NAME_PATTERN, A_SLUG),
        "patterns": object_by_name(
            "Beginning of names, with `*` behind it, to target slug.", NAME_PATTERN_PATTERN, A_SLUG
        ),
        "shares": object_by_name(
            "Logical model to [first slot, model] of each range of its shares, in order, from 0.",
            SLUG_PATTERN,
            _ranges(A_SLUG),
        ),
        "shadow_salts": object_by_name(
            "Salt of a shadow by its names now to the salt by its names before a rename.",
            "^shadow:",
            {"type": "string", "pattern": "^shadow:"},
        ),
        "unanswered": object_by_name(
            "Public model id whose experiment does not answer, and which a pattern would take, to experiment slug.",
            CALL_NAME_PATTERN,
            A_SLUG,
        ),
    }
    schema["properties"] |= later  # a table has those of them that hold something
    return schema


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
                entry_schema(
                    "The words of the dial, for the flags a decision says.",
                    figures.DIAL,
                    {
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
            "permission": _permission(),
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
    url = {
        "description": "URL of the chat call; {model} in it is what the model's upstream_in_path says.",
        "type": "string",
        "pattern": "^https?://",
    }
    return entry_schema("Where calls go.", figures.PROVIDER, {"url": url})


def _model() -> Json:
    """Return the schema of a model's entry."""
    encoded = {"description": "What stands in place of {model} in the URLs of its provider.", "type": "string"}
    model = entry_schema("A model at one provider.", figures.MODEL, {"upstream_in_path": encoded})
    model["required"].remove("upstream_in_path")
    return model


def _permission() -> Json:
    """Return the schema of a permission, whose keys a policy has too."""
    return entry_schema("Permission.", figures.ENTRIES["permissions"], {})


def _policy() -> Json:
    """Return the schema of a policy's entry."""
    order = {"type": "string", "pattern": content_pattern("o")}
    return entry_schema(
        "An effective policy. Weights, objective, preferred providers and penalty are in the orders.",
        figures.POLICY,
        {
            "penalised": {"description": "The order of fallbacks.", **order},
            "plain": {"description": "The order of picks.", **order},
        },
    )


def _feature() -> Json:
    """Return the schema of a feature's entry."""
    row = entry_schema("A registry row.", figures.ROW, {"model": A_SLUG})
    # A row that is not mirrored has neither of these two, and a row that is has both.
    row["required"] = [key for key in row["required"] if key not in ("sample_bp", "max_daily_cents")]
    row["properties"]["sample_bp"]["type"] = "integer"
    row["dependentRequired"] = {"sample_bp": ["max_daily_cents"], "max_daily_cents": ["sample_bp"]}
    return entry_schema(
        "A feature.",
        figures.FEATURE,
        {
            "fallback": {"description": "Slugs in declared order.", "type": "array", "items": A_SLUG},
            "rows": {"description": "In declared order.", "type": "array", "items": row},
        },
    )


def _target() -> Json:
    """Return the schema of a target's entry."""
    several = {"type": "array", "minItems": 1, "uniqueItems": True, "items": A_SLUG}
    return entry_schema(
        "A target.",
        figures.TARGET,
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
        },
    )


def _experiment() -> Json:
    """Return the schema of an experiment's entry."""
    variant = entry_schema("A variant and the version that serves.", figures.VERSION, {"id": A_SLUG})
    return entry_schema(
        "An experiment that answers for a public model id.",
        figures.EXPERIMENT,
        {
            "experiment": {"description": "Its slug.", **A_SLUG},
            "slots": {
                "description": "[first slot, variant index] of each range, sorted, from 0.",
                **_ranges(count("Variant index.")),
            },
            "status": {
                "description": "Drafts and archived ones are absent.",
                "enum": ["active", "paused", "completed"],
            },
            "variants": {"description": "In declared order.", "type": "array", "minItems": 1, "items": variant},
            "winner": or_null(count("Variant index, or null.")),
        },
    )


def _ranges(owner: Json) -> Json:
    """Return the schema of the ranges of slots: a list of [first slot, owner]."""
    first = {"type": "integer", "minimum": 0, "maximum": SLOTS - 1}
    pair = {"type": "array", "minItems": 2, "maxItems": 2, "prefixItems": [first, owner]}
    return {"type": "array", "minItems": 1, "items": pair}


def _defaults(policy: Json) -> Json:
    """Return the schema of `defaults`; `policy` is the schema of a policy's or permission's name."""
    return entry_schema(
        "What answers below the registry.",
        figures.DEFAULTS,
        {
            "policy": {"description": "Of requests without a declared tenant.", **policy},
            "routes": object_by_name("Config route per feature.", SLUG_PATTERN, A_SLUG),
        },
    )
