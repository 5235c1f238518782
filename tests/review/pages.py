"""Draw YAML files in any style that an author may use, with holes where an edit may write.

A page is a list of pieces: texts and holes. With other values in its holes it is, byte for byte, the file that an
edit of only these values must write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from routecomp.checker import Checked, Options, check
from routecomp.review.edit.plan import Plan, first_difference
from routecomp.source.edits import apply_edits
from tests.check.project import DEFAULTS, PROVIDERS, TODAY

MODELS = ("alpha-1", "beta-2", "gamma-3", "delta-4")
BOM = b"\xef\xbb\xbf"
_MODEL_LINES = "models:\n" + "".join(
    f"  {name}: {{provider: alpha, quality: 0.9, price: {{input: 5, output: 20}}, latency_ms: 2000, "
    "context_window: 200000}\n"
    for name in MODELS
)


@dataclass(frozen=True)
class Hole:
    """The place of a value that an edit may change; `name` is the name of the value."""

    name: str


@dataclass
class Page:
    """A file: its pieces, its line end, and whether it begins with a byte-order mark."""

    pieces: list[str | Hole]
    newline: str
    mark: bool

    def bytes(self, values: Mapping[str, str]) -> bytes:
        """Return the file with these values in its holes."""
        text = "".join(piece if isinstance(piece, str) else values[piece.name] for piece in self.pieces)
        return (BOM if self.mark else b"") + text.replace("\n", self.newline).encode()


@dataclass
class Row:
    """A model's row in a feature: its status, its figures as YAML text, its style and its quotes."""

    status: str
    figures: dict[str, str]
    style: str
    quote: str

    def value(self) -> str:
        """Return the value of the row on one line."""
        status = f"{self.quote}{self.status}{self.quote}"
        if self.style == "bare" and not self.figures:
            return status
        inner = ", ".join([f"status: {status}", *(f"{name}: {text}" for name, text in self.figures.items())])
        return f"{{{inner}}}"


FIGURES = st.one_of(
    st.just({}),
    st.builds(lambda sample: {"sample": sample}, st.sampled_from(["0.05", "1", "+0.5", "0.0001"])),
    st.builds(
        lambda sample, cap: {"sample": sample, "max_daily_usd": cap},
        st.sampled_from(["0.05", "0.10"]),
        st.sampled_from(["20", "20.00", "0.5"]),
    ),
)
COMMENTS = st.sampled_from(["", "  # why", "   # a: {b}, [c]", " # schön"])
OWN_LINES = st.sampled_from(["", "\n", "{indent}# on its own: line\n", "# at the margin\n\n"])
QUOTES = st.sampled_from(["", "", "'", '"'])


@st.composite
def pages(draw: st.DrawFn, styles: tuple[str, ...] = ("bare", "flow")) -> tuple[Page, dict[str, Row]]:
    """Draw a file with two features, and the rows of the feature `chat`."""
    count = draw(st.integers(2, 4))
    primary = draw(st.integers(0, count - 1))
    rows: dict[str, Row] = {}
    for index, model in enumerate(MODELS[:count]):
        status = "primary" if index == primary else draw(st.sampled_from(["shadow", "shadow", "retired"]))
        figures = draw(FIGURES) if status == "shadow" else {}
        rows[model] = Row(status, figures, draw(st.sampled_from(styles)), draw(QUOTES))
    step = " " * draw(st.sampled_from([1, 2, 4]))
    pieces: list[str | Hole] = [draw(st.sampled_from(["", "# first\n", "\n"])), "features:\n", f"{step}chat:"]
    if set(styles) <= {"bare", "flow"} and draw(st.booleans()):
        pieces += _flow(draw, rows, step)
    else:
        pieces += _block(draw, rows, step)
    if draw(st.booleans()):
        pieces += [f"{step}other: {{models: {{alpha-1: primary, beta-2: shadow}}}}{draw(COMMENTS)}\n"]
    if draw(st.booleans()) and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].removesuffix("\n")
    return Page(pieces, draw(st.sampled_from(["\n", "\r\n"])), draw(st.booleans())), rows


def _block(draw: st.DrawFn, rows: Mapping[str, Row], step: str) -> list[str | Hole]:
    pieces: list[str | Hole] = [draw(COMMENTS), "\n", f"{step * 2}models:{draw(COMMENTS)}\n"]
    for model, row in rows.items():
        quote = draw(QUOTES)
        pieces += [draw(OWN_LINES).format(indent=step * 3), f"{step * 3}{quote}{model}{quote}:"]
        if row.style == "block":
            pieces += [f"{draw(COMMENTS)}\n{step * 4}status: ", Hole(model), f"{draw(COMMENTS)}\n"]
            for name, text in row.figures.items():
                above = draw(st.sampled_from(["", "", "\n", f"{step * 4}# of {model}, {name}\n"]))
                pieces.append(f"{above}{step * 4}{name}: {text}{draw(COMMENTS)}\n")
        else:
            pieces += [draw(st.sampled_from([" ", "   "])), Hole(model), f"{draw(COMMENTS)}\n"]
    pieces.append(draw(st.sampled_from(["", f"{step * 2}then: all  # on\n", f"{step * 2}owner: team\n"])))
    return pieces


def _flow(draw: st.DrawFn, rows: Mapping[str, Row], step: str) -> list[str | Hole]:
    long = draw(st.booleans())
    pieces: list[str | Hole] = [" {models: {", f"\n{step * 3}" if long else ""]
    for index, model in enumerate(rows):
        pieces += [f"{model}: ", Hole(model)]
        if index < len(rows) - 1:
            pieces.append(f",{draw(COMMENTS)}\n{step * 3}" if long else draw(st.sampled_from([", ", ",  "])))
    comma = draw(st.sampled_from(["", ","]))
    return [*pieces, f"{comma}{draw(COMMENTS)}\n{step * 2}}}}}\n" if long else f"{comma}}}}}\n"]


def project(features: bytes, **more: bytes) -> dict[str, bytes]:
    """Return a project with this file of features, and more files (`policies_x` stands for policies/x.yaml)."""
    targets = b"targets:\n  all: {candidates: all}\n"
    files = {
        "routes/features.yaml": features,
        "routes/providers.yaml": PROVIDERS.encode(),
        "routes/models.yaml": _MODEL_LINES.encode(),
        "routes/targets.yaml": targets,
        "routes/defaults.yaml": DEFAULTS.replace("fair", "alpha-1").encode(),
    }
    return files | {name.replace("_", "/", 1) + ".yaml": data for name, data in more.items()}


def check_files(files: Mapping[str, bytes]) -> Checked:
    """Check a project."""
    return check(files, Options(TODAY))


def apply_plan(files: Mapping[str, bytes], before: Checked, plan: Plan) -> dict[str, bytes]:
    """Return the files after a plan, and assert that they declare exactly what it intends."""
    after = dict(files)
    for path in plan.paths:
        mark = BOM if files[path].startswith(BOM) else b""
        text = files[path].removeprefix(mark).decode()
        after[path] = mark + apply_edits(text, [edit for edit in plan.edits if edit.span.path == path]).encode()
    assert first_difference(before.declared, check_files(after).declared, plan) is None
    return after
