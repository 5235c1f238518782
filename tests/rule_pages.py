"""Write the pages of docs/rules/ from the rules and their fixtures: what, why, fix, and the report of an example."""

from __future__ import annotations

from pathlib import Path

from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.diagnostics.render.shown import visible
from routecomp.diagnostics.rule import CHAPTERS, Rule, Scope
from routecomp.rules.registry import rules
from routecomp.sql.dialects.registry import dialects
from tests import change_fixtures, sql_fixtures
from tests.interop import litellm_fixtures
from tests.rule_fixtures import GOLDENS, files, fixture_id, fixtures, report

WRITTEN = "<!-- Written by `make refresh` from the rule's docstring and its fixture; not edited by hand. -->\n"


def pages() -> dict[str, str]:
    """Return file name to text: a page for every rule, and the index README.md."""
    folders = (
        *fixtures(),
        *change_fixtures.fixtures(),
        *sql_fixtures.sql_fixtures(),
        *litellm_fixtures.litellm_fixtures(),
    )
    examples = {fixture_id(fixture): fixture for fixture in folders}
    return {f"{id}.md": _page(rule, examples.get(id)) for id, rule in rules().items()} | {"README.md": _index()}


def _page(rule: Rule, fixture: Path | None) -> str:
    titles = [dialect.title for dialect in dialects() if rule.applies is not None and rule.applies(dialect)]
    about = f"; {' and '.join(titles)} alone" if titles else ""
    weight = f"{rule.severity}; may be waived in writing" if rule.waivable else rule.severity
    head = [f"*{weight}; reads {rule.chapter}{about}*\n", *([rule.remarks + "\n"] if rule.remarks else [])]
    parts = [WRITTEN, f"# {rule.id} {rule.name}\n", *head, rule.page + "\n"]
    return "\n".join(parts if fixture is None else parts + _EXAMPLES[rule.scope](fixture))


def _sql_example(fixture: Path) -> list[str]:
    bad, good = (sql_fixtures.side(fixture, name)[0] for name in ("bad", "good"))
    shown = report(sql_fixtures.linted(fixture, "bad"), "text").rstrip("\n")
    return [
        "## Example\n",
        *(_sql(path, data) for path, data in bad.items()),
        "`routecomp lint-migrations` says:\n",
        f"```text\n{shown}\n```\n",
        "Put right:\n",
        *(_sql(path, data) for path, data in good.items()),
    ]


def _sql(path: str, data: bytes) -> str:
    return f"`{path}`\n\n```sql\n" + data.decode().rstrip("\n") + "\n```\n"


def _example(fixture: Path) -> list[str]:
    bad, good = files(fixture / "bad"), files(fixture / "good")
    changed = [path for path in sorted({*bad, *good}) if bad.get(path) != good.get(path)]
    shown = (fixture / GOLDENS["text"]).read_text(encoding="utf-8").rstrip("\n")
    return [
        "## Example\n",
        *(_file(path, bad[path]) for path in changed if path in bad),
        "`routecomp check` says:\n",
        f"```text\n{shown}\n```\n",
        "Put right:\n",
        *(_file(path, good[path]) for path in changed if path in good),
    ]


def _change_example(fixture: Path) -> list[str]:
    before, after, good = (files(fixture / side) for side in ("before", "after", "good"))
    changed = [
        path for path in sorted({*before, *after, *good}) if not before.get(path) == after.get(path) == good.get(path)
    ]
    shown = (fixture / GOLDENS["text"]).read_text(encoding="utf-8").rstrip("\n")
    return [
        "## Example\n",
        "On the base branch:\n",
        *(_file(path, before[path]) for path in changed if path in before),
        "Changed to:\n",
        *(_file_or_gone(path, after) for path in changed),
        "`routecomp check` says:\n",
        f"```text\n{shown}\n```\n",
        "Put right:\n",
        *(_file_or_gone(path, good) for path in changed),
    ]


def _litellm_example(fixture: Path) -> list[str]:
    bad, good = ((fixture / side / "config.yaml").read_bytes() for side in ("bad", "good"))
    shown = (fixture / litellm_fixtures.GOLDEN).read_text(encoding="utf-8").rstrip("\n")
    options = " --env-file variables.env" if (fixture / litellm_fixtures.VARIABLES).exists() else ""
    return [
        "## Example\n",
        _file("config.yaml", bad),
        f"`routecomp lint-litellm config.yaml{options}` says:\n",
        f"```text\n{shown}\n```\n",
        "Put right:\n",
        _file("config.yaml", good),
    ]


def _file_or_gone(path: str, side: dict[str, bytes]) -> str:
    return _file(path, side[path]) if path in side else f"`{path}` is removed.\n"


def _file(path: str, data: bytes) -> str:
    # What the rules refuse is not let loose on the reader of the page: no invisible character, no credential.
    text = star_secrets(data.decode("utf-8", "replace"))
    lines = [visible(line).replace("\\t", "\t") for line in text.rstrip("\n").split("\n")]
    return f"`{path}`\n\n```yaml\n" + "\n".join(lines) + "\n```\n"


def _index() -> str:
    parts = [
        WRITTEN,
        "# Rules\n",
        "What `routecomp check` looks for. An error stops the compilation; a warning does "
        "so under `--strict` alone.\nRules of moves are found by `routecomp diff`, rules of reach (RC831 to RC836) by "
        "`routecomp check --reach`. Rules of LiteLLM files are found by "
        "`routecomp lint-litellm`. "
        "Rules of SQL are found by `routecomp lint-migrations`, and in this branch's "
        "migrations by `check` too; each page\nsays by which code its rule is known as well (L locks, D destruction, "
        "B compatibility, H history, R routing data).\n"
        "The ids are stable; `routecomp rules RC301` shows a page in the terminal.\n",
    ]
    for hundred, chapter in CHAPTERS.items():
        rows = [
            f"| [{rule.id}]({rule.id}.md) | {rule.name} | {rule.severity} | {_cell(rule.summary)} |"
            for rule in rules().values()
            if rule.id[2] == hundred
        ]
        parts.append(f"## RC{hundred}xx: {chapter}\n")
        parts.append("\n".join(["| id | name | severity | what it finds |", "|---|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


_EXAMPLES = {
    Scope.TEXT: _example,
    Scope.PROJECT: _example,
    Scope.CLAIM: _example,
    Scope.REACH: _example,
    Scope.CHANGE: _change_example,
    Scope.MIGRATION: _sql_example,
    Scope.LITELLM: _litellm_example,
}
"""The example of a page, by what the rule reads. Rules over the history of migrations have none."""
