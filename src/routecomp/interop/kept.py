"""Keep the figures that an author wrote into the files of an earlier import: they follow the deployment, not its slug.

A deployment is told by what is called: host, path, name upstream, region, headers, parameters, and the variable of the
key. Where several are alike, and their figures are not, nothing tells whose a figure is: it is not kept.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable
from dataclasses import dataclass

from routecomp.interop.figures import OPTIONAL, field_of
from routecomp.interop.imported import FIGURES, UNKNOWN_HOST, Figure, Imported
from routecomp.interop.names import variable_of
from routecomp.model.to_do import TO_DO
from routecomp.parse import parse
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence

_SOURCE = "kept from before this import"
_CALLED = ("base_url", "chat_path", "region", "headers", "secret_headers")
"""The keys of a provider that tell hosts from each other; its query does too, but for the version of the API."""
_VERSION = "api-version"
_FIGURES = ("price", *FIGURES, *OPTIONAL)
_SAMPLING = frozenset(
    (
        *("temperature", "top_p", "top_k", "min_p", "seed", "stop", "stop_sequences", "n", "user", "logit_bias"),
        *("presence_penalty", "frequency_penalty", "max_tokens", "max_completion_tokens"),
    )
)
"""Parameters that change neither what a model costs nor how good or how fast it is."""


@dataclass(frozen=True, slots=True)
class _Deployment:
    """A model of some files: what is called, all that is said of it but its figures, and these.

    `is_sure` is false where the variable of its key is named after the slug, which may be a running number.
    """

    slug: str
    called: Hashable
    body: Hashable
    figures: dict[str, str]
    is_sure: bool


def keep_figures(project: Imported, earlier: Iterable[bytes], later: Iterable[bytes]) -> None:
    """Keep the figures of the files of an earlier import, where nothing else states them.

    `later` are the files of this import, in which the figures that are still to be said stand as `TODO`.
    """
    before, after = _deployments(earlier), _deployments(later)
    slugs = {each.slug: each for each in after}
    for model in project.models:
        deployment = slugs.get(model.slug)
        if deployment is None:
            continue
        candidates = _candidates(deployment, before, after)
        for key in (*model.missing, *(key for key in OPTIONAL if key not in model.optional)):
            texts = {candidate.figures.get(key, "") for candidate in candidates}
            text = texts.pop() if len(texts) == 1 else ""
            if text and field_of(key).accepts_text(text):
                (model.figures if key in FIGURES else model.optional)[key] = Figure(text, _SOURCE)


def _candidates(deployment: _Deployment, before: list[_Deployment], after: list[_Deployment]) -> list[_Deployment]:
    """Return the earlier deployments that a deployment may be."""
    old = [each for each in before if each.called == deployment.called]
    new = [each for each in after if each.called == deployment.called]
    if [(each.slug, each.body) for each in old] == [(each.slug, each.body) for each in new]:
        return [each for each in old if each.slug == deployment.slug]  # nothing of them has changed
    if not all(each.is_sure for each in (*old, *new)) and (len(old), len(new)) != (1, 1):
        return []
    return old


def _deployments(files: Iterable[bytes]) -> list[_Deployment]:
    """Return the deployments of some files."""
    roots = [parse("imported", data).root for data in files]
    providers = {slug: body for root in roots for slug, body in _entries(root, "providers")}
    models = [entry for root in roots for entry in _entries(root, "models")]
    made = {variable_of(slug) for slug, _ in models}
    return [_deployment(slug, body, providers.get(_text(body, "provider")), made) for slug, body in models]


def _deployment(slug: str, body: Mapping, provider: Mapping | None, made: Container[str]) -> _Deployment:
    """Return what is called as a model of a provider; `made` are the variables that are named after slugs."""
    key = _text(body, "api_key_env") or _text(provider, "api_key_env")
    is_sure = key not in made
    query, params = ({**_pairs(provider, name), **_pairs(body, name)} for name in ("query", "params"))
    called = (
        *(_plain(_value(provider, name)) for name in _CALLED),
        _sorted(query, {_VERSION}),
        _sorted(params, _SAMPLING),
        _text(body, "provider_model_name") or slug,
        key if is_sure else "",
    )
    if TO_DO in called or any(value == TO_DO for value in query.values()):
        named = _text(body, "provider")  # the slug names the variable in which the host stands, or has a number
        called = (*called, "" if named.startswith(UNKNOWN_HOST) else named)
    figures = {key: text for key in (*FIGURES, *OPTIONAL) if (text := _text(body, key)) and text != TO_DO}
    others = {name: _plain(value) for name, value in _nodes(body).items()}
    return _Deployment(slug, called, (_sorted(others, _FIGURES), _plain(provider)), figures, is_sure)


def _entries(root: Node | None, section: str) -> list[tuple[str, Mapping]]:
    """Return the bodies of a section by their slugs."""
    return [(slug, body) for slug, body in _nodes(_value(root, section)).items() if isinstance(body, Mapping)]


def _nodes(node: Node | None) -> dict[str, Node]:
    """Return the values of a mapping by their keys, none for anything else."""
    return {key.text: value for key, value in node.items} if isinstance(node, Mapping) else {}


def _value(node: Node | None, key: str) -> Node | None:
    """Return what stands at a key, whose points lead into mappings; None where nothing does."""
    for step in key.split("."):
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def _text(node: Node | None, key: str) -> str:
    """Return the text of the scalar at a key, empty where there is none."""
    value = _value(node, key)
    return value.text if isinstance(value, Scalar) else ""


def _pairs(node: Node | None, key: str) -> dict[str, Hashable]:
    """Return what stands at a key as a mapping of plain values."""
    return {name: _plain(value) for name, value in _nodes(_value(node, key)).items()}


def _sorted(pairs: dict[str, Hashable], but: Iterable[str] = ()) -> Hashable:
    """Return pairs in the order of their names, without some of them."""
    return tuple((name, pairs[name]) for name in sorted(pairs.keys() - set(but)))


def _plain(node: Node | None) -> Hashable:
    """Return a tree as a value that can be compared."""
    if isinstance(node, Mapping):
        return tuple(sorted((key.text, _plain(value)) for key, value in node.items))
    if isinstance(node, Sequence):
        return tuple(map(_plain, node.items))
    return node.text if isinstance(node, Scalar) else ""
