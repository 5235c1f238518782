"""Collect every JSON Schema that routecomp publishes, as files."""

from __future__ import annotations

import json
from collections.abc import Mapping

from routecomp.emit.json_schema.builders import Json
from routecomp.emit.json_schema.request_decision import decision, request
from routecomp.emit.json_schema.table_files import fallback, routing_table
from routecomp.emit.json_schema.yaml_folders import folder_schemas, intent_schema


def published_schemas() -> dict[str, Json]:
    """Return every schema by file name: folders of YAML, intents, files of `generated/`, request, decision."""
    return {
        **folder_schemas(),
        "intent.schema.json": intent_schema(),
        "routing_table.schema.json": routing_table(),
        "fallback.schema.json": fallback(),
        "request.schema.json": request(),
        "decision.schema.json": decision(),
    }


def schema_files() -> dict[str, bytes]:
    """Return the bytes of every schema file by name: the same on every machine."""
    return {name: encode_schema(schema) for name, schema in sorted(published_schemas().items())}


def encode_schema(schema: Mapping[str, object]) -> bytes:
    """Write a schema as indented JSON in UTF-8, keys in their order, with a line end."""
    return (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode()
