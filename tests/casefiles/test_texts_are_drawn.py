"""Are entries and summaries drawn by their score, and read by a command instead of on the sheet?"""

from datetime import datetime

import polars as pl
import pytest

from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import SAMPLED, draw
from assay.casefiles.sampling_frames import build_frame
from assay.casefiles.text_entries import entries
from assay.errors import UsageError

ENTRY = {"force_code": "INV01", "crime_ref": "C1", "report_ref": None, "missing_ref": None, "author_role": "supervisor",
         "entry_type": "log", "in_base": True}  # fmt: skip


@pytest.fixture
def inspection(tmp_path):
    """Ten entries: eight of the lowest band, one above it, one that was not read."""
    rows = [
        ENTRY | {"note_ref": f"N{place}", "entry_at": datetime(2025, 5, 1 + place), "blaming_score": 0.01}
        for place in range(10)
    ]
    rows[8] |= {"blaming_score": 0.9}
    rows[9] |= {"blaming_score": None, "in_base": False}
    (tmp_path / "readings").mkdir()
    schema = dict.fromkeys(rows[0], pl.String) | {
        "in_base": pl.Boolean,
        "entry_at": pl.Datetime,
        "blaming_score": pl.Float64,
    }
    pl.DataFrame(rows, schema=schema).write_parquet(tmp_path / "readings" / "notes.parquet")
    summaries = [
        {
            "force_code": "INV01",
            "crime_ref": "C1",
            "recorded_at": datetime(2025, 5, 1),
            "cse_flagged": False,
            "in_base": True,
        }
    ]
    pl.DataFrame(summaries).write_parquet(tmp_path / "readings" / "summaries.parquet")
    return tmp_path


def design(**more):
    text_fields = {
        "subject": "note",
        "score": "blaming_score",
        "strata": ("force_code", "blaming_score"),
        "bands": {"blaming_score": (0.1, 0.5)},
    }
    return Design(**{"key": "blame", "title": "Blame", "seed": "said", "files": 4, "least": 1, **text_fields, **more})


def test_entries_are_drawn_by_bands_of_their_score_and_the_lowest_is_never_empty(inspection):
    frame = build_frame(inspection, design())
    assert frame.units.num_rows == 9
    assert sum(frame.set_aside.values()) == 1
    drawn_strata = [file.stratum for file in draw(design(), frame.units) if file.status == SAMPLED]
    assert sorted(drawn_strata) == ["INV01 / blaming_score above 0.5"] + ["INV01 / blaming_score up to 0.1"] * 3


def test_an_entry_is_followed_by_the_later_ones_and_by_how_each_is_read(inspection):
    found = entries(inspection, "note", [("INV01", "N7")])
    assert [step.detail for step in found] == [
        f"assay text read FOLDER --note N{place} --force INV01" for place in (7, 8, 9)
    ]
    assert found[0].description == "the entry to be rated: log"


def test_a_summary_stands_alone_so_that_no_flag_is_seen(inspection):
    [only] = entries(inspection, "summaries", [("INV01", "C1")])
    assert only.detail == "assay text read FOLDER --summary C1 --force INV01"
    assert "flag" not in f"{only}"


@pytest.mark.parametrize(("more", "message"), [({"subject": "note", "records": "summaries"}, "subject = crime"),
                                            ({"records": "letters"}, "records must be summaries"),
                                            ({"indicator": "charged_of_all"}, "no indicator uses texts")])  # fmt: skip
def test_what_cannot_be_drawn_of_texts_is_refused(more, message):
    with pytest.raises(UsageError, match=message):
        design(**more)
