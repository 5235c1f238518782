"""Hold the table that serves: look at its source, try what is new, keep it, and swap one reference."""

from __future__ import annotations

import os
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final

from routecomp.runtime.resolver import Router
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.figures import check_age, check_seconds, check_whole
from routecomp.service.forks import in_child
from routecomp.service.releases.keys import Key, Keys, read_keys
from routecomp.service.state import default_folder, fixed, stem_of
from routecomp.service.tables.files import Distrusted, Files, Source, Unread
from routecomp.service.tables.last_good import Kept, LastGood, Unusable
from routecomp.service.tables.protocol import Refusal, TableId, fall_back, next_step, start, take_step
from routecomp.service.tables.sighup import Handler, check_thread
from routecomp.service.tables.sources import open_source
from routecomp.service.tables.status import (
    Mishap,
    Origin,
    Record,
    Refresh,
    TableEvent,
    TablesStatus,
    date_of,
    write_status,
)
from routecomp.service.tables.verify import LastResort, Unfit, fallback_fault, try_table
from routecomp.service.tables.watch import Watcher
from routecomp.service.tables.web import Headers

Hook = Callable[[TableEvent], object]


class Tables:
    """The table that serves, and those that may follow it."""

    def __init__(
        self,
        source: str | os.PathLike[str],
        *,
        fallback: str | os.PathLike[str] | None = None,
        last_good: str | os.PathLike[str] | bool | None = True,
        last_resort: LastResort = None,
        every_s: float = 30.0,
        stale_after_s: float | None = None,
        key: Keys | None = None,
        unsigned: bool = False,
        headers: Headers | None = None,
        timeout_s: float = 10.0,
        max_bytes: int | None = None,
        sighup: bool = False,
        on_activated: Sequence[Hook] = (),
        on_refused: Sequence[Hook] = (),
        on_stale: Sequence[Hook] = (),
        clock: Clock = SYSTEM,
    ) -> None:
        """Look for a table once, in this thread; `start` watches from then on.

        What each argument means is written in docs/service.md. ValueError for an argument that cannot be meant; for a
        source that is missing or bad nothing raises: what was kept of an earlier run serves, else the ladder of
        docs/semantics.md, section 6.
        """
        check_seconds(every_s=every_s, timeout_s=timeout_s)
        check_age("stale_after_s", 10 * every_s if stale_after_s is None else stale_after_s)
        if max_bytes is not None:
            check_whole("max_bytes", max_bytes)
        if sighup:
            check_thread()
        keys = read_keys(key)
        self._source = open_source(
            source, fallback=fallback, keys=keys, unsigned=unsigned, headers=headers, timeout_s=timeout_s,
            max_bytes=max_bytes,
        )  # fmt: skip
        self._last_good = _open_last_good(last_good, self._source, keys)
        self.stem: Final = stem_of(self._source.name, self._source.identity)
        """What names of files that belong to this source begin with."""
        self._last_resort = last_resort
        self._stale_after_s = 10 * every_s if stale_after_s is None else stale_after_s
        self._sighup = sighup
        self._hooks = {
            kind: _checked_hooks(f"on_{kind}", hooks)
            for kind, hooks in (("activated", on_activated), ("refused", on_refused), ("stale", on_stale))
        }
        self._telling: dict[int, float] = {}  # by thread, since when it is in a hook
        self._clock = clock
        self._turn = threading.RLock()  # one look at a time; readers never take it
        self._began: float | None = None  # the look that is under way
        self._refused: OrderedDict[TableId, Mishap] = OrderedDict()  # the longest known first
        self._afresh = False  # what was read last was not judged to its end
        self._told_stale = False
        self._handler: Handler | None = None  # of SIGHUP
        self._watcher = Watcher(self.refresh, every_s)
        weakref.finalize(self, Watcher.stop, self._watcher).atexit = False
        in_child(self.rearm)
        kept, fault = self._read_kept()
        self._record = Record(
            Router.from_bytes(None, None, last_resort),
            start(None if kept is None else kept.table_id),
            clock.monotonic(),
            last_good_fault=fault,
        )
        self.refresh()
        if kept is not None:
            self._serve_kept(kept)

    @property
    def router(self) -> Router:
        """The router that serves now: read it once for a call, and that call has one table from its start to its end.

        It is never None: without any table the ladder answers.
        """
        return self._record.router

    def start(self) -> None:
        """Watch the source from now on, in a thread of its own, also in the children of forks."""
        if self._sighup and self._handler is None:
            check_thread()
            self._handler = Handler(self.invalidate)
        self._watcher.start()

    def invalidate(self) -> None:
        """Look soon, in the thread that watches; safe in a handler of signals, and takes no time."""
        self._watcher.wake()

    def refresh(self) -> Refresh:
        """Look now, in this thread, and say what came of it. Nothing raises, whatever is there."""
        with self._turn:
            if self._began is not None:  # a handler of signals interrupted the look that this thread is at
                self.invalidate()
                return Refresh("unchanged", "this thread is looking already")
            self._began = self._clock.monotonic()
            try:
                refresh, events = self._look()
            except Exception as error:
                refresh, events = self._fail(f"the look failed ({type(error).__name__})"), []
            finally:
                self._began = None
            events += self._find_stale()
        for event in events:
            self._tell(event)
        return refresh

    def status(self) -> TablesStatus:
        """Return what serves and what became of other tables; it reads no file and takes no lock."""
        self._revive()
        now, began, telling = self._clock.monotonic(), self._began, [*self._telling.values()]
        return write_status(
            self._record,
            now,
            stale=self._is_stale(self._record, now),
            source=self._source.name,
            last_good=None if self._last_good is None else self._last_good.path,
            watching=self._watcher.is_alive(),
            restarts=self._watcher.restarts,
            looking_s=None if began is None else now - began,
            telling_s=now - min(telling) if telling else None,
        )

    def ready(self) -> bool:
        """Return whether a table serves, be it the source's or the one that was kept."""
        return self._record.replica.serving is not None

    def live(self) -> bool:
        """Return whether the process is in order: a bad or lost table is no reason to end it, so none is asked for."""
        self._revive()
        return self._watcher.is_alive() or not self._watcher.is_watching

    def close(self, wait_s: float = 1.0) -> None:
        """Stop watching, and wait a moment for the look that is under way; the table that serves answers on."""
        handler, self._handler = self._handler, None
        if handler is not None:
            handler.retire()
        self._watcher.stop(wait_s)

    def rearm(self) -> None:
        """Take new locks and a new thread in a child that was forked."""
        self._turn, self._began = threading.RLock(), None
        self._telling = {}
        self._watcher.rearm()

    def _revive(self) -> None:
        """Start the watching thread again if it ended although nobody stopped it."""
        if self._watcher.is_watching:
            self._watcher.start()

    def _look(self) -> tuple[Refresh, list[TableEvent]]:
        """Read the source and judge what is there."""
        files = self._source.read(afresh=self._wants_afresh())
        if self._last_good is not None:  # somebody may have removed it, or another process have kept a newer one
            stored = self._last_good.holds()
            self._record = self._record._replace(replica=self._record.replica._replace(stored=stored))
        table, offered = files.table, _identify(files, self._record)
        # The fallback file of a release that is refused as older bars less than it should.
        if offered is None or not isinstance(next_step(self._record.replica, offered, storing=False), Refusal):
            self._take_fallback(files.fallback)
        record = self._record
        if isinstance(table, Unread):
            self._record = self._keep(record)  # now more than ever
            return self._fail(table.reason), []
        if offered is None:
            return self._fail("the source says that the table did not change, and it was never read"), []
        self._afresh = True
        record = record._replace(last_read=offered, failure=None)
        now, known = self._clock.monotonic(), self._refused.get(offered)
        events: list[TableEvent] = []
        if offered == record.replica.serving:
            record = self._keep(record)
            record = record._replace(confirmed=now, refusal=None, unchanged=record.unchanged + 1, origin="source")
            self._record, refresh = record, Refresh("unchanged")
        elif known is not None and (table is None or now - known.tried < _AGAIN_S):
            self._record = record._replace(refusal=known, unchanged=record.unchanged + 1)
            refresh = Refresh("unchanged", known.reason)
        elif table is None:
            return self._fail("the source says that the table did not change, and it was never judged"), []
        elif isinstance(table, Distrusted):
            refresh, events = self._refuse(record, offered, table.reason)
        else:
            refresh, events = self._judge(record, offered, table, files.proof)
        self._afresh = False
        return refresh, events

    def _keep(self, record: Record) -> Record:
        """Keep the table that serves, if it is not kept yet or not any more."""
        serving, table = record.replica.serving, record.table
        if serving is None or table is None or self._last_good is None:
            return record
        if next_step(record.replica, serving, storing=True) != "store":
            return record
        stored, fault = self._store(table, serving, record.proof)
        replica = record.replica if stored is None else take_step("store", record.replica, stored)
        return record._replace(replica=replica, last_good_fault=fault)

    def _judge(
        self, record: Record, offered: TableId, table: bytes, proof: bytes | None
    ) -> tuple[Refresh, list[TableEvent]]:
        """Try a table, and take the steps of the protocol with it, in its order and as far as they lead."""
        storing, tried, events = self._last_good is not None, None, []
        while (step := next_step(record.replica, offered, storing=storing)) != "done":
            if isinstance(step, Refusal):
                return self._refuse(record, offered, step.reason)
            if tried is None:
                try:
                    tried = try_table(table, record.fallback, self._last_resort)
                except Unfit as unfit:
                    return self._refuse(record, offered, str(unfit))
            if step == "serve":
                record = record._replace(
                    replica=take_step("serve", record.replica, offered), activated=record.activated + 1, refusal=None
                )
                record = record._replace(table=table, proof=proof)
                events.append(self._activate(record, tried.router, offered, "source"))
                record = self._record
                continue
            stored, fault = self._store(table, offered, proof)
            storing = stored == offered
            replica = record.replica if stored is None else take_step("store", record.replica, stored)
            record = record._replace(last_good_fault=fault, replica=replica)
        self._record = record
        return Refresh("activated"), events

    def _activate(self, record: Record, router: Router, offered: TableId, origin: Origin) -> TableEvent:
        """Swap the one reference."""
        now, date = self._clock.monotonic(), date_of(self._clock.time())
        confirmed = now if origin == "source" else record.confirmed
        self._record = record._replace(router=router, origin=origin, activated_at=(date, now), confirmed=confirmed)
        return TableEvent("activated", offered.digest, offered.generation, None, origin, date)

    def _refuse(self, record: Record, offered: TableId, reason: str) -> tuple[Refresh, list[TableEvent]]:
        """Note that a table is refused; bytes that were refused before are neither counted nor told again."""
        known = self._refused.get(offered)
        now, date = self._clock.monotonic(), date_of(self._clock.time())
        refusal = (
            Mishap(reason, date, now, now, offered.digest)
            if known is None
            else known._replace(reason=reason, tried=now)
        )
        self._refused[offered] = refusal
        if len(self._refused) > _MOST_REFUSED:
            self._refused.popitem(last=False)
        record = record._replace(refusal=refusal)
        if known is not None:
            self._record = record._replace(unchanged=record.unchanged + 1)
            return Refresh("unchanged", reason), []
        self._record = record._replace(refused=record.refused + 1)
        return Refresh("refused", reason), [
            TableEvent("refused", offered.digest, offered.generation, reason, None, date)
        ]

    def _fail(self, reason: str) -> Refresh:
        """Note that nothing could be read."""
        record = self._record
        now = self._clock.monotonic()
        failure = record.failure or Mishap(reason, date_of(self._clock.time()), now, now)
        self._record = record._replace(failure=failure._replace(reason=reason), unreadable=record.unreadable + 1)
        return Refresh("unreadable", reason)

    def _take_fallback(self, fallback: bytes | Unread | None) -> None:
        """Take a fallback file that is new and sound; a bad one changes nothing but the words of the status."""
        record = self._record
        kept = "" if record.fallback is None else ", the last good one is kept"
        if fallback is None:
            words = "there is none" + kept
        elif isinstance(fallback, Unread):
            words = f"not read{kept}: {fallback.reason}"
        elif fallback == record.fallback:
            words = "loaded"
        elif record.bad_fallback is not None and record.bad_fallback[0] == fallback:
            words = record.bad_fallback[1]
        elif (fault := fallback_fault(fallback)) is not None:
            words = fault.replace("refused", f"refused{kept}", 1)
            record = record._replace(bad_fallback=(fallback, words))
        else:
            words = "loaded"
            record = record._replace(fallback=fallback, bad_fallback=None)
            if record.replica.serving is None:
                record = record._replace(router=Router.from_bytes(None, fallback, self._last_resort))
        self._record = record._replace(fallback_words=words)

    def _wants_afresh(self) -> bool:
        """Return whether the table must be read even if it did not change: what was refused long ago is tried again."""
        offered = self._record.last_read
        known = None if offered is None else self._refused.get(offered)
        return self._afresh or (known is not None and self._clock.monotonic() - known.tried >= _AGAIN_S)

    def _read_kept(self) -> tuple[Kept | None, str | None]:
        """Return what an earlier run kept, and why it is not used if it is not."""
        if self._last_good is None:
            return None, None
        try:
            return self._last_good.read(), None
        except Unusable as unusable:
            return None, f"what was kept is not used: {unusable}"

    def _serve_kept(self, kept: Kept) -> None:
        """Serve what an earlier run kept, where the source has nothing that may serve."""
        with self._turn:
            record = self._record
            if record.replica.serving is not None:
                return
            try:
                tried = try_table(kept.table, record.fallback, self._last_resort)
            except Unfit as unfit:
                self._record = record._replace(last_good_fault=f"what was kept is not used: {unfit}")
                return
            record = record._replace(replica=fall_back(record.replica), table=kept.table, proof=kept.proof)
            event = self._activate(record, tried.router, kept.table_id, "last-good")
        self._tell(event)

    def _store(self, table: bytes, offered: TableId, proof: bytes | None) -> tuple[TableId | None, str | None]:
        """Keep a table and its manifest; return what is kept then, or None and why nothing was."""
        assert self._last_good is not None
        try:
            date = date_of(self._clock.time())
            return self._last_good.write(table, offered, date, proof), None
        except Unusable as unusable:
            return None, f"the table that serves is not kept: {unusable}"

    def _is_stale(self, record: Record, now: float) -> bool:
        """Return whether the source has not been seen to hold the table that serves for long."""
        since = record.started if record.confirmed is None else record.confirmed
        return now - since > self._stale_after_s

    def _find_stale(self) -> list[TableEvent]:
        """Return the news that nothing confirms the table any more; once, until something does."""
        now, record = self._clock.monotonic(), self._record
        stale = self._is_stale(record, now)
        news, self._told_stale = stale and not self._told_stale, stale
        if not news:
            return []
        offered = record.replica.serving or TableId("", None)
        cause = record.failure or record.refusal
        reason = f"not confirmed for more than {self._stale_after_s:g} s" + (f": {cause.reason}" if cause else "")
        date = date_of(self._clock.time())
        return [TableEvent("stale", offered.digest or None, offered.generation, reason, record.origin, date)]

    def _tell(self, event: TableEvent) -> None:
        """Call the hooks; one that raises is counted, and the others are called all the same."""
        thread = threading.get_ident()
        for hook in self._hooks[event.kind]:
            self._telling.setdefault(thread, self._clock.monotonic())
            try:
                hook(event)
            except BaseException as error:
                with self._turn:
                    failures = self._record.hook_failures + 1
                    self._record = self._record._replace(hook_failures=failures, last_hook_failure=type(error).__name__)
                if not isinstance(error, Exception):  # of whoever ends this thread
                    raise
            finally:
                self._telling.pop(thread, None)


