"""Write the resolver's copy of the wire contracts, `runtime/parts/contracts.py`, from `model/adapters.py`.

The resolver needs nothing but the standard library. `make refresh` calls this, and a test compares.
"""

from __future__ import annotations

from routecomp.model.adapters import ADAPTERS, KEYLESS, Contract

_HEAD = '''"""State how each adapter is called, where a provider does not say otherwise.

Written by `make refresh` from `routecomp/model/adapters.py`; a change made here is lost.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class _Contract(NamedTuple):
    """How the key is sent, which headers go with it, and where the model and the wish for a stream stand.

    Where `leaves_body` is true, a path that holds the model takes it out of the body. `base_ends` are the endings of a
    chat URL that the provider's own SDK appends by itself.
    """

    auth: str
    headers: dict[str, str]
    model_in: str | None
    stream_by: str | None
    leaves_body: bool
    base_ends: tuple[str, ...]


_HOLE: Final = "{model}"  # what a URL of the table has in place of the provider's own name of the model
_CONTRACTS: Final = {
'''
_TAIL = """}}
_KEYLESS: Final = {}  # the words of `auth` with which no key is sent
"""


def resolver_contracts() -> str:
    """Return the text of the part, formatted."""
    return _HEAD + "".join(_line(word, contract) for word, contract in ADAPTERS.items()) + _TAIL.format(_tuple(KEYLESS))


def _line(word: str, contract: Contract) -> str:
    """Return the entry of an adapter."""
    headers = ", ".join(f"{_literal(name)}: {_literal(value)}" for name, value in contract.headers.items())
    values = {
        "auth": _literal(contract.auth),
        "headers": "{" + headers + "}",
        "model_in": _literal(contract.model_in),
        "stream_by": _literal(contract.stream_by),
        "leaves_body": str(contract.leaves_body),
        "base_ends": _tuple(contract.base_ends),
    }
    lines = "".join(f"        {name}={value},\n" for name, value in values.items())
    return f'    "{word}": _Contract(\n{lines}    ),\n'


def _literal(text: str | None) -> str:
    """Return a text as Python writes it, in double quotes."""
    return "None" if text is None else f'"{text}"'


def _tuple(texts: tuple[str, ...]) -> str:
    """Return texts as a tuple."""
    listed = ", ".join(map(_literal, texts))
    return f"({listed},)" if len(texts) == 1 else f"({listed})"
