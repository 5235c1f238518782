"""The services of examples/ under load: hosts fail, a table is swapped, SIGTERM comes, and no call is lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from routecomp import testing
from tests.examples.running import EXAMPLES, FAULTS, Mount, check_answers, check_rows, faults, running, table_files

SERVICES = {
    "uvicorn": ("-m", "uvicorn", "--app-dir", "fastapi", "app:app", "--port", "PORT", "--log-level", "warning"),
    "gunicorn": (
        *("-m", "gunicorn", "--chdir", "fastapi", "app:app", "--bind", "127.0.0.1:PORT", "--log-level", "warning"),
        *("--worker-class", "asgi", "--workers", "2", "--preload", "--no-control-socket"),
    ),
    "threads": ("threads/serve.py",),
}
NEEDED = {"uvicorn": ("fastapi", "uvicorn"), "gunicorn": ("fastapi", "gunicorn"), "threads": ()}
IS_HARD = os.environ.get("ROUTECOMP_HARD") == "1"
CALLS = 90


def need(name: str) -> None:
    """Say aloud what is not tested, where a package is not installed."""
    missing = [package for package in NEEDED[name] if find_spec(package) is None]
    missing += [package for package in ("openai", "anthropic") if NEEDED[name] and find_spec(package) is None]
    if missing:
        pytest.skip(f"NOT TESTED: examples/ under {name}: not installed: {', '.join(missing)}")


def run_under_load(name: str, folder: Path, calls: int, seed: int) -> None:
    """Call a service while its hosts fail and its table is swapped, end it amid calls, and count outcomes."""
    need(name)
    mount = Mount(folder / "table")
    with testing.serve(faults(seed)) as hosts:
        hosts.slow_s = 0.1
        mount.write(table_files(hosts.url))
        other = table_files(hosts.url, **{"quality: 0.93": "quality: 0.94"})
        with running(SERVICES[name], mount.folder, folder / "state") as service:
            answers = service.load(range(calls // 3))
            mount.write(other)
            answers += service.load(range(calls // 3, calls))
            time.sleep(1.0)  # each worker looks five times a second
            answers += service.load(range(calls, calls + 6))
            assert service.get("/live")[0] == 200
            metrics = service.get("/metrics")[1]
            hosts.faults = lambda model: "slow_first_token"
            hosts.slow_s = 1.0
            last: list[int] = list(range(calls + 6, calls + 10))
            under_way = threading.Thread(target=lambda: answers.extend(service.load(last)))
            under_way.start()
            time.sleep(0.5)
            assert service.terminate() in (0, -15), service.log
            under_way.join()
            broken = sum(count for (_, fault), count in hosts.calls.items() if fault == "half_stream")
            check_answers(answers, broken)
            check_rows(service, answers)
            hashes = [row["ruleset_hash"] for row in service.rows()]
            assert len(set(hashes)) == 2
            assert len(set(hashes[-10:])) == 1, "a worker has not taken the new table over"
            assert "routecomp_dispatch_without_capture_total 0" in metrics, metrics
            assert "routecomp_unexpected_capture_total 0" in metrics
    assert {fault for _, fault in hosts.calls} - {None} == set(FAULTS) or calls < 1000


@pytest.mark.parametrize("name", SERVICES)
def test_under_load(name: str, tmp_path: Path) -> None:
    """No call fails that a host could have answered; streams are whole or break; all outcomes are written."""
    run_under_load(name, tmp_path, CALLS, seed=1)


@pytest.mark.parametrize("name", ["uvicorn", "threads"])
def test_the_commands_of_the_page_and_what_the_project_declares(name: str, tmp_path: Path) -> None:
    """Each line with curl works; shadows are mirrored; a tenant's budget refuses what nobody may answer for it."""
    need(name)
    page = EXAMPLES / ("threads" if name == "threads" else "fastapi") / "README.md"
    (lines,) = re.findall(r"^```sh\n(curl .*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    mount = Mount(tmp_path / "table")
    with testing.serve() as hosts:
        poor = "tenants:\n  poor: {preset: balanced, budget: {daily_usd: 0.01}}\n"
        mount.write(table_files(hosts.url, **{"sample: 0.05": "sample: 1", "tenants:\n": poor}))
        with running(SERVICES[name], mount.folder, tmp_path / "state") as service:
            if shutil.which("curl") is not None:
                commands = "set -e\n" + lines.replace("localhost:8000", f"127.0.0.1:{service.port}")
                done = subprocess.run(["sh", "-c", commands], capture_output=True, text=True, timeout=120)
                assert done.returncode == 0, done.stderr
                assert done.stdout.count("Hello from gpt-6.1-sol") == 2, done.stdout
                assert "200 OK" in done.stdout
                assert "routecomp_calls_total" in done.stdout
            long = "word " * 150_000
            assert service.chat(1, tenant="nobody", content=long).status == 200
            assert service.chat(2, tenant="poor", content=long).status == 422
            assert service.chat(4, tenant="poor").status == 200
            time.sleep(0.3)  # shadows are asked behind the answer
            assert service.terminate() in (0, -15), service.log
            assert {row["outcome"] for row in service.rows() if row["tenant"] == "poor"} == {"rejected", "succeeded"}
            shadows = service.rows(shadows=True)
            assert {row["model"] for row in shadows} == {"mistral-small-2603"}
            assert {"request-1", "request-4"} <= {row["request_id"] for row in shadows}


@pytest.mark.hard
@pytest.mark.skipif(not IS_HARD, reason="thousands of calls: make hard")
@pytest.mark.parametrize("name", SERVICES)
def test_under_load_for_long(name: str, tmp_path: Path) -> None:
    """The same with thousands of calls and all faults."""
    run_under_load(name, tmp_path, 3000, seed=2)


def test_the_service_is_short() -> None:
    """What takes 580 lines by hand has at most 60, as `make lint` wants them."""
    assert len((EXAMPLES / "fastapi" / "app.py").read_text(encoding="utf-8").splitlines()) <= 60
