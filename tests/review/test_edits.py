"""Test edits of features in files of any style: only the intended bytes change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routecomp.model.numbers import parse_decimal
from routecomp.parse.document import parse
from routecomp.parse.edit import RefusedError, replace_value
from routecomp.parse.tree import Mapping
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.promote import promote, retire, shadow
from routecomp.source.edits import apply_edits
from tests.review.pages import Page, Row, apply_plan, check_files, pages, project

SETTINGS = settings(max_examples=120, deadline=None)
PATH = "routes/features.yaml"


def values(rows: dict[str, Row]) -> dict[str, str]:
    """Return the value in each row's hole."""
    return {
        model: f"{row.quote}{row.status}{row.quote}" if row.style == "block" else row.value()
        for model, row in rows.items()
    }


def declared(data: bytes) -> dict[str, tuple[str, int | None, int | None]]:
    """Return each row of the feature as the model reads it: status, sample, cap."""
    models = check_files(project(data)).declared.features["chat"].body.models
    return {model: (row.status, row.sample, row.max_daily_usd) for model, row in models.items()}


def figures(row: Row) -> tuple[int | None, int | None]:
    """Return a row's sample in basis points and its cap in cents."""
    sample, cap = row.figures.get("sample"), row.figures.get("max_daily_usd")
    return None if sample is None else parse_decimal(sample, 4), None if cap is None else parse_decimal(cap, 2)


def of_status(rows: dict[str, Row], status: str) -> list[str]:
    """Return the models with a status."""
    return [model for model, row in rows.items() if row.status == status]


@SETTINGS
@given(pages(), st.data())
def test_a_promotion_swaps_two_values_and_nothing_else(drawn: tuple[Page, dict[str, Row]], data: st.DataObject) -> None:
    """With both rows on one line, a promotion exchanges two values; promoting back restores the bytes."""
    page, rows = drawn
    assume(of_status(rows, "shadow"))
    challenger, incumbent = data.draw(st.sampled_from(of_status(rows, "shadow"))), of_status(rows, "primary")[0]
    before = page.bytes(values(rows))
    files = project(before)
    state = check_files(files)
    after = apply_plan(files, state, promote(state.declared, "chat", challenger))
    old, new = rows[incumbent], rows[challenger]
    if new.figures:
        wanted = {**values(rows), challenger: values(rows)[incumbent], incumbent: values(rows)[challenger]}
    else:
        wanted = values({**rows, challenger: replace(new, status="primary"), incumbent: replace(old, status="shadow")})
    assert after[PATH] == page.bytes(wanted)
    expected = declared(before) | {challenger: ("primary", None, None), incumbent: ("shadow", *figures(new))}
    assert declared(after[PATH]) == expected
    state = check_files(after)
    back = apply_plan(after, state, promote(state.declared, "chat", incumbent))
    assert back[PATH] == before


@SETTINGS
@given(pages(("bare", "flow", "block", "block")), st.data())
def test_a_promotion_of_block_rows_keeps_lines_and_comments(
    drawn: tuple[Page, dict[str, Row]], data: st.DataObject
) -> None:
    """In rows of any style, a promotion sets status and figures and keeps every comment and other line."""
    page, rows = drawn
    assume(of_status(rows, "shadow"))
    challenger, incumbent = data.draw(st.sampled_from(of_status(rows, "shadow"))), of_status(rows, "primary")[0]
    before = page.bytes(values(rows))
    files = project(before)
    state = check_files(files)
    after = apply_plan(files, state, promote(state.declared, "chat", challenger))[PATH]
    expected = declared(before) | {
        challenger: ("primary", None, None),
        incumbent: ("shadow", *figures(rows[challenger])),
    }
    assert declared(after) == expected
    assert sorted(comments(before)) == sorted(comments(after))
    assert bare(before) == bare(after)
    if not rows[challenger].figures:
        swapped = {
            **rows,
            challenger: replace(rows[challenger], status="primary"),
            incumbent: replace(rows[incumbent], status="shadow"),
        }
        assert after == page.bytes(values(swapped))
    assert after.count(b"\r\n") == (after.count(b"\n") if page.newline == "\r\n" else 0)


@SETTINGS
@given(pages(("bare", "flow", "block", "block")), st.data())
def test_a_moved_figure_takes_its_comments_along(drawn: tuple[Page, dict[str, Row]], data: st.DataObject) -> None:
    """A figure that moves to the other model's row takes along its comment and the comment lines above it."""
    page, rows = drawn
    blocks = [model for model in of_status(rows, "shadow") if rows[model].style == "block" and rows[model].figures]
    assume(blocks)
    challenger, incumbent = data.draw(st.sampled_from(blocks)), of_status(rows, "primary")[0]
    before = page.bytes(values(rows))
    files = project(before)
    state = check_files(files)
    after = apply_plan(files, state, promote(state.declared, "chat", challenger))[PATH]
    about = figure_lines(before, challenger)
    assert figure_lines(after, challenger) == []
    if any(b"#" in line for line in about) or rows[incumbent].style == "block":
        assert figure_lines(after, incumbent) == about
    state = check_files({**files, PATH: after})
    again = apply_plan({**files, PATH: after}, state, promote(state.declared, "chat", incumbent))[PATH]
    if any(b"#" in line for line in about):
        assert figure_lines(again, challenger) == about


