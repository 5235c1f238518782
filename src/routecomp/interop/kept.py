"""Keep what an author wrote into the files of an earlier import: figures follow the deployment, not its slug.

A deployment is told by what is called: host, path, name upstream, region, headers, parameters, and the variable of the
key. Where several are alike, and their figures are not, nothing tells whose a figure is: it is not kept. A provider
that is still to be said is told by its slug, which is that of a variable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from routecomp.interop.figures import OPTIONAL, field_of
from routecomp.interop.imported import FIGURES, UNKNOWN_HOST, Figure, Imported, Provider, to_say_by
from routecomp.interop.names import variable_of
from routecomp.model.to_do import TO_DO
from routecomp.parse import parse
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence

_SOURCE = "kept from before this import"
_CALLED = ("base_url", "chat_path", "region", "headers", "secret_headers")
"""The keys of a provider that tell hosts from each other; its query does too, but for the version of the API."""
_ADDRESS = ("adapter", "base_url", "chat_path", "stream_path", "region")
_VARIABLE = re.compile(r"--set (\w+)=")
_TO_SAY = re.compile(r"# " + to_say_by(["@"]).replace("--set @=…", "(.*)") + r"\n +(\S+):\n")
_CATALOGUE = re.compile(r"catalogue `[^`]*`")
_ORIGIN = re.compile(r"# ([\w., ]+): (catalogue `[^`]*`).*")
_VERSION = "api-version"
_NO_BODY = ("price", *FIGURES, *OPTIONAL, "api_key_env")
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

    `origins` are the names by which the catalogue stated them, as the comments before the model say.
    `is_sure` is false where no input states the variable of its key, so that it has one that the import made up.
    """

    slug: str
    called: Hashable
    body: Hashable
    figures: dict[str, str]
    origins: dict[str, str]
    is_sure: bool
    key: str


def keep_providers(project: Imported, earlier: Iterable[bytes]) -> None:
    """Keep what an author wrote in the place of what is still to be said of a provider."""
    bodies = {slug: body for data in earlier for slug, body in _entries(parse("imported", data).root, "providers")}
    for provider in project.providers:
        body = bodies.get(provider.slug)
        if not provider.missing or provider.slug.startswith(UNKNOWN_HOST) or not _agrees(provider, body):
            continue
        for name in _ADDRESS:
            text = _text(body, name)
            if not getattr(provider, name) and text and text != TO_DO:
                setattr(provider, name, text)
        for name in list(provider.open_query):
            text = _text(_value(body, "query"), name)
            if text and text != TO_DO:
                provider.query[name] = text
                provider.open_query.remove(name)
        provider.allow_http = provider.allow_http or _text(body, "allow_http") == "true"
        provider.source = provider.source if provider.missing else _SOURCE


def _agrees(provider: Provider, body: Node | None) -> bool:
    """Return whether the body of an earlier provider says what a provider says, as far as both say something."""
    for name in _ADDRESS:
        own, text = getattr(provider, name), _text(body, name)
        if own and text != TO_DO and own != text:
            return False
    open_names = {name for name, value in _pairs(body, "query").items() if value == TO_DO} | set(provider.open_query)
    queries = ({**provider.query}, {name: _text(_value(body, "query"), name) for name in _pairs(body, "query")})
    left, right = ({name: value for name, value in each.items() if name not in open_names} for each in queries)
    headers = _pairs(body, "headers") == provider.headers and _pairs(body, "secret_headers") == provider.secret_headers
    return body is not None and left == right and headers


def keep_figures(
    project: Imported, earlier: Iterable[bytes], later: Iterable[bytes], *, renews_prices: bool = False
) -> None:
    """Keep the figures of the files of an earlier import, where nothing else but the catalogue states them.

    Of those that the catalogue stated then, the ones are not kept that it states by another name now and, with
    `renews_prices`, none. `later` are the files of this import, in which what is still to be said stands as `TODO`.
    """
    earlier, later = list(earlier), list(later)
    after = _deployments(later)
    stated = {each.key for each in after if each.is_sure}
    before = _by_call(_deployments(earlier, _now_said(project, earlier, later), stated))
    keys = {each.slug: each.key for each in after}
    used = {each.key for group in before.values() for each in group if not each.is_sure}
    slugs, alike = {each.slug: each for each in after}, _by_call(after)
    for model in project.models:
        deployment = slugs.get(model.slug)
        if deployment is None:
            continue
        candidates = _candidates(deployment.slug, before.get(deployment.called, []), alike[deployment.called])
        for key in (*model.missing, *(key for key in OPTIONAL if key not in model.optional)):
            text = _agreed(candidates, key)
            if text and field_of(key).accepts_text(text):
                (model.figures if key in FIGURES else model.optional)[key] = Figure(text, _SOURCE)
        for key, figure in model.figures.items():
            text, then = _agreed(candidates, key), {each.origins.get(key) for each in candidates} - {None}
            is_renewed = bool(then) and (renews_prices or then != {_name_of(figure)})
            if _CATALOGUE.match(figure.source) and not is_renewed and _is_other(text, figure.text, key):
                model.figures[key] = Figure(text, f"{_SOURCE}; {_name_of(figure)} says {figure.text}")
        for name, bounds in (("limits", model.limits), ("timeouts", model.timeouts)):
            for key, value in bounds.items():
                if value is None and (text := _agreed(candidates, f"{name}.{key}")).isdecimal():
                    bounds[key] = int(text)
        if not deployment.is_sure:
            keys[model.slug] = candidates[0].key if candidates else _fresh(model.slug, used | stated)
            used.add(keys[model.slug])
    if any(keys[each.slug] != each.key for each in after):
        _set_keys(project, keys)


