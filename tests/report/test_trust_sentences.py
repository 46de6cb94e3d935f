"""Does a reader learn in one place how sure a figure is, on what it rests, and what could change it?"""

import pytest

from assay.report.pages.inspection.trust_sentences import (
    CLOSE,
    COMPLETE,
    FEW_UNKNOWN,
    HINT,
    NO_BASE,
    NO_INTERVAL,
    NO_VERDICT,
    ROUGH,
    UNKNOWN_SUPPRESSED,
    trust,
)
from report.force_rows import CODE, ladder_row, measure, world


def verdict(low=0.65, high=0.73, bounds=(None, None), unknown=0.0, base=585, counts=(0, 0)):
    """The verdict on a share of 69% with this interval, these missing-data bounds, and these counts not known."""
    item = measure("told_of_arrest", 0.69, low=low, high=high, base=base, unknown=unknown)
    ladder = ladder_row(item) | dict(
        zip(("share_lowest", "share_highest", "not_known", "not_known_if_counted"), (*bounds, *counts), strict=True)
    )
    site = world([item], ladders=[ladder])
    return trust(site, site.indicators[0], CODE)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({}, CLOSE), ({"high": 0.76}, ROUGH), ({"low": 0.5, "high": 0.76}, HINT), ({"low": None}, NO_VERDICT),
     ({"bounds": (0.6, 0.8)}, ROUGH), ({"bounds": (0.4, 0.8)}, HINT)],
)  # fmt: skip
def test_the_verdict_is_by_the_interval_and_the_answers_not_known_together(changed, expected):
    assert verdict(**changed).verdict == expected


def test_the_reasons_are_the_interval_the_base_and_what_is_not_known():
    found = dict(verdict(bounds=(0.66, 0.7), unknown=0.04).reasons)
    assert found["How sure"] == "The true share probably lies in the range 65% to 73% (95% interval)."
    assert found["Base"] == "It rests on 585 notices owed with a known answer."
    assert found["What could change it"] == (
        "The answer is not known for 4%. If all were known, the share could be 66% to 70%."
    )


def test_what_is_not_released_is_said_to_be_not_shown_and_never_taken_for_nothing():
    found = dict(verdict(low=None, base=None, counts=(0, None)).reasons)
    assert list(found.values()) == [NO_INTERVAL, NO_BASE, UNKNOWN_SUPPRESSED]
    assert dict(verdict().reasons)["What could change it"] == COMPLETE
    assert dict(verdict(base=3000, counts=(10, 0)).reasons)["What could change it"] == FEW_UNKNOWN


def test_the_verdict_names_the_released_row_and_there_is_none_without_a_share():
    assert (verdict().table, verdict().row) == ("ladders", f"told_of_arrest / {CODE} / all")
    item = measure("told_of_arrest", None)
    site = world([item])
    assert trust(site, site.indicators[0], CODE) is None


def test_a_figure_of_a_report_opens_its_own_verdict(record_pages):
    page = record_pages["indicators/told-of-arrest.html"].split('id="headline"')[1].split("</article>")[0]
    assert "Can I trust this number?" in page
    assert "table <a" in page.split('class="quote trust"')[1]
    assert "/receipts/index.html#table-ladders" in page
