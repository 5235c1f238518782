"""Publish a release: find its number, write it, and let it lead; or say that it leads already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from routecomp.service.releases.keys import Key
from routecomp.service.releases.manifest import (
    Manifest,
    Untrusted,
    read_manifest,
    require_file,
    require_signature,
    write_manifest,
)
from routecomp.service.releases.names import FILES, MANIFEST
from routecomp.service.tables.files import FALLBACK, TABLE
from routecomp.service.tables.verify import Unfit, fallback_fault, try_table
from routecomp.workspace.problem import Problem
from routecomp.workspace.publishing.steps import may_lead, next_number, unfinished
from routecomp.workspace.publishing.target import Target

Progress = Callable[[str], object]
_KEY_THAT_SIGNED: Final = "give the key that has signed it beside the new one (--key-env NEW_KEY --key-env OLD_KEY)"


class Content(NamedTuple):
    """What is to be published."""

    files: Mapping[str, bytes]
    git_commit: str | None
    rollback_of: int | None = None


class Published(NamedTuple):
    """What came of a publication."""

    state: Literal["published", "unchanged", "dry run"]
    manifest: Manifest
    """Of the release that leads now, or under a dry run would."""


def publish_release(
    target: Target, content: Content | int, keys: Sequence[Key], *, adopt: bool = False, dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> Published:  # fmt: skip
    """Publish files, or those of an earlier release by its number, as the next release.

    What leads already is not published again. `adopt` goes on from a release that none of the keys has signed.
    Raises a `Problem`; then what led before leads, or the new release does.
    """
    with target:
        progress("reading the releases")
        current = target.current()
        parent = None if current is None else _read_parent(target, current, keys, adopt)
        if isinstance(content, int):
            content = _read_again(target, content, keys)
        verify_sound(content.files)
        if parent is not None and _is_same(parent, content, keys):
            return Published("unchanged", parent)
        numbers = target.numbers()
        number = unfinished(current, numbers)
        if number is None or not target.fits(number, _release(content, number, current, keys)):
            number = next_number(current, numbers)
        files = _release(content, number, current, keys)
        manifest = read_manifest(files[MANIFEST])
        if dry_run:
            return Published("dry run", manifest)
        progress(f"writing generation {number}")
        target.write(number, files, verify_sound)
        _require_still(target, number)
        progress(f"generation {number} is to lead")
        target.lead(number)
        return Published("published", manifest)


def verify_sound(files: Mapping[str, bytes]) -> None:
    """Raise a `Problem` for files that a service would not load, or that the resolver could not decide by."""
    fault = fallback_fault(files[FALLBACK])
    try:
        try_table(files[TABLE], files[FALLBACK], None)
    except Unfit as unfit:
        fault = str(unfit)
    if fault is not None:
        raise Problem(f"what is to be published would not serve: {fault}", "compile it again with `routecomp compile`")


def _release(content: Content, number: int, parent: int | None, keys: Sequence[Key]) -> dict[str, bytes]:
    """Return the files of a release, its manifest last."""
    files = {name: content.files[name] for name in FILES}
    rollback_of = content.rollback_of
    return files | {MANIFEST: write_manifest(files, number, parent, rollback_of, content.git_commit, keys)}


def _read_parent(target: Target, number: int, keys: Sequence[Key], adopt: bool) -> Manifest:
    """Return the manifest of the release that leads; raise a `Problem` if one must not go on from it."""
    manifest = _read_manifest(target, number)
    if manifest.signatures and not keys:
        raise Problem(
            f"generation {number} is signed: services that ask for signatures would refuse what follows without one",
            "give the key with --key-env NAME or --key-file FILE",
            "refused",
        )
    try:
        require_signature(manifest, keys)
    except Untrusted as untrusted:
        if not adopt:
            raise Problem(
                f"it cannot be told who published the release that leads: {untrusted}",
                f"{_KEY_THAT_SIGNED}; if there is none, and you know who did, let --adopt go on from it"
                if _is_of_others(manifest, keys)
                else "if you know, let --adopt go on from it",
                "refused",
            ) from None
    return manifest


def _read_again(target: Target, number: int, keys: Sequence[Key]) -> Content:
    """Return what an earlier release holds; raise a `Problem` if it is not there whole, or not signed by our keys."""
    manifest = _read_manifest(target, number)
    files = {}
    try:
        require_signature(manifest, keys)
        for name in FILES:
            content = target.read(number, name)
            if content is None:
                raise Untrusted(f"{name} is missing")
            require_file(manifest, name, content)
            files[name] = content
    except Untrusted as untrusted:
        commit = manifest.git_commit
        again = "choose another" if commit is None else f"publish from the commit that holds its files, {commit}"
        raise Problem(
            f"generation {number} cannot be published again: {untrusted}",
            f"{_KEY_THAT_SIGNED}; where it has leaked, {again}" if _is_of_others(manifest, keys) else "choose another",
            "refused",
        ) from None
    return Content(files, manifest.git_commit, number)


def _read_manifest(target: Target, number: int) -> Manifest:
    """Return the manifest of a release that is there."""
    raw = target.read(number, MANIFEST)
    if raw is None:
        raise Problem(f"there is no generation {number} in {target.name}", "choose another", "refused")
    try:
        manifest = read_manifest(raw)
        if manifest.generation != number:
            raise Untrusted(f"it is the manifest of generation {manifest.generation}")
    except Untrusted as untrusted:
        raise Problem(
            f"generation {number} is not as it was published: {untrusted}", "find out who changed it", "refused"
        ) from None
    return manifest


def _is_of_others(manifest: Manifest, keys: Sequence[Key]) -> bool:
    """Return whether a release is signed, and by none of these keys."""
    return bool(manifest.signatures) and manifest.signatures.keys().isdisjoint(key.id for key in keys)


def _is_same(leading: Manifest, content: Content, keys: Sequence[Key]) -> bool:
    """Return whether what leads holds these files, and all these keys have signed it."""
    try:
        for name in FILES:
            require_file(leading, name, content.files[name])
    except Untrusted:
        return False
    return leading.signatures.keys() == {key.id for key in keys} and all(
        key.has_signed(leading.signed, leading.signatures[key.id]) for key in keys
    )


def _require_still(target: Target, number: int) -> None:
    """Raise a `Problem` if another publisher was faster."""
    current = target.current()
    if not may_lead(number, current):
        raise Problem(
            f"generation {current} was published meanwhile", "run it again, if this is to follow it", "conflict"
        )
