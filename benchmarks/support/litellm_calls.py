"""Print the microseconds that LiteLLM's Router takes for a mock response; run in .venv-peers."""

from __future__ import annotations

from importlib import import_module
from statistics import median
from time import perf_counter
from typing import Any

TURNS, CALLS = 15, 50


def main() -> None:
    """Make the calls in turns, and print the median of a call."""
    parameters = {"model": "openai/gpt-4o", "api_key": "k", "mock_response": "Hello!"}
    router: Any = import_module("litellm").Router(
        model_list=[{"model_name": "chat", "litellm_params": parameters}], num_retries=0
    )
    messages = [{"role": "user", "content": "Say hello."}]
    times = []
    for _ in range(TURNS):
        start = perf_counter()
        for _ in range(CALLS):
            router.completion(model="chat", messages=messages)
        times.append((perf_counter() - start) / CALLS * 1e6)
    print(median(times))


if __name__ == "__main__":
    main()
