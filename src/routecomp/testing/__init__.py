"""Test a service without a network: scripted providers, a clock that stands still, what was captured and decided."""

from routecomp.testing.clock import FakeClock, NoWait
from routecomp.testing.expected import expect
from routecomp.testing.failures import CallFailed, hangs, refuses, resets, status
from routecomp.testing.lab import Lab, open
from routecomp.testing.script import Script, chunks
from routecomp.testing.server import Server, serve

__all__ = [
    "CallFailed",
    "FakeClock",
    "Lab",
    "NoWait",
    "Script",
    "Server",
    "chunks",
    "expect",
    "hangs",
    "open",
    "refuses",
    "resets",
    "serve",
    "status",
]
