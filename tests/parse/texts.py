"""Define strategies for texts: YAML, almost YAML, and pieces of YAML put together."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = [
    "a",
    "b",
    "1",
    '"x"',
    "'y'",
    '"x y"',
    "- ",
    "-",
    "? ",
    "?",
    ": ",
    ":",
    "\n",
    " ",
    "  ",
    "    ",
    "\t",
    "#",
    "# c",
    " # c",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "|",
    ">",
    "|-",
    "|+",
    "|2",
    ">1",
    '"',
    "'",
    "\\",
    "\\n",
    "---",
    "...",
    "\n---\n",
    "\n...\n",
    "%",
    "@",
    "`",
    "!",
    "&a",
    "*a",
    "<<",
    "a: ",
    "c: b",
    "k:\n",
    "- a\n",
    "  - b\n",
    "key: value\n",
    "é",
    "😀",
    "\r\n",
    "~",
    "null",
    "::",
    ":a",
    "-a",
    "?a",
    "\n  ",
    "\n ",
    "\n\t",
    '"a\n b"',
    "'a\n\n  b'",
    "a\n  b",
    "|\n  x\n",
    ">\n  x\n  y\n",
    "[a,\n b]",
    "{a: b,\n c}",
    "[a: b]",
    "\\\n",
    "\\x41",
    "\\0",
    "{{ x }}",
    "\u200d",
    "\u202e",
    "\ufeff",
]
soup = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)

# Texts to change at random places: ordinary ones, and each of the constructs that readers disagree on.
SEEDS = [
    "a: 1\nb:\n  - c\n  - d: e\n    f: [g, {h: i}]\n",
    "- a\n- - b\n  - c\n-\n  d: e\n",
    "a: |\n  x\n\n   y\n  # z\n# c\nb: 1\n",
    "a: >\n  x\n  y\n\n  z\n   more\n  end\nb: >-\n\n  x\n",
    "a: \"x\n  y\\\n  z\\n\"\nb: 'x\n\n  y'\n",
    "a: x\n  y\n  z\nb: c # d\n",
    "a: [b,\n  c, # d\n  e: f,\n  ]\n",
    "{a: b, 'c': d,\n  \"e\":f, g}\n",
    "--- # c\na: b\n...\n",
    "- |\n x\n- >2\n   y\n- |+\n  z\n\n",
    "a:\n  \n  # c\n  b\n",
    "a: {b: [c, d], e:\n  f}\ng:\n- h\n",
]


@st.composite
def changed(draw: st.DrawFn) -> str:
    """A seed after a few insertions, deletions and repetitions."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 3))):
        offset = draw(st.integers(0, len(text)))
        match draw(st.integers(0, 3)):
            case 0:
                text = text[:offset] + draw(st.sampled_from(PIECES)) + text[offset:]
            case 1:
                text = text[:offset] + text[offset + draw(st.integers(1, 3)) :]
            case 2:
                begin = draw(st.integers(0, len(text)))
                text = text[:offset] + text[begin : begin + draw(st.integers(1, 12))] + text[offset:]
            case _:
                text = text[:offset] + draw(st.sampled_from(PIECES)) + text[offset + 1 :]
    return text


yamlish = soup | changed()
