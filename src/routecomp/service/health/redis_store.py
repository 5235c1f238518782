"""Share what is closed through Redis or Valkey: one sorted set, by the deadline on the server's clock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from routecomp.runtime.resolver import Facts
from routecomp.service.health.scope import Scope
from routecomp.service.health.sharing import Closure
from routecomp.service.redis_connection import RedisConnection

_TIMEOUT_S: Final = 0.5
_KINDS: Final = ("model", "provider", "key")
_REASONS: Final = ("open", "asked")
_SCRIPT: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 1, #ARGV, 2 do
  local milliseconds = tonumber(ARGV[i + 1])
  local well, is_circuit = string.gsub(ARGV[i], '"open"]$', '"well"]')
  if milliseconds <= 0 then
    redis.call('ZREM', KEYS[1], ARGV[i])
    if is_circuit == 1 then
      redis.call('ZADD', KEYS[1], now + 10000, well)
    end
  else
    if is_circuit == 1 then
      redis.call('ZREM', KEYS[1], well)
    end
    local before = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i]) or 0)
    redis.call('ZADD', KEYS[1], math.max(before, now + milliseconds), ARGV[i])
  end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local closed = redis.call('ZRANGE', KEYS[1], 0, 4095, 'WITHSCORES')
for i = 2, #closed, 2 do
  closed[i] = tostring(math.floor(tonumber(closed[i]) - now))
end
return closed
"""
"""One round trip: keep the later deadline of each finding, forget what has passed, return the rest in milliseconds.

What a trial found well is kept for ten seconds, unless it is found closed again: in that time all others learn it.
"""


class RedisStore:
    """A store for `Health(shared=…)`. Every answer of the server is waited for half a second at most, and asked once.

    Deadlines are by the server's clock. Who shares must use the same `key`, and a server that all reach.
    """

    def __init__(self, url: str, *, key: str = "routecomp:closed", timeout_s: float = _TIMEOUT_S) -> None:
        """Take the URL of a server; nothing is connected yet. Needs the extra `redis`."""
        self._key = key
        self._connection = RedisConnection(url, timeout_s)

    def exchange(self, told: Sequence[Closure], facts: Facts | None = None) -> Sequence[Closure]:
        """Keep what is told, and return all that is closed now, or was found well lately."""
        arguments: list[Any] = []
        for closure in told:
            arguments += [json.dumps([*closure.scope, closure.reason]), max(round(closure.for_s * 1000), 0)]
        closed = self._connection.client().eval(_SCRIPT, 1, self._key, *arguments)
        pairs = zip(closed[::2], closed[1::2], strict=True)
        read = [_read(member, left) for member, left in pairs]
        return [closure for closure in read if closure is not None]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _read(member: bytes, milliseconds: bytes) -> Closure | None:
    """Return an entry of the set; None for what another program may have put there."""
    try:
        kind, name, key, reason = json.loads(member)
        seconds = int(milliseconds) / 1000
    except ValueError:
        return None
    if reason == "well":
        reason, seconds = "open", 0.0
    if kind not in _KINDS or reason not in _REASONS or type(name) is not str or type(key) not in (str, type(None)):
        return None
    return Closure(Scope(kind, name, key), reason, seconds)
