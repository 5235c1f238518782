"""Say what the refused keys of several models mean together: a name of theirs all, the shares of their load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.foreign_names import meaning
from routecomp.model.project import Entry
from routecomp.model.route import Model
from routecomp.model.share_habits import WrittenShare, foreign_share, gather_shares, written_share
from routecomp.model.slug_texts import as_slug
from routecomp.parse.scalars import SLUG
from routecomp.parse.tree import Mapping, Scalar

_LONGEST_SLUG = 63


class ForeignName(NamedTuple):
    """What callers send for a model, under the key of another router; `shown` is the text as it was written.

    `logical` is the model's own logical slug, empty for none; `weight` its foreign share where it states none.
    """

    slug: str
    name: str
    shown: str
    logical: str
    finding: Diagnostic
    weight: WrittenShare | None


class AcrossModels:
    """The keys of models that could not be read of which each says little without the others."""

    def __init__(self) -> None:
        self.shares: list[WrittenShare] = []
        self.names: list[ForeignName] = []

    def note(self, slug: str, node: Mapping, diagnostics: Sequence[Diagnostic]) -> None:
        """Note what a body of a model states that others may state too."""
        if (share := written_share(slug, node, diagnostics)) is not None:
            self.shares.append(share)
        self.names += _foreign_names(slug, node, diagnostics)

    def gathered(
        self,
        diagnostics: Sequence[Diagnostic],
        entries: MappingOf[str, MappingOf[str, Entry[Any]]],
        broken: MappingOf[str, AbstractSet[str]],
        is_whole: bool,
    ) -> list[Diagnostic]:
        """Return findings whose help minds what the other models say; every model is known where `is_whole` says so."""
        models = entries["models"]
        helps: dict[int, str] = {}
        shares = list(self.shares)
        taken = _taken(entries) if self.names else set()
        taken |= {*broken.get("models", ()), *(each.slug for each in self.names)}
        declared = {entry.body.logical_slug for entry in models.values() if entry.body.logical_slug}
        given: dict[str, str] = {}
        for name in dict.fromkeys(each.name for each in self.names):
            alike = list({each.slug: each for each in self.names if each.name == name}.values())
            if alike[0].slug == name and len(alike) == 1:
                helps[id(alike[0].finding)] = "remove it: it is the slug, which callers send"
            elif len(alike) > 1 or name in declared:
                alike = [each._replace(logical=each.logical or given.get(each.slug, "")) for each in alike]
                logical, texts = _told(alike, taken, declared)
                helps |= {id(each.finding): text for each, text in zip(alike, texts, strict=True)}
                if logical:
                    given |= {each.slug: logical for each in alike}
                    shares += [each.weight._replace(logical=logical) for each in alike if each.weight is not None]
        # The shares first: their findings are known by what they were.
        kept = gather_shares(diagnostics, shares, models.values(), is_whole)
        return [replace(each, help=helps[id(each)]) if id(each) in helps else each for each in kept]


def _foreign_names(slug: str, node: Mapping, diagnostics: Iterable[Diagnostic]) -> Iterator[ForeignName]:
    """Yield the names under keys of other routers that callers send for a model."""
    findings = {each.span.start: each for each in diagnostics if each.span is not None and each.rule == "RC112"}
    stated = node.get("logical_slug")
    logical = stated.text if isinstance(stated, Scalar) else ""
    weight = None if stated is not None else foreign_share(slug, "", node, diagnostics)
    for key, value in node.items:
        word = meaning(Model, key.text, value) if isinstance(value, Scalar) and value.text else None
        if word is not None and word.key == "aliases.[]" and isinstance(value, Scalar) and key.start in findings:
            yield ForeignName(slug, value.text, word.shown, logical, findings[key.start], weight)


def _taken(entries: MappingOf[str, MappingOf[str, Entry[Any]]]) -> set[str]:
    """Return what callers may send already, logical models apart."""
    taken = {*entries["models"], *entries["targets"]}
    for section in ("models", "targets", "features"):
        taken.update(alias for entry in entries[section].values() for alias in entry.body.aliases or ())
    taken.update(entry.body.public_model_id for entry in entries["experiments"].values())
    return taken


def _told(alike: Sequence[ForeignName], taken: set[str], declared: set[str]) -> tuple[str, list[str]]:
    """Return the logical model of models that say one name, and what to write in each; what is free is taken then.

    The logical model is empty where they are several.
    """
    name, shown = alike[0].name, alike[0].shown
    own = {each.logical for each in alike} - {""}
    if len(own) > 1:
        members = ", ".join(each.slug for each in alike)
        target = _target(f"{{models: [{members}]}}", name, shown, alike[0].slug, taken, declared)
        return "", [target, *("leave it out" for _ in alike[1:])]
    is_name = bool(SLUG.fullmatch(name)) and name not in taken
    if own:
        (logical,) = own
    elif is_name:
        logical = name
    else:
        logical = _free(as_slug(name) or alike[0].slug, taken | (set() if as_slug(name) in declared else declared))
    declared.add(logical)
    texts = ["leave it out" if each.logical == logical else f"write `logical_slug: {logical}`" for each in alike]
    if logical == name:
        texts = [f"{text}, which callers send" for text in texts]
    elif name in taken:
        texts = [f"{text}, which callers send: `{name}` is another call name already" for text in texts]
    else:
        target = _target(f"{{logical: {logical}}}", name, shown, logical, taken, declared)
        texts[0] = f"{texts[0]}, and {target}"
    return logical, texts


def _target(candidates: str, name: str, shown: str, other: str, taken: set[str], declared: set[str]) -> str:
    """Say which target callers reach by a name; its slug is like `other` where the name tells none."""
    if SLUG.fullmatch(name) and name not in taken | declared:
        taken.add(name)
        return f"write `{name}: {{candidates: {candidates}}}` in `targets`"
    slug = _free(as_slug(name) or other, taken | declared, "any")
    taken.add(slug)
    return f"write `{slug}: {{candidates: {candidates}, aliases: [{shown}]}}` in `targets`, for what callers send"


def _free(slug: str, taken: AbstractSet[str], ending: str = "hosts") -> str:
    """Return a slug, with an ending if it is taken."""
    free, number = slug, 1
    while free in taken or not SLUG.fullmatch(free):
        last = f"-{ending}" if number == 1 else f"-{ending}-{number}"
        free, number = slug[: _LONGEST_SLUG - len(last)].rstrip("._-") + last, number + 1
    return free
