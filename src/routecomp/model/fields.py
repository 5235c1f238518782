"""Leaf types of the model: a scalar of the tree in, an exact integer or a checked text out.

Each type is a pydantic annotation whose validator receives the scalar *node*, never a parsed float: numbers
are read from the text as written (docs/semantics.md, section 2). A refusal is a `PydanticCustomError` whose
type is the rule's id and whose context carries `help` (the remedy) and, where it says more, `note`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeAlias

from pydantic import AfterValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from routecomp.model.words import (
    EXPERIMENT_STATUSES,
    OBJECTIVES,
    ON_PAUSE,
    PREFERENCES,
    ROW_STATUSES,
    UNKNOWN_TENANT,
    suggestion,
)
from routecomp.parse.scalars import NUMBER, SLUG, is_null
from routecomp.parse.tree import Scalar

ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
PUBLIC_NAME = re.compile(r"[a-z0-9]([a-z0-9._/-]{0,61}[a-z0-9])?", re.ASCII)
UPSTREAM_NAME = re.compile(r"[!-~]+", re.ASCII)
ADAPTER = re.compile(r"[a-z][a-z0-9_-]{0,62}", re.ASCII)

SLUG_WORDS = "lower-case letters, digits, `.`, `_`, `-`; at most 63; a letter or digit at both ends"


def refuse(rule: str, message: str, help: str = "", note: str = "") -> NoReturn:
    """Raise a finding of `rule`; the reader adds the place and the name of the body."""
    # The message goes in as context: pydantic would read braces of the author's text as its own.
    raise PydanticCustomError("finding", "{message}", {"rule": rule, "message": message, "help": help, "note": note})


def shown(text: str) -> str:
    """A value as a message shows it: in quotes of its own kind, never longer than a glance."""
    cut = text if len(text) <= 60 else text[:57] + "…"
    return "`" + cut.encode("unicode_escape").decode("ascii").replace("\\\\", "\\") + "`" if not cut.isprintable() \
        else f"`{cut}`"


def _scalar(value: object, wanted: str) -> Scalar:
    if not isinstance(value, Scalar):
        found = "a mapping" if isinstance(value, dict) else "a list"
        refuse("RC120", f"must be {wanted}, not {found}", f"write {wanted} here")
    if is_null(value):
        refuse("RC114", "is null", "give it a value, or leave the key out")
    return value


def exact(text: str, decimals: int) -> int:
    """`text` (a number as section 2 writes one) times 10**decimals, exactly; it has at most that many decimals."""
    sign = -1 if text[0] == "-" else 1
    whole, _, fraction = text.lstrip("+-").partition(".")
    return sign * int(whole + fraction.ljust(decimals, "0"))


def written(value: int, scale: int) -> str:
    """The decimal text of value / 10**scale without trailing zeros; the inverse of `exact`."""
    if scale == 0:
        return str(value)
    digits = str(abs(value)).rjust(scale + 1, "0")
    whole, fraction = digits[:-scale], digits[-scale:].rstrip("0")
    return ("-" if value < 0 else "") + whole + ("." + fraction if fraction else "")


_LOOKS = (
    (re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+"), "write it without an exponent, as in 0.000001"),
    (re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?"), "drop the leading zeros"),
    (re.compile(r"[-+]?0[xob][0-9A-Fa-f_]+"), "write it in decimal digits"),
    (re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9]*)?"), "drop the underscores"),
    (re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?"), "drop the thousands separators"),
    (re.compile(r"[-+]?[0-9]+,[0-9]+"), "use a point, not a comma"),
    (re.compile(r"[-+]?\.[0-9]+"), "write the zero before the point, as in 0.5"),
    (re.compile(r"[-+]?[0-9]+\."), "drop the point, or write a digit after it"),
    (re.compile(r"[-+]?[0-9.]+ ?%"), "write a plain number without the percent sign"),
    (re.compile(r"[$€] ?[0-9.,]+|[0-9.,]+ ?(USD|usd|\$)"), "write a plain number; the unit is US dollars already"),
    (re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), "write a finite number"),
    (re.compile(r"[0-9]+(:[0-9]+)+"), "write one plain number; times are in the field's own unit"),
)
_MOST_DIGITS = 40


def _number(decimals: int, scale: int, low: int, high: int, low_open: bool = False) -> Callable[[object], int]:
    """A reader of numbers: at most `decimals` decimals, low..high in units of 10**-scale, as such an integer."""
    wanted = "a whole number" if decimals == 0 else "a number"
    bounds = _bounds(low, high, scale, low_open)

    def read(value: object) -> int:
        node = _scalar(value, wanted)
        text = node.text
        if not node.plain:
            if NUMBER.fullmatch(text):
                refuse("RC115", f"is the text {shown(text)}; {wanted} is wanted", "remove the quotes")
            refuse("RC115", f"is text; {wanted} is wanted", f"write {wanted}")
        if not NUMBER.fullmatch(text):
            remedy = next((help for look, help in _LOOKS if look.fullmatch(text)), f"write {wanted}, as in "
                          + ("1800" if decimals == 0 else "0.55"))
            refuse("RC115", f"is {shown(text)}, which is not {wanted}", remedy)
        fraction = text.partition(".")[2]
        if len(fraction) > decimals:
            if decimals == 0:
                refuse("RC116", f"is {shown(text)}; a whole number is wanted", "drop the decimals")
            refuse("RC116", f"has {len(fraction)} decimals; at most {decimals} are kept",
                   f"round it to {decimals} decimals")
        if len(text) > _MOST_DIGITS:
            refuse("RC117", f"has {len(text)} digits; it must be {bounds}", f"write a number {bounds}")
        number = exact(text, scale)
        if not low <= number <= high or (low_open and number == low):
            refuse("RC117", f"is {shown(text)}; it must be {bounds}", f"write a number {bounds}")
        return number

    return read


def _bounds(low: int, high: int, scale: int, low_open: bool) -> str:
    first, last = written(low, scale), written(high, scale)
    return f"above {first}, at most {last}" if low_open else f"between {first} and {last}"


def _number_type(decimals: int, scale: int, low: int, high: int, low_open: bool = False) -> Any:
    # `x-scale` lets the JSON Schemas show a default in the author's unit; it is not written out.
    schema: dict[str, object] = {"type": "integer" if decimals == 0 else "number", "x-scale": scale}
    schema["exclusiveMinimum" if low_open else "minimum"] = _json(low, scale)
    schema["maximum"] = _json(high, scale)
    return Annotated[int, PlainValidator(_number(decimals, scale, low, high, low_open)), WithJsonSchema(schema)]


def _json(value: int, scale: int) -> object:
    # Only for the JSON Schema an editor reads; every bound here is a short decimal.
    return value // 10**scale if value % 10**scale == 0 else float(written(value, scale))


def _matching(pattern: re.Pattern[str], what: str, remedy: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        return check_name(_scalar(value, what).text, pattern, what, remedy)

    return read


def check_name(text: str, pattern: re.Pattern[str], what: str, remedy: str) -> str:
    """The text if it matches, else a finding of RC118."""
    if not pattern.fullmatch(text):
        refuse("RC118", f"{shown(text)} is not {what}", remedy)
    return text


def _name_type(pattern: re.Pattern[str], what: str, remedy: str) -> Any:
    return Annotated[str, PlainValidator(_matching(pattern, what, remedy)),
                     WithJsonSchema({"type": "string", "pattern": f"^{pattern.pattern}$"})]


def _free_text(value: object) -> str:
    text = _scalar(value, "text").text
    if not text.isascii():
        import unicodedata

        if not unicodedata.is_normalized("NFC", text):
            refuse("RC119", "is not in Unicode normal form C", "retype the accented letters as single characters")
    return text


def _boolean(value: object) -> bool:
    node = _scalar(value, "true or false")
    if node.plain and node.text in ("true", "false"):
        return node.text == "true"
    if node.text in ("true", "false"):
        refuse("RC115", f"is the text {shown(node.text)}; true or false is wanted", "remove the quotes")
    meant = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false",
             "true": "true", "false": "false", "1": "true", "0": "false"}.get(node.text.lower())
    refuse("RC115", f"is {shown(node.text)}, which is neither true nor false",
           f"write {meant}" if meant else "write true or false")


def word_type(*words: str) -> Any:
    """One word of a closed vocabulary."""

    def read(value: object) -> str:
        text = _scalar(value, "one of " + ", ".join(words)).text
        if text not in words:
            refuse("RC121", f"is {shown(text)}; it must be one of {', '.join(words)}", suggestion(text, words))
        return text

    return Annotated[str, PlainValidator(read), WithJsonSchema({"type": "string", "enum": list(words)})]


def _stack(value: object) -> str:
    text = check_name(_scalar(value, "a stack word").text, SLUG, "a stack word", f"use {SLUG_WORDS}")
    if text.startswith("avoid-"):
        refuse("RC118", f"the stack word {shown(text)} begins with `avoid-`",
               "choose another word: `avoid-…` is what callers send to leave a stack out")
    return text


def _salt(value: object) -> str:
    text = _free_text(value)
    if ":" in text:
        refuse("RC118", f"the salt {shown(text)} holds a colon", "use another character: the colon ends the salt")
    return text


_KEY = "a name (slug)"
# Amounts of money and counts have no bound in the semantics; these keep every integer within a database's bigint.
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
    Slug: TypeAlias = str
    SlugKey: TypeAlias = str
    PublicName: TypeAlias = str
    UpstreamName: TypeAlias = str
    EnvironmentName: TypeAlias = str
    Adapter: TypeAlias = str
    Stack: TypeAlias = str
    Salt: TypeAlias = str
    RowStatus: TypeAlias = str
    Objective: TypeAlias = str
    UnknownTenant: TypeAlias = str
    PreferenceName: TypeAlias = str
    ExperimentStatus: TypeAlias = str
    OnPause: TypeAlias = str
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
    Price = _number_type(6, 6, 0, _MOST_DOLLARS * 10**6)
    RatioBp = _number_type(4, 4, 0, 10**6 * 10**4)
    Cents = _number_type(2, 2, 0, 10**9 * 100)
    Count = _number_type(0, 0, 0, _MOST_COUNT)
    CountAboveZero = _number_type(0, 0, 1, _MOST_COUNT)
    Slot = _number_type(0, 0, 0, 9_999)
    Boolean = Annotated[bool, PlainValidator(_boolean), WithJsonSchema({"type": "boolean"})]
    Text = Annotated[str, PlainValidator(_free_text), WithJsonSchema({"type": ["string", "number", "boolean"]})]
    Slug = _name_type(SLUG, _KEY, f"use {SLUG_WORDS}")
    # A slug that stands as a mapping's key: it arrives as text, its node is found by the reader.
    SlugKey = Annotated[str, AfterValidator(lambda text: check_name(text, SLUG, _KEY, f"use {SLUG_WORDS}")),
                        WithJsonSchema({"type": "string", "pattern": f"^{SLUG.pattern}$"})]
    PublicName = _name_type(PUBLIC_NAME, "an alias or public model id", f"use {SLUG_WORDS}, and `/`")
    UpstreamName = _name_type(UPSTREAM_NAME, "a provider's model name", "use printable ASCII without spaces")
    EnvironmentName = _name_type(ENVIRONMENT_NAME, "the name of an environment variable",
                                 "name the variable that holds the key, as in OPENAI_API_KEY; never the key itself")
    Adapter = _name_type(ADAPTER, "an adapter family", "use a word like openai_compatible")
    Stack = Annotated[str, PlainValidator(_stack), WithJsonSchema({"type": "string", "pattern": f"^{SLUG.pattern}$"})]
    Salt = Annotated[str, PlainValidator(_salt), WithJsonSchema({"type": ["string", "number"], "pattern": "^[^:]*$"})]
    RowStatus = word_type(*ROW_STATUSES)
    Objective = word_type(*OBJECTIVES)
    UnknownTenant = word_type(*UNKNOWN_TENANT)
    PreferenceName = word_type(*PREFERENCES)
    ExperimentStatus = word_type(*EXPERIMENT_STATUSES)
    OnPause = word_type(*ON_PAUSE)
