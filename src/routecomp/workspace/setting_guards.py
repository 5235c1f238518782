"""Read the setting `guards`: what changes of a project are held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from routecomp.model.guards import NO_GUARDS, Guards, NotAllowedError, read_allowed
from routecomp.workspace.problem import visible
from routecomp.workspace.setting_values import Fault, text_of, unknown


def read_guards(value: object, faults: list[Fault]) -> Guards:
    """Read the guards of changes; add a fault for each key or word that is none."""
    if not isinstance(value, Mapping):
        faults.append(
            Fault("RC120", ("guards",), "`guards` must be a mapping", "write `guards: {require_proof: true}`")
        )
        return NO_GUARDS
    switches = tuple(field.name for field in fields(Guards) if field.name != "only")
    faults.extend(unknown(("guards", key), ("only", *switches)) for key in value if key not in ("only", *switches))
    given = {name: _switch(name, value[name], faults) for name in switches if name in value}
    only = value.get("only", [])
    if not isinstance(only, list):
        remedy = "write `only: [tenant=acme]`"
        faults.append(Fault("RC120", ("guards", "only"), "`only` must be a list of KIND=NAME", remedy))
        return NO_GUARDS
    words = [text_of(item) or "" for item in only]
    for place, word in enumerate(words):
        try:
            read_allowed([word])
        except NotAllowedError as refused:
            message = f"{visible(word)[:80]!r} names nothing that may move"
            faults.append(Fault("RC117", ("guards", "only", place), message, str(refused)))
    return Guards(tuple(words), **given)


def _switch(name: str, value: object, faults: list[Fault]) -> bool:
    """Read true or false; add a fault and return False for anything else."""
    words = {"true": True, "false": False}
    text = str(value).lower() if isinstance(value, bool) else text_of(value)
    if text not in words:
        message = f"`{name}` must be true or false"
        faults.append(Fault("RC115", ("guards", name), message, f"write `{name}: true`, or leave it out"))
        return False
    return words[text]
