"""Read how many tokens a call took, and where a stream ends, as each provider says it; None where that is not said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple


class Usage(NamedTuple):
    """The tokens that a call took, as the provider counted them."""

    input_tokens: int | None
    output_tokens: int | None


_PLACES: Final = ("usage", "usage_metadata", "usageMetadata", "meta")
"""Where an answer holds its usage; the last is that of the first version of Cohere's interface."""
_AROUND: Final = ("message", "response", "delta", "metadata", "x_groq")
"""Where an event of a stream holds its usage: Anthropic's first, OpenAI's responses, Cohere's, Bedrock's, Groq's."""
_INPUT: Final = (
    "prompt_tokens",
    "input_tokens",
    "inputTokens",
    "prompt_token_count",
    "promptTokenCount",
    "prompt_eval_count",
)
_APART: Final = {
    "input_tokens": ("cache_read_input_tokens", "cache_creation_input_tokens"),
    "inputTokens": ("cacheReadInputTokens", "cacheWriteInputTokens"),
    "prompt_token_count": ("tool_use_prompt_token_count",),
    "promptTokenCount": ("toolUsePromptTokenCount",),
}
"""Input tokens that a provider counts apart from those of a name: Anthropic, Bedrock, Gemini.

Some models of Bedrock count them in; then the sum of input and output is the total already. (Its streams of OpenAI's
models count them twice in the total too: those cannot be told from the others.)
"""
_TOTAL: Final = ("totalTokens", "total_token_count", "totalTokenCount")
_OUTPUT: Final = (
    "completion_tokens",
    "output_tokens",
    "outputTokens",
    "candidates_token_count",
    "candidatesTokenCount",
    "eval_count",
)
_WHOLE: Final = "total_tokens"
"""All tokens of one answer: where the names are OpenAI's, some hosts count reasoning here alone (xAI, Gemini)."""
_THOUGHT: Final = ("thoughts_token_count", "thoughtsTokenCount")
"""Output tokens that Gemini counts apart."""


def usage_of(answer: Any) -> Usage | None:
    """Return the tokens of a whole answer, or of one event of a stream."""
    if answer is None or isinstance(answer, str | bytes):
        return None
    usage = next((told for place in _PLACES if (told := part(answer, place)) is not None), None)
    if usage is None and isinstance(part(answer, "done"), bool):
        usage = answer  # Ollama's, which has them beside the answer
    if usage is None:
        return None
    tokens = part(usage, "tokens")  # Cohere's
    usage = usage if tokens is None or isinstance(tokens, int | float) else tokens
    given = _first(usage, _INPUT)
    taken, thought = _first(usage, _OUTPUT), _first(usage, _THOUGHT)
    if thought is not None:
        taken = (taken or 0) + thought
    if given is not None and _first(usage, _TOTAL) != given + (taken or 0):
        for name, apart in _APART.items():
            if part(usage, name) is not None:
                given += sum(_whole(part(usage, other)) or 0 for other in apart)
    if given is not None and (beside := (_whole(part(usage, _WHOLE)) or 0) - given) > (taken or 0):
        taken = beside
    return None if given is None and taken is None else Usage(given, taken)


class Progress:
    """What the chunks of a stream have said so far: its tokens, and whether it has come to its end."""

    __slots__ = ("_ended", "_known", "_open", "_usage")

    def __init__(self) -> None:
        self._known = False
        self._ended: set[int] = set()
        self._open: set[int] = set()
        self._usage: Usage | None = None

    @property
    def usage(self) -> Usage | None:
        """The tokens, as the last event that told them has it."""
        return self._usage

    @property
    def ended(self) -> bool:
        """Whether the mark was seen with which the provider ends an answer; of several choices each has its own."""
        return bool(self._ended) and not self._open

    @property
    def is_half(self) -> bool:
        """Whether the chunks are of a kind that ends with a mark, and none was seen."""
        return self._known and not self.ended

    def take(self, chunk: Any) -> None:
        """Look at one chunk."""
        if chunk is None or isinstance(chunk, str | bytes):
            return
        marks = marks_in(chunk)
        if marks is not None:
            self._known = True
            for choice, is_end in marks:
                if is_end:
                    self._ended.add(choice)
                    self._open.discard(choice)
                elif choice not in self._ended:
                    self._open.add(choice)
        usage = usage_of(chunk)
        for place in () if usage is not None else _AROUND:
            if (around := part(chunk, place)) is not None and (usage := usage_of(around)) is not None:
                break
        if usage is not None:
            before = self._usage or Usage(None, None)
            given, taken = usage
            if given is None or (before.input_tokens or 0) > given:  # a later event may leave out what a cache gave
                given = before.input_tokens
            self._usage = Usage(given, before.output_tokens if taken is None else taken)


_ENDS: Final = frozenset({"message_stop", "message-end", "response.completed", "response.incomplete"})
_EVENTS: Final = ("message_", "content_block_", "response.", "content-", "message-")
_NO_REASONS: Final = ("", "NULL", "NONE", "FINISH_REASON_UNSPECIFIED")
_LAST: Final = ((0, True),)
_MORE: Final = ((0, False),)
_AWS_EVENTS: Final = frozenset(
    {"messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"}
)


def marks_in(chunk: Any) -> Sequence[tuple[int, bool]] | None:
    """Return of each choice in a chunk whether it ends here; None for a chunk of no kind that is known here.

    Of most providers an answer has one choice alone, at place 0.
    """
    if isinstance(chunk, Mapping) and chunk.keys() & _AWS_EVENTS:
        return _LAST if "messageStop" in chunk else _MORE
    choices = part(chunk, "choices")
    if isinstance(choices, list):
        return [
            (_place(choice, position), _is_reason(part(choice, "finish_reason")))
            for position, choice in enumerate(choices)
        ]
    kind = part(chunk, "type")
    if isinstance(kind, str) and kind.startswith(_EVENTS):
        return _LAST if kind in _ENDS else _MORE
    candidates = part(chunk, "candidates")
    if isinstance(candidates, list):
        return [
            (
                _place(candidate, position),
                any(_is_reason(part(candidate, name)) for name in ("finish_reason", "finishReason")),
            )
            for position, candidate in enumerate(candidates)
        ]
    is_done = part(chunk, "done")
    if isinstance(is_done, bool) and any(part(chunk, name) is not None for name in ("message", "response")):
        return _LAST if is_done else _MORE  # Ollama's own interface
    feedback = part(chunk, "prompt_feedback") or part(chunk, "promptFeedback")
    return _LAST if feedback is not None and isinstance(chunk, Mapping) else None


def _place(choice: Any, position: int) -> int:
    """Return which of the choices of an answer this one is."""
    index = part(choice, "index")
    return index if type(index) is int else position


def _is_reason(reason: Any) -> bool:
    """Return whether a choice has come to its end: some hosts say with every chunk that there is no reason yet."""
    return reason is not None and (not isinstance(reason, str) or reason.upper() not in _NO_REASONS)


def part(value: Any, name: str) -> Any:
    """Return an entry of a dictionary, or an attribute of any other object; None where there is none."""
    try:
        return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    except Exception:
        return None


def _first(usage: Any, names: tuple[str, ...]) -> int | None:
    """Return the first whole number of those that are called by these names."""
    return next((number for name in names if (number := _whole(part(usage, name))) is not None), None)


def _whole(value: Any) -> int | None:
    """Return a count of tokens; cohere's client tells them as floats."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and value >= 0 else None
