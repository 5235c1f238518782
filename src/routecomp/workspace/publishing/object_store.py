"""Publish to an object store through fsspec: no link can be swapped there, so the manifest of what leads comes last."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final

from routecomp.service.releases.manifest import Untrusted, read_manifest
from routecomp.service.releases.names import CURRENT, MANIFEST, RELEASES, read_number
from routecomp.workspace.problem import Problem
from routecomp.workspace.publishing.steps import highest_whole, may_lead
from routecomp.workspace.publishing.target import Place, Verify, worded


def _problem(failure: Exception) -> Problem:
    """Put whatever a store's client raises into words; its own may hold a credential and are left out."""
    return Problem(
        f"the store of releases cannot be used ({type(failure).__name__})",
        "see that the bucket exists and that your credentials may read, list and write in it; run it again: "
        "the release that led before still does, or the new one does, and each is whole",
    )


class StoreTarget:
    """A path in an object store.

    Each object of a release is made once, and refused where another one is there. `current/manifest.json` alone is
    replaced: it is a copy of the manifest of the release that leads.
    """

    def __init__(self, store: Any, path: str, name: str) -> None:
        """Take a file system of fsspec, the path in it, and the place as it is shown."""
        self._store, self._path = store, path.rstrip("/")
        self.name = name

    def __enter__(self) -> StoreTarget:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    @worded(_problem)
    def numbers(self) -> set[int]:
        """Return the numbers of all releases that were begun, whole or not."""
        self._store.invalidate_cache()
        try:
            listed = self._store.ls(f"{self._path}/{RELEASES}", detail=False)
        except FileNotFoundError:
            return set()
        names = [str(path).rstrip("/").rpartition("/")[2] for path in listed]
        return {number for name in names if (number := read_number(name)) is not None}

    @worded(_problem)
    def current(self) -> int | None:
        """Return the number in the manifest of what leads."""
        raw = self._cat(f"{CURRENT}/{MANIFEST}")
        if raw is None:
            return None
        try:
            return read_manifest(raw).generation
        except Untrusted as untrusted:
            raise Problem(f"{CURRENT}/{MANIFEST}: {untrusted}", "somebody else wrote it: see who", "refused") from None

    @worded(_problem)
    def read(self, number: int, name: str) -> bytes | None:
        """Return a file of a release."""
        return self._cat(f"{RELEASES}/{number}/{name}")

    @worded(_problem)
    def fits(self, number: int, files: Mapping[str, bytes]) -> bool:
        """Return whether what is there of a release is this one's."""
        return all(self.read(number, name) in (None, content) for name, content in files.items())

    @worded(_problem)
    def write(self, number: int, files: Mapping[str, bytes], verify: Verify) -> None:
        """Make the objects of a release, its manifest last, and read them back."""
        order = sorted(files, key=lambda name: (name == MANIFEST, name))
        for name in order:
            try:
                self._store.pipe_file(f"{self._path}/{RELEASES}/{number}/{name}", files[name], mode="create")
            except FileExistsError:
                pass
            except Exception:  # stores say in many ways that an object is there already
                if self.read(number, name) is None:
                    raise
            if self.read(number, name) != files[name]:
                raise Problem(
                    f"{RELEASES}/{number}/{name} was written by somebody else meanwhile", "run it again", "conflict"
                )
        verify({name: files[name] for name in order})

    @worded(_problem)
    def lead(self, number: int) -> None:
        """Replace the manifest of what leads; if another publisher was at it too, the higher release leads at last.

        Nothing here can be swapped on a condition: what a slower publisher may have put back is looked for afterwards.
        """
        wanted = number
        for _ in range(_ATTEMPTS):
            manifest = self.read(wanted, MANIFEST)
            assert manifest is not None
            self._store.pipe_file(f"{self._path}/{CURRENT}/{MANIFEST}", manifest)
            wanted = highest_whole({number, *(other for other in self.numbers() if self.read(other, MANIFEST))})
            current = self.current()
            if current is not None and not may_lead(wanted, current):
                return
        raise Problem("other publishers write here all the time", "publish from one place, one at a time", "conflict")

    def _cat(self, path: str) -> bytes | None:
        """Return an object; None if it is not there."""
        try:
            return bytes(self._store.cat_file(f"{self._path}/{path}"))
        except FileNotFoundError:
            return None


_ATTEMPTS: Final = 5
_EXTRAS: Final = {"s3": "s3fs", "gs": "gcsfs", "az": "adlfs"}


def open_store(place: Place) -> StoreTarget:
    """Return the target of a store; raise a `Problem` where fsspec or the store's own package is not installed."""
    package = _EXTRAS[place.scheme]
    try:
        import fsspec  # lazy: an extra installs it

        store = fsspec.filesystem(place.scheme, skip_instance_cache=True, use_listings_cache=False)
    except ImportError:
        raise Problem(
            f"{place.scheme}:// needs the packages fsspec and {package}, and they are not installed",
            f"`pip install 'routecomp[fsspec]' {package}`",
        ) from None
    return StoreTarget(store, place.path, f"{place.scheme}://{place.path}")
