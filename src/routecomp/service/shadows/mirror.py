"""Mirror calls to the shadows that decisions name: behind the answer, in threads or tasks of their own."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from functools import partial
from typing import Any, Final, NamedTuple, TypedDict, get_args

from routecomp.service.calls.at import At
from routecomp.service.calls.desk import Desk
from routecomp.service.capture.ticks import Ticks
from routecomp.service.exposition import family
from routecomp.service.forks import in_child
from routecomp.service.shadows.shadow import Shadow, Skipped, Word

_THREADS: Final = 4
_WAITING: Final = 256
"""How many mirrored calls wait for a thread, or run as tasks, at most."""


class MirrorStatus(TypedDict):
    """What `Mirror.status` returns; counts are of this process."""

    mirrored: int
    """Shadows that were called; each has an outcome of its own."""
    dropped: int
    """Shadows for which there was no room, or that waited when the service was closed."""
    health: int
    """Shadows that a circuit or a limit bars."""
    key: int
    """Shadows whose key is not set."""
    spent: int
    """Shadows whose `max_daily_usd` is spent."""


class _Work(NamedTuple):
    """One shadow to call, and how."""

    shadow: Shadow
    function: Callable[[At], Any]
    context: Context


class Mirror:
    """The shadows of a service's calls. Nothing here raises into a call, or holds one up."""

    def __init__(self, desk: Desk, *, threads: int = _THREADS, waiting: int = _WAITING) -> None:
        self._desk = desk
        self._most_threads = threads
        self._most_waiting = waiting
        self._is_closed = False
        self._begin_anew()
        in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        """Begin without threads and without work, also in a child: what waits is the parent's."""
        self._queue: queue.Queue[_Work | None] = queue.Queue(self._most_waiting)
        self._threads: list[threading.Thread] = []
        self._starting = threading.Lock()
        self._tasks: dict[asyncio.Task[None], Shadow] = {}
        self._counts: dict[str, Ticks] = {word: Ticks() for word in get_args(Word)}

    def offer(
        self, decision: Any, request: Any, served: str, function: Callable[..., Any], *, is_stream: bool = False
    ) -> None:
        """Mirror an answered call to its shadows, in threads: the function is called once more for each.

        The function of a stream is given what notes the chunks that it reads, before where to go.
        """
        for slug in decision.shadows:
            if slug != served:
                shadow = Shadow(self._desk, self._desk.view(), decision, request, slug)
                work = _Work(shadow, partial(function, shadow.heard) if is_stream else function, copy_context())
                try:
                    if self._is_closed:
                        raise queue.Full
                    self._queue.put_nowait(work)
                    self._start()
                except queue.Full:
                    self._counts["dropped"].add()

    def offer_task(
        self, decision: Any, request: Any, served: str, function: Callable[..., Any], *, is_stream: bool = False
    ) -> None:
        """Do the same in tasks of the running loop, to which the caller's clients belong."""
        for slug in decision.shadows:
            if slug != served:
                if len(self._tasks) >= self._most_waiting:
                    self._sweep()
                if self._is_closed or len(self._tasks) >= self._most_waiting:
                    self._counts["dropped"].add()
                    continue
                try:
                    loop = asyncio.get_running_loop()
                except RuntimeError:  # a finalizer ended the call, outside of its loop
                    self._counts["dropped"].add()
                    continue
                shadow = Shadow(self._desk, self._desk.view(), decision, request, slug)
                call = partial(function, shadow.heard) if is_stream else function
                task = loop.create_task(self._call_async(shadow, call))
                self._tasks[task] = shadow
                task.add_done_callback(self._over)

    def status(self) -> MirrorStatus:
        """Return what became of shadows."""
        self._sweep()
        counts: Any = {word: ticks.value for word, ticks in self._counts.items()}
        status: MirrorStatus = counts
        return status

    def metrics(self) -> str:
        """Return the same as Prometheus' text."""
        rows = [({"result": word}, ticks.value) for word, ticks in self._counts.items()]
        return family("routecomp_shadows_total", "counter", "Shadows by what became of them.", rows)

    def flush(self, timeout_s: float) -> bool:
        """Return whether nothing waits or runs in threads, within a time."""
        todo = self._queue
        with todo.all_tasks_done:
            return todo.all_tasks_done.wait_for(lambda: not todo.unfinished_tasks, timeout_s)

    async def flush_async(self) -> None:
        """Wait until nothing runs in tasks of this loop."""
        loop = asyncio.get_running_loop()
        if tasks := {task for task in self._tasks.copy() if task.get_loop() is loop}:
            await asyncio.wait(tasks)

    def close(self, timeout_s: float) -> bool:
        """Take no more, drop what waits, and return whether what runs in threads ended in time."""
        self._is_closed = True
        with suppress(queue.Empty):
            while True:
                if self._queue.get_nowait() is not None:
                    self._counts["dropped"].add()
                self._queue.task_done()
        end = time.monotonic() + timeout_s
        threads = list(self._threads)
        for _ in threads:
            with suppress(queue.Full):
                self._queue.put_nowait(None)
        for thread in threads:
            thread.join(max(end - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in threads)

    def _start(self) -> None:
        """Start another thread while there are fewer than there may be; where there can be none now, work waits."""
        if len(self._threads) < self._most_threads and self._starting.acquire(blocking=False):
            try:
                if len(self._threads) < self._most_threads:
                    thread = threading.Thread(
                        target=self._run, args=(self._queue,), name="routecomp-shadow", daemon=True
                    )
                    with suppress(RuntimeError):
                        thread.start()
                        self._threads.append(thread)
            finally:
                self._starting.release()

    def _run(self, todo: queue.Queue[_Work | None]) -> None:
        while (work := todo.get()) is not None:
            with suppress(BaseException):
                work.context.run(self._call, work.shadow, work.function)
            del work
            todo.task_done()
        todo.task_done()

    def _call(self, shadow: Shadow, function: Callable[[At], Any]) -> None:
        """Call a shadow, in this thread."""
        step = self._begun(shadow)
        if step is not None:
            try:
                answer = function(step)
                shadow.answered(answer)
            except BaseException as error:
                shadow.failed(error)

    async def _call_async(self, shadow: Shadow, function: Callable[[At], Any]) -> None:
        """Call a shadow, in this task; what a store may take to answer is waited for in a thread."""
        step: At | None = None
        try:
            step = await asyncio.to_thread(self._begun, shadow)
            if step is None:
                return
            async with asyncio.timeout(step.timeout):
                answer = await function(step)
            shadow.answered(answer)
        except BaseException as error:
            shadow.failed(error, is_called=step is not None)
            if not isinstance(error, Exception):
                raise

    def _begun(self, shadow: Shadow) -> At | None:
        try:
            step = shadow.begin()
        except Skipped as reason:
            self._count(shadow, reason.word)
            return None
        self._count(shadow, "mirrored")
        return step

    def _count(self, shadow: Shadow, word: Word) -> None:
        if shadow.is_news():
            self._counts[word].add()

    def _over(self, task: asyncio.Task[None]) -> None:
        """Forget a task that ended, maybe before it began."""
        shadow = self._tasks.pop(task, None)
        if shadow is not None and not shadow.has_begun:
            self._count(shadow, "dropped")

    def _sweep(self) -> None:
        """Let tasks go whose loops were closed in the midst of them: they never end."""
        for task, shadow in self._tasks.copy().items():
            if task.get_loop().is_closed():
                shadow.failed(asyncio.CancelledError())
                self._over(task)
