"""Are the summaries of every crime of any kind taken in like any others?"""

from dataclasses import replace

import pyarrow.parquet as pq

from assay.ingest.inspection_folder import new_inspection
from assay.synthetic import generate_country, read_world
from assay.synthetic.world_settings import NATIONAL_SUMMARIES
from assay.workflows.receive.return_intake import receive_returns


def test_summaries_of_every_kind_are_accepted_and_their_truth_is_an_outlier(tmp_path):
    world = replace(read_world("nothing_wrong").sized(forces=1, crimes=4), summaries=True)
    country = generate_country(tmp_path / "sent", world=world, seed=3)
    expected_count = round(NATIONAL_SUMMARIES * world.scale)
    table = pq.read_table(country.returns["INV01"] / "summaries.parquet")
    known = pq.read_table(country.truth / "other_summaries" / "INV01.parquet")
    assert known.num_rows == expected_count
    assert table.num_rows > expected_count
    inspection = new_inspection(tmp_path / "in", country.request)
    [return_result] = receive_returns(inspection.folder, [country.returns["INV01"]]).returns
    assert return_result.set_aside == 0
    metadata = pq.read_metadata(inspection.folder / "returns" / "INV01" / "edition_1" / "summaries.parquet")
    assert metadata.num_rows == table.num_rows