_AGAIN_S: Final = 600.0
"""Seconds after which a table that was refused is tried again: there may have been too little memory."""
_MOST_REFUSED: Final = 1024


def _identify(files: Files, record: Record) -> TableId | None:
    """Return what is known of a table by what its source says; None for no table."""
    if files.table is None:
        return record.last_read
    if isinstance(files.table, Unread):
        return None
    if isinstance(files.table, Distrusted):
        return TableId(files.table.digest, None)
    return TableId(sha256(files.table).hexdigest(), files.generation)


def _open_last_good(
    given: str | os.PathLike[str] | bool | None, source: Source, keys: Sequence[Key]
) -> LastGood | None:
    """Return the folder in which the table is kept; None if it is not to be kept."""
    if given is None or given is False:
        return None
    folder = default_folder() if given is True else os.fspath(given)
    if not isinstance(folder, str) or "\0" in folder:
        raise ValueError("`last_good` is the path of a folder, True for the usual one, or False for none")
    return LastGood(fixed(folder), source.name, source.identity, keys)


def _checked_hooks(name: str, hooks: Sequence[Hook]) -> tuple[Hook, ...]:
    """Return functions as they were given; ValueError for what is not a list of them."""
    given = (*hooks,) if isinstance(hooks, Iterable) else (None,)
    if not all(callable(hook) for hook in given):
        raise ValueError(f"`{name}` is a list of functions")
    return given
