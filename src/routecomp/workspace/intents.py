"""Find what a change declares to move: in a file of the project, in one that is named, or in its pull request."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from routecomp.review.analysis.read_intent import MOST_BYTES, DeclaredIntent, intent_in_text, read_intent
from routecomp.workspace.event import read_event
from routecomp.workspace.files import NotReadableError, read_if_there, read_regular
from routecomp.workspace.problem import Problem, visible

FILE: Final = "intent.yaml"
"""The file at the root of a project that declares what a change moves."""


class Declared(NamedTuple):
    """What a change declares. `is_asked` is False where there is no pull request that could; `notes` are for users."""

    intents: tuple[DeclaredIntent, ...]
    is_asked: bool
    notes: tuple[str, ...]


def declared_intents(
    root: str,
    before: Callable[[], bytes | None],
    path: str | None,
    variables: Mapping[str, str] | None,
) -> Declared:
    """Return every intent of a change.

    The project's own file counts where the other side does not have it as it is (`before` reads that): what was merged
    is no intent of the next change. `path` is a further file, and `variables` are those of a job whose pull request
    is read. Raises a `Problem` for what cannot be read.
    """
    intents, notes, is_asked = [], list[str](), True
    own = None if path is not None else read_if_there(os.path.join(root, FILE), MOST_BYTES)
    if own is not None and own == before():
        notes.append(f"{FILE} is that of the other side: it declares nothing for this change")
    elif own is not None:
        intents.append(read_intent(FILE, own, FILE))
    if path is not None:
        intents.append(read_intent(visible(path), _read(path), visible(path)))
    if variables is not None:
        text = read_event(variables)
        if text is None:
            is_asked = False
            notes.append("this is no pull request, so no intent is read from one")
        else:
            intent, more = intent_in_text(text.name, text.text, text.name)
            notes += more
            if intent is not None:
                intents.append(intent)
            elif text.is_cut:
                raise Problem(
                    f"{text.name} is cut off by CI, and no `intent:` is in what is left",
                    f"put it first in the text, or into {FILE}",
                )
    return Declared(tuple(intents), is_asked or bool(intents), tuple(notes))


def _read(path: str) -> bytes:
    """Return the bytes of a file that was named; raise a `Problem` where it cannot be read."""
    try:
        return read_regular(path, MOST_BYTES)
    except NotReadableError as failure:
        raise Problem(f"{visible(path)} {failure.reason}", failure.remedy) from None
