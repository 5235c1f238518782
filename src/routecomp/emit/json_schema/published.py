"""Collect every JSON Schema that routecomp publishes, as files."""

from __future__ import annotations

import json
from collections.abc import Mapping

from routecomp.emit.json_schema.request_decision import decision, request
from routecomp.emit.json_schema.table_files import fallback, routing_table
from routecomp.emit.json_schema.yaml_folders import Json, folder_schemas


def published_schemas() -> dict[str, Json]:
    """File name to schema: the three folders of YAML, the two files of `generated/`, request and decision."""
    return {
        **folder_schemas(),
        "routing_table.schema.json": routing_table(),
        "fallback.schema.json": fallback(),
        "request.schema.json": request(),
        "decision.schema.json": decision(),
    }


def schema_files() -> dict[str, bytes]:
    """Every schema as a file: the same bytes on every machine."""
    return {name: written(schema) for name, schema in sorted(published_schemas().items())}


def written(schema: Mapping[str, object]) -> bytes:
    """One schema as text that people read too."""
    return (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode()
