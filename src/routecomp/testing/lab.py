"""Open a service for a test: its providers are scripted, its outcomes are kept, and it must lose none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import zip_longest
from typing import Any, Final, Unpack

from routecomp import service
from routecomp.service.calls.arguments import Request
from routecomp.service.calls.at import At
from routecomp.service.calls.keys import holds_key
from routecomp.testing.clock import FakeClock, NoWait
from routecomp.testing.script import Limits, Script
from routecomp.testing.streams import AsyncScriptedStream, ScriptedStream

KEY = "no-key-of-anybody"
"""What stands in the variables of keys while a lab is open."""
_WAIT_S: Final = 5.0
"""How long rows are waited for."""
_HURRY_S: Final = 0.1
"""How long a lab that an exception ends waits for calls that are under way: nobody will end them."""


class Lab:
    """A service whose calls go to scripts, and what came of them.

    `service` is a `routecomp.service.Service`: give it to the code under test. Whatever function that code hands to
    `run`, `arun`, `stream` and `astream`, the script of the model is played instead. In a loop of `dispatch` the code
    calls by itself: let it call a `serve()`.
    """

    def __init__(
        self, opened: service.Service, clock: FakeClock | NoWait, rows: list[tuple[str, dict[str, Any]]]
    ) -> None:
        self.service = opened
        self.clock = clock
        self._rows = rows
        self._scripts: dict[str, Script] = {}
        self._asked: list[str] = []
        self._take_over(opened)

    def __getitem__(self, slug: str | None) -> Script:
        """Return the script of a model; KeyError for one that the table lacks, and for a decision's that has none."""
        if slug is None or slug not in self._scripts:
            if slug is None or self.service.facts.model(slug) is None:
                raise KeyError(f"the table has no model {slug!r}")
            self._scripts[slug] = Script(slug, self.clock)
        return self._scripts[slug]

    @property
    def asked(self) -> list[str]:
        """The models that were called, in order."""
        return list(self._asked)

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """The rows of `routing_outcomes`, in the order in which calls ended."""
        return self._of("routing_outcomes")

    @property
    def attempts(self) -> list[dict[str, Any]]:
        """The rows of `routing_attempts`."""
        return self._of("routing_attempts")

    @property
    def events(self) -> list[dict[str, Any]]:
        """The audit events `inference.routed`."""
        return self._of("inference.routed")

    def assert_outcomes(self, *expected: str | Mapping[str, Any]) -> None:
        """See that as many calls ended, each so: a word of `outcome`, or some columns and their values."""
        rows = self.outcomes
        wanted = [{"outcome": row} if isinstance(row, str) else dict(row) for row in expected]
        shown = [
            {name: row.get(name) for name in (asked or {"outcome": None})}
            for row, asked in zip_longest(rows, wanted[: len(rows)], fillvalue=None)
            if row is not None
        ]
        assert shown == wanted, f"outcomes are {shown}, not {wanted}; asked: {self._asked}"

    def assert_whole(self) -> None:
        """See that each call has had exactly one outcome, and that none is under way."""
        status: Mapping[str, Any] = self.service.status()["capture"]
        wrong = {
            name: status[name]
            for name in ("in_flight", "dispatch_without_capture_total", "unexpected_capture_total")
            if status[name]
        }
        assert not wrong, f"calls without exactly one outcome: {wrong}"

    async def wait_for_shadows(self) -> None:
        """Wait in a test's own loop until the shadows that run in it have their rows; those of threads are waited for.

        Without it they are cancelled when the loop ends.
        """
        if (mirror := self.service._mirror) is not None:
            await mirror.flush_async()

    @contextmanager
    def lacks(self, *variables: str) -> Iterator[None]:
        """Take keys away for a while, to see what comes of it: a fixture that does so may put them back too late."""
        kept = {name: os.environ.pop(name) for name in variables if name in os.environ}
        try:
            yield
        finally:
            os.environ.update(kept)

    def _of(self, kind: str) -> list[dict[str, Any]]:
        mirror = self.service._mirror
        assert mirror is None or mirror.flush(_WAIT_S), "a shadow did not end"
        assert self.service.flush(), "the rows of calls did not arrive"
        return [values for name, values in self._rows if name == kind]

    def _play(self, step: At, limits: Limits | None = None) -> Any:
        self._asked.append(step.model)
        return self[step.model].play(step, limits)

    async def _aplay(self, step: At) -> Any:
        return self._play(step)

    def _take_over(self, opened: service.Service) -> None:
        """Put the scripts in the place of the functions that callers hand over."""
        run, arun, desk = opened.run, opened.arun, opened._desk

        def played(function: Callable[[At], Any], **request: Any) -> Any:
            return run(self._play, **request)

        async def aplayed(function: Callable[[At], Awaitable[Any]], **request: Any) -> Any:
            return await arun(self._aplay, **request)

        def streamed(
            open_stream: Callable[[At], Any], *, deadline: float | None = None, first_token: float | None = None,
            between: float | None = None, **request: Unpack[Request],
        ) -> ScriptedStream:  # fmt: skip
            return ScriptedStream(desk, self._play, request, deadline, first_token, between)

        def astreamed(
            open_stream: Callable[[At], Any], *, deadline: float | None = None, first_token: float | None = None,
            between: float | None = None, **request: Unpack[Request],
        ) -> AsyncScriptedStream:  # fmt: skip
            return AsyncScriptedStream(desk, self._play, request, deadline, first_token, between)

        functions: dict[str, Any] = {"run": played, "arun": aplayed, "stream": streamed, "astream": astreamed}
        for name, scripted in functions.items():
            setattr(opened, name, scripted)


@contextmanager
def open(
    source: str | os.PathLike[str], *, clock: FakeClock | NoWait | None = None, keys: bool = True, **options: Any
) -> Iterator[Lab]:
    """Open a lab over a table, and see at its end that no outcome was lost.

    `clock` is a `FakeClock` unless you give another. With `keys` every variable that calls may need and that is not set
    holds a word that is no key. The options are those of `routecomp.service.open`; arguments of the wrong kind raise
    (`strict`), nothing is kept between two labs.
    """
    clock = FakeClock() if clock is None else clock
    rows: list[tuple[str, dict[str, Any]]] = []
    kept = service.Callback(lambda kind, values: rows.append((kind, values)))
    settings: dict[str, Any] = {"strict": True, "clock": clock, **options}
    settings["sinks"] = [kept, *(options.get("sinks") or ())]
    with ExitStack() as stack:
        settings.setdefault("last_good", stack.enter_context(tempfile.TemporaryDirectory()))
        opened = service.open(source, **settings)
        close_s = _HURRY_S
        try:
            if keys:
                names = opened.facts.key_variables
                stack.enter_context(_set(name for name in names if os.environ.get(name) == KEY or not holds_key(name)))
            lab = Lab(opened, clock, rows)
            yield lab
            lab.assert_whole()
            close_s = _WAIT_S
        finally:
            opened.close(close_s)


@contextmanager
def _set(variables: Iterable[str]) -> Iterator[None]:
    """Set variables of the environment for a while; what a fixture put back of an earlier lab goes too."""
    names = tuple(variables)
    os.environ.update(dict.fromkeys(names, KEY))
    try:
        yield
    finally:
        for name in names:
            os.environ.pop(name, None)
