"""A reload of one of the two files keeps what the other still means, and nothing that it no longer means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import load

from .tables import FALLBACK, MODELS, TABLE, changed, encode, model

BACKUP: dict[str, Any] = {"models/backup": model("openai", 8000, (1, 1), 100)}
BARRED = {"policies/p-nobans/banned_models": [*MODELS]}
"""A tenant that may use no model of the table, and so comes to the last resort."""


@pytest.mark.parametrize("change", ["another address", "gone", "new"])
def test_a_last_resort_of_the_fallback_file_is_never_remembered(tmp_path: Path, change: str) -> None:
    """When fallback.json changes alone, the last resort that it holds answers as it now is, however often asked."""
    table, fallback = tmp_path / "routing_table.json", tmp_path / "fallback.json"
    table.write_bytes(encode(changed(TABLE, BARRED)))
    with_it = encode(changed(FALLBACK, BACKUP))
    files = {"another address": (with_it, encode(changed(FALLBACK, {**BACKUP, "models/backup/upstream": "else"}))),
             "gone": (with_it, encode(FALLBACK)), "new": (encode(FALLBACK), with_it)}[change]  # fmt: skip
    fallback.write_bytes(files[0])
    served = load(table, last_resort="backup")
    for _ in range(3):
        served.resolve(feature="batch", tenant="careful")
    fallback.write_bytes(files[1])
    assert served.reload()
    wanted = load(table, last_resort="backup").resolve(feature="batch", tenant="careful")
    assert wanted.source == ("last_resort" if change != "gone" else "default_model")
    for _ in range(3):
        assert served.resolve(feature="batch", tenant="careful") == wanted


def test_reloads_of_the_same_files_forget_nothing_and_keep_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is remembered survives a reload that finds nothing new, and its bound holds over reloads that do."""
    monkeypatch.setattr(resolver, "_MAX_PLAIN", 4)
    table, fallback = tmp_path / "routing_table.json", tmp_path / "fallback.json"
    table.write_bytes(encode(TABLE))
    fallback.write_bytes(encode(FALLBACK))
    served = load(table)
    hinted = served.resolve(feature="chat", stream=True)
    served.reload()
    assert served.resolve(feature="chat", stream=True) is hinted
    for number, name in enumerate(sorted(MODELS)):
        fallback.write_bytes(encode(changed(FALLBACK, {"models/gpt/upstream": f"another/{number}"})))
        served.reload()
        served.resolve(model=name)
        assert sum(len(terms.by_model) for terms in served._memory.terms) <= 4
