"""Is a text without a known day counted, outside the period, and not as missing?"""

import polars as pl
import pytest

from assay.indicators.audited_samples import unread_share
from assay.workflows.reading.text_scan import READ, text_volume

DAY = "2026-02-03T10:00:00"


def summaries(*days, state=READ):
    """One summary of three words of INV01 for each day."""
    rows = [
        {"force_code": "INV01", "crime_ref": f"C{number}", "state": state, "words": 3, "recorded_at": day}
        for number, day in enumerate(days)
    ]
    schema = {
        "force_code": pl.String,
        "crime_ref": pl.String,
        "state": pl.String,
        "words": pl.Int64,
        "recorded_at": pl.String,
    }
    return pl.DataFrame(rows, schema=schema).with_columns(pl.col("recorded_at").str.to_datetime())


@pytest.mark.parametrize(("days", "share"), [((DAY, DAY), 0.0), ((DAY, None), 0.5), ((None, None), 1.0)])
def test_a_summary_without_a_day_is_a_text_that_no_sample_draws(days, share):
    """Two summaries came. One without a day may be of the period, so it is not one of those that the sample stands for."""
    volume = text_volume(summaries(*days), "summaries", "recorded_at")
    assert volume["texts"].sum() == 2
    assert unread_share(volume, "summaries", "INV01") == share
