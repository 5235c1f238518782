"""Write the regular expression of a dialect's tokens from what differs between dialects."""

from __future__ import annotations

# Possessive (`*+`) where a literal may hold its own mark twice: one that is not closed must not end at half of the two.
STRING = r"'(?:[^']|'')*+'"
NUMBER = r"\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?"
_WORD = r"[^\W\d][\w$]*"
_OPERATOR = r"::|:=|<>|<=|>=|!=|==|\|\||->>|->|=>|\S"
_NEVER = r"(?!)"


def token_pattern(
    *, comment: str, string: str, quoted: str, unclosed: str, dollar: str = _NEVER, number: str = NUMBER
) -> str:
    """Return a pattern that matches white space or one token at any place, each kind of token in a group of its name.

    `comment` ends with its line; `string` are literals, and `dollar` the marks that begin and end a literal which holds
    anything; `quoted` are quoted names; `unclosed` are the marks that begin a literal or a name (group `open`). What
    matches none of these is a word, a number or an operator. Of a block comment only the mark that begins it is
    matched.
    """
    return (
        rf"\s+|(?P<comment>{comment})|(?P<block>/\*)"
        rf"|(?P<string>{string})|(?P<dollar>{dollar})|(?P<quoted>{quoted})|(?P<open>{unclosed})"
        rf"|(?P<word>{_WORD})|(?P<number>{number})|(?P<operator>{_OPERATOR})"
    )
