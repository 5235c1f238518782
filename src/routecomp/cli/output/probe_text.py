"""Write what probes found as text."""

from __future__ import annotations

from collections.abc import Sequence

from routecomp.cli.output.terminal import paint
from routecomp.hosts.names import Listed
from routecomp.hosts.probe import Probed
from routecomp.model.project import Program
from routecomp.workspace.problem import visible

_WIDTH = 15


def probed_text(probed: Probed, color: bool) -> str:
    """Return a line on a model that answered; a second one says what to do about one that did not."""
    word = probed.outcome or "not called"
    padded = paint(f"{word:<{_WIDTH}}", "32" if probed.is_well else "31", color)
    line = f"{padded} {probed.model}  {probed.host}"
    if probed.is_well:
        return f"{line}  cold {probed.cold_ms} ms, warm {probed.warm_ms} ms"
    assert probed.error is not None
    return f"{line}  {visible(probed.error['class'])}\n{' ' * _WIDTH} {visible(probed.error['message'])}"


def listed_text(listed: Listed, slugs: Sequence[str], program: Program) -> str:
    """Return the lines on a provider: how many names are listed, and what is near those that are not."""
    if listed.error is not None:
        return f"{listed.provider}: not compared: {visible(listed.error)}\n"
    there = len(slugs) - len(listed.missing)
    lines = [f"{listed.provider}: {there} of {len(slugs)} names are among the host's {listed.known}"]
    for slug, near in sorted(listed.missing.items()):
        upstream = program.models[slug].body.provider_model_name or slug
        places = ", ".join(visible(name) for name in near)
        lines.append(f"  {slug}: no `{upstream}` there; nearest: {places}")
    return "\n".join(lines) + "\n"
