"""Is a table stored in the same bytes, however its strings were held in memory?"""

import polars as pl
import pyarrow.parquet as pq

from assay.workflows.run.text_stage import to_arrow

ROWS = {"state": ["read", "not read"], "words": [7, 0]}


def test_words_that_were_held_as_numbers_are_kept_as_words(tmp_path):
    few_rows = pl.DataFrame(ROWS, schema={"state": pl.Enum(("read", "not read")), "words": pl.Int64})
    pq.write_table(to_arrow(few_rows), tmp_path / "few.parquet")
    assert to_arrow(few_rows).equals(to_arrow(pl.DataFrame(ROWS)), check_metadata=True)
    assert pl.read_parquet(tmp_path / "few.parquet").schema == {"state": pl.String, "words": pl.Int64}
