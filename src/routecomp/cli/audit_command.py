"""`routecomp audit`: a project's Git history in, its ledger of primaries out: who, when, from, to, which commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from routecomp.cli.options import root_option

if TYPE_CHECKING:
    from routecomp.cli.history import LedgerEntry

COLUMNS = ("time", "feature", "kind", "from", "to", "author", "email", "commit", "merge", "subject", "reviewers")


@click.command(epilog="""\
\b
Examples:
  routecomp audit                      every change of a primary, the latest first
  routecomp audit support-chat         of one feature
  routecomp audit --csv > ledger.csv   for a spreadsheet
  routecomp audit --json               for programs

\b
Kinds:
  initial     the feature is new
  promotion   a shadow became primary
  rollback    the inverse of the promotion before it
  swap        the new primary was no shadow (a waived change)
  removed     the feature is gone

\b
The ledger is read from the YAML in the history of HEAD, whatever the commit
messages say. The time is when the change reached this line of history; the
commit and the person are those that made it, also where a merge brought it.
Reviewers are those of the trailers Reviewed-by, Co-authored-by,
Signed-off-by, Acked-by and Approved-by. In the CSV, texts that a spreadsheet
would take for a formula begin with a '.

\b
Exit codes:
  0  shown
  2  there is no history, or no such feature
""")
@click.argument("feature", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list of entries, the latest first.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a line of headings.")
@root_option
def audit(feature: str | None, as_json: bool, as_csv: bool, root: str | None) -> int:
    """Show who promoted what, and when: the history of every feature's primary, or of FEATURE's."""
    from routecomp.cli.files import find_root
    from routecomp.cli.git import find_repository
    from routecomp.cli.history import ledger
    from routecomp.cli.problem import Problem
    from routecomp.cli.settings import load_settings
    from routecomp.model.words import suggestion

    if as_json and as_csv:
        raise click.UsageError("--json and --csv contradict each other")
    at = find_root(root)
    settings = load_settings(at)
    repository = find_repository(at)
    if repository is None:
        raise Problem("there is no Git repository here: the ledger is its history", "run it in a clone of the project")
    if "HEAD" not in repository.commits(["HEAD"]):
        raise Problem("the repository has no commit yet: there is no history to show", "commit the project first")
    entries = ledger(repository, settings.max_file_bytes)[::-1]
    if feature is not None:
        known = {one.feature for one in entries}
        entries = [one for one in entries if one.feature == feature]
        if not entries:
            raise Problem(f"the history knows no feature `{feature}`",
                          suggestion(feature, known, "see `routecomp audit`; what is not committed is no history"))
    if repository.shallow:
        click.echo("note: this clone is shallow: what was before its first commit is not shown, and `initial` may "
                   "only mean that (`git fetch --unshallow`)", err=True)
    click.echo(_json(entries) if as_json else _csv(entries) if as_csv else _text(entries, feature), nl=False)
    return 0


def _record(one: LedgerEntry) -> dict[str, Any]:
    return {
        "feature": one.feature, "kind": one.kind, "from": one.old, "to": one.new, "time": one.time,
        "author": one.author, "email": one.email, "commit": one.commit, "merge": one.merge, "subject": one.subject,
        "reviewers": [{"trailer": trailer, "person": person} for trailer, person in one.reviewers],
    }


def _json(entries: Sequence[LedgerEntry]) -> str:
    import json

    return json.dumps([_record(one) for one in entries], indent=2, ensure_ascii=False) + "\n"


def _csv(entries: Sequence[LedgerEntry]) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in entries:
        record = _record(one)
        record["reviewers"] = "; ".join(f"{trailer}: {person}" for trailer, person in one.reviewers)
        writer.writerow([_cell(record[column]) for column in COLUMNS])
    return out.getvalue()


def _cell(value: str | None) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else value
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _text(entries: Sequence[LedgerEntry], feature: str | None) -> str:
    from routecomp.cli.layout import table
    from routecomp.cli.problem import visible

    if not entries:
        return "the history holds no feature\n"
    rows = []
    for one in entries:
        change = f"{one.old or '-'} -> {one.new or '-'}"
        people = ", ".join(person.partition("<")[0].strip() for _, person in one.reviewers)
        who = one.author + (f"; {people}" if people else "")
        where = one.commit[:10] + (f" in {one.merge[:10]}" if one.merge else "")
        name = () if feature is not None else (visible(one.feature),)
        rows.append([one.time[:16].replace("T", " "), *name, one.kind, visible(change), where, visible(who)])
    return "".join(f"{line}\n" for line in table(rows, indent=0))
