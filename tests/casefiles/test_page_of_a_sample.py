"""Does the page of a sample say what it should, to a person at a desk and on a phone?"""

import pytest

from assay.indicators import EVERYWHERE
from report.browsing import OPEN, OVERFLOW, WIDE, barriers


def test_the_page_says_whose_it_is_and_holds_every_part(page):
    text = page.read_text(encoding="utf-8")
    for words in ("For the inspection's own people", "read out", "Precision of this sample", "Precision before fieldwork", "Progress",
                  "Do two inspectors who read the same file give the same answers?", "Is any rater more severe", "52 files in 6 forces",
                  "as much information as 29 files drawn at random"):  # fmt: skip
        assert words in text
    assert text.count("<h3") + text.count("<caption") > 15


def test_a_ratio_is_told_of_all_of_each_force_and_of_each_stratum_with_what_it_leans_on(recorded):
    whole = [ratio for ratio in recorded.ratios if not ratio.stratum]
    assert [ratio.place for ratio in whole] == [EVERYWHERE, "INV01", "INV02", "INV03", "INV04"]
    assert len(recorded.ratios) > 2 * len(whole) - 1
    first = whole[0]
    assert 0 < first.share.low < first.share.value < first.share.high < 1
    assert first.parts < first.wholes
    ratio_fields = recorded.as_dict()["ratios"][0]
    assert (ratio_fields["parts"], ratio_fields["wholes"], ratio_fields["share"]["low"]) == (
        first.parts,
        first.wholes,
        first.share.low,
    )
    assert "Inclusion probabilities that are known" in ratio_fields["assumptions"]
    assert "no crime was recorded at all" in ratio_fields["cannot_tell"]
    summary = "\n".join(recorded.summary_lines())
    assert f"{first.parts} of {first.wholes} in {first.answered} of 40 files with an answer" in summary
    assert "Assumptions: Inclusion probabilities" in summary


def test_the_page_of_a_ratio_says_its_base_what_it_leans_on_and_what_it_cannot_tell(recorded):
    text = recorded.path.read_text(encoding="utf-8")
    for words in ("Recording accuracy: crimes correctly recorded, of those that should be", "That tell both", "Assumptions: Inclusion probabilities",
                  "Limits: Files are drawn among recorded crimes"):  # fmt: skip
        assert words in text
    assert "(synthetic) / cse flagged true" in text  # a stratum by its words, its force by name
    assert "Numbers have no best answer" not in text


@pytest.mark.browser
@pytest.mark.parametrize("page_name", ["page", "recorded", "scored"])
def test_the_page_has_no_barrier_no_console_message_and_nothing_wider_than_the_screen(window, axe, page_name, request):
    page = request.getfixturevalue("scored_page")[0] if page_name == "scored" else request.getfixturevalue(page_name)
    window.messages.clear()
    window.goto(getattr(page, "path", page).as_uri())
    window.evaluate(OPEN)
    assert window.messages == []
    assert barriers(window, axe) == []
    assert window.evaluate(OVERFLOW) == 0
    assert window.evaluate(WIDE) == []
