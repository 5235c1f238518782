"""The manifest of examples/kubernetes holds by the published schemas of Kubernetes, and fits the service it runs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.examples.running import EXAMPLES, KEYS, table_files

MANIFEST = EXAMPLES / "kubernetes" / "manifest.yaml"
GROUPS = {"v1": "core.v1", "apps/v1": "apps.v1", "policy/v1": "policy.v1"}


@cache
def schema() -> dict[str, Any]:
    """Return the excerpt: see NOTICE."""
    text = (Path(__file__).parent / "kubernetes.schema.json").read_text(encoding="utf-8")
    return dict[str, Any](json.loads(text))


def faults_of(document: dict[str, Any]) -> list[str]:
    """Return where a document is not what its kind may be."""
    name = f"io.k8s.api.{GROUPS[document['apiVersion']]}.{document['kind']}"
    validator = Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema()["$defs"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def documents() -> list[dict[str, Any]]:
    """Return the documents of the manifest, and those that the commands of the page make."""
    files = table_files("https://hosts.example")
    text = {name: data.decode() for name, data in files.items()}
    keys = {name: base64.b64encode(value.encode()).decode() for name, value in KEYS.items()}
    return [
        *yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8")),
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "routing-table"}, "data": text},
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "chats-keys"}, "type": "Opaque", "data": keys},
    ]


def by_kind() -> dict[str, Any]:
    return {document["kind"]: document for document in documents()}


def test_each_document_is_what_its_kind_may_be() -> None:
    """No key is misspelt, none is of another type, and none that must be there is missing."""
    for document in documents():
        assert faults_of(document) == [], document["kind"]


def pairs(value: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield every mapping in a document with each of its keys."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield value, key
            yield from pairs(item)
    elif isinstance(value, list):
        for item in value:
            yield from pairs(item)


def test_each_key_that_is_misspelt_is_found() -> None:
    """Each key of the workload in turn, but for the labels, which are anyone's words, and amounts of resources."""
    workload = by_kind()["StatefulSet"]
    missed = []
    for number, (_, key) in enumerate(list(pairs(workload))):
        broken = deepcopy(workload)
        place, key = list(pairs(broken))[number]
        place[key + "x"] = place.pop(key)
        try:
            is_found = bool(faults_of(broken))
        except KeyError:
            is_found = True
        if not is_found:
            missed.append(key)
    assert set(missed) <= {"app", "cpu", "memory", "storage"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("spec", "replicas"), "2"),
        (("spec", "template", "spec", "securityContext", "fsGroup"), "10001"),
        (("spec", "template", "spec", "containers"), {}),
        (("spec", "template", "spec", "terminationGracePeriodSeconds"), 4.5),
    ],
)
def test_a_value_of_another_type_is_found(path: tuple[str, ...], value: object) -> None:
    workload = by_kind()["StatefulSet"]
    place = workload
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert faults_of(workload)


def test_the_manifest_fits_the_service() -> None:
    """Names lead to what is there; the table is a folder that is swapped; there is time to end what is under way."""
    kinds = by_kind()
    pod = kinds["StatefulSet"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    app = (EXAMPLES / "fastapi" / "app.py").read_text(encoding="utf-8")
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        check = container[probe]["httpGet"]
        assert f'"{check["path"]}"' in app
        assert check["port"] == container["ports"][0]["name"] == kinds["Service"]["spec"]["ports"][0]["targetPort"]
    mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
    variables = {variable["name"]: variable["value"] for variable in container["env"]}
    assert variables["ROUTING_TABLE"] == mounts["routing"]["mountPath"]
    assert variables["STATE_DIRECTORY"] == mounts["state"]["mountPath"]
    assert not any("subPath" in mount for mount in mounts.values())
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    claims = {claim["metadata"]["name"] for claim in kinds["StatefulSet"]["spec"]["volumeClaimTemplates"]}
    assert set(mounts) == set(volumes) | claims
    assert volumes["routing"]["configMap"]["name"] == kinds["ConfigMap"]["metadata"]["name"]
    assert container["envFrom"][0]["secretRef"]["name"] == kinds["Secret"]["metadata"]["name"]
    assert pod["securityContext"]["fsGroupChangePolicy"] == "OnRootMismatch"
    ends_s = int(container["command"][-1])
    assert ends_s > 20, "the deadline of a call"
    assert pod["terminationGracePeriodSeconds"] >= container["lifecycle"]["preStop"]["sleep"]["seconds"] + ends_s + 5
    assert set(kinds["ConfigMap"]["data"]) == {"routing_table.json", "fallback.json"}
    labels = kinds["StatefulSet"]["spec"]["template"]["metadata"]["labels"]
    assert kinds["Service"]["spec"]["selector"] == labels
    assert kinds["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
