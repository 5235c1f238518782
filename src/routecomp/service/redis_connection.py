"""Hold a client of Redis or Valkey that waits no longer than it should, one for each process."""

from __future__ import annotations

import os
from typing import Any


class RedisConnection:
    """A server. Nothing is connected before it is asked; a forked child connects by itself."""

    def __init__(self, url: str, timeout_s: float) -> None:
        """Take its URL; ValueError for what is none. Needs the extra `redis`."""
        # lazy: an optional package, which only who shares needs
        import redis

        parse: Any = redis.connection.parse_url
        try:
            parse(url)
        except ValueError:  # whose words may hold a part of a password
            raise ValueError("no URL of a Redis or Valkey: redis://HOST:6379/0, rediss://… or unix://…") from None
        self._url = url
        self._timeout_s = timeout_s
        self._redis: Any = redis
        self._client: Any = None
        self._process = os.getpid()

    def client(self) -> Any:
        """Return this process's client. It asks once, and waits for each answer as long as it was told."""
        if self._client is None or self._process != os.getpid():
            once = self._redis.retry.Retry(self._redis.backoff.NoBackoff(), 0)
            self._client = self._redis.Redis.from_url(
                self._url, socket_timeout=self._timeout_s, socket_connect_timeout=self._timeout_s, retry=once
            )
            self._process = os.getpid()
        return self._client

    def close(self) -> None:
        """Close the connection, but for one that is the parent's."""
        if self._client is not None and self._process == os.getpid():
            self._client.close()
