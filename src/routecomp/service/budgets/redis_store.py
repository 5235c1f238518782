"""Keep accounts in Redis or Valkey: a hash for each tenant and period, with a field for each process that runs.

One field more, `ended`, is of all that were closed; a process that was killed keeps its own until the account ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from routecomp.service.budgets.store import Answer, Ask
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.forks import in_child
from routecomp.service.redis_connection import RedisConnection

_TIMEOUT_S: Final = 0.5
_KEPT_S: Final = 86_400
"""How long an account is kept after its end."""
_SCRIPT: Final = """
local E = 1000000000000
local function read(text)
  if #text > 12 then return {tonumber(string.sub(text, 1, -13)), tonumber(string.sub(text, -12))} end
  return {0, tonumber(text)}
end
local function plus(a, b, sign)
  local high, low = a[1] + sign * b[1], a[2] + sign * b[2]
  local carry = math.floor(low / E)
  return {high + carry, low - carry * E}
end
local function below(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end
local function write(a)
  if a[1] == 0 then return string.format('%.0f', a[2]) end
  return string.format('%.0f%012.0f', a[1], a[2])
end
local others, zero = {0, 0}, {0, 0}
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if fields[i] ~= ARGV[1] then others = plus(others, read(fields[i + 1]), 1) end
end
local limit, held, need, more = read(ARGV[2]), read(ARGV[3]), read(ARGV[4]), read(ARGV[5])
local left = plus(plus(limit, others, -1), held, -1)
if not below(left, need) and below(zero, left) then
  local most = plus(need, more, 1)
  if below(left, most) then most = left end
  held = plus(held, most, 1)
end
redis.call('HSET', KEYS[1], ARGV[1], write(held))
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[6]) then redis.call('EXPIRE', KEYS[1], ARGV[6]) end
return {write(held), write(others)}
"""
"""What `store.granted` says, of numbers in two parts: one alone would lose its last digits from 9,007 dollars on."""
_FOLD: Final = (
    _SCRIPT.partition("local others")[0]
    + """
local mine = redis.call('HGET', KEYS[1], ARGV[1])
if mine then
  local ended = redis.call('HGET', KEYS[1], 'ended') or '0'
  redis.call('HSET', KEYS[1], 'ended', write(plus(read(ended), read(mine), 1)))
  redis.call('HDEL', KEYS[1], ARGV[1])
end
"""
)
"""Add what a process took that ends to what all took that have ended, so that an account does not grow with them."""
_MOST: Final = 10_000
"""Of how many accounts a process knows at most that it is in them."""


class RedisBudgets:
    """A store for `open(budgets=…)`. Every answer of the server is waited for half a second at most, and asked once.

    Who shares must use the same `key`, and a server that all reach.
    """

    def __init__(
        self, url: str, *, key: str = "routecomp:budgets", timeout_s: float = _TIMEOUT_S, clock: Clock = SYSTEM
    ) -> None:
        """Take the URL of a server; nothing is connected yet. Needs the extra `redis`."""
        self._key = key
        self._clock = clock
        self._connection = RedisConnection(url, timeout_s)
        self._own: dict[str, tuple[str, float]] = {}
        """The process that is in an account, and when that ends."""
        in_child(self._in_child)

    def exchange(self, process: str, asks: Sequence[Ask]) -> Sequence[Answer]:
        """Write what this process holds, and return that and what others hold, in one round trip."""
        pipeline = self._connection.client().pipeline(transaction=False)
        now = self._clock.time()
        for ask in asks:
            amounts = (ask.limit, ask.holds, ask.need, ask.more)
            seconds = int(min(max(ask.ends - now, 0), 40 * _KEPT_S)) + _KEPT_S
            name = f"{self._key}:{ask.period}:{ask.tenant}"
            self._own[name] = process, ask.ends
            pipeline.eval(_SCRIPT, 1, name, process, *map(str, amounts), seconds)
        if len(self._own) > _MOST:
            self._own = {name: own for name, own in self._own.items() if own[1] > now}
        return [Answer(int(mine), int(others)) for mine, others in pipeline.execute()]

    def close(self) -> None:
        """Say that this process ends, and close the connection."""
        try:
            if self._own:
                pipeline = self._connection.client().pipeline(transaction=False)
                for name, (process, _) in self._own.items():
                    pipeline.eval(_FOLD, 1, name, process)
                self._own = {}
                pipeline.execute()
        finally:
            self._connection.close()

    def _in_child(self) -> None:
        """Begin as another process, which is in no account."""
        self._own = {}
