"""What was exported to LiteLLM and is imported again answers every name as before."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from routecomp.interop.export.litellm import export_litellm
from routecomp.runtime.resolver import Router
from tests.cli.transcripts import in_process
from tests.interop.export.sample import PLAIN, compiled, routes

SAID_ALIKE = re.sub(r", share: [\d.]+", "", re.sub(r", aliases: \[[^\]]*\*[^\]]*\]", "", PLAIN))
"""The project without shares and patterns, which an import reports as lost."""


def router_of(*texts: Any) -> Router:
    table = compiled(*texts)[1]
    return Router.from_bytes(table.data, table.fallback_data)


def test_every_name_is_answered_as_before(tmp_path: Path) -> None:
    """Chains, aliases and features come back; prices and figures are those that were declared."""
    exported = routes(SAID_ALIKE)
    made = export_litellm(exported)
    assert made.report.lost == ()
    file = tmp_path / "litellm.yaml"
    file.write_bytes(made.data)
    assert in_process(["lint-litellm", str(file)], tmp_path).code == 0  # no errors by our own rules for such files
    outcome = in_process(["import", "litellm", str(file), "--into", str(tmp_path / "back")], tmp_path)
    assert outcome.code == 0, outcome
    back = {
        path.relative_to(tmp_path / "back").as_posix(): path.read_bytes()
        for path in (tmp_path / "back").glob("routes/*.yaml")
    }
    before, after = router_of(SAID_ALIKE), router_of(back)
    for route in exported.served:
        for name in route.exact_names:
            key = "feature" if route.kind == "feature" and name == route.slug else "model"
            wanted = before.resolve_request({key: name})
            answers = [after.resolve(model=name), after.resolve(feature=name)]
            assert wanted.chain in [answer.chain for answer in answers], name
            assert wanted.url in [answer.url for answer in answers], name
    for slug in exported.models:
        old, new = before.facts.model(slug), after.facts.model(slug)
        assert old is not None
        assert new is not None
        for figure in ("quality_bp", "input_pusd", "output_pusd", "latency_ms", "context_window", "compliance_bp"):
            assert getattr(old, figure) == getattr(new, figure), (slug, figure)
        assert old.api_key_env == new.api_key_env


def test_a_config_route_is_a_name() -> None:
    """A feature that has a config route alone is called by its slug, and answered by that model."""
    text = PLAIN.replace("defaults: {model: big}", "defaults: {model: big, routes: {old-feature: cheap, chat: cheap}}")
    named = {name: route.models for route in routes(text).served for name in route.names}
    assert named["old-feature"] == ("cheap",)
    assert named["chat"] == ("big", "hidden", "cheap")
