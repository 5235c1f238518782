"""RC652 text-escapes: no text of the YAML stands in a comment, and no literal holds a line end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.file_names import HEAD_LINE
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule

_WRITTEN = re.compile(r"-- Written by routecomp compile; never edit it: what is on the base branch stays\.")
_OWN = re.compile(
    rf"-- Migration [0-9]+: [a-z0-9,. ]+\.|{HEAD_LINE.pattern}"
    r'|-- routecomp:allow RC(613|623) reason="[a-z0-9,. ]+"',
    re.ASCII,
)


@migration_rule("RC652", "text-escapes", aliases=("R12",))
def text_escapes(script: Script) -> Iterator[Diagnostic]:
    """A literal holds a line end, or a comment holds what is not the project's own.

    A comment of a generated file is one of its two first lines, or says in fixed words how a schema step is run,
    which migrations of other dialects it stands for, or what was promoted before tables got other names; others may
    hold anything on one line. Bodies of functions, between dollar signs, may have lines. (A bare CR, at which
    PostgreSQL ends a comment and SQLite does not, is RC102, as are characters that nobody sees.)

    Why: a reader that splits files at lines (goose, psql, a template) takes a line within a literal for its own, and a
    text that an author chose may look like one of its marks.

    Fix: write line ends as `chr(10)` (`char(10)` on SQLite), and leave texts of the YAML out of comments.
    """
    for statement in script.statements:
        for index, token in enumerate(statement.tokens):
            if (
                token.kind == "string"
                and "\n" in token.text
                and not (token.text.startswith("$") and index and statement.tokens[index - 1].up in ("AS", "DO"))
            ):
                function = f"{script.dialect.character_function}(10)"
                yield error("RC652", "this literal holds a line end", script.span(token), f"write it as {function}")
    generated = any(_WRITTEN.fullmatch(comment.text) for comment in script.comments)
    for comment in script.comments:
        if generated and not (_WRITTEN.fullmatch(comment.text) or _OWN.fullmatch(comment.text)):
            yield error(
                "RC652",
                "this comment of a generated file is not routecomp's own",
                script.span(comment),
                "compile it anew, and put what is to be said into a commit message",
            )
