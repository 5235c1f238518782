"""Probe models: two small calls each, over a new connection and over the same one again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from routecomp.explain.wire import WireRequest, wire_request
from routecomp.hosts.connection import Answer, Connection, NoProxyError
from routecomp.hosts.contract import contract
from routecomp.hosts.keys import NoKeyError, filled, signed
from routecomp.model.project import Program
from routecomp.service.failures.classify import classify, classify_answer
from routecomp.service.failures.failure import Failure
from routecomp.service.usage import usage_of

Json = dict[str, Any]
AT_ONCE = 8
"""How many models are probed side by side."""
_OK = "ok"
_NO_JSON = Failure("terminal_error", "no_json_object", None, "configuration")
_LATE = Failure("timeout", "Timeout")


@dataclass(frozen=True, slots=True)
class Probed:
    """What a probe of a model found.

    `outcome` is a word of the health vocabulary, None where no call was made; `error` says why there is no answer. The
    milliseconds are those of answers. `contract` names all that the call depended on (see `contract.contract`).
    """

    model: str
    provider: str
    upstream_model: str
    host: str
    contract: str
    checked_at: str
    outcome: str | None
    error: Json | None = None
    status: int | None = None
    cold_ms: int | None = None
    warm_ms: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    blames: str | None = None

    @property
    def is_well(self) -> bool:
        """Whether both calls were answered."""
        return self.outcome == _OK

    def plain(self) -> Json:
        """Return it as plain JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def probe(
    program: Program,
    slugs: Sequence[str],
    environment: Mapping[str, str],
    timeout_s: float,
    on_found: Callable[[Probed], None] = lambda known: None,
) -> list[Probed]:
    """Probe models, several at a time, and return what was found in the order of their names.

    Each has `timeout_s` seconds for both calls. `on_found` hears of each when it is known.
    """
    known: dict[str, Probed] = {}
    waiting = list(slugs)
    running: dict[str, _Probe] = {}
    ended: SimpleQueue[Probed] = SimpleQueue()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            slug = waiting.pop(0)
            call = _Probe(program, slug, environment, timeout_s)
            running[slug] = call
            threading.Thread(target=lambda call=call: ended.put(call.run()), daemon=True).start()
        try:
            heard = [ended.get(timeout=0.05)]
        except Empty:
            heard = [late for call in running.values() if (late := call.given_up()) is not None]
        for result in heard:
            if running.pop(result.model, None) is not None:
                known[result.model] = result
                on_found(result)
    return [known[slug] for slug in slugs]


class _Probe:
    """The two calls of one model."""

    def __init__(self, program: Program, slug: str, environment: Mapping[str, str], timeout_s: float) -> None:
        model = program.models[slug].body
        provider = program.providers[model.provider].body
        self._request = wire_request(program, slug)
        self._environment = environment
        self._deadline = time.monotonic() + timeout_s
        self._connection: Connection | None = None
        self._known: Json = {
            "model": slug,
            "provider": model.provider,
            "upstream_model": model.provider_model_name or slug,
            "host": urlsplit(self._request.url).netloc,
            "contract": contract(provider, model, slug),
            "checked_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def run(self) -> Probed:
        """Make the calls; nothing is raised."""
        try:
            answers: list[Answer] = []
            self._connection = Connection(self._request.url, self._deadline)
            for _ in range(2):
                answer, failure = self._call(self._connection)
                if failure is not None:
                    return self._failed(failure, answer, answers)
                assert answer is not None
                answers.append(answer)
        except NoKeyError as missing:
            return Probed(**self._known, outcome=None, error={"class": "NoKey", "message": str(missing)})
        except NoProxyError as failure:
            return Probed(**self._known, outcome=None, error={"class": "NoProxy", "message": str(failure)})
        except ValueError as failure:  # a header that cannot be sent
            return Probed(**self._known, outcome=None, error={"class": type(failure).__name__, "message": _UNSENT})
        finally:
            if self._connection is not None:
                self._connection.close()
        usage = usage_of(json.loads(answers[1].body))
        tokens: Json = {} if usage is None else dict(usage._asdict())
        cold, warm = answers
        return Probed(
            **self._known, outcome=_OK, status=warm.status, cold_ms=cold.took_ms, warm_ms=warm.took_ms, **tokens
        )

    def given_up(self) -> Probed | None:
        """Return that the time is over, well after it is; the thread that waits is let go."""
        if time.monotonic() < self._deadline + 0.5:
            return None
        if self._connection is not None:
            self._connection.close()
        return self._failed(_LATE, None, [])

    def _call(self, connection: Connection) -> tuple[Answer | None, Failure | None]:
        """Make a call; return the answer and what is wrong with it."""
        request = self._request
        body = request.body.encode()
        headers = filled(request.headers, self._environment)
        if request.region is not None:
            headers = signed("POST", request.url, headers, body, request.region, self._environment)
        try:
            answer = connection.ask("POST", request.url, headers, body)
        except ValueError:
            raise
        except Exception as error:
            return None, classify(error)
        return answer, judged(answer)

    def _failed(self, failure: Failure, answer: Answer | None, before: Sequence[Answer]) -> Probed:
        error = {"class": failure.error_class, "message": _words(failure, answer, self._request)}
        return Probed(
            **self._known,
            outcome=failure.outcome,
            error=error,
            status=None if answer is None else answer.status,
            cold_ms=before[0].took_ms if before else None,
            blames=failure.blames,
        )


_UNSENT = "the request cannot be sent: a header or the address holds what HTTP does not take"
_REMEDIES = {
    "host": "the host's own trouble: try again later",
    "key": "the host refuses the key, or it has no money left: see the provider's console",
    "configuration": "the host does not know what is asked: compare path, version and the model's name there "
    "(`routecomp probe --names`, `routecomp show wire MODEL`)",
    "request": "the host refuses the request: compare its params with the provider's page "
    "(`routecomp show wire MODEL`)",
    "caller": "see that this machine reaches the host: its name, the network, a proxy",
}


def judged(answer: Answer) -> Failure | None:
    """Return what is wrong with an answer; None for a JSON object that reports no error."""
    if 300 <= answer.status < 400:
        return Failure("terminal_error", f"http_{answer.status}", None, "configuration", answer.headers)
    failure = classify_answer(answer.status, answer.headers, answer.body)
    if failure is not None:
        return failure
    try:
        values = json.loads(answer.body)
    except (ValueError, RecursionError):
        return _NO_JSON
    return None if isinstance(values, dict) else _NO_JSON


def _words(failure: Failure, answer: Answer | None, request: WireRequest) -> str:
    """Say what came of a call, and what to do."""
    came = "no answer" if answer is None else f"status {answer.status}"
    if failure is _NO_JSON:
        came += ", no JSON object"
    return f"{came} from {urlsplit(request.url).netloc}: {_REMEDIES[failure.blames]}"
