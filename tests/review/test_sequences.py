"""Test random sequences of edits: after each edit the project is valid, or the edit was refused and nothing changed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from routecomp.checker import Checked, Options, check
from routecomp.compiler import compile
from routecomp.parse.edit import RefusedError
from routecomp.review.base.base import Base
from routecomp.review.edit.experiment import archive, change_status, complete, reweight, rotate_key, swap_version
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.promote import promote, retire, shadow
from routecomp.review.edit.rollback import roll_back
from routecomp.review.edit.tenant import set_tenant
from tests.check.project import TODAY
from tests.cli.repository import small
from tests.cli.transcripts import in_process
from tests.review.pages import MODELS, apply_plan, project

LONG_RUN = pytest.mark.skipif(os.environ.get("ROUTECOMP_HARD") != "1", reason="a long run: make hard")
SEED = 20261120

FEATURES = b"""\
features:
  chat:   # the one
    models:
      alpha-1: primary
      beta-2: {status: shadow, sample: 0.05, max_daily_usd: 20.00}   # watch
      gamma-3:
        status: shadow
        sample: 0.1
    fallback: [delta-4]
  mail: {models: {beta-2: primary, alpha-1: retired, delta-4: shadow}, then: all}
"""
EXPERIMENTS = b"""\
experiments:
  one:
    public_model_id: preview/one
    status: draft
    variants:
      a: {weight: 0.5, versions: [{version: 1, model: alpha-1}]}
      b:
        weight: 0.5
        versions:
          - {version: 1, model: beta-2, api_key_env: A_KEY}
  two:
    public_model_id: preview/two
    status: active
    variants:
      a: {weight: 0.25}
      b: {weight: 0.75, versions: [{version: 1, model: delta-4}]}
"""
TENANTS = b"""\
tenants:
  acme:
    weights: {quality: 0.40, latency: 0.30, cost: 0.30}
    stacks:
      - us
      - eu   # since 2025
  other: {preset: cost_first}
"""


def start() -> dict[str, bytes]:
    """Return the project that each sequence begins with."""
    experiments = EXPERIMENTS.replace(
        b"a: {weight: 0.25}", b"a: {weight: 0.25, versions: [{version: 1, model: alpha-1}]}"
    )
    return project(FEATURES, experiments_trial=experiments, policies_tenants=TENANTS)


class _Edits:
    """Draws random edits, most of them allowed; it remembers the history of the sequence for rollbacks."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.history: dict[str, list[tuple[str | None, str | None]]] = {
            "chat": [(None, "alpha-1")],
            "mail": [(None, "beta-2")],
        }

    def one(self, state: Checked) -> Callable[[], Plan]:
        pick, declared = self.chance.choice, state.declared
        feature, model, name = pick(("chat", "mail")), pick(MODELS), pick(("one", "two"))
        variant, share = pick("ab"), self.chance.randrange(1, 10_000)
        weights = {"a": f"0.{share:04}", "b": f"0.{10_000 - share:04}"}
        value = pick(
            (
                ("min_quality", "0.7"),
                ("min_quality", ""),
                ("stacks", "us"),
                ("stacks", "eu,us"),
                ("weights.cost", "0.5"),
                ("weights", "quality: 1, latency: 0, cost: 0"),
                ("preset", "balanced"),
                ("banned_models", "alpha-1"),
                ("banned_models", ""),
                ("objective", "cheapest"),
                ("description", "a: b #c"),
            )
        )
        return pick(
            (
                lambda: promote(declared, feature, model),
                lambda: promote(declared, feature, model),
                lambda: retire(declared, feature, model),
                lambda: shadow(declared, feature, model, pick((None, "0.2")), pick((None, "7")), False),
                lambda: shadow(declared, feature, model, None, None, True),
                lambda: roll_back(declared, feature, self.history[feature]),
                lambda: change_status(declared, name, pick(("start", "pause", "resume"))),
                lambda: complete(declared, name, pick((None, "a", "b"))),
                lambda: archive(declared, name),
                lambda: reweight(declared, name, weights),
                lambda: reweight(declared, name, weights),
                lambda: swap_version(declared, name, variant, model, pick((None, "KEY_9"))),
                lambda: rotate_key(declared, name, variant, pick(("KEY", "KEY_2", "KEY_3"))),
                lambda: set_tenant(declared, pick(("acme", "other")), [value]),
            )
        )


@pytest.mark.parametrize("sequences", [60, pytest.param(10_000, marks=[LONG_RUN, pytest.mark.hard])])
def test_every_edit_leaves_a_sound_project_or_none(sequences: int) -> None:
    """An edit that the rules of change allow gives a project that compiles, and an unbroken history."""
    edit_count = refused = 0
    for sequence in range(sequences):
        edits = _Edits(random.Random(SEED + sequence))
        files = start()
        state = check(files, Options(TODAY))
        assert not state.errors
        for _ in range(5):
            before = dict(files)
            try:
                plan = edits.one(state)()
            except RefusedError:
                refused += 1
                continue
            after = apply_plan(files, state, plan)
            assert files == before
            judged = check(after, Options(TODAY), base=Base("before", "before:", files))
            if judged.errors:
                refused += 1
                continue
            edit_count += 1
            files, state = after, check(after, Options(TODAY))
            assert not state.errors
            if plan.swap is not None:
                chain = edits.history[plan.swap.feature]
                assert chain[-1][1] == plan.swap.old
                chain.append((plan.swap.old, plan.swap.new))
        assert compile(files, Options(TODAY)).artifacts
    assert edit_count > sequences
    assert refused > sequences


def test_commands_in_a_row(tmp_path: Path) -> None:
    """After each command with --commit the repository is clean and checks clean."""
    repository = small(tmp_path / "r")
    repository.git("config", "user.name", "Ada")
    repository.git("config", "user.email", "ada@example.com")
    assert in_process(["compile"], repository.project).code == 0
    head = repository.commit("compiled")
    chance = random.Random(SEED)
    commits = 0
    for _ in range(30):
        model = chance.choice(("claude", "mistral-large", "gemini", "qwen", "llama"))
        arguments = chance.choice(
            (
                ["promote", "support-chat", model],
                ["retire", "support-chat", model],
                ["rollback", "support-chat"],
                ["shadow", "support-chat", model, "--sample", "0.1"],
                ["tenant", "set", "acme", f"min_quality=0.{chance.randrange(50, 70)}"],
            )
        )
        result = in_process([*arguments, "--commit"], repository.project)
        now = repository.git("rev-parse", "HEAD")
        assert result.code in (0, 1), result.err
        assert (now != head) == (result.code == 0)
        assert repository.git("status", "--porcelain") == ""
        assert repository.check().code == 0
        commits += now != head
        head = now
    assert in_process(["compile", "--check"], repository.project).code == 0
    assert commits > 8
