"""Tell near words that differ in meaning: opposites, negations, units and digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from routecomp.model.edit_distance import edit_distance

FIGURES = "the figures in them differ"
_OPPOSITES = (
    ("min", "max"),
    ("minimum", "maximum"),
    ("least", "most"),
    ("low", "high"),
    ("lower", "upper"),
    ("lower", "higher"),
    ("below", "above"),
    ("under", "over"),
    ("floor", "ceiling"),
    ("floor", "cap"),
    ("first", "last"),
    ("begin", "end"),
    ("start", "end"),
    ("start", "stop"),
    ("before", "after"),
    ("since", "until"),
    ("from", "to"),
    ("input", "output"),
    ("in", "out"),
    ("enabled", "disabled"),
    ("enable", "disable"),
    ("allowed", "denied"),
    ("allowed", "banned"),
    ("preferred", "banned"),
    ("allow", "deny"),
    ("accept", "reject"),
    ("include", "exclude"),
    ("included", "excluded"),
    ("with", "without"),
    ("on", "off"),
    ("yes", "no"),
    ("true", "false"),
    ("all", "none"),
    ("best", "worst"),
    ("good", "bad"),
    ("open", "closed"),
    ("http", "https"),
    ("active", "passive"),
    ("active", "paused"),
    ("primary", "secondary"),
    ("listed", "hidden"),
    ("known", "unknown"),
    ("cheapest", "dearest"),
    ("fastest", "slowest"),
    ("increase", "decrease"),
    ("cost", "quality"),
    ("latency", "quality"),
    ("cost", "latency"),
)
_NEGATIONS = ("in", "un", "de", "dis", "non", "not", "no", "im", "ir", "il", "anti", "mis")
_UNIT_WORDS = (
    "ns us ms s sec second minute h hr hour d day week month daily hourly weekly monthly yearly "
    "usd eur gbp jpy chf cny dollar cent micro bp pct percent permille ratio share fraction "
    "k m g thousand million billion token char word byte kb mb gb kib mib gib"
)
_UNITS = frozenset(_UNIT_WORDS.split())
RATE = re.compile("([km]?)([a-z])p(s|m|h|d|w|sec|min|hr)")
"""A short word for a rate: `rpm` are requests per minute, `ktpm` thousands of tokens."""
_TOKENS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


def difference(written: str, known: str) -> str:
    """Say in words why a word near a known one may well mean something else; empty where nothing speaks for it.

    No fix writes the known word then, and a message that suggests it says how the two differ.
    """
    mine, others = parts_of(written), parts_of(known)
    reasons = (_opposites(written, known), _negation(written, known), _units(mine, others))
    is_same = [token for token in mine if token.isdigit()] == [token for token in others if token.isdigit()]
    return next(filter(None, reasons), "" if is_same else FIGURES)


def _opposites(written: str, known: str) -> str:
    """Say which opposites the two words name: the written one the first of a pair, the known one the second."""
    for first, second in _both_ways(_OPPOSITES):
        for token in parts_of(known):
            # A slip may stand in the very word: `mxa` is nearer to `max` than to `min`.
            if token == second and any(_is_slip(word, first, second) for word in _changed(written, known)):
                return f"`{first}` is not `{second}`"
        if len(first) > 2 and _is_nearer(written, known, first, second):
            return f"`{first}` is not `{second}`"
    return ""


def _negation(written: str, known: str) -> str:
    """Say which of the two words is a negation of the other."""
    for token in sorted(set(parts_of(written)) ^ set(parts_of(known))):
        if token in _NEGATIONS:
            return f"only one of them has `{token}`"
    mine, others = _letters(written), _letters(known)
    for prefix in _NEGATIONS:
        for negated, plain, word in ((written, others, written), (known, mine, known)):
            for start in _starts(negated):
                letters = _letters(negated)
                without = letters[:start] + letters[start:].removeprefix(prefix)
                if without != letters and edit_distance(without, plain) < edit_distance(letters, plain):
                    return f"`{word}` may say the opposite: it has `{prefix}`, the other has not"
    return ""


def _units(mine: list[str], others: list[str]) -> str:
    """Say which units the two words name, where they differ."""
    units, known = [
        list(filter(is_unit, _unglued(words, beside))) for words, beside in ((mine, others), (others, mine))
    ]
    if units == known:
        return ""
    if not units or not known:
        unit, (words, beside) = (units or known)[0], (others, mine) if units else (mine, others)
        others = [word for word in words if word not in beside]
        if len(unit) > 2 and any(edit_distance(word, unit) == 1 for word in others):
            return ""  # a slip in the very unit, as in `ration`
        return f"only one of them names a unit (`{(units or known)[0]}`)"
    unit = next((unit for unit in reversed(units) if unit not in known), units[-1])
    other = next((unit for unit in reversed(known) if unit not in units), known[-1])
    return f"the units differ: `{unit}` is not `{other}`"


def is_unit(word: str) -> bool:
    """Return whether a part of a word is a unit."""
    return singular(word) in _UNITS or RATE.fullmatch(word) is not None


def _unglued(words: list[str], beside: list[str]) -> list[str]:
    """Return words, those of them parted that are one of the other's and a unit (`inputkb`)."""
    parted: list[str] = []
    for word in words:
        starts = (start for start in beside if len(start) > 1 and word != start and word.startswith(start))
        start = next((start for start in starts if len(word) - len(start) > 1 and is_unit(word[len(start) :])), "")
        parted += [start, word[len(start) :]] if start else [word]
    return [singular(word) for word in parted]


def singular(word: str) -> str:
    """Return a word of more than two letters without the `s` of its plural; in `rps` it is none."""
    return word if len(word) < 3 or RATE.fullmatch(word) else word.removesuffix("s")


def _is_nearer(written: str, known: str, first: str, second: str) -> bool:
    """Return whether the written word comes nearer to the known one when `second` takes the place of `first` in it."""
    mine, others = _letters(written), _letters(known)
    now = edit_distance(mine, others)
    places = (match.start() for match in re.finditer(f"(?={first})", mine))
    return any(edit_distance(mine[:start] + second + mine[start + len(first) :], others) < now for start in places)


def _is_slip(word: str, first: str, second: str) -> bool:
    """Return whether a word is a slip of the first of two opposites at least as likely as of the second."""
    distance = edit_distance(word, first)
    return distance <= len(first) // 3 and distance <= edit_distance(word, second)


def _changed(written: str, known: str) -> list[str]:
    """Return the parts of the written word at whose place the known one has another."""
    return [mine for mine, theirs in zip(parts_of(written), parts_of(known), strict=False) if mine != theirs]


def _both_ways(pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """Yield each pair, and each pair turned round."""
    for first, second in pairs:
        yield first, second
        yield second, first


def parts_of(word: str) -> list[str]:
    """Return the parts of a word: `max_outputTokens` has max, output and tokens."""
    return [token.lower() for token in _TOKENS.findall(word)]


def _letters(word: str) -> str:
    """Return a word in lower case without marks between its parts."""
    return "".join(parts_of(word))


def _starts(word: str) -> list[int]:
    """Return where the parts of a word begin in its letters."""
    starts, offset = [], 0
    for token in parts_of(word):
        starts.append(offset)
        offset += len(token)
    return starts
