"""Build the JSON Schemas of a request and of a decision; docs/semantics.md, section 4, says what each key means."""

from __future__ import annotations

from collections.abc import Mapping

from routecomp.emit.json_schema.builders import Json, enumeration, file_schema, schema_header, unique_list
from routecomp.model.numbers import ONE
from routecomp.model.vocabulary import (
    DECISION_REASONS,
    DECISION_ROUTES,
    DECISION_SOURCES,
    DECISION_STATUSES,
    PREFERENCES,
    SLOTS,
)


def decision() -> Json:
    """Return the schema of a decision: one line that `routecomp resolve` writes."""
    text: Json = {"type": ["string", "null"]}
    whole: Json = {"type": ["integer", "null"], "minimum": 0}

    def described(schema: Mapping[str, object], description: str) -> Json:
        """Return a schema with a description before its other keys."""
        return {"description": description, **schema}

    schema = file_schema(
        "A decision",
        "The answer for one request (docs/semantics.md, section 4).",
        {
            "status": enumeration(
                "ok, or why nothing serves: named after the filter after which nothing was left.", DECISION_STATUSES
            ),
            "route": enumeration("How the request was read; null for unknown_model.", (*DECISION_ROUTES, None)),
            "source": enumeration("table, or the rung below the registry that answered.", (*DECISION_SOURCES, None)),
            "model": described(text, "Slug of the model to call; null unless ok."),
            "provider": described(text, "Its provider's slug."),
            "upstream_model": described(text, "The name that goes upstream."),
            "url": described(text, "Where the call goes."),
            "adapter": described(text, "The protocol spoken there."),
            "api_key_env": described(text, "Name of the environment variable that holds the key."),
            "chain": unique_list("Slugs that survive, in order, the pick first.", {"type": "string"}),
            "shadows": unique_list("Slugs to mirror the request to.", {"type": "string"}),
            "experiment": described(text, "On experiment routes: its slug."),
            "variant": described(text, "The variant assigned."),
            "version": described(whole, "The version of the variant that serves."),
            "slot": {
                "description": "On experiment routes with a unit.",
                "type": ["integer", "null"],
                "minimum": 0,
                "maximum": SLOTS - 1,
            },
            "floor_bp": {
                "description": "The quality floor that was applied, in basis points.",
                "type": ["integer", "null"],
                "minimum": -1,
                "maximum": ONE + 1,
            },
            "estimated_cost_pusd": described(whole, "The pick's estimated cost in pico-dollars."),
            "reasons": unique_list(
                "Sorted flags.",
                {"anyOf": [{"enum": list(DECISION_REASONS)}, {"type": "string", "pattern": "^ignored:"}]},
            ),
            "ruleset_hash": {
                "description": "SHA-256 of the table that answered.",
                "type": ["string", "null"],
                "pattern": "^[0-9a-f]{64}$",
            },
            "route_name": described(
                text, "The slug of the feature, target, logical model or pinned model, or the public model id."
            ),
        },
    )
    endpoint = ("model", "provider", "upstream_model", "url", "adapter")
    schema["if"] = {"properties": {"status": {"const": "ok"}}}
    schema["then"] = {
        "properties": {
            **{key: {"type": "string"} for key in endpoint},
            "route": {"type": "string"},
            "route_name": {"type": "string"},
            "source": {"type": "string"},
            "chain": {"minItems": 1},
        }
    }
    schema["else"] = {
        "properties": {
            **{key: {"type": "null"} for key in (*endpoint, "api_key_env")},
            "estimated_cost_pusd": {"type": "null"},
            "chain": {"maxItems": 0},
            "shadows": {"maxItems": 0},
        }
    }
    return schema


def request() -> Json:
    """Return the schema of a request of which nothing is ignored: one line that `routecomp resolve` reads."""
    text: Json = {"type": ["string", "null"]}
    id: Json = {"type": ["string", "integer", "null"], "minimum": -(10**18), "maximum": 10**18}
    whole: Json = {"type": ["integer", "null"], "minimum": 0, "maximum": 10**9}
    number: Json = {"type": ["number", "null"]}
    switch: Json = {"type": ["boolean", "null"]}
    names: Json = {"type": ["array", "null"], "items": {"type": "string"}}
    keys: dict[str, tuple[Json, str]] = {
        "feature": (text, "The feature (call site) that asks. Stands before `model`."),
        "model": (
            text,
            "A target, a model or logical slug, a public model id, an alias, or what a target's pattern begins.",
        ),
        "tenant": (id, "The tenant on whose behalf; without one the default policy counts."),
        "unit": (id, "Who is asking (a user, an account): decides the variant of an experiment."),
        "request_id": (id, "Decides which requests are mirrored to shadows; without it, the unit does."),
        "preference": (text, f"The caller's dial: {', '.join(PREFERENCES)}."),
        "min_quality": (number, "Quality floor 0 to 1; stands before policy, feature and dial."),
        "latency_budget_ms": (whole, "Wanted latency in milliseconds; soft."),
        "stack": (text, "Only this region (`eu`), or all but it (`avoid-china`)."),
        "input_tokens": (whole, "Tokens of the prompt."),
        "max_output_tokens": (whole, "Most tokens of the answer."),
        "max_cost_usd": (number, "Most dollars for this call; needs input_tokens."),
        "stream": (switch, "true: the model must be able to stream."),
        "tools": (switch, "true: the model must be able to use tools."),
        "capabilities": (names, "Further capabilities the model must have."),
        "unavailable": (names, "Models or providers that cannot serve now."),
    }
    given = [{"required": [key], "properties": {key: {"type": "string"}}} for key in ("feature", "model")]
    return {
        **schema_header(
            "A request",
            "What `routecomp resolve` reads without ignoring anything. Whatever else is "
            "sent is never an error: it is ignored, and the decision's reasons say so.",
        ),
        "type": "object",
        "additionalProperties": False,
        "properties": {key: {"description": description, **schema} for key, (schema, description) in keys.items()},
        "anyOf": given,
        "if": {"required": ["max_cost_usd"], "properties": {"max_cost_usd": {"type": "number"}}},
        "then": {"required": ["input_tokens"], "properties": {"input_tokens": {"type": "integer"}}},
    }
