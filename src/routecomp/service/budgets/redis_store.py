"""Keep accounts in Redis or Valkey: a hash for each tenant and period, with the sum, and a field for each process.

The field makes telling twice telling once. Those of processes that ended are dropped in time: what they hold stays in
`=sum`, and is a part of `=ended`. One that was only quiet takes its part of that back when it tells again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from routecomp.service.budgets.store import Answer, Ask
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.redis_connection import RedisConnection

_TIMEOUT_S: Final = 0.5
_KEPT_S: Final = 86_400
"""How long an account is kept after its end."""
_QUIET_S: Final = 3600
"""How long the field of a process that says nothing is kept, at least."""
_DRIFT_S: Final = 60
"""By how much the clocks of a process and of the server may differ over that time."""
_FIELDS: Final = 512
"""How many fields there may be before those of quiet processes are looked for; so many the server scans at once."""
_LOOKED_AT: Final = 16
"""How many of them each exchange looks at, about: no exchange takes long, and more go than come."""
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
local zero = {0, 0}
local kept = redis.call('HMGET', KEYS[1], '=sum', '=ended', '=cursor', ARGV[1])
local sum, ended, own = read(kept[1] or '0'), read(kept[2] or '0'), zero
if kept[4] then
  own = read(string.match(kept[4], '^%d+'))
else
  own = read(ARGV[7])
  if below(ended, own) then own = ended end
  ended = plus(ended, own, -1)
end
local others = plus(sum, own, -1)
local limit, held, need, more = read(ARGV[2]), read(ARGV[3]), read(ARGV[4]), read(ARGV[5])
local left = plus(plus(limit, others, -1), held, -1)
if not below(left, need) and below(zero, left) then
  local gets = plus(need, more, 1)
  if below(left, gets) then gets = left end
  held = plus(held, gets, 1)
end
local now = redis.call('TIME')[1]
redis.call('HSET', KEYS[1], '=sum', write(plus(others, held, 1)), ARGV[1], write(held) .. '@' .. now)
local cursor = '0'
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[9]) then
  local part = redis.call('HSCAN', KEYS[1], kept[3] or '0', 'COUNT', ARGV[10])
  cursor = part[1]
  for i = 1, #part[2], 2 do
    local amount, seen = string.match(part[2][i + 1], '^(%d+)@(%d+)$')
    if seen and now - seen > tonumber(ARGV[8]) then
      ended = plus(ended, read(amount), 1)
      redis.call('HDEL', KEYS[1], part[2][i])
    end
  end
end
redis.call('HSET', KEYS[1], '=ended', write(ended), '=cursor', cursor)
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[6]) then redis.call('EXPIRE', KEYS[1], ARGV[6]) end
return {write(held), write(others)}
"""
"""What `store.granted` says, of numbers in two parts: one alone would lose its last digits from 9,007 dollars on."""


class _Told(NamedTuple):
    """What the server holds of this process for an account, at least; when it said so; and when the period ends."""

    amount: int
    moment: float
    ends: float


_NOTHING: Final = _Told(0, 0.0, 0.0)


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
        self._process = ""
        self._told: dict[tuple[str, str], _Told] = {}
        self._most_told = _FIELDS

    def exchange(self, process: str, asks: Sequence[Ask]) -> Sequence[Answer]:
        """Write what this process holds, and return that and what others hold, in one round trip."""
        now = self._clock.time()
        if process != self._process:
            self._process, self._told = process, {}
        self._forget(now)
        pipeline = self._connection.client().pipeline(transaction=False)
        for ask in asks:
            amounts = (ask.limit, ask.holds, ask.need, ask.more)
            seconds = int(min(max(ask.ends - now, 0), 40 * _KEPT_S)) + _KEPT_S
            told = self._told.get((ask.tenant, ask.period), _NOTHING)
            ended = told.amount if abs(now - told.moment) > _QUIET_S - _DRIFT_S else 0
            numbers = (*amounts, seconds, ended, _QUIET_S, _FIELDS, _LOOKED_AT)
            pipeline.eval(_SCRIPT, 1, f"{self._key}:{ask.period}:{ask.tenant}", process, *map(str, numbers))
            # If no answer comes, at least so much is held there.
            self._told[ask.tenant, ask.period] = _Told(min(told.amount, ask.holds), told.moment, ask.ends)
        answers = [Answer(int(mine), int(others)) for mine, others in pipeline.execute()]
        for ask, answer in zip(asks, answers, strict=True):
            self._told[ask.tenant, ask.period] = _Told(answer.holds, now, ask.ends)
        return answers

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _forget(self, now: float) -> None:
        """Forget now and then what was told of accounts that are gone."""
        if len(self._told) > self._most_told:
            self._told = {key: told for key, told in self._told.items() if told.ends > now - 2 * _KEPT_S}
            self._most_told = 2 * len(self._told) + _FIELDS
