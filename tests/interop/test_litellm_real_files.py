"""What is found in real files, each argued: none is a false alarm."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from routecomp.interop.litellm.lint import lint_litellm
from tests.interop.test_litellm_read import REAL_FILES

ARGUED = {
    # Sample keys and `rpm` on two of three entries: the third gets no call (tried). `mistralai` is no provider.
    # REDIS_PASSWORD and REDIS_PORT without a value become the text `None` (tried).
    "BerriAI__litellm__example_config_yaml__load_balancer": {"RC733": 1, "RC710": 1, "RC726": 2},
    # `*` for OpenAI takes mistyped names, too; it is documented so, hence a warning.
    "BerriAI__litellm__example_config_yaml__oai_misc_config": {"RC734": 1},
    # `telemetry` was read by versions of 2023; dall-e-3 has left the list; sk-1234 is in LiteLLM's own pages.
    "BudEcosystem__bud-litellm__cookbook__misc__config": {"RC709": 1, "RC705": 1, "RC722": 1},
    # `success_callback` stands twice: prometheus is never called.
    "BudEcosystem__bud-litellm__tests__local_testing__example_config_yaml__config_with_env_vars": {"RC703": 1},
    # No text of LiteLLM has the word `default_end_user_params`.
    "D0wn10ad__ai-gateway__litellm__config": {"RC705": 1},
    # The same Ollama model twice on one host. `use_responses_api` and `general_settings.port` are read nowhere. Two of
    # its models are in no catalogue, under cost-based-routing.
    "Fast-Editor__Lynkr__benchmark-configs__litellm_config": {"RC731": 1, "RC705": 2, "RC722": 1, "RC743": 2},
    # `${NAME}` is not filled in, in a section that is read too late besides; `cache` and its parameters stand in
    # general_settings, and `forward_client_headers_to_llm_api` in litellm_settings; four keys are read nowhere.
    "Kode-Rex__insight-mesh__config__litellm_config": {"RC709": 3, "RC724": 4, "RC725": 3, "RC705": 4, "RC706": 3},
    # A master key of three letters.
    "RATDEO__lammastudio__config__litellm": {"RC722": 1},
    # gemini-1.5-flash has left the list; each group has one deployment, and the strategy nothing to choose.
    "RichardHam-co-uk__ProjectLodestar__config__litellm_config": {"RC709": 1, "RC742": 1},
    # Two groups that stand in for each other; a budget for a model without a price.
    "ambastha-nitesh__stc-framework__config__litellm_config": {"RC716": 1, "RC743": 1},
    # `*` for OpenAI; LiteLLM has max_end_user_budget, and none with a duration.
    "mitodl__learn-ai__config__litellm_config": {"RC734": 1, "RC705": 1},
}
"""File to rules and how often each finds something; no line stands for no finding."""


@pytest.mark.skipif(not REAL_FILES, reason="the shared real files are not here")
@pytest.mark.parametrize("path", REAL_FILES, ids=lambda path: path.stem[:30])
def test_each_finding_is_argued(path: Path) -> None:
    """What is found is what somebody has read and argued above."""
    found = Counter(each.rule for each in lint_litellm([path]).diagnostics)
    assert found == ARGUED.get(path.stem, {})
