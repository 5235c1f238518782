"""Rules and their fixtures in, the pages of docs/rules/ out: what, why, fix, and the example as `check` shows it."""

from __future__ import annotations

from pathlib import Path

from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.diagnostics.render.shown import visible
from routecomp.diagnostics.rule import RuleInfo
from routecomp.rules.registry import Rule, rules
from routecomp.sql.rule_registry import SqlRule, sql_rules
from tests import change_fixtures, sql_fixtures
from tests.rule_fixtures import GOLDENS, files, fixture_id, fixtures

READS = {
    "1": "the text and the shape of one file",
    "2": "names and references",
    "3": "what the declarations mean together",
    "4": "what the compiled table would do",
    "5": "the change against the base branch",
    "6": "SQL migrations",
}
"""What the rules of a hundred read."""
WRITTEN = "<!-- Written by `make refresh` from the rule's docstring and its fixture; not edited by hand. -->\n"


def pages() -> dict[str, str]:
    """File name to text: a page for every rule, and the index README.md."""
    examples = {fixture_id(fixture): fixture for fixture in (*fixtures(), *change_fixtures.fixtures())}
    found = {f"{rule.id}.md": _page(rule, examples.get(rule.id)) for rule in rules().values()}
    examples = {fixture.name.split("-")[0]: fixture for fixture in sql_fixtures.sql_fixtures()}
    found |= {f"{id}.md": _sql_page(one, examples.get(id)) for id, one in sql_rules().items()}
    return found | {"README.md": _index()}


def _page(rule: Rule, fixture: Path | None) -> str:
    parts = [WRITTEN, f"# {rule.id} {rule.name}\n", f"*{rule.severity}; reads {READS[rule.id[2]]}*\n", rule.page + "\n"]
    if fixture is not None:
        parts += _example(fixture) if rule.change is None else _change_example(fixture)
    return "\n".join(parts)


def _sql_page(one: SqlRule, fixture: Path | None) -> str:
    info = one.info
    about = "" if len(one.dialects) > 1 else "; PostgreSQL alone"
    weight = "error; may be waived in writing" if one.waivable else "error"
    parts = [WRITTEN, f"# {info.id} {info.name}\n", f"*{weight}; reads {READS['6']}{about}*\n", info.page + "\n"]
    if fixture is not None:
        bad, good = (sql_fixtures.side(fixture, name)[0] for name in ("bad", "good"))
        said = sql_fixtures.report(sql_fixtures.linted(fixture, "bad")).rstrip("\n")
        parts += [
            "## Example\n",
            *(_sql(path, data) for path, data in bad.items()),
            "`routecomp lint-migrations` says:\n",
            f"```text\n{said}\n```\n",
            "Put right:\n",
            *(_sql(path, data) for path, data in good.items()),
        ]
    return "\n".join(parts)


def _sql(path: str, data: bytes) -> str:
    return f"`{path}`\n\n```sql\n" + data.decode().rstrip("\n") + "\n```\n"


def _example(fixture: Path) -> list[str]:
    bad, good = files(fixture / "bad"), files(fixture / "good")
    changed = [path for path in sorted({*bad, *good}) if bad.get(path) != good.get(path)]
    report = (fixture / GOLDENS["text"]).read_text(encoding="utf-8").rstrip("\n")
    return [
        "## Example\n",
        *(_file(path, bad[path]) for path in changed if path in bad),
        "`routecomp check` says:\n",
        f"```text\n{report}\n```\n",
        "Put right:\n",
        *(_file(path, good[path]) for path in changed if path in good),
    ]


def _change_example(fixture: Path) -> list[str]:
    before, after, good = (files(fixture / side) for side in ("before", "after", "good"))
    changed = [
        path for path in sorted({*before, *after, *good}) if not before.get(path) == after.get(path) == good.get(path)
    ]
    report = (fixture / GOLDENS["text"]).read_text(encoding="utf-8").rstrip("\n")
    return [
        "## Example\n",
        "On the base branch:\n",
        *(_file(path, before[path]) for path in changed if path in before),
        "Changed to:\n",
        *(_file_or_gone(path, after) for path in changed),
        "`routecomp check` says:\n",
        f"```text\n{report}\n```\n",
        "Put right:\n",
        *(_file_or_gone(path, good) for path in changed),
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
        "so under `--strict` alone.\nRules of SQL are found by `routecomp lint-migrations`, and in this branch's "
        "migrations by `check` too; a name\nbegins with the code the rule is known by (L locks, D destruction, "
        "B compatibility, H history, R routing data).\n"
        "The ids are stable; `routecomp rules RC301` shows a page in the terminal.\n",
    ]
    for hundred, what in READS.items():
        some: list[Rule | RuleInfo] = [rule for rule in rules().values() if rule.id[2] == hundred]
        some += [one.info for id, one in sql_rules().items() if id[2] == hundred]
        if some:
            parts.append(f"## RC{hundred}xx: {what}\n")
            rows = [f"| [{one.id}]({one.id}.md) | {one.name} | {one.severity} | {_cell(one.summary)} |" for one in some]
            parts.append("\n".join(["| id | name | severity | what it finds |", "|---|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