def figure_lines(data: bytes, model: str) -> list[bytes]:
    """Return the lines of a block row's figures with the comment lines above them, without indentation."""
    lines = [line.strip() for line in re.split(rb"\r?\n", data.partition(b"  other:")[0])]
    name = rb"['\"]?" + model.encode() + rb"['\"]?:"
    begin = next(index for index, line in enumerate(lines) if re.match(name, line)) + 1
    end = next(
        (
            index
            for index in range(begin, len(lines))
            if re.match(rb"['\"]?[a-z]+(-\d['\"]?)?:", lines[index])
            and not re.match(rb"status|sample|max_daily_usd", lines[index])
        ),
        len(lines),
    )
    figures: list[bytes] = []
    for index in range(begin, end):
        if re.match(rb"sample|max_daily_usd", lines[index]):
            figures += [lines[index - 1]] * lines[index - 1].startswith(b"# of ") + [lines[index]]
    return figures


def comments(data: bytes) -> list[bytes]:
    """Return every comment of a page (no value in it has a #)."""
    return re.findall(rb"#[^\r\n]*", data)


def bare(data: bytes) -> list[bytes]:
    """Return a page without comments, statuses, figures, brackets, quotes and white space: what no edit may change."""
    text = re.sub(rb"#[^\r\n]*", b"", data)
    text = re.sub(rb"\b(status|sample|max_daily_usd):", b"", text)
    text = re.sub(rb"(?<![\w-])[+]?\d+(\.\d+)?\b|\b(primary|shadow|retired)\b|[{},'\"]", b"", text)
    return text.split()


@SETTINGS
@given(pages(), st.data())
def test_a_retirement_changes_one_value(drawn: tuple[Page, dict[str, Row]], data: st.DataObject) -> None:
    """A retired shadow's value becomes `retired` in its own quotes; its figures are removed with their braces."""
    page, rows = drawn
    assume(of_status(rows, "shadow"))
    model = data.draw(st.sampled_from(of_status(rows, "shadow")))
    files = project(page.bytes(values(rows)))
    state = check_files(files)
    after = apply_plan(files, state, retire(state.declared, "chat", model))[PATH]
    row = replace(rows[model], status="retired", figures={}, style="bare" if rows[model].figures else rows[model].style)
    assert after == page.bytes(values({**rows, model: row}))


@SETTINGS
@given(pages(), st.sampled_from(["0.2", "0.25"]), st.sampled_from([None, "7.50"]), st.data())
def test_a_shadow_gets_figures(
    drawn: tuple[Page, dict[str, Row]], sample: str, cap: str | None, data: st.DataObject
) -> None:
    """Figures are replaced in place or inserted behind the status; a bare word becomes a mapping."""
    page, rows = drawn
    others = [model for model, row in rows.items() if row.status != "primary"]
    model = data.draw(st.sampled_from(others))
    files = project(page.bytes(values(rows)))
    state = check_files(files)
    after = apply_plan(files, state, shadow(state.declared, "chat", model, sample, cap, False))[PATH]
    given_ = {"sample": sample} | ({} if cap is None else {"max_daily_usd": cap})
    new = replace(rows[model], status="shadow", figures={**rows[model].figures, **given_})
    assert after == page.bytes(values({**rows, model: new}))


@SETTINGS
@given(pages(("bare", "flow", "block")))
def test_a_new_row_is_an_insertion(drawn: tuple[Page, dict[str, Row]]) -> None:
    """The row of a new model is one insertion: without it the file is the old one."""
    page, rows = drawn
    new = next((model for model in ("gamma-3", "delta-4") if model not in rows), None)
    assume(new is not None)
    assert new is not None
    before = page.bytes(values(rows))
    files = project(before)
    state = check_files(files)
    after = apply_plan(files, state, shadow(state.declared, "chat", new, None, None, False))[PATH]
    assert_inserted(before, after)
    assert declared(after) == declared(before) | {new: ("shadow", None, None)}


