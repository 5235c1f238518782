"""What lies between the short ways: latency past the nearest candidates, and what the log keeps beside its parts."""

from __future__ import annotations

import io
from pathlib import Path

from routecomp.runtime.resolver import Router, resolve_line, serve
from tests.runtime.tables import TABLE, changed, encode, router


def test_a_quick_model_past_the_nearest() -> None:
    """Where none of the nearest is left, a budget is still kept by a model further on."""
    names = [f"m{number:02d}" for number in range(80)]
    models = {name: {**TABLE["models"]["mini"], "latency_ms": 100 if name == "m45" else 400} for name in names}
    body = changed(
        TABLE,
        {
            "models": models,
            "orders": dict.fromkeys(("o-cheap", "o-plain", "o-pen"), " ".join(names)),
            "features": {},
            "experiments": {},
            "aliases": {},
            "targets": {"auto": {"candidates": "all", "min_quality_bp": None}},
            "policies": {"p-default": TABLE["policies"]["p-default"]},
            "tenants": {},
            "defaults": {**TABLE["defaults"], "model": "m00", "routes": {}},
        },
    )
    table = Router.from_bytes(encode(body))
    assert table.status()["last_rejection"] is None
    decision = table.resolve(model="auto", unavailable=names[:35], latency_budget_ms=200)
    assert (decision.model, decision.reasons) == ("m45", ())


def test_a_default_route_of_no_name() -> None:
    """A feature that is an empty text has the default route of that name, and no other's."""
    decision = router({"defaults/routes": {"": "mistral-3", "XXXX": "thinker"}}).resolve(feature="")
    assert (decision.source, decision.model) == ("default_route", "mistral-3")


def test_the_log_of_an_experiment_says_whose_it_is() -> None:
    """Beside the experiment the log has the route, the tenant and the policy."""
    log = router().explain(model="preview/nimbus", tenant="cheap")
    assert log["route"] == {"kind": "experiment", "name": "preview/nimbus"}
    assert (log["tenant"], log["policy"]) == ("cheap", "p-cheap")


def test_the_log_mirrors_nothing_to_the_pick() -> None:
    """A shadow that serves is not mirrored to, whether it was picked at once or for its latency."""
    table, slots = router(), set()
    for number in range(20):
        for hints in ({"unavailable": ["opus", "mistral-3"]}, {"latency_budget_ms": 1500}):
            log = table.explain(feature="chat", unit=f"u{number}", **hints)
            assert log["decision"]["model"] == "gpt"
            shadow = log["shadows"][0]
            assert shadow["slot"] is not None
            slots.add(shadow["slot"] < shadow["sample_bp"])
            assert (shadow["model"], shadow["allowed"], shadow["mirrored"]) == ("gpt", True, False)
    assert slots == {True, False}


def test_lists_that_ended_do_not_make_up_for_depth() -> None:
    """A list that has ended counts no longer, and not less than nothing."""
    deep = b'{"a": [' + b"[]," * 40 + b"[" * 70 + b"]" * 70 + b"]}"
    assert '"ignored:request"' in resolve_line(router(), deep)


def test_a_long_last_line_without_end(tmp_path: Path) -> None:
    """A last line read in several pieces is one line."""
    (tmp_path / "f").write_bytes(b'{"model":"opus"' + b" " * 200_000 + b"}")
    sink = io.BytesIO()
    with (tmp_path / "f").open("rb") as file:
        serve(router(), file.fileno(), sink)
    assert b'"model": "opus"' in sink.getvalue()
