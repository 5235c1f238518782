"""Days as people write them elsewhere: the figure to write is the day that was written, where there is but one."""

from __future__ import annotations

import pytest

from routecomp.model.days import meant_day
from tests.check.project import MODELS, findings

DAYS = [
    ("31.12.2027", "2027-12-31"),
    ("12/31/2027", "2027-12-31"),
    ("31/12/2027", "2027-12-31"),
    ("31-12-2027", "2027-12-31"),
    ("05/05/2027", "2027-05-05"),
    ("2027-3-31", "2027-03-31"),
    ("2027/03/31", "2027-03-31"),
    ("2027.3.31", "2027-03-31"),
    ("20271231", "2027-12-31"),
    ("2027-12-31T00:00:00Z", "2027-12-31"),
    ("2027-12-31 18:00:00+02:00", "2027-12-31"),
    ("31 Dec 2027", "2027-12-31"),
    ("31-Dec-2027", "2027-12-31"),
    ("1st of May", ""),
    ("Sept 1 2027", "2027-09-01"),
    ("03/04/2027", ""),
    ("03.04.2027", ""),
    ("31.02.2027", ""),
    ("2027-02-29T00:00:00Z", ""),
    ("31.12.27", ""),
    ("27-12-31", ""),
    ("2027-12", ""),
    ("2027-12.31", ""),
    ("20271331", ""),
    ("1830211200", ""),
    ("soon", ""),
    ("\u0663\u0661.12.2027", ""),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_the_day_that_is_written(text: str, day: str) -> None:
    """One finding, with the very day or a form without a figure; no fix."""
    assert meant_day(text) == day
    (diagnostic,) = findings(routes_models=MODELS.replace("fair: {", f"fair: {{sunset: {text}, "))
    assert (diagnostic.rule, diagnostic.fix) == ("RC115", None)
    if text.isascii():
        assert diagnostic.help == f"write year, month and day: {day or 'YYYY-MM-DD'}"


def test_a_day_that_no_calendar_has() -> None:
    """Nobody can tell which of its figures is wrong."""
    (diagnostic,) = findings(routes_models=MODELS.replace("fair: {", "fair: {sunset: 2027-13-01, "))
    assert diagnostic.help == "write a day of the calendar"


@pytest.mark.parametrize(
    ("day", "meant"), [("31.12.2027", "2027-12-31"), ("2027/12/31", "2027-12-31"), ("soon", "YYYY-MM-DD")]
)
def test_the_last_day_of_a_waiver(day: str, meant: str) -> None:
    """It is read in the same way."""
    waiver = f'# routecomp:allow RC406 until={day} reason="on trial"\n'
    (diagnostic,) = findings(routes_models=waiver + MODELS)
    assert (diagnostic.rule, diagnostic.help) == ("RC123", f"write the last day it holds as until={meant}")
