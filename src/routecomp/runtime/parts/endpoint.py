"""Say how a model is called: what its table says, completed by the contract of its adapter."""

from __future__ import annotations

from typing import Any

from routecomp.runtime.parts.bodies import _kept
from routecomp.runtime.parts.contracts import _CONTRACTS, _HOLE, _KEYLESS, _Contract
from routecomp.runtime.parts.decision import Decision, Endpoint
from routecomp.runtime.parts.model import _Model


def _endpoint_of(model: _Model) -> Endpoint:
    """Return how a model of a file is called."""
    address, adapter, key = model.address, model.endpoint[4], model.endpoint[5]
    contract = _contract(adapter)
    url: str = address["url"]
    base = address["base_url"] or _base(url, contract)
    if base is not None and address["stream_url"] is not None:
        base = base.replace(_HOLE, model.in_path)
    return Endpoint(
        *model.endpoint,
        stream_url=model.streamed[3],
        base_url=base,
        auth=_auth(address["auth"] or contract.auth, key),
        headers=dict(address["headers"] or contract.headers),
        secret_headers=dict(address["secret_headers"]),
        region=address["region"],
        model_in="path" if contract.leaves_body and _HOLE in url else contract.model_in,
        stream_by=contract.stream_by,
        **_kept(model),
    )


def _endpoint_as_decided(decision: Decision, known: list[_Model]) -> Endpoint:
    """Return how the model of a decision is called, with the key of an experiment's version.

    `known` are the models that may be it, by the serving files. Where none of them is called as the decision says,
    since another table was activated, the rest of its endpoint is what its adapter does by default.
    """
    own: Any = decision[3:9]
    texts = all(type(value) is str for value in own[:5])
    for model in known:
        there, streamed = model.endpoint, model.streamed
        if texts and own[:3] == there[:3] and own[3] in (there[3], streamed[3]) and own[4] == there[4]:
            endpoint = _endpoint_of(model)
            return endpoint._replace(api_key_env=own[5]) if own[5] is not there[5] else endpoint
    contract = _contract(own[4])
    model, provider, upstream, url, adapter, key = own
    return Endpoint(
        model,
        provider,
        upstream,
        url,
        adapter,
        key,
        stream_url=url,
        base_url=_base(url, contract) if texts else None,
        auth=_auth(contract.auth, key),
        headers=dict(contract.headers),
        secret_headers={},
        model_in=contract.model_in,
        stream_by=contract.stream_by,
        **_kept(None),
    )


def _contract(adapter: object) -> _Contract:
    """Return the contract of an adapter; that of `custom` for a word that is none, which older tables may have."""
    return _CONTRACTS[adapter] if type(adapter) is str and adapter in _CONTRACTS else _CONTRACTS["custom"]


def _auth(auth: str, key: object) -> str:
    """Return how the key is sent: where an older table names none for a host, none is."""
    return "none" if key is None and auth not in _KEYLESS else auth


def _base(url: str, contract: _Contract) -> str | None:
    """Return the base URL that the SDK of an adapter takes, by the URL of its chat call; None if that does not tell."""
    url = url.partition("?")[0]
    return next((url.removesuffix(end) for end in contract.base_ends if url.endswith(end)), None)
