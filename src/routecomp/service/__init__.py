"""Serve calls from a routing table inside a program: tables, calls, health and capture (docs/service.md)."""

from routecomp.service.calls.at import At
from routecomp.service.calls.errors import BadAnswer, CallError, Exhausted, KeyMissing, Rejected, StreamBroken
from routecomp.service.capture.sink import Sink
from routecomp.service.capture.sinks.callback import Callback
from routecomp.service.capture.sinks.db_api import DbApi
from routecomp.service.capture.sinks.json_lines import JsonLines
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.service import KeyGap, Service, open
from routecomp.service.strict import WrongArgument
from routecomp.service.tables.status import Refresh, TableEvent
from routecomp.service.usage import Usage

__all__ = [
    "At",
    "BadAnswer",
    "CallError",
    "Callback",
    "Clock",
    "DbApi",
    "Exhausted",
    "JsonLines",
    "KeyGap",
    "KeyMissing",
    "Refresh",
    "Rejected",
    "SYSTEM",
    "Service",
    "Sink",
    "StreamBroken",
    "TableEvent",
    "Usage",
    "WrongArgument",
    "open",
]
