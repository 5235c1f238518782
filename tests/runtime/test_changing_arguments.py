"""Lists that another thread changes during a call, keys and texts no caller should send: answered, and forgotten."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import Decision, Router, resolve_line

from . import hostile
from .tables import router

LINES = 150
"""More lines of the resolver than a call runs before it has read its arguments."""


def interrupted(call: Callable[[], Decision], at: int, meanwhile: Callable[[], object]) -> Decision:
    """Return the answer of a call at whose `at`-th line something else happens, as in another thread."""
    left = at

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename != resolver.__file__:
            return None
        left -= event == "line"
        if left == 0:
            left -= 1
            meanwhile()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        return call()
    finally:
        sys.settrace(before)


def fresh(unavailable: list[str]) -> Decision:
    return router().resolve(model="auto", unavailable=unavailable)


def keys(names: list[str]) -> Any:
    """Return the keys of a dictionary."""
    return dict.fromkeys(names).keys()


@pytest.mark.parametrize("kind", [set, list, keys], ids=["set", "list", "keys"])
@pytest.mark.parametrize("hinted", [False, True], ids=["plain", "unit"])
def test_a_list_may_change_at_any_moment(kind: Any, hinted: bool) -> None:
    """The answer is that of the list as it was or as it is, and nothing wrong is remembered for either."""
    before, after = ["anthropic", "mistral"], ["anthropic", "mistral", "openai"]
    wanted = {len(names): fresh(names) for names in (before, after)}
    assert len(set(wanted.values())) == 2
    more: dict[str, Any] = {"unit": "u"} if hinted else {}
    for at in range(1, LINES):
        served, growing = router(), dict.fromkeys(before)
        live: Any = growing.keys() if kind is keys else kind(before)
        grow = growing.setdefault if kind is keys else live.add if kind is set else live.append
        got = interrupted(lambda: served.resolve(model="auto", unavailable=live, **more), at, lambda: grow("openai"))  # noqa: B023
        assert got in wanted.values(), at
        for names in (before, after):
            assert served.resolve(model="auto", unavailable=kind(names), **more) == wanted[len(names)], at
        assert len(live) == len(after), at  # it did change


def test_nothing_of_a_key_is_run() -> None:
    """Keys of a class with methods of its own count as their text, and none of the methods is run."""

    class Key(str):
        def __eq__(self, other: object) -> bool:
            raise hostile.HostileError("__eq__")

        __hash__ = str.__hash__

    served = router()
    request = {Key("feature"): "chat", Key("colour"): 1}
    decision = served.resolve_request(request)  # type: ignore[arg-type]
    assert decision == served.resolve_request({"feature": "chat", "colour": 1})
    assert served.explain_request(request)["decision"] == decision.to_dict()  # type: ignore[arg-type]


def test_what_is_no_line_is_answered() -> None:
    """Whatever takes the place of a line's bytes is no request, and says so."""
    served = router()
    for line in ('{"model": "auto"}', None, 7, memoryview(b"{}"), ["{}"]):
        assert '"ignored:request"' in resolve_line(served, line)  # type: ignore[arg-type]


@pytest.mark.parametrize("opening", ["[", '{"a":'], ids=["lists", "objects"])
def test_a_deep_line_in_a_thread_with_a_small_stack(opening: str) -> None:
    """Nesting is counted before the line is parsed: Python's parser would run over the stack and end the process."""
    program = f"""
import threading
from routecomp.runtime import resolver
router, answers = resolver.Router(None), []
threading.stack_size(128 * 1024)
line = ({opening!r} * 100_000).encode()
thread = threading.Thread(target=lambda: answers.append(resolver.resolve_line(router, line)))
thread.start()
thread.join()
print(answers)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, (done.returncode, done.stderr)
    assert "ignored:request" in done.stdout


def test_brackets_in_texts_are_no_nesting() -> None:
    """A line may hold any number of brackets: those in its texts, and those already closed, count for nothing."""
    served = router()
    for unit in ("[" * 500, '\\"[' * 500, "{" * 70 + "\\" * 3):
        line = json.dumps({"unit": unit, "model": "auto"}).encode()
        assert json.loads(resolve_line(served, line))["status"] == "ok"
    flat = json.dumps({"model": "auto", "colour": [[], {}] * 500}).encode()
    assert json.loads(resolve_line(served, flat))["status"] == "ok"


def test_what_is_remembered_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls with texts, lists or numbers of any length are answered alike, and leave nothing of them behind."""
    long, many, huge = "x" * 200_000, [f"host-{n}" for n in range(20_000)], 1 << 1_000_000
    asked: list[dict[str, Any]] = [
        {"feature": long}, {"model": long}, {"model": "auto", "stack": long}, {"model": "auto", "unavailable": many},
        {"model": "auto", "capabilities": {long}}, {"model": "auto", "unavailable": ("a", long)},
        {"model": "auto", "input_tokens": huge}, {"model": "auto", "max_output_tokens": -huge},
        {"model": "auto", "latency_budget_ms": huge},
    ]  # fmt: skip
    served: Router = router()
    for one in asked:
        first = served.resolve(**one, stream=True)
        assert first == served.resolve(**one, stream=True) == router().resolve(**one, stream=True)
    tracemalloc.start()
    for number in range(3):
        for one in asked:  # another each time, as made from a caller's request
            changed: dict[str, Any] = {key: value + number + 1 if type(value) is int
                       else [*value, str(number)] if type(value) is list
                       else {text + str(number) for text in value} if type(value) is set
                       else tuple(text + str(number) for text in value) if type(value) is tuple
                       else value + str(number) if value is long else value for key, value in one.items()}  # fmt: skip
            served.resolve(**changed, stream=True)
        del changed
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 150_000, kept
