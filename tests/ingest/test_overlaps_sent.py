"""May a partnership send a table of overlaps, and is one that does not hold together set aside whole?"""

import pytest

from assay.feedback.other_sender_letter import sender_letter_csv
from assay.ingest.other_senders import read_submission
from ingest.other_sent import LISTS, MEMBERSHIPS, OVERLAP, PARTNERSHIP, PATTERNS, REQUEST, WHOLE


@pytest.fixture
def write_overlaps(tmp_path):
    def write_and_read(**changed):
        (tmp_path / "sent.toml").write_text(PARTNERSHIP, encoding="utf-8")
        for name, text in {**WHOLE, **changed}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return read_submission(tmp_path, REQUEST, {})

    return write_and_read


def test_a_table_that_holds_together_is_taken_whole(write_overlaps):
    submission = write_overlaps()
    assert not submission.errors
    assert {name: len(submission.rows[name]) for name in WHOLE} == {
        "overlaps": 1, "overlap_lists": 2, "overlap_patterns": 3, "overlap_on": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {
            "overlap_lists": LISTS.replace("T,L,local_authority,local authority\n", ""),
            "overlap_on": "pattern_ref,list_ref\n1,P\n",
        },
        {"overlap_on": MEMBERSHIPS.replace("2,L\n", "")},  # pattern 2 is on no list
        {"overlap_on": MEMBERSHIPS.replace("3,P\n", "")},  # patterns 2 and 3 are both on L alone
        {"overlaps": OVERLAP.replace("2027-04-01", "2026-04-01")},  # a window without a day
        {"overlap_patterns": PATTERNS.replace("T,3,12", "T,3,-1")},  # a row of it is set aside
    ],
)
def test_of_a_table_that_does_not_hold_together_no_row_is_used(write_overlaps, changed):
    submission = write_overlaps(**changed)
    assert not any(submission.rows[name] for name in WHOLE)
    assert "V24" in sender_letter_csv(submission)


def test_the_letter_tells_the_rule_and_no_count(write_overlaps):
    letter_csv = sender_letter_csv(write_overlaps(overlaps=OVERLAP.replace("2027-04-01", "2026-04-01")))
    assert "40" not in letter_csv
    assert "Every row of the table of overlaps was set aside" in letter_csv
