"""Say which declared name a reference means that is written as it is elsewhere (`openai/gpt-6-luna`, `…:latest`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from fnmatch import fnmatchcase

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.slug_texts import EACH, FORM, LINES, ONE, as_slug, parted
from routecomp.model.suggest import closest, did_you_mean, typo_of
from routecomp.model.vocabulary import PRESETS
from routecomp.parse.scalars import SLUG

_OF_MODELS = ("models", "logical")
_NAMED = {
    **dict.fromkeys(("provider", "banned_providers", "preferred_providers"), ("providers",)),
    **dict.fromkeys(("banned_models", "fallback", "model", "models", "routes", "successor"), _OF_MODELS),
    "logical": ("logical",),
    "then": ("targets",),
    "preset": ("presets",),
    "stacks": ("stacks",),
}
"""By the key of a reference, the sections that declare what it names."""
_BUILT_IN = {"preset": PRESETS}
NO_PATTERNS = "there are no patterns here: name each"
_MOST_LISTED = 12
_PATTERN = re.compile(r"[*?]")
_SUBJECT = re.compile(r"(a key of )?`([^`]*)` is `")


def naming_declared(diagnostics: Iterable[Diagnostic], names: Mapping[str, Set[str]]) -> list[Diagnostic]:
    """Return findings in which the remedy of a reference that is no name (RC118) offers declared names alone."""
    return [_naming_declared(each, names) if each.rule == "RC118" else each for each in diagnostics]


def _naming_declared(diagnostic: Diagnostic, names: Mapping[str, Set[str]]) -> Diagnostic:
    """Return the finding with the declared name that is meant; without a name where none is near."""
    subject = _SUBJECT.search(diagnostic.message)
    if subject is None or diagnostic.span is None or not diagnostic.help.startswith((FORM, EACH, ONE, LINES)):
        return diagnostic
    key = next((step for step in reversed(subject[2].split(".")) if step in _NAMED), None)
    if key is None:
        return diagnostic
    sections = ("features",) if key == "routes" and subject[1] else _NAMED[key]
    known = sorted({name for section in sections for name in names.get(section, ())} | set(_BUILT_IN.get(key, ())))
    text = diagnostic.span.text.strip("\"'\r")
    if _PATTERN.search(text):
        matching = [name for name in known if fnmatchcase(name, text.strip())][:_MOST_LISTED]
        return replace(diagnostic, help=NO_PATTERNS + (f": {', '.join(matching)}" if matching else ""))
    several = _over_lines(diagnostic, text, known) or _several(text, known)
    if several:
        lead = LINES if subject[1] else EACH if "an entry of `" in diagnostic.message else ONE
        return replace(diagnostic, help=lead + ", ".join(several))
    near = _meant(text, known)
    return replace(diagnostic, help=FORM if near is None else did_you_mean(near, near))


def _over_lines(diagnostic: Diagnostic, text: str, known: list[str]) -> list[str]:
    """Return the names that run together over several lines, as where a comma is missing; none where one line ends it.

    `text` is the first line, which the finding underlines; its message has them all.
    """
    whole = diagnostic.message.partition("` is `")[2].partition("`")[0].replace(r"\n", " ")
    if not whole.startswith(text) or whole == text:
        return []
    names = [name.strip(",;") for name in whole.split()]
    names = [name for name in dict.fromkeys(names) if name.strip("-*•")]
    slugs = [_declared(name, known) or typo_of(name, known) or as_slug(name) or name for name in names]
    return slugs if len(slugs) > 1 and any(slug in known for slug in slugs) else []


def _several(text: str, known: list[str]) -> list[str]:
    """Return the names that a text holds, each as the known one that it is; none where it holds one name."""
    names = parted(text)
    if len(names) > 1:
        return [_declared(name, known) or typo_of(name, known) or as_slug(name) or name for name in names]
    names = [name for name in dict.fromkeys(_parts(text)) if not name.isalpha() or name in known]
    return names if sum(name in known for name in names) > 1 else []


def _parts(text: str) -> list[str]:
    """Return the slugs in a text, parted by whatever stands between them."""
    return [part for part in re.split("[^a-z0-9._-]+", text.lower()) if SLUG.fullmatch(part)]


def _declared(text: str, known: list[str]) -> str | None:
    """Return the known name that a text is, or holds; None if it holds none."""
    return next((part for part in (as_slug(text), *reversed(_parts(text))) if part in known), None)


def _meant(text: str, known: list[str]) -> str | None:
    """Return the known name that a text holds, or nearly is; None if there is none."""
    declared = _declared(text, known)
    if declared is not None:
        return declared
    whole = as_slug(text)
    # What stands before a slash names the owner; behind a colon or an `@`, a version.
    name = re.split("[:@ ]", text.lower().rpartition("/")[2])[0]
    return next((near for part in (whole, name) if part and (near := closest(part, known)) is not None), None)