def assert_inserted(before: bytes, after: bytes) -> None:
    """Assert that `after` is `before` with texts inserted at no more than two places (a comma, and a line)."""
    first = next((index for index, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    end = 0
    while end < len(before) - first and before[-1 - end] == after[-1 - end]:
        end += 1
    middle = before[first : len(before) - end]
    assert middle in after[first : len(after) - end]
    assert len(middle) < 40


def test_what_is_refused() -> None:
    """Unknown names and steps that are not allowed are refused with a message and a remedy."""
    page = b"features:\n  chat:\n    models: {alpha-1: primary, beta-2: shadow, gamma-3: retired}\n"
    state = check_files(project(page)).declared
    cases: list[tuple[Callable[[], Plan], str, str]] = [
        (lambda: promote(state, "chats", "beta-2"), "no feature `chats`", "did you mean `chat`?"),
        (lambda: promote(state, "chat", "beta-3"), "no model `beta-3`", "did you mean `beta-2`?"),
        (lambda: promote(state, "chat", "alpha-1"), "already the primary", "show feature chat"),
        (lambda: promote(state, "chat", "gamma-3"), "is retired", "routecomp shadow chat gamma-3"),
        (lambda: promote(state, "chat", "delta-4"), "has no row", "routecomp shadow chat delta-4"),
        (lambda: retire(state, "chat", "alpha-1"), "is the primary", "promote another one first"),
        (lambda: retire(state, "chat", "gamma-3"), "already retired", ""),
        (lambda: shadow(state, "chat", "alpha-1", None, None, False), "is the primary", "promote another one"),
        (lambda: shadow(state, "chat", "beta-2", None, None, False), "already that", "--sample"),
        (lambda: shadow(state, "chat", "beta-2", "0", None, False), "`sample` is `0`", "above 0"),
        (lambda: shadow(state, "chat", "beta-2", "0.5", None, True), "bare shadow", "--bare"),
    ]
    for call, message, help in cases:
        with pytest.raises(RefusedError) as refusal:
            call()
        assert message in refusal.value.message
        assert help in refusal.value.help


def test_a_comment_is_never_lost() -> None:
    """An edit that would drop a comment moves the comment or is refused."""
    page = (
        b"features:\n  chat:\n    models:\n      alpha-1: primary\n      beta-2:\n        status: shadow\n"
        b"        sample: 0.5  # watched by the support team\n"
    )
    state = check_files(project(page))
    after = apply_plan(project(page), state, promote(state.declared, "chat", "beta-2"))[PATH]
    assert after == (
        b"features:\n  chat:\n    models:\n      alpha-1:\n        status: shadow\n"
        b"        sample: 0.5  # watched by the support team\n      beta-2:\n        status: primary\n"
    )
    above = page.replace(b"        sample", b"        # twice what it was\n        sample")
    state = check_files(project(above))
    assert apply_plan(project(above), state, promote(state.declared, "chat", "beta-2"))[PATH] == (
        b"features:\n  chat:\n    models:\n      alpha-1:\n        status: shadow\n        # twice what it was\n"
        b"        sample: 0.5  # watched by the support team\n      beta-2:\n        status: primary\n"
    )
    two = page.replace(b"  # watched by the support team\n", b"  # a\n        max_daily_usd: 2  # b\n")
    two = two.replace(b"alpha-1: primary", b"alpha-1:\n        status: primary")
    state = check_files(project(two))
    assert apply_plan(project(two), state, promote(state.declared, "chat", "beta-2"))[PATH] == (
        b"features:\n  chat:\n    models:\n      alpha-1:\n        status: shadow\n        sample: 0.5  # a\n"
        b"        max_daily_usd: 2  # b\n      beta-2:\n        status: primary\n"
    )
    inside = page.replace(b"alpha-1: primary", b"alpha-1:\n        status: primary  # so far")
    state = check_files(project(inside))
    after = apply_plan(project(inside), state, promote(state.declared, "chat", "beta-2"))[PATH]
    assert after == (
        b"features:\n  chat:\n    models:\n      alpha-1:\n        status: shadow  # so far\n"
        b"        sample: 0.5  # watched by the support team\n      beta-2:\n        status: primary\n"
    )


@pytest.mark.parametrize(
    ("fallback", "promoted"),
    [
        (b"[beta-2, delta-4]", b"[alpha-1, delta-4]"),
        (b"[delta-4, 'beta-2']", b"[delta-4, 'alpha-1']"),
        (b"\n      - delta-4\n      - beta-2   # near", b"\n      - delta-4\n      - alpha-1   # near"),
        (b"[delta-4]", b"[delta-4]"),
    ],
)
def test_the_old_primary_takes_the_place_of_the_new_one_in_fallback(fallback: bytes, promoted: bytes) -> None:
    """A promoted fallback changes places with the primary; promoting back restores the bytes."""
    text = b"features:\n  chat:\n    models: {alpha-1: primary, beta-2: shadow}\n    fallback: "
    files = project(text + fallback + b"\n")
    state = check_files(files)
    after = apply_plan(files, state, promote(state.declared, "chat", "beta-2"))
    rows = text.replace(b"alpha-1: primary, beta-2: shadow", b"alpha-1: shadow, beta-2: primary")
    assert after[PATH] == rows + promoted + b"\n"
    state = check_files(after)
    assert not state.diagnostics
    assert apply_plan(after, state, promote(state.declared, "chat", "alpha-1"))[PATH] == files[PATH]


def test_a_comment_on_the_header_of_a_block_stays() -> None:
    """A value that was written as a block becomes one line, and keeps what stands behind its `|`."""
    text = "a:\n  b: |  # why\n    one\n    two\n  c: 1\n"
    root = parse("f.yaml", text.encode()).root
    assert isinstance(root, Mapping)
    inner = root.get("a")
    assert isinstance(inner, Mapping)
    assert apply_edits(text, [replace_value(inner, "b", "three")]) == "a:\n  b: three  # why\n  c: 1\n"
