"""Make diagnostics of every kind, for the goldens and the tests of all formats."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, error, warning
from routecomp.diagnostics.rule import Rule, Scope
from routecomp.source.edits import Edit, Fix
from routecomp.source.text import SourceFile, Span

RULES = {
    rule.id: rule
    for rule in (
        Rule("RC112", "number", Scope.TEXT, Severity.ERROR, "A number is written as YAML 1.2 writes it."),
        Rule(
            "RC201",
            "unknown-name",
            Scope.PROJECT,
            Severity.ERROR,
            "Every reference names something declared.\n\n# Unknown name\n\nWhat, why, fix.\n",
        ),
        Rule(
            "RC301",
            "weights-sum",
            Scope.PROJECT,
            Severity.ERROR,
            "Weights add up to exactly 1.00.\n\nThe three weights of a policy add up to `1.00`.\n",
        ),
        Rule("RC403", "idle-weights", Scope.PROJECT, Severity.WARNING, "Weights do nothing under `cheapest`."),
    )
}

TENANTS = SourceFile(
    "policies/tenants/acme.yaml",
    """\
tenants:
  acme:
    weights:
      quality: 0.40
      latency: 0.30
      cost: 0.35
    preset: balanceed
    objective: cheapest
""",
)
PRESETS = SourceFile(
    "policies/presets.yaml",
    """\
presets:
  # the five
  balanced: {}
""",
)


def at(file: SourceFile, piece: str, nth: int = 0) -> Span:
    """Return the span of a piece of a file's text: of its nth occurrence, counted from 0."""
    start = -1
    for _ in range(nth + 1):
        start = file.text.index(piece, start + 1)
    return Span(file, start, start + len(piece))


def report() -> list[Diagnostic]:
    """A small ordinary report: a sum, a typo with a fix and a place in another file, a warning, a missing section."""
    return [
        error(
            "RC301",
            "weights of tenant `acme` add up to 1.05, not 1.00",
            at(TENANTS, "0.35"),
            "lower one of the three by 0.05",
            "was 0.30 on main",
            (Label(at(TENANTS, "0.40"), "0.40 here"), Label(at(TENANTS, "0.30"), "0.30 here")),
        ),
        error(
            "RC201",
            "tenant `acme` names the unknown preset `balanceed`",
            at(TENANTS, "balanceed"),
            "did you mean `balanced`?",
            "no such preset",
            (Label(at(PRESETS, "balanced"), "preset `balanced` is declared here"),),
            Fix("write `balanced`", (Edit(at(TENANTS, "balanceed"), "balanced"),)),
        ),
        warning(
            "RC403",
            "tenant `acme` declares weights under `objective: cheapest`",
            at(TENANTS, "weights:"),
            "remove the weights, or the objective",
            labels=(Label(at(TENANTS, "cheapest"), "ranks by cost alone"),),
        ),
        error("RC201", "no file declares `defaults`", None, "add routes/defaults.yaml with `model: <slug>`"),
    ]


HOSTILE = SourceFile(
    "routes/a b,%:'\"é\x1b.yaml",
    'name: "\x1b[31mred\x1b[0m ]]> <b>&amp; 100% \u202eevil\u2069 \u200b, [x](http://evil) ::error::x"\r\n'
    "\tindented: with tabs\tand more\n"
    "breit: 日本語の長い名前 👍 e\u0301 ❤\ufe0f ok # end\n"
    "split: a\u2028b\x85c\x0cd\ufeff\ufffe\U000e0041\U000e0002\n"
    f"long: {'x' * 300} needle {'y' * 300}\n"
    "last: line without an end",
)


def hostile() -> list[Diagnostic]:
    """Words, paths and source lines that try to break out of each format."""
    nasty = "100% \x1b[31m red \x00 ]]> <!-- & -- > \"quotes\" 'single' `tick`, a:b,c::error::x \u202e\u2066 \ud800 end"
    return [
        error(
            "RC112",
            nasty,
            at(HOSTILE, "evil"),
            f"help {nasty}\nsecond line\r\nthird",
            nasty,
            (Label(at(HOSTILE, "100%"), nasty),),
            Fix(nasty, (Edit(at(HOSTILE, "evil"), nasty),)),
        ),
        error("RC112", "message\nover\r\nlines::error::injected", at(HOSTILE, "with tabs\tand"), "", "tabs"),
        error(
            "RC112", "wide characters", at(HOSTILE, "ok"), "", "after wide ones", (Label(at(HOSTILE, "語の"), "wide"),)
        ),
        error("RC112", "line separators", at(HOSTILE, "c\x0cd"), "", "shown"),
        warning(
            "RC112", "needle in a long line", at(HOSTILE, "needle"), "", "here", (Label(at(HOSTILE, "long"), "far"),)
        ),
        error("RC112", "over several lines", Span(HOSTILE, at(HOSTILE, "indented").start, at(HOSTILE, "split").end)),
        error("RC112", "behind the end", Span(HOSTILE, len(HOSTILE.text), len(HOSTILE.text)), note="nothing follows"),
        error("RC112", "a span that reaches too far", Span(HOSTILE, len(HOSTILE.text) - 3, len(HOSTILE.text) + 99)),
        error("RC999", "[a link](javascript:alert(1)) of an unknown rule", None),
    ]
