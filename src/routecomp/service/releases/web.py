"""Fetch a published set over HTTPS: the manifest at each look, its files when it is another one."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult

from routecomp.service.releases.judge import judge
from routecomp.service.releases.keys import Key
from routecomp.service.releases.manifest import MOST_BYTES, Manifest
from routecomp.service.releases.names import CURRENT, MANIFEST, RELEASES
from routecomp.service.tables.files import Files, Unread, read_file
from routecomp.service.tables.web import MAX_BYTES, Headers, Site, check_url, describe, identify, shown


class WebSet:
    """A published set below a URL. Nothing that is fetched is imported or run."""

    def __init__(
        self, url: str, fallback: str | None, headers: Headers | None, timeout_s: float, max_bytes: int = MAX_BYTES,
        keys: Sequence[Key] = (),
    ) -> None:  # fmt: skip
        """Take the URL of the folder; `fallback` is the path of a local file. ValueError if the URL is not allowed."""
        self._url = check_url(url)
        self.name = shown(url)
        # A token that changes belongs into a function, which counts by its name.
        self.identity: str | None = identify(url, headers)
        self._fallback, self._max_bytes, self._keys = fallback, max_bytes, keys
        self._site = Site(headers, timeout_s)
        self._seen: Files | None = None  # what is said of it when it is there again: no table

    def read(self, *, afresh: bool) -> Files:
        """Ask for the manifest, and if it is another one for the files that it names."""
        try:
            files = self._look(afresh)
        except Exception as error:  # of one look nothing is left behind: the next one begins anew
            self._seen = None
            files = Files(Unread(describe(error)), Unread(describe(error)))
        if self._fallback is None:
            return files
        return files._replace(fallback=read_file(self._fallback, self._max_bytes))

    def _look(self, afresh: bool) -> Files:
        """Take one look; raises what a connection does."""
        visit = self._site.begin()
        # On no condition: servers tell files apart by the second and the length, and manifests are small.
        raw = visit.fetch_whole(self._of(f"{CURRENT}/{MANIFEST}"), MOST_BYTES)
        if self._seen is not None and raw == self._seen.proof and not afresh:
            return self._seen

        def fetch(manifest: Manifest, name: str) -> bytes:
            size = min(manifest.files[name].bytes, self._max_bytes)
            return visit.fetch_whole(self._of(f"{RELEASES}/{manifest.generation}/{name}"), size)

        files = judge(raw, fetch, self._keys)
        self._seen = None if files.proof is None else files._replace(table=None)
        return files

    def _of(self, path: str) -> SplitResult:
        """Return the URL of a file of the set; a query stays, as it may be what lets us in."""
        return self._url._replace(path=f"{self._url.path.rstrip('/')}/{path}", fragment="")
