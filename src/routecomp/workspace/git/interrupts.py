"""Hold interrupts back while files are being replaced and committed, so that nothing is left half done."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Turn the first interrupt into KeyboardInterrupt where it can be seen to, and ignore further ones.

    That is while a command of `run` is waited for, and at `check`. Use it in a `with` statement; outside of the main
    thread, which alone has signals, it does nothing.
    """

    def __init__(self) -> None:
        self._is_pending = False
        self._is_waiting = False
        self._old: dict[int, Callable[[int, FrameType | None], Any] | int | None] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                    self._old[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._old.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raise KeyboardInterrupt where an interrupt is pending."""
        if self._is_pending:
            raise KeyboardInterrupt

    def run(
        self, command: Sequence[str], input: bytes, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command and return what it prints; an interrupt ends it, so that it may clean up, and is raised."""
        self.check()
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as process:
            try:
                self._is_waiting = True
                self.check()
                output, errors = process.communicate(input)
            except BaseException:
                # Killed, Git would leave its locks behind.
                self._is_waiting = False
                process.terminate()
                process.wait()
                raise
            finally:
                self._is_waiting = False
        return subprocess.CompletedProcess(command, process.returncode, output, errors)

    def _note(self, number: int, frame: FrameType | None) -> None:
        """Note a signal; raise KeyboardInterrupt for the first one where a command is waited for."""
        if not self._is_pending:
            self._is_pending = True
            if self._is_waiting:
                raise KeyboardInterrupt
