"""One sink's queue and thread, beside forks of several threads."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from routecomp.service.capture.outlet import Outlet
from routecomp.service.capture.rows import Row


class Quiet:
    """A sink that asks a fork to wait for its writes."""

    quiet_at_fork = True

    def write(self, rows: Sequence[Row]) -> None:
        return

    def close(self) -> None:
        return


def test_a_fork_that_waits_in_vain_leaves_the_others_hold_alone() -> None:
    """Two threads fork at once: the first lets the sink go on, although the second gave up waiting meanwhile."""
    outlet = Outlet(Quiet(), "quiet", 10, lambda record, hurry: [], lambda: None)
    outlet.before_fork()

    def fork() -> None:
        outlet.before_fork()
        outlet.after_fork_in_parent()

    other = threading.Thread(target=fork)
    other.start()
    other.join()
    assert outlet._writing.locked()
    outlet.after_fork_in_parent()
    assert not outlet._writing.locked()
