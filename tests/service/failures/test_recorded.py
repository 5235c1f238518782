"""Every exception that the real SDKs raised against the faulty server means what docs/service.md says it does.

The ordinary run judges stand-ins of the recorded shapes (tests/sdks/errors.json, which `make sdks` makes anew); `make
hard` lets the SDKs raise them again, openai's older major too.
"""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from routecomp.service.failures.classify import classify
from tests.sdks.faulty import FAULTS
from tests.sdks.record import OLDER, PYTHON, ROOT
from tests.service.failures.errors import RECORDINGS, stand_in

RETRIABLE = ("retriable_error", "host")
LIMITED = ("rate_limited", "host")
LATE = ("timeout", "host")
REQUEST = ("terminal_error", "request")
SETTINGS = ("terminal_error", "configuration")
KEY = ("terminal_error", "key")

EXPECTED = {
    "conflict": RETRIABLE,
    "content": REQUEST,
    "context": REQUEST,
    "credit": KEY,
    "billing": KEY,
    "expired": KEY,
    "flex": LIMITED,
    "forbidden": SETTINGS,
    "gateway-timeout": LATE,
    "half": RETRIABLE,
    "hang": LATE,
    "html": RETRIABLE,
    "in-flight": LIMITED,
    "internal": RETRIABLE,
    "key": KEY,
    "large": REQUEST,
    "model": SETTINGS,
    "model-error": RETRIABLE,
    "moderated": REQUEST,
    "not-implemented": SETTINGS,
    "not-ready": RETRIABLE,
    "overloaded": RETRIABLE,
    "paid": KEY,
    "quota": KEY,
    "rate": LIMITED,
    "rate-ms": LIMITED,
    "refused": RETRIABLE,
    "reset": RETRIABLE,
    "slow-down": LIMITED,
    "spend": KEY,
    "stream-code": RETRIABLE,
    "stream-error": RETRIABLE,
    "stream-half": RETRIABLE,
    "stream-quota": KEY,
    "stream-rate": LIMITED,
    "stream-timeout": LATE,
    "timeout": LATE,
    "token": KEY,
    "unprocessable": REQUEST,
    "usage": KEY,
}
OTHERWISE = {
    ("boto3", "quota"): LIMITED,  # AWS's quotas are rates
    ("urllib", "quota"): LIMITED,  # its error does not hold the body, and reading it could wait
}
DELAYS = {
    ("openai", "rate"): 7.0,
    ("openai", "rate-ms"): 1.5,
    ("anthropic", "rate"): 12.0,
    ("genai", "rate"): 17.5,
    ("cohere", "rate"): 3.0,
    **{(library, "rate"): 9.0 for library in ("httpx", "httpx2", "requests", "urllib")},
}
CASES = [(library, fault) for library, faults in FAULTS.items() for fault in [*faults, "refused"]]


@pytest.mark.parametrize(("library", "fault"), CASES)
def test_the_recorded_error_is_judged(library: str, fault: str) -> None:
    """The outcome, who is to blame, and the time that the host asks for."""
    assert_judged(library, fault, RECORDINGS["errors"][library][fault])


def test_every_recording_is_of_a_fault_that_the_server_has() -> None:
    assert {(library, fault) for library, errors in RECORDINGS["errors"].items() for fault in errors} == set(CASES)


@pytest.mark.hard
@pytest.mark.skipif(not PYTHON.exists(), reason="no SDKs of providers in .venv-sdks: make sdks")
@pytest.mark.parametrize("major", ["installed", "older"])
def test_the_sdks_raise_what_is_judged(major: str) -> None:
    """The same, of errors that are raised now; of openai by two of its majors."""
    if major == "older" and not OLDER.exists():
        pytest.skip("no older openai in .venv-sdks/older: make sdks")
    libraries = [] if major == "installed" else ["openai"]
    environment = os.environ | ({"PYTHONPATH": str(OLDER)} if major == "older" else {})
    command = [str(PYTHON), "-m", "tests.sdks.raise_errors", *libraries]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    raised = json.loads(done.stdout)
    if major == "older":
        assert raised["packages"]["openai"].split(".")[0] != RECORDINGS["packages"]["openai"].split(".")[0]
    for library, errors in raised["errors"].items():
        for fault, shape in errors.items():
            assert_judged(library, fault, shape)


@pytest.mark.hard
@pytest.mark.skipif(not PYTHON.exists(), reason="no SDKs of providers in .venv-sdks: make sdks")
def test_what_the_sdks_return_is_read() -> None:
    """The tokens of whole answers and of streams; a stream that just ends is a half one; nothing good is a failure."""
    command = [str(PYTHON), "-m", "tests.sdks.read_answers"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    half = {"stream": False, "unended": True}
    for library, answers in json.loads(done.stdout).items():
        assert answers == {"whole": [3, 2], "stream": [3, 2], "half": half, "failures": []}, library


@pytest.mark.hard
@pytest.mark.skipif(not PYTHON.exists(), reason="no SDKs of providers in .venv-sdks: make sdks")
def test_streams_of_the_sdks_pass_through_a_service() -> None:
    """Before the first chunk the next model is asked; after it a stream is broken, also one that just ends."""
    command = [str(PYTHON), "-m", "tests.sdks.through_service"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    expected = {
        ("stream", "stream"): "succeeded",
        ("overloaded", "stream"): "fell_back",
        ("hang", "stream"): "fell_back",
        ("stream-half", "stream"): "failed StreamBroken: opus: retriable_error (ReadError)",
        ("stream-error", "stream"): "failed StreamBroken: opus: retriable_error (APIStatusError)",
        ("overloaded", "stream-half"): "failed StreamBroken: mistral-3: retriable_error (APIConnectionError)",
        ("overloaded", "unended"): "failed StreamBroken: mistral-3: retriable_error (HalfStream)",
    }
    ends = json.loads(done.stdout)
    assert [end for _, _, end in ends] == [expected[first, second] for first, second, _ in ends]
    assert len(ends) == 2 * len(expected)


def assert_judged(library: str, fault: str, shape: Any) -> None:
    assert shape is not None, f"{library} raised nothing for {fault}"
    failure = classify(stand_in(shape), wall=0.0)
    assert (failure.outcome, failure.blames) == OTHERWISE.get((library, fault), EXPECTED[fault]), (library, fault)
    assert failure.retry_after_s == DELAYS.get((library, fault))
    assert failure.error_class.isidentifier()
    assert "words" not in failure.error_class
