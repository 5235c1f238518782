"""Values as a command line gives them in, the same as the model reads them out, or a refusal in the model's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routecomp.model.experiment import Experiment
from routecomp.model.policy import Tenant
from routecomp.model.reader import read
from routecomp.model.route import Feature
from routecomp.parse import parse
from routecomp.parse.edit import RefusedError, yaml_scalar


def row_figures(sample: str | None, max_daily_usd: str | None) -> dict[str, int]:
    """A shadow's sample (basis points) and cap (cents), those that are given."""
    given = {name: text for name, text in (("sample", sample), ("max_daily_usd", max_daily_usd)) if text is not None}
    lines = "".join(f"        {name}: {yaml_scalar(text)}\n" for name, text in given.items())
    body = _read("routes/a.yaml", "features", f"  a:\n    models:\n      a:\n        status: shadow\n{lines}")
    assert isinstance(body, Feature)
    return {name: getattr(body.models["a"], name) for name in given}


def variant_weights(weights: Mapping[str, str]) -> dict[str, int]:
    """Each variant's weight in basis points."""
    variants = "".join(f"      {yaml_scalar(id)}: {{weight: {yaml_scalar(text)}}}\n" for id, text in weights.items())
    body = _read(
        "experiments/a.yaml",
        "experiments",
        f"  a:\n    public_model_id: a\n    status: draft\n    variants:\n{variants}",
    )
    assert isinstance(body, Experiment)
    return {id: variant.weight for id, variant in body.variants.items()}


def environment_name(text: str) -> str:
    """The name of an environment variable, as it was given."""
    body = _read(
        "experiments/a.yaml",
        "experiments",
        "  a:\n    public_model_id: a\n    status: draft\n    variants:\n      a:\n        weight: 1\n"
        f"        versions: [{{version: 1, model: a, api_key_env: {yaml_scalar(text)}}}]\n",
    )
    assert isinstance(body, Experiment)
    return str(body.variants["a"].versions[0].api_key_env)


def tenant_fields(lines: str) -> Tenant:
    """A tenant whose body is these lines, each indented by four spaces."""
    body = _read("policies/a.yaml", "tenants", f"  a:\n{lines}")
    assert isinstance(body, Tenant)
    return body


def _read(path: str, section: str, text: str) -> Any:
    """The one body of a file that holds nothing else; what is wrong with it is a refusal."""
    parsed = parse(path, f"{section}:\n{text}".encode("utf-8", "surrogateescape"))
    found = list(parsed.diagnostics)
    if parsed.root is not None:
        declared, unread = read([parsed.root])
        found += [one for one in unread if one.rule != "RC205"]
        if not found:
            return getattr(declared, section)["a"].body
    first = found[0]
    raise RefusedError(_of_nobody(first.message), first.help)


def _of_nobody(message: str) -> str:
    """A finding about the stand-in body, without its name and the way to the value in it."""
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
