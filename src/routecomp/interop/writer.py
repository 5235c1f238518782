"""Write an imported project as the YAML that a person would: one file a section, and where each thing comes from."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.interop.catalogue import plain_decimal
from routecomp.interop.imported import FIGURES, Feature, Imported, Model, Provider, Target
from routecomp.model.key_names import DEFAULT_KEY_NAMES, is_key_name
from routecomp.model.to_do import TO_DO

MARK = "# Imported by `routecomp import"
"""How the files of all imports begin."""
SECTIONS = ("providers", "models", "features", "targets", "defaults")
"""The names of the files of an import, by what is in them."""
_PLAIN = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_./@:-]*[A-Za-z0-9_./@-])?", re.ASCII)
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n", TO_DO.lower()))
_WIDE = 110
_COST_WORST, _MOST_COST = Decimal(75), Decimal(1_000_000)
_LATENCY_WORST = 10_000
_OUTPUT_RATIO = Decimal("0.5")


def project_files(imported: Imported, folder: str = "", *, is_whole: bool = True) -> dict[str, bytes]:
    """Return the files of an imported project by their paths; a part of a project has no defaults and no settings.

    `folder` is the folder below `routes/`, with a slash at its end, or empty.
    """
    texts = (
        _section("providers", map(_provider, imported.providers)),
        _section("models", map(_model, imported.models)),
        _section("features", map(_feature, imported.features)),
        _section("targets", map(_target, imported.targets)),
        "\n".join(_defaults(imported)) + "\n" if is_whole else "",
    )
    head = _head(imported)
    files = {
        f"routes/{folder}{name}.yaml": (head + _note(name, imported) + "\n" + text).encode()
        for name, text in zip(SECTIONS, texts, strict=True)
        if text
    }
    if is_whole:
        files["routecomp.yaml"] = _settings(imported).encode()
    return files


def mark_of(source: str) -> str:
    """Return how the files of an import from a source begin: what begins so may be written again, or removed."""
    return f"{MARK} {source}`"


def scalar(value: object) -> str:
    """Return a value in one line as the files of a project write it: numbers plain, texts in quotes if in doubt."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {scalar(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(scalar, value))}]"
    text = unicodedata.normalize("NFC", str(value))
    if _PLAIN.fullmatch(text) is not None and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _head(imported: Imported) -> str:
    """Return the first lines of every file."""
    text = f"{mark_of(imported.source)}" + (f" from {', '.join(imported.files)}" if imported.files else "")
    if len(text) > _WIDE or star_secrets(text) != text:
        text = f"{mark_of(imported.source)}"
    return f"{text}.\n"


def _note(name: str, imported: Imported) -> str:
    """Return the comment below the first line of a file."""
    text = ""
    if name in ("models", "providers") and any(f"{name[:-1]} `" in missing for missing in imported.missing):
        text += f"# `check` refuses each {TO_DO}: it stands where nobody stated a value.\n"
    if name == "models" and imported.prices:
        text += f"# Prices are US dollars per million tokens. The catalogue is {imported.prices}.\n"
    return text


def _section(name: str, bodies: Iterable[Iterable[str]]) -> str:
    """Return a section with an empty line between its bodies; an empty text without any."""
    blocks = ["\n".join(f"  {line}" if line else "" for line in body) for body in bodies]
    return f"{name}:\n" + "\n\n".join(blocks) + "\n" if blocks else ""


def _provider(provider: Provider) -> Iterator[str]:
    """Yield the lines of a provider."""
    yield from _comment(provider.source)
    yield f"{provider.slug}:"
    fields: dict[str, object] = {
        "adapter": provider.adapter or _Unsaid(),
        "base_url": provider.base_url or _Unsaid(),
        "chat_path": _Unsaid() if provider.chat_path == "" else provider.chat_path,
        "stream_path": provider.stream_path,
        "query": {
            key: _Unsaid() if key in provider.open_query else _Quoted(value) for key, value in provider.query.items()
        }
        or None,
        "headers": {key: _Quoted(value) for key, value in provider.headers.items()} or None,
        "secret_headers": provider.secret_headers or None,
        "auth": provider.auth,
        "region": _Unsaid() if provider.region == "" else provider.region,
        "api_key_env": provider.api_key_env,
        "allow_http": True if provider.allow_http else None,
        "params": provider.params or None,
        "timeouts": {"total_ms": provider.total_ms} if provider.total_ms else None,
        "stack": provider.stack,
    }
    yield from _fields(fields)


def _model(model: Model) -> Iterator[str]:
    """Yield the lines of a model."""
    yield from _comment(model.source)
    for source, keys in _sources(model).items():
        yield from _comment(f"{', '.join(keys)}: {source}")
    yield f"{model.slug}:"
    price = {name: model.figure(f"price.{name}").text for name in ("input", "output")}
    fields: dict[str, object] = {
        "description": model.description or None,
        "provider": model.provider,
        "provider_model_name": model.upstream if model.upstream != model.slug else None,
        "logical_slug": model.logical_slug,
        "share": None if model.share is None else Decimal(model.share) / 10_000,
        "quality": _number(model.figure("quality").text),
        "price": {name: _number(text) for name, text in price.items()},
        **{key: _number(figure.text) for key, figure in model.optional.items() if key == "output_ratio"},
        "latency_ms": _number(model.figure("latency_ms").text),
        "context_window": _number(model.figure("context_window").text),
        **{key: _number(figure.text) for key, figure in model.optional.items() if key != "output_ratio"},
        "capabilities": model.capabilities or None,
        "aliases": model.aliases or None,
        "params": model.params or None,
        "api_key_env": model.api_key_env,
        "limits": _bounds(model.limits),
        "timeouts": _bounds(model.timeouts),
    }
    if not model.upstream:
        fields["provider_model_name"] = _Unsaid()
    yield from _fields(fields)


