"""Parse values given on a command line with the model's own rules, and refuse bad ones in the model's words.

Each value is written into a small YAML file around a body named `a`, which is then parsed and read as any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routecomp.model.experiment import Experiment
from routecomp.model.policy import Tenant
from routecomp.model.reader import BodyReader
from routecomp.model.route import Feature, Model
from routecomp.parse import parse
from routecomp.parse.edit import RefusedError, yaml_scalar
from routecomp.parse.file_tree import FileTree


def parse_row_figures(sample: str | None, max_daily_usd: str | None) -> dict[str, int]:
    """Parse a shadow's `sample` (to basis points) and `max_daily_usd` (to cents); those that are None are left out.

    Raises `RefusedError` for a value that the model refuses.
    """
    texts = {name: text for name, text in (("sample", sample), ("max_daily_usd", max_daily_usd)) if text is not None}
    lines = "".join(f"        {name}: {yaml_scalar(text)}\n" for name, text in texts.items())
    body = _parse_body("routes/a.yaml", "features", f"  a:\n    models:\n      a:\n        status: shadow\n{lines}")
    assert isinstance(body, Feature)
    return {name: getattr(body.models["a"], name) for name in texts}


def parse_variant_weights(weights: Mapping[str, str]) -> dict[str, int]:
    """Parse the weight of each variant to basis points; raise `RefusedError` for one that the model refuses.

    Whether they add up to 1 is not checked.
    """
    variants = "".join(f"      {yaml_scalar(id)}: {{weight: {yaml_scalar(text)}}}\n" for id, text in weights.items())
    body = _parse_body(
        "experiments/a.yaml",
        "experiments",
        f"  a:\n    public_model_id: a\n    status: draft\n    variants:\n{variants}",
    )
    assert isinstance(body, Experiment)
    return {id: variant.weight for id, variant in body.variants.items()}


def parse_shares(shares: Mapping[str, str]) -> dict[str, int]:
    """Parse the share of each model to basis points; raise `RefusedError` for one that the model refuses.

    Whether they add up to 1 is not checked.
    """
    return {slug: _parse_share(slug, text) for slug, text in shares.items()}


def _parse_share(slug: str, text: str) -> int:
    """Parse the share of one model to basis points; raise `RefusedError` where the model refuses it."""
    body = _parse_body(
        "routes/a.yaml",
        "models",
        f"  {slug}: {{provider: a, logical_slug: a, quality: 1, price: {{input: 1, output: 1}}, latency_ms: 1,"
        f" context_window: 1, share: {yaml_scalar(text)}}}\n",
        slug,
    )
    assert isinstance(body, Model)
    assert body.share is not None
    return body.share


def parse_environment_name(text: str) -> str:
    """Parse the name of an environment variable as an `api_key_env`; raise `RefusedError` where it is not valid."""
    body = _parse_body(
        "experiments/a.yaml",
        "experiments",
        "  a:\n    public_model_id: a\n    status: draft\n    variants:\n      a:\n        weight: 1\n"
        f"        versions: [{{version: 1, model: a, api_key_env: {yaml_scalar(text)}}}]\n",
    )
    assert isinstance(body, Experiment)
    return str(body.variants["a"].versions[0].api_key_env)


def parse_tenant(lines: str) -> Tenant:
    """Parse a tenant from the YAML lines of its body, each indented by four spaces.

    Raises `RefusedError` with the first fault in them.
    """
    body = _parse_body("policies/a.yaml", "tenants", f"  a:\n{lines}")
    assert isinstance(body, Tenant)
    return body


def _parse_body(path: str, section: str, text: str, name: str = "a") -> Any:
    """Return the body of a name in a file with one section; raise `RefusedError` with its first diagnostic."""
    parsed = parse(path, f"{section}:\n{text}".encode("utf-8", "surrogateescape"))
    diagnostics = list(parsed.diagnostics)
    if parsed.root is not None:
        reader = BodyReader()
        reader.read_file(FileTree.of(parsed))
        diagnostics += reader.diagnostics
        if not diagnostics:
            return reader.entries[section][name].body
    first = diagnostics[0]
    raise RefusedError(_without_body_name(first.message), first.help)


def _without_body_name(message: str) -> str:
    """Remove the name of the body `a`, and the path to the value in it, from a message."""
    for words in (
        " of feature `a`",
        " of tenant `a`",
        "feature `a`: ",
        "experiment `a`: ",
        "tenant `a`: ",
        "models.a.",
        "variants.a.versions.",
    ):
        message = message.replace(words, "")
    return message
