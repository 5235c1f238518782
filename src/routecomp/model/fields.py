"""Define the types of the model's values, and the base class of its bodies.

The reader of each type gets the scalar *node*, not a parsed value: numbers are read exactly from their text
(docs/semantics.md, section 2). A reader refuses a value by calling `refuse`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from routecomp.model.days import DAY, read_day
from routecomp.model.invalid import quote_value, refuse, require_scalar, scalar_text
from routecomp.model.number_reader import number_reader
from routecomp.model.numbers import NumberField, format_decimal
from routecomp.model.params import JsonText, read_params
from routecomp.model.part import Field, Part, Value
from routecomp.model.slug_texts import FORM, slug_remedy
from routecomp.model.suggest import suggestion, typo_of
from routecomp.model.to_do import TO_DO, refuse_to_do
from routecomp.model.vocabulary import (
    ALWAYS,
    ARGUMENTS,
    DECISION_REASONS,
    DECISION_ROUTES,
    DECISION_SOURCES,
    DECISION_STATUSES,
    EXPERIMENT_STATUSES,
    GATES,
    MOVE_CHANGES,
    OBJECTIVES,
    ON_PAUSE,
    ON_UNAVAILABLE,
    PREFERENCES,
    REACHED_BY,
    ROW_STATUSES,
    UNKNOWN_TENANT,
)
from routecomp.parse.scalars import SLUG
from routecomp.parse.tree import Node

ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
CALL_NAME = re.compile(r"[!-)+-~]+( [!-)+-~]+)*", re.ASCII)
PATTERN = re.compile(r"([!-)+-~]+( [!-)+-~]+)* ?)?\*", re.ASCII)
MOST_OF_A_NAME = 255
"""How many characters a call name has at most; the two expressions above do not say it."""
UPSTREAM_NAME = re.compile(r"[!-~]+", re.ASCII)


def _number_type(decimals: int, scale: int, low: int, high: int, low_open: bool = False, is_price: bool = False) -> Any:
    """Return the type of a number, stored as an integer in units of 10**-scale (see `NumberField`)."""
    schema: dict[str, object] = {"type": "integer" if decimals == 0 else "number"}
    schema["exclusiveMinimum" if low_open else "minimum"] = _schema_number(low, scale)
    schema["maximum"] = _schema_number(high, scale)
    field = NumberField(decimals, scale, low, high, low_open, is_price)
    # The field itself is part of the type, so that `figures` and the JSON Schemas find bounds and scale here.
    return Annotated[int, field, Value(number_reader(field), schema)]


def _schema_number(value: int, scale: int) -> object:
    """Return a bound in the author's unit, for a JSON Schema: an int, or else a float that is a short decimal."""
    return value // 10**scale if value % 10**scale == 0 else float(format_decimal(value, scale))


def _name_reader(pattern: re.Pattern[str], what: str, remedy: str) -> Callable[[Node], str]:
    """Return a function that returns the text of a scalar, and refuses one that does not match `pattern` (RC118)."""
    match = pattern.fullmatch

    def read(value: Node) -> str:
        text = scalar_text(value, what)
        if not match(text):
            _refuse_name(text, what, remedy)
        return text

    return read


def check_name(text: str, pattern: re.Pattern[str], what: str, remedy: str) -> str:
    """Return the text if it matches `pattern`, else refuse it (RC118)."""
    if not pattern.fullmatch(text):
        _refuse_name(text, what, remedy)
    return text


def _refuse_name(text: str, what: str, remedy: str) -> None:
    """Refuse a name (RC118); `what` names the form that is wanted. For slugs `slug_remedy` completes the remedy."""
    if remedy == FORM:
        remedy = slug_remedy(text)
    refuse("RC118", f"is {quote_value(text)}, which is not {what}" if text else f"is empty; {what} is wanted", remedy)


def name_type(pattern: re.Pattern[str], what: str, remedy: str) -> Any:
    """Return the type of a name whose text must match `pattern`."""
    schema = {"type": "string", "pattern": f"^{pattern.pattern}$"}
    return Annotated[str, Value(_name_reader(pattern, what, remedy), schema)]


