"""Report blanks that YAML does not count as blanks (U+00A0, U+3000 …) in the indentation and behind a dash."""

from __future__ import annotations

import re

from routecomp.diagnostics.diagnostic import Label
from routecomp.parse.encoding import character_name
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.tree import Node, scalars
from routecomp.source.edits import Edit, Fix
from routecomp.source.text import SourceFile

_ODD = r"[^\S \t\r\n]"
_PLACE = re.compile(rf"^ *(?:- +)*(?:-(?={_ODD}))?({_ODD}(?:{_ODD}| )*)(?=\S)", re.MULTILINE)
_MOST_LABELS = 3


def odd_blanks(source: SourceFile, root: Node | None) -> FileDiagnostics:
    """Return an error that names the first such blank, and says where the others are; none where there is none.

    A tree (`root`) tells text, where such a blank may stand, from what begins a key or an entry. Without a tree every
    line counts: whoever asks so has seen that the file is read once blanks stand there (see `with_blanks`).
    """
    diagnostics = FileDiagnostics(source)
    places = list(_PLACE.finditer(source.text)) if not source.text.isascii() else []
    if places and root is not None:
        ends = {scalar.start: scalar.end for scalar in scalars(root) if scalar.plain}
        wrong: list[re.Match[str]] = []
        end = 0  # of the last text that begins so: its further lines are entries too
        for place in places:
            begun = max(ends.get(place.start(1), 0), ends.get(place.start(1) - 1, 0))
            end = max(end, begun)
            if begun or place.start(1) < end:
                wrong.append(place)
        places = wrong
    if not places:
        return diagnostics
    first, *others = places
    name = character_name(first[1][0])
    is_dash = source.text[first.start(1) - 1 : first.start(1)] == "-"
    where = "behind this dash" if is_dash else "in the indentation"
    labels = tuple(Label(diagnostics.span(*other.span(1)), "and here") for other in others[:_MOST_LABELS])
    more = f" (and on {len(others)} more lines)" if len(others) > 1 else ""
    edits = tuple(Edit(diagnostics.span(*place.span(1)), " " * len(place[1])) for place in places)
    diagnostics.add(
        "RC103",
        f"{name} stands {where}{more}",
        *first.span(1),
        "replace it by a blank",
        labels=labels,
        fix=Fix("put plain blanks there", edits, is_safe=True),
    )
    return diagnostics


def with_blanks(text: str) -> str | None:
    """Return a text with plain blanks in all these places; None where there are none."""
    if text.isascii() or _PLACE.search(text) is None:
        return None
    return _PLACE.sub(lambda place: place[0][: place.start(1) - place.start()] + " " * len(place[1]), text)
