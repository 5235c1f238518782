"""RC735 mixed-modes: the deployments of a group answer calls of one kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, error, warning
from routecomp.interop.litellm.config import Deployment
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.litellm.words import MODES
from routecomp.source.later import compiled_later
from routecomp.source.text import Span

_ALIKE = {"completion": "chat", "responses": "chat", "image_edit": "image_generation"}
"""Modes whose deployments may stand for those of another."""
_BY_NAME = (
    ("embedding", compiled_later(r"(?:^|.*-)embed(?:ding)?s?(?:-|:|$)", re.IGNORECASE)),
    ("rerank", compiled_later(r"(?:^|.*-)rerank(?:er)?(?:-|$)", re.IGNORECASE)),
    ("audio_transcription", compiled_later(r"whisper|.*-transcribe(?:-|$)", re.IGNORECASE)),
    ("audio_speech", compiled_later(r"(?:^|.*-)tts(?:-|$)", re.IGNORECASE)),
    ("realtime", compiled_later(r".*-realtime(?:-|$)", re.IGNORECASE)),
    ("image_generation", compiled_later(r"dall-e|gpt-image|imagen", re.IGNORECASE)),
    ("moderation", compiled_later(r"(?:^|.*-)moderation(?:-|$)", re.IGNORECASE)),
    ("chat", compiled_later(r"gpt-[0-9]|chatgpt|o[0-9](?:-|$)|claude|gemini|grok|command|deepseek", re.IGNORECASE)),
)
"""How the names of models begin, or which words they have, that tell of their mode; the first that fits counts."""


@litellm_rule("RC735", "mixed-modes", Severity.WARNING)
def find(subject: Subject) -> Iterator[Diagnostic]:
    """The deployments of a group answer calls of different kinds.

    Each states its `mode` in `model_info`, or has a model whose name tells it (`text-embedding-3-small`). Where both
    modes are stated it is an error. Groups that are patterns are left alone.

    Why: LiteLLM draws among the deployments whatever is asked of the group. A chat is sent to the embedding model as
    often as to the other one, and fails.

    Fix: give them different names.
    """
    for name, members in subject.groups.members.items():
        if len(members) < 2 or "*" in name:
            continue
        modes = [(each, *_mode(each)) for each in members]
        known = [(each, mode, is_stated) for each, mode, is_stated in modes if mode]
        for member, mode, is_stated in known[1:]:
            first, its_mode, was_stated = known[0]
            if mode != its_mode:
                report = error if is_stated and was_stated else warning
                label = Label(_place(first), f"its mode is `{its_mode}`")
                message = f"this deployment of `{name}` has the mode `{mode}`, and another one has not"
                span = _place(member)
                yield report("RC735", message, span, "give it another `model_name`", labels=(label,))
                break


def _mode(deployment: Deployment) -> tuple[str, bool]:
    """Return the mode of a deployment, an empty text where nobody knows it, and whether the file states it."""
    stated = deployment.value.text_of("model_info", "mode")
    if stated:
        return (_ALIKE.get(stated, stated) if stated in MODES else ""), True
    model = deployment.model.rpartition("/")[2]
    return next((mode for mode, pattern in _BY_NAME if pattern.match(model) is not None), ""), False


def _place(deployment: Deployment) -> Span:
    """Return where a deployment names its model."""
    return (deployment.param("model") or deployment.value).span