def key_type(pattern: re.Pattern[str], what: str, remedy: str) -> Any:
    """Return the type of a name that is the key of a mapping, where `null` is a name like others."""
    return Annotated[
        str,
        Value(
            lambda key: check_name(key.text, pattern, what, remedy),
            {"type": "string", "pattern": f"^{pattern.pattern}$"},
        ),
    ]


def _text_to_say(value: Node) -> str:
    """Read free text that cannot wait: a plain `TODO` is refused (RC126)."""
    text = _free_text(value)
    if text == TO_DO:
        refuse_to_do(value)
    return text


def _upstream_name(value: Node) -> str:
    """Read a provider's name of a model (RC118); a plain `TODO` is refused (RC126)."""
    text = check_name(
        scalar_text(value, _AN_UPSTREAM_NAME), UPSTREAM_NAME, _AN_UPSTREAM_NAME, "use printable ASCII without spaces"
    )
    if text == TO_DO:
        refuse_to_do(value)
    return text


def _free_text(value: Node) -> str:
    """Return the text of a scalar, numbers and booleans too; refuse one not in Unicode normal form C (RC119)."""
    text = scalar_text(value, "text")
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        source = value.span.text
        rewritten = unicodedata.normalize("NFC", source)
        refuse(
            "RC119",
            "is not in Unicode normal form C",
            "retype the accented letters: each is one character, not a letter and a mark",
            replacement=rewritten if rewritten != source else None,
            is_spelling=True,
        )
    return text


BOOLEAN_WORDS = {
    "true": "true",
    "yes": "true",
    "on": "true",
    "y": "true",
    "false": "false",
    "no": "false",
    "off": "false",
    "n": "false",
}


def _boolean(value: Node) -> bool:
    """Read a plain `true` or `false`; refuse all else, `yes` and quoted ones too (RC115)."""
    node = require_scalar(value, "true or false")
    if not node.plain or node.text not in ("true", "false"):
        _refuse_boolean(node.text)
    return node.text == "true"


def _refuse_boolean(text: str) -> None:
    """Refuse a text that is not a plain `true` or `false` (RC115)."""
    rewritten = BOOLEAN_WORDS.get(text.lower())
    if text in ("true", "false"):
        refuse(
            "RC115",
            f"is the text {quote_value(text)}; true or false is wanted",
            "write it without quotes",
            replacement=rewritten,
            is_spelling=True,
        )
    boolean = rewritten or {"1": "true", "0": "false"}.get(text)
    refuse(
        "RC115",
        f"is {quote_value(text)}, which is neither true nor false",
        f"write {boolean}" if boolean else "write true or false",
        replacement=rewritten,
        is_spelling=True,
    )


def word_type(*words: str) -> Any:
    """Return the type of one word of a closed vocabulary; other words are refused (RC121)."""
    listed = ", ".join(words)
    known = frozenset(words)
    known_words = f"one of {listed}"

    def read(value: Node) -> str:
        text = scalar_text(value, known_words)
        if text not in known:
            refuse(
                "RC121",
                f"is {quote_value(text)}; it must be one of {listed}",
                suggestion(text, words, f"write one of {listed}"),
                replacement=typo_of(text, words),
            )
        return text

    return Annotated[str, Value(read, {"type": "string", "enum": list(words)})]


def _stack(value: Node) -> str:
    """Read a stack word; refuse one that is no slug, or begins with `avoid-` (RC118)."""
    text = check_name(scalar_text(value, "a stack word"), SLUG, "a stack word", FORM)
    if text.startswith("avoid-"):
        refuse(
            "RC118",
            f"is {quote_value(text)}; a stack word never begins with `avoid-`",
            "choose another word: `avoid-…` is what callers send to leave a stack out",
        )
    return text


def _salt(value: Node) -> str:
    """Read a salt: free text; refuse one that holds a colon (RC118)."""
    text = _free_text(value)
    if ":" in text:
        refuse(
            "RC118", f"is {quote_value(text)}; a salt holds no colon", "use another character: the colon ends the salt"
        )
    return text


def _call_name(value: Node) -> str:
    """Read a call name: what callers may send as `model` beside slugs (RC118)."""
    text = scalar_text(value, "a call name")
    if len(text) > MOST_OF_A_NAME or not CALL_NAME.fullmatch(text):
        _refuse_call_name(text, may_end_in_star=False)
    return text