def _bounds(pairs: Mapping[str, int | None]) -> dict[str, object] | None:
    """Return limits or timeouts with what is still to be said; None where there are none."""
    return {key: _Unsaid() if value is None else value for key, value in pairs.items()} or None


def _sources(model: Model) -> dict[str, list[str]]:
    """Return the sources of a model's figures, and for each the figures."""
    sources: dict[str, list[str]] = {}
    figures = {key: model.figure(key) for key in FIGURES} | model.optional
    for key, figure in figures.items():
        if figure.source:
            sources.setdefault(figure.source, []).append(key)
    return sources


def _feature(feature: Feature) -> Iterator[str]:
    """Yield the lines of a feature."""
    yield from _comment(feature.source)
    yield f"{feature.slug}:"
    yield "  models:"
    yield f"    {feature.primary}: primary"
    yield from _fields({"fallback": feature.fallback or None, "aliases": feature.aliases or None})


def _target(target: Target) -> Iterator[str]:
    """Yield the lines of a target."""
    yield from _comment(target.source)
    yield f"{target.slug}:"
    candidates = {"logical": target.logical} if target.logical else {"models": target.models}
    yield from _fields({"aliases": target.aliases or None, "candidates": candidates})


def _defaults(imported: Imported) -> Iterator[str]:
    """Yield the lines of the defaults, the scales and the resilience."""
    yield "defaults:"
    yield "  # What answers a feature that nobody declared. The input has no such thing: this is its first model."
    yield f"  model: {imported.models[0].slug}"
    if imported.weights:
        yield f"  policy: {scalar({'weights': {key: Decimal(text) for key, text in imported.weights.items()}})}"
    yield ""
    yield "scoring:"
    yield "  # Fixed scales, from best to worst, on which cost and latency count."
    yield f"  cost: {{best: 0, worst: {plain_decimal(_worst_cost(imported))}}}"
    yield f"  latency_ms: {{best: 0, worst: {_worst_latency(imported)}}}"
    if imported.resilience:
        yield ""
        yield f"resilience: {scalar(imported.resilience)}"


def _worst_cost(imported: Imported) -> Decimal:
    """Return the upper end of the scale of costs: no model that states its prices lies beyond it."""
    blended = [
        Decimal(model.figure("price.input").text) + Decimal(model.figure("price.output").text) * _ratio(model)
        for model in imported.models
        if model.figure("price.input").text and model.figure("price.output").text
    ]
    most = max(blended, default=Decimal(0))
    if most <= _COST_WORST:
        return _COST_WORST
    return min((most / 100).to_integral_value(rounding="ROUND_CEILING") * 100, _MOST_COST)


def _ratio(model: Model) -> Decimal:
    """Return the output ratio of a model."""
    figure = model.optional.get("output_ratio")
    return _OUTPUT_RATIO if figure is None or not figure.text else Decimal(figure.text)


def _worst_latency(imported: Imported) -> int:
    """Return the upper end of the scale of latencies."""
    stated = [int(model.figure("latency_ms").text) for model in imported.models if model.figure("latency_ms").text]
    most = max(stated, default=0)
    return _LATENCY_WORST if most <= _LATENCY_WORST else -(-most // 1000) * 1000


def _settings(imported: Imported) -> str:
    """Return the settings of a project: no migrations, and the names of variables that hold keys."""
    lines = [
        *_head(imported).splitlines(),
        "# `routecomp docs settings` lists all settings.",
        "",
        "dialects: []                      # the databases that migrations are written for",
    ]
    others = sorted(name for name in imported.key_names if not is_key_name(name, DEFAULT_KEY_NAMES))
    if others:
        names = ", ".join(json.dumps(name) for name in (*DEFAULT_KEY_NAMES, *others))
        lines += [
            "# The variables that may hold a provider's key: the usual names, and those of the input.",
            f"key_names: [{names}]",
        ]
    return "\n".join(lines) + "\n"


class _Unsaid:
    """A value that is still to be said."""


class _Quoted(str):
    """A text that stands in quotes, whatever it is."""


def _number(text: str) -> object:
    """Return the number that a text is; what is still to be said for an empty one."""
    return Decimal(text) if text else _Unsaid()


def _fields(fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the fields that say something."""
    for key, value in fields.items():
        if value is None:
            continue
        line = f"  {key}: {_flow(value)}"
        if len(line) <= _WIDE or not isinstance(value, (Mapping, list)):
            yield line
            continue
        yield f"  {key}:"
        yield from (f"    {inner}" for inner in _block(value))


def _block(value: Mapping[str, Any] | list[Any]) -> Iterator[str]:
    """Yield the lines of a mapping or a list that is too wide for one."""
    if isinstance(value, list):
        yield from (f"- {_flow(item)}" for item in value)
        return
    for key, inner in value.items():
        line = f"{scalar(key)}: {_flow(inner)}"
        if len(line) <= _WIDE or not isinstance(inner, (Mapping, list)) or not inner:
            yield line
            continue
        yield f"{scalar(key)}:"
        yield from (f"  {below}" for below in _block(inner))


def _flow(value: object) -> str:
    """Return a value in one line."""
    if isinstance(value, _Unsaid):
        return TO_DO
    if isinstance(value, _Quoted):
        return json.dumps(str(value))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return scalar(value)


def _comment(text: str) -> Iterator[str]:
    """Yield a comment, without what could end its line or hide in it."""
    if text and star_secrets(text) == text:
        yield "# " + "".join(letter if letter.isprintable() else "?" for letter in text)
