"""Read `params`, which go upstream in the body of every request, as JSON text that holds each number exactly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from routecomp.diagnostics.credentials.names import names_credential
from routecomp.model.invalid import Fault, Location, Refused, quote_value
from routecomp.model.meant_number import in_ascii
from routecomp.parse.scalars import NUMBER, is_null, is_number
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence

RESERVED = ("model", "messages", "stream")
"""Keys of a request's body that the caller's own request, or the route, decides."""
DEEPEST = 8
"""The most levels of mappings and lists, `params` itself being the first."""
MOST_DIGITS = 100
"""The most digits of a number: some readers of JSON refuse one of thousands, others make an infinity of it."""
_NUMBERS = re.compile(
    r"[-+]?(0[bB][01_]+|0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
    r"|([0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))|\.(nan|NaN|NAN)",
    re.ASCII,
)
"""What one version of YAML or another takes for a number; what the language of routecomp does is asked before."""
_LOOKS = re.compile(
    r"[-+]?([0-9]{1,3}([ ,.'][0-9]{3})+([.,][0-9]+)?|[0-9]*[.,][0-9]+|[0-9]+[.,]?)( ?%| ?percent|f|d)?", re.ASCII
)
"""What people take for a number and no version of YAML does: a decimal comma, a sign behind it, thousands apart."""
_BOOLEANS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n"})


class JsonText(str):
    """The type of `params`: the JSON text of a mapping, whose keys are the author's own."""

    __slots__ = ()


def read_params(node: Node) -> str:
    """Return a mapping as JSON text, its keys in declared order; refuse what no body may bring along."""
    if not isinstance(node, Mapping):
        raise Refused([Fault((), "shape", wanted="a mapping")])
    faults = list(_faults(node, (), 1))
    if faults:
        raise Refused(faults)
    return _json(node)


def _json(node: Node) -> str:
    """Write a node as JSON in ASCII. INVARIANT: nothing in it is refused."""
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{json.dumps(key.text)}: {_json(value)}" for key, value in node.items) + "}"
    if isinstance(node, Sequence):
        return "[" + ", ".join(map(_json, node.items)) + "]"
    if is_number(node):
        return node.text.removeprefix("+")
    return node.text if node.plain and node.text in ("true", "false") else json.dumps(node.text)


def _faults(node: Node, path: Location, depth: int) -> Iterator[Fault]:
    """Yield what is wrong in a node, which lies at a path, and inside of `depth` - 1 mappings and lists."""
    if isinstance(node, Scalar):
        fault = _scalar_fault(node, path)
        if fault is not None:
            yield fault
        return
    if depth > DEEPEST:
        message = f"is nested {depth} levels deep; {DEEPEST} is the most"
        yield Fault(path, "refused", rule="RC343", message=message, help="bring less structure along")
        return
    pairs = (
        [(key.text, value) for key, value in node.items] if isinstance(node, Mapping) else list(enumerate(node.items))
    )
    for step, value in pairs:
        if depth == 1 and step in RESERVED:
            message = f"holds `{step}`, which the route and its callers decide"
            help = "remove it: `provider_model_name` is the model's name upstream" if step == "model" else "remove it"
            yield Fault((*path, step), "refused", rule="RC343", message=message, help=help, is_key=True)
        elif isinstance(step, str) and _is_secret(step, value):
            yield Fault(
                (*path, step),
                "refused",
                rule="RC343",
                message="holds what is called like a credential",
                help="name the environment variable that holds it: `api_key_env`, or `secret_headers` of the provider",
                is_key=True,
            )
        else:
            yield from _faults(value, (*path, step), depth + 1)


def _scalar_fault(node: Scalar, path: Location) -> Fault | None:
    """Return what is wrong with a scalar: null, or another notation of a number or a boolean without quotes."""
    text = node.text
    if is_null(node):
        return Fault(path, "refused", rule="RC114", message="is null", help="give it a value, or leave the key out")
    if is_number(node):
        return _number_fault(text, path)
    if not node.plain or text in ("true", "false"):
        return None
    if _NUMBERS.fullmatch(text):
        what, help = "a number", "write it in plain digits, as in 1000 or 0.001, or in quotes if text is meant"
    elif text.lower() in _BOOLEANS:
        what, help = "a boolean", "write true or false, or put it in quotes if text is meant"
    elif _LOOKS.fullmatch(shown := in_ascii(text).strip()):
        message = f"is {quote_value(text)}, which looks like a number and is text"
        figure = shown.replace(",", ".")
        plain = f"write {figure}" if NUMBER.fullmatch(figure) else "write it in plain digits with a point, as in 0.2"
        return Fault(
            path, "refused", rule="RC115", message=message, help=f"{plain}, or put it in quotes if text is meant"
        )
    else:
        return None
    message = f"is {quote_value(text)}, which some programs read as {what} and others as text"
    return Fault(path, "refused", rule="RC115", message=message, help=help)


def _number_fault(text: str, path: Location) -> Fault | None:
    """Return what is wrong with a number: more digits than every reader of JSON takes."""
    digits = sum(map(str.isdigit, text))
    if digits <= MOST_DIGITS:
        return None
    message = f"is a number of {digits:,} digits; {MOST_DIGITS} is the most"
    return Fault(path, "refused", rule="RC343", message=message, help="round it, or put it in quotes if text is meant")


def _is_secret(name: str, value: Node) -> bool:
    """Return whether a value stands under a name that credentials have; a boolean is none."""
    if not isinstance(value, Scalar) or (value.plain and value.text in ("true", "false")):
        return False
    return names_credential(name)
