"""Is a return that is laid what it would be received as, and a country that is replayed what the stages make of it?"""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assay.engine.provenance.content_hashes import content_hash
from assay.engine.provenance.stage_folders import output_hashes
from assay.engine.stage_runner import StageRunner
from assay.errors import UsageError
from assay.ingest.inspection_folder import new_inspection
from assay.synthetic.simulation.direct_loading import NOT_LOADED, load_return, return_tables
from assay.synthetic.simulation.trial_worlds import TrialWorld, generate_world
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.run.inspection_pipeline import run_stages
from assay.workflows.run.pipeline_stages import run_comparison_stage

pytestmark = pytest.mark.xdist_group("statements")
LETTER = {"letter.html", "letter.csv", *(f"{name}.parquet" for name in NOT_LOADED)}


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    generate_world(folder, TrialWorld("six", 3, 6, 30, {"late_recording": 1}, 1.5))
    return folder


@pytest.fixture(scope="module")
def laid_out(country, tmp_path_factory):
    inspection = new_inspection(tmp_path_factory.mktemp("laid") / "in", country / "request.toml")
    runner = StageRunner(inspection.folder)
    for place in sorted((country / "returns").iterdir()):
        load_return(place, inspection, runner)
    return inspection


def test_what_is_laid_equals_what_is_received_table_by_table(country, laid_out, tmp_path):
    received = new_inspection(tmp_path / "in", country / "request.toml")
    intake_result = receive_returns(received.folder, [country / "returns" / code for code in ("INV02", "INV05")])
    assert [return_result.set_aside for return_result in intake_result.returns] == [0, 0]
    for part in ("returns", "identities", "texts"):
        for return_result in intake_result.returns:
            stage = f"{part}/{return_result.force_code}/edition_1"
            received_hashes, own_hashes = output_hashes(received.folder / stage), output_hashes(laid_out.folder / stage)
            assert own_hashes == {name: value for name, value in received_hashes.items() if name not in LETTER}


def without_partners_lists(rows):
    beyond = pc.is_in(
        rows["indicator"], value_set=pa.array(["listed_child_known", "exploited_child_known_to_partners"])
    )
    return rows.filter(pc.invert(beyond))


def by_own_measures(combined):
    """Chances by failure mode, without the one that rests on partners' lists; q-values are of all of them at once."""
    rows = [row for row in combined.to_pylist() if row["failure_mode"] != "F17"]
    return [(row["failure_mode"], row["place_code"], row["measures"], row["p_value"]) for row in rows]


def test_statements_that_were_written_for_one_country_give_what_the_stages_give_for_another(
    country, laid_out, statements
):
    request, declared = laid_out.request, laid_out.declarations
    statements_made = statements.run(
        [return_tables(place, request, declared) for place in sorted((country / "returns").iterdir())],
        request.organisations,
    )
    run_comparison_stage(
        run_stages(laid_out.folder, persons="exact", compare_forces=False)
    )  # as trials link: by exact keys alone
    for stage, name in (
        ("enquiries", "ladders"),
        ("comparison", "force_estimates"),
        ("comparison", "indicator_spread"),
    ):
        table = pq.read_table(laid_out.folder / stage / f"{name}.parquet")
        # Trials know fewer ways in which a name can be written: what rests on who is on a partner's list differs a little.
        own_rows, received_rows = (without_partners_lists(rows) for rows in (statements_made[name], table))
        assert content_hash(own_rows) == content_hash(received_rows), name
    combined_rows = pq.read_table(laid_out.folder / "comparison" / "combined_tests.parquet")
    assert by_own_measures(statements_made["combined_tests"]) == by_own_measures(combined_rows)


@pytest.mark.parametrize("name", ["mapping.toml", "crimes.xlsx"])
def test_a_return_that_is_not_plain_is_refused_and_not_laid(country, tmp_path, name):
    request = new_inspection(tmp_path / "in", country / "request.toml")
    place = tmp_path / "INV01"
    place.mkdir()
    for path in (country / "returns" / "INV01").iterdir():
        (place / path.name).write_bytes(path.read_bytes())
    (place / name).write_text("")
    with pytest.raises(UsageError, match="cannot be laid"):
        return_tables(place, request.request, request.declarations)