def _target_alias(value: Node) -> str:
    """Read an alias of a target: a call name, or a pattern, whose last character is `*` (RC118)."""
    text = scalar_text(value, "a call name")
    if len(text) > MOST_OF_A_NAME or not (CALL_NAME.fullmatch(text) or PATTERN.fullmatch(text)):
        _refuse_call_name(text, may_end_in_star=True)
    return text


def _refuse_call_name(text: str, *, may_end_in_star: bool) -> None:
    """Refuse a text that is no call name (RC118), and say what is wrong with it."""
    if not text:
        refuse("RC118", "is empty; a call name is wanted", "write the name that callers send")
    shown = f"is {quote_value(text)}, which"
    if (odd := re.search(r"[^ -~]", text)) is not None:
        refuse(
            "RC118",
            f"{shown} holds {quote_value(odd[0])}; a call name is printable ASCII",
            "write it in letters, digits, signs and spaces of ASCII",
        )
    if len(text) > MOST_OF_A_NAME:
        refuse("RC118", f"is a call name of {len(text)} characters", f"use at most {MOST_OF_A_NAME}")
    if may_end_in_star and "*" in text[:-1]:
        refuse(
            "RC118",
            f"{shown} has a `*` before its end",
            f"let `*` be the last character: `{text[: text.index('*')]}*` stands for every name that begins so",
        )
    if not may_end_in_star and "*" in text:
        refuse("RC118", f"{shown} holds `*`", "write the whole name: only an alias of a target may end in `*`")
    words = text.split()
    refuse(
        "RC118",
        f"{shown} begins or ends with a space" if text.strip() != text else f"{shown} has two spaces side by side",
        f"write it with single spaces between its words: `{' '.join(words)}`" if words else "write a name",
    )


_A_SLUG = "a name (slug)"
_AN_UPSTREAM_NAME = "a provider's model name"
# docs/semantics.md sets no limit on amounts and counts; these keep every integer within the bigint of a database.
_MOST_COUNT = 10**9
_MOST_DOLLARS = 10**6

if TYPE_CHECKING:
    Bp: TypeAlias = int
    BpAboveZero: TypeAlias = int
    SignedBp: TypeAlias = int
    WeightBp: TypeAlias = int
    Percent: TypeAlias = int
    Price: TypeAlias = int
    RatioBp: TypeAlias = int
    Cents: TypeAlias = int
    Count: TypeAlias = int
    CountAboveZero: TypeAlias = int
    Slot: TypeAlias = int
    Boolean: TypeAlias = bool
    Text: TypeAlias = str
    TextToSay: TypeAlias = str
    Slug: TypeAlias = str
    SlugKey: TypeAlias = str
    CallName: TypeAlias = str
    TargetAlias: TypeAlias = str
    UpstreamName: TypeAlias = str
    EnvironmentName: TypeAlias = str
    Stack: TypeAlias = str
    Day: TypeAlias = str
    Params: TypeAlias = str
    Salt: TypeAlias = str
    RowStatus: TypeAlias = str
    Objective: TypeAlias = str
    UnknownTenant: TypeAlias = str
    PreferenceName: TypeAlias = str
    ExperimentStatus: TypeAlias = str
    OnPause: TypeAlias = str
    OnUnavailable: TypeAlias = str
    Dollars: TypeAlias = int
    Gate: TypeAlias = str
    DecisionStatus: TypeAlias = str
    DecisionSource: TypeAlias = str
    DecisionRoute: TypeAlias = str
    Reason: TypeAlias = str
    Always: TypeAlias = str
    ReachedBy: TypeAlias = str
    MoveChange: TypeAlias = str
