"""Show which commits moved a decision: what moved, and the lines of YAML that did it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import click

from routecomp.cli.output.json import print_json
from routecomp.diagnostics.render.shown import visible
from routecomp.review.analysis.changed_lines import changed_lines
from routecomp.review.analysis.report import request_json
from routecomp.review.diff.render.json import move_document, row_document
from routecomp.review.diff.render.text import change_text, move_text_lines, wrapped_lines
from routecomp.review.diff.rows.text import count_noun
from routecomp.version import __version__
from routecomp.workspace.git.project_versions import HistoryCommit
from routecomp.workspace.why_changed import Culprit, History, Skipped

_MOST_MOVES: Final = 5
_MOST_ROWS: Final = 12
_MOST_SKIPPED: Final = 5
_LONGEST_LINE: Final = 100


def print_history(history: History, keys: Mapping[str, Any], *, every: bool, as_json: bool) -> None:
    """Print what a walk found, for people or as JSON with further keys; `every` says that it went on to its end."""
    if as_json:
        print_json(history_document(history) | dict(keys), ascii_only=True)
    else:
        click.echo(_text(history, every=every), nl=False)


def history_document(history: History) -> dict[str, Any]:
    """Return what a walk found as one JSON object (docs/why-changed.md)."""
    return {
        "version": __version__,
        "request": json.loads(request_json(history.request)),
        "commits": [
            {
                **_commit(culprit.commit),
                "proven": culprit.moved.is_proven,
                "moves": [move_document(row) for row in culprit.moved.report.rows],
                "causes": [
                    row_document(row) | {"lines": [line._asdict() for line in changed_lines(row)]}
                    for row in culprit.moved.rows
                ],
                "or_skipped": [_skip(skip) for skip in culprit.skipped],
            }
            for culprit in history.culprits
        ],
        "compared": history.compared,
        "oldest": None if history.oldest is None else _commit(history.oldest),
        "skipped": [_skip(skip) for skip in history.skipped],
        "unproven": [commit.id for commit in history.unproven],
        "shallow": history.is_shallow,
    }


def _text(history: History, *, every: bool) -> str:
    """Write what a walk found for a terminal; `every` says that it went on behind the first commit."""
    lines: list[str] = []
    for culprit in history.culprits:
        lines += [*_culprit(culprit), ""]
    if every or not history.culprits:
        lines += _end(history)
    lines += _skips("left out, because the project does not compile there:", _apart(history))
    return "\n".join(lines).rstrip("\n") + "\n"


def _culprit(culprit: Culprit) -> Iterator[str]:
    """Yield the lines of a commit that moved the decision."""
    yield from wrapped_lines(_title(culprit.commit), "")
    if len(culprit.commit.parents) > 1:
        range_ = f"{culprit.commit.short}^1..{culprit.commit.short}"
        yield from wrapped_lines(f"a merge: `git log {range_}` lists what it brought", "  ")
    if not culprit.moved.is_proven:
        yield "  sampled, not proven: more may move"
    rows = culprit.moved.report.rows
    for row in rows[:_MOST_MOVES]:
        yield from move_text_lines(row)
    if len(rows) > _MOST_MOVES:
        yield f"  … and {count_noun(len(rows) - _MOST_MOVES, 'more move')}: --json has all"
    yield "  the lines:" if culprit.moved.rows else "  no line of the YAML about this route, policy or these models"
    for change in culprit.moved.rows[:_MOST_ROWS]:
        title = f"{change.kind} `{visible(change.name)}`" if change.kind != change.name else f"`{change.name}`"
        yield from wrapped_lines(f"{title} {change_text(change)}", "    ")
        for line in changed_lines(change):
            text = f"      {line.sign} {visible(line.path)}:{line.line}  {visible(line.text.strip())}"
            yield text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"
    if len(culprit.moved.rows) > _MOST_ROWS:
        yield f"    … and {count_noun(len(culprit.moved.rows) - _MOST_ROWS, 'more change')}: --json has all"
    yield from _skips("or one of these before it, which do not compile:", culprit.skipped)


def _end(history: History) -> list[str]:
    """Return the lines that say how far the walk went, and that nothing else moved."""
    if history.oldest is None:
        return []
    other = "no other commit" if history.culprits else "no commit"
    return wrapped_lines(f"{other} moved it since {_title(history.oldest)} ({_how_sure(history)})", "")


def _how_sure(history: History) -> str:
    """Say what was compared, and whether that is a proof; one request alone is never called one."""
    if not history.compared:
        return "the only version there is to read"
    pairs = count_noun(history.compared, "comparison")
    if not {*history.request} <= {"feature", "model", "tenant"}:
        return f"{pairs}, of this one request"
    how = "sampled, not proven" if history.unproven else "proven"
    return f"{how}: {pairs} of all requests without `max_cost_usd` and `unavailable`"


def _apart(history: History) -> list[Skipped]:
    """Return the commits that were left out and stand with no commit that is shown."""
    shown = {skip.commit.id for culprit in history.culprits for skip in culprit.skipped}
    return [skip for skip in history.skipped if skip.commit.id not in shown]


def _skips(title: str, skipped: Sequence[Skipped]) -> Iterator[str]:
    """Yield the lines of commits that were left out; none without any."""
    if not skipped:
        return
    yield f"  {title}"
    for skip in skipped[:_MOST_SKIPPED]:
        yield from wrapped_lines(f"{_title(skip.commit)}: {visible(skip.reason)}", "    ")
    if len(skipped) > _MOST_SKIPPED:
        yield f"    … and {count_noun(len(skipped) - _MOST_SKIPPED, 'more commit')}: --json has all"


def _title(commit: HistoryCommit) -> str:
    return f"{commit.short}  {commit.date[:16].replace('T', ' ')}  {visible(commit.author)}  {visible(commit.subject)}"


def _commit(commit: HistoryCommit) -> dict[str, Any]:
    return {
        "commit": commit.id,
        "short": commit.short,
        "date": commit.date,
        "author": commit.author,
        "subject": commit.subject,
        "merge": len(commit.parents) > 1,
    }


def _skip(skip: Skipped) -> dict[str, Any]:
    return {**_commit(skip.commit), "reason": skip.reason}