def _name_of(figure: Figure) -> str:
    """Return by which name the catalogue states a figure, empty where something else does."""
    match = _CATALOGUE.match(figure.source)
    return match[0] if match is not None else ""


def _is_other(text: str, stated: str, key: str) -> bool:
    """Return whether a text is a figure, and another than one that is stated."""
    return bool(text) and field_of(key).accepts_text(text) and (not stated or Decimal(text) != Decimal(stated))


def _fresh(slug: str, used: Container[str]) -> str:
    """Return a variable for a key that no input names, and that held no other deployment's key before."""
    return next(name for name in map(variable_of, _numbered(slug)) if name not in used)


def _numbered(slug: str) -> Iterator[str]:
    """Yield a slug, and then the slug with a number behind it."""
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


def _set_keys(project: Imported, keys: dict[str, str]) -> None:
    """Let each model take its key from a variable: providers name that of their first model."""
    for provider in project.providers:
        models = [model for model in project.models if model.provider == provider.slug]
        first = next((key for model in models if (key := keys.get(model.slug, ""))), None)
        provider.api_key_env = first or provider.api_key_env
        for model in models:
            own = keys.get(model.slug) or None
            model.api_key_env = None if own == provider.api_key_env else own
    project.key_names += [name for name in dict.fromkeys(keys.values()) if name and name not in project.key_names]


def _agreed(candidates: list[_Deployment], key: str) -> str:
    """Return what all candidates state at a key, empty where they do not agree."""
    texts = {candidate.figures.get(key, "") for candidate in candidates}
    return texts.pop() if len(texts) == 1 else ""


def _by_call(deployments: Iterable[_Deployment]) -> dict[Hashable, list[_Deployment]]:
    """Return deployments by what is called."""
    groups: dict[Hashable, list[_Deployment]] = {}
    for each in deployments:
        groups.setdefault(each.called, []).append(each)
    return groups


def _candidates(slug: str, old: list[_Deployment], new: list[_Deployment]) -> list[_Deployment]:
    """Return the earlier deployments that one of some later ones may be, all of which call the same."""
    if [(each.slug, each.body) for each in old] == [(each.slug, each.body) for each in new]:
        return [each for each in old if each.slug == slug]  # nothing of them has changed
    if not all(each.is_sure for each in (*old, *new)) and (len(old), len(new)) != (1, 1):
        return []
    return old


def _now_said(project: Imported, earlier: Iterable[bytes], later: Iterable[bytes]) -> dict[str, Mapping]:
    """Return the bodies of providers that were to be said by variables, and that this import says, by earlier slugs."""
    bodies = {slug: body for data in later for slug, body in _entries(parse("imported", data).root, "providers")}
    substitutes = {}
    for data in earlier:
        earlier_bodies = dict(_entries(parse("imported", data).root, "providers"))
        for match in _TO_SAY.finditer(data.decode("utf-8", "replace")):
            variables, body = tuple(_VARIABLE.findall(match[1])), earlier_bodies.get(match[2].strip('"'))
            same = [each for each in project.providers if each.variables == variables and _agrees(each, body)]
            if len(same) == 1 and not same[0].missing:
                substitutes[match[2].strip('"')] = bodies[same[0].slug]
    return substitutes


def _deployments(
    files: Iterable[bytes], substitutes: dict[str, Mapping] | None = None, stated: Container[str] | None = None
) -> list[_Deployment]:
    """Return the deployments of some files; `substitutes` are providers in the place of those of these files.

    `stated` are the variables of keys that the input states; None for all but those that are named after slugs.
    """
    files = list(files)
    roots = [parse("imported", data).root for data in files]
    origins = {slug: stated for data in files for slug, stated in _origins(data)}
    providers = {slug: body for root in roots for slug, body in _entries(root, "providers")} | (substitutes or {})
    models = [entry for root in roots for entry in _entries(root, "models")]
    made = {variable_of(slug) for slug, _ in models}

    def is_sure(key: str) -> bool:
        return not key or (key not in made if stated is None else key in stated)

    return [
        _deployment(slug, body, providers.get(_text(body, "provider")), is_sure, origins.get(slug, {}))
        for slug, body in models
    ]


def _origins(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the slugs of models with the figures that the catalogue stated, and by which name."""
    stated: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        text = line.strip()
        if match := _ORIGIN.fullmatch(text):
            stated |= dict.fromkeys(match[1].split(", "), match[2])
        elif not text.startswith("#"):
            if stated and text.endswith(":"):
                yield text[:-1].strip('"'), stated
            stated = {}


def _deployment(
    slug: str, body: Mapping, provider: Mapping | None, is_key_sure: Callable[[str], bool], origins: dict[str, str]
) -> _Deployment:
    """Return what is called as a model of a provider."""
    key = _text(body, "api_key_env") or _text(provider, "api_key_env")
    is_sure = is_key_sure(key)
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
    bounds = (f"{name}.{key}" for name in ("limits", "timeouts") for key in _pairs(body, name))
    keys = (*FIGURES, *OPTIONAL, *bounds)
    figures = {key: text for key in keys if (text := _text(body, key)) and text != TO_DO}
    others, host = ({name: _plain(value) for name, value in _nodes(node).items()} for node in (body, provider))
    return _Deployment(
        slug, called, (_sorted(others, _NO_BODY), _sorted(host, _NO_BODY)), figures, origins, is_sure, key
    )


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
