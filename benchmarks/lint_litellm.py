"""Time `routecomp lint-litellm FILE` in a fresh process beside `yaml.safe_load` of the same file in one.

    python benchmarks/lint_litellm.py [FILE]

Without a file it writes one of 306 deployments under 46 names, and one of 14.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 15


def deployments(count: int, names: int) -> str:
    """Return a file of `count` deployments under `names` names."""
    lines = ["model_list:"]
    for index in range(count):
        lines += [
            f"- model_name: group-{index % names}",
            "  litellm_params:",
            f"    model: azure/gpt-4o-{index}",
            f"    api_base: https://host-{index}.example",
            "    api_key: os.environ/AZURE_KEY",
            f"    rpm: {10 + index}",
            f"  model_info: {{id: deployment-{index}}}",
        ]
    lines += ["router_settings:", "  fallbacks:"]
    lines += [f"  - group-{index}: [group-{index + 1}]" for index in range(names - 1)]
    return "\n".join(lines) + "\n"


def seconds(command: list[str]) -> float:
    """Return the processor time of a command in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(path: Path) -> None:
    """Print the medians of both, measured in turns, and their ratio."""
    load = "import sys, yaml; yaml.safe_load(open(sys.argv[1]))"
    commands = (
        [str(Path(sys.executable).with_name("routecomp")), "lint-litellm", str(path)],
        [sys.executable, "-c", load, str(path)],
    )
    lint, beside = ([seconds(command) for _ in range(ROUNDS)] for command in commands)
    ratio = statistics.median(lint) / statistics.median(beside)
    figures = f"{1000 * statistics.median(lint):.0f} ms beside {1000 * statistics.median(beside):.0f} ms"
    print(f"{path.stat().st_size:,} bytes: {figures}, {ratio:.1f} times")


def main() -> None:
    """Compare the file of the command line, or two that are written for it."""
    if len(sys.argv) > 1:
        compare(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        for count, names in ((14, 14), (306, 46)):
            path = Path(folder) / f"{count}.yaml"
            path.write_text(deployments(count, names), encoding="utf-8")
            compare(path)


if __name__ == "__main__":
    main()