else:
    # 0..1 with at most four decimals, as basis points.
    Bp = _number_type(4, 4, 0, 10_000)
    BpAboveZero = _number_type(4, 4, 0, 10_000, low_open=True)
    SignedBp = _number_type(4, 4, -10_000, 10_000)
    # 0..1 with at most two decimals, as basis points.
    WeightBp = _number_type(2, 4, 0, 10_000)
    # 0..100 with at most two decimals, as hundredths of a percent, which are basis points.
    Percent = _number_type(2, 2, 0, 10_000)
    # US dollars per million tokens with at most six decimals, as micro-dollars (= pico-dollars per token).
    Price = _number_type(6, 6, 0, _MOST_DOLLARS * 10**6, is_price=True)
    RatioBp = _number_type(4, 4, 0, 10**6 * 10**4)
    Cents = _number_type(2, 2, 0, 10**9 * 100)
    Count = _number_type(0, 0, 0, _MOST_COUNT)
    CountAboveZero = _number_type(0, 0, 1, _MOST_COUNT)
    Slot = _number_type(0, 0, 0, 9_999)
    Boolean = Annotated[bool, Value(_boolean, {"type": "boolean"})]
    Text = Annotated[str, Value(_free_text, {"type": ["string", "number", "boolean"]})]
    TextToSay = Annotated[str, Value(_text_to_say, {"type": ["string", "number", "boolean"]})]
    Slug = name_type(SLUG, _A_SLUG, FORM)
    SlugKey = key_type(SLUG, _A_SLUG, FORM)
    CallName = Annotated[
        str, Value(_call_name, {"type": "string", "pattern": f"^{CALL_NAME.pattern}$", "maxLength": MOST_OF_A_NAME})
    ]
    TargetAlias = Annotated[
        str,
        Value(
            _target_alias,
            {"type": "string", "pattern": f"^({CALL_NAME.pattern}|{PATTERN.pattern})$", "maxLength": MOST_OF_A_NAME},
        ),
    ]
    UpstreamName = Annotated[str, Value(_upstream_name, {"type": "string", "pattern": f"^{UPSTREAM_NAME.pattern}$"})]
    EnvironmentName = name_type(
        ENVIRONMENT_NAME,
        "the name of an environment variable",
        "name the variable that holds the key, as in OPENAI_API_KEY; never the key itself",
    )
    Stack = Annotated[str, Value(_stack, {"type": "string", "pattern": f"^{SLUG.pattern}$"})]
    # A mapping of any JSON, as JSON text.
    Params = Annotated[JsonText, Value(read_params, {"type": "object"})]
    Day = Annotated[str, Value(read_day, {"type": "string", "pattern": f"^{DAY.pattern}$"})]
    Salt = Annotated[str, Value(_salt, {"type": ["string", "number"], "pattern": "^[^:]*$"})]
    RowStatus = word_type(*ROW_STATUSES)
    Objective = word_type(*OBJECTIVES)
    UnknownTenant = word_type(*UNKNOWN_TENANT)
    PreferenceName = word_type(*PREFERENCES)
    ExperimentStatus = word_type(*EXPERIMENT_STATUSES)
    OnPause = word_type(*ON_PAUSE)
    OnUnavailable = word_type(*ON_UNAVAILABLE)
    # US dollars of one call with at most twelve decimals, as pico-dollars.
    Dollars = _number_type(12, 12, 0, _MOST_DOLLARS * 10**12)
    Gate = word_type(*GATES)
    Always = word_type(*ALWAYS)
    ReachedBy = word_type(*REACHED_BY)
    MoveChange = word_type(*MOVE_CHANGES)
    DecisionStatus = word_type(*DECISION_STATUSES)
    DecisionSource = word_type(*DECISION_SOURCES)
    DecisionRoute = word_type(*DECISION_ROUTES)
    Reason = word_type(*DECISION_REASONS, *(f"ignored:{name}" for name in ARGUMENTS))


class Body(Part):
    """A mapping with a name of its own (a provider, a tenant); these two keys change no decision."""

    description: Text | None = Field(
        None,
        description=("What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision."),
    )
    owner: Text | None = Field(
        None,
        description=("Who answers for it: a team, a person, a mailbox. Changes no decision."),
        examples=["platform", "search-team@example.com"],
    )


class NamedBody(Body):
    """A body whose name an author may change: for one release it says what it was called before."""

    was: Slug | None = Field(
        None,
        description=(
            "What it was called on the base branch, for one release after `routecomp rename`: rules of change, the "
            "salts of shadows and shares, the ledger and the database take both names as one. Default none."
        ),
    )
