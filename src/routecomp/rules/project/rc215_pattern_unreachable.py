"""RC215 pattern-unreachable: some name reaches each pattern."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.call_names import call_names, is_covered
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule


@project_rule("RC215", "pattern-unreachable")
def pattern_unreachable(declared: Declared) -> Iterator[Diagnostic]:
    """Every name that begins as a pattern does is declared, or begins with a longer pattern.

    An alias of a target that ends in `*` stands for every name that begins so. A declared name is never looked for
    among the patterns, and of several patterns the longest counts. So longer patterns, one for each letter that may
    follow, leave a shorter one nothing.

    Why: whoever wrote the pattern believes that callers reach its target by it.

    Fix: remove the pattern, or one of the longer ones.
    """
    uses = list(call_names(declared))
    patterns = [use.name for use in uses if use.kind == "pattern"]
    names = {use.name for use in uses}
    for use in uses:
        if use.kind == "pattern" and is_covered(use.name, patterns, names):
            longer = sum(text != use.name and text.startswith(use.name[:-1]) for text in patterns)
            yield error(
                "RC215",
                f"no name reaches {use.title}: {longer} longer patterns cover it",
                use.entry.span(*use.path),
                "remove it, or one of the longer patterns",
            )
