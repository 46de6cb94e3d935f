"""Is an inspection folder made once for one request, and refused if it is of another kind?"""

from datetime import date

import pytest

from assay.contract.declared_purposes import declare_tables
from assay.engine.provenance import Ledger
from assay.errors import UsageError
from assay.ingest.inspection_folder import create_inspection, open_inspection
from assay.reference import real_organisations
from assay.reference.data_requests import DataRequest
from assay.workflows.receive.request_contract import DeclarationOptions, parse_declarations, parse_request


@pytest.fixture
def request_2026():
    organisations = {organisation.code: organisation for organisation in real_organisations()}
    days = (date(2025, 4, 1), date(2026, 4, 1), date(2023, 4, 1))
    return DataRequest("TRIAL-2026", "A trial", *days, False, "real", organisations)


def test_a_new_folder_holds_the_request_and_the_version_of_its_format(tmp_path, request_2026):
    inspection = create_inspection(tmp_path / "trial", request_2026, {})
    assert (inspection.folder / "inspection.toml").read_text().startswith('format_version = "1"\n')
    assert open_inspection(inspection.folder).request == request_2026


def test_made_again_for_the_same_request_it_is_left_as_it_is(tmp_path, request_2026):
    create_inspection(tmp_path / "trial", request_2026, {})
    create_inspection(tmp_path / "trial", request_2026, {})
    kinds = [entry.kind for entry in Ledger(tmp_path / "trial" / "ledger.jsonl").entries()]
    assert kinds == ["inspection made"]


def declared(tier=1, holder="Head of data"):
    return declare_tables(legal_basis="as advised", holder=holder, destroy_by=date(2099, 3, 31), tier=tier)


def test_made_again_with_what_was_not_declared_yet_the_folder_declares_it(tmp_path, request_2026):
    folder = create_inspection(tmp_path / "trial", request_2026, {}).folder
    inspection = create_inspection(folder, request_2026, declared())
    assert open_inspection(folder) == inspection
    assert inspection.declarations == declared()
    assert [path.name for path in sorted(folder.iterdir())] == ["inspection.toml", "ledger.jsonl"]


def test_made_again_what_is_declared_already_stays_as_it_is(tmp_path, request_2026):
    folder = create_inspection(tmp_path / "trial", request_2026, declared()).folder
    create_inspection(folder, request_2026, declared(tier=3, holder="Somebody else"))
    assert open_inspection(folder).declarations == declared()


def test_a_declaration_of_what_is_no_table_is_refused_with_the_nearest(tmp_path, request_2026):
    path = create_inspection(tmp_path / "trial", request_2026, declared()).folder / "inspection.toml"
    path.write_text(path.read_text().replace("[declared.flags]", "[declared.flag]"))
    with pytest.raises(UsageError, match=r"\[declared\.flag\].* Did you mean flags\?"):
        open_inspection(tmp_path / "trial")


TODAY = date(2026, 5, 1)


def settled(**words):
    options = {"legal_basis": "as advised", "holder": "Head of data", "destroy_by": "2027-03-31"} | words
    return parse_declarations(None, DeclarationOptions(**options), TODAY)


@pytest.mark.parametrize(
    ("options", "option_named"),
    [({"tier": 1}, "--tier: read with"), ({"also": ["notes"]}, "--also"), ({"used_until": "2027-01-01"}, "--used-until"),
     ({"identities_destroy_by": "2027-01-01"}, "--identities-destroy-by")],
)  # fmt: skip
def test_an_option_that_would_change_nothing_is_refused(tmp_path, request_2026, options, option_named):
    folder = create_inspection(tmp_path / "asked", request_2026, declared(tier=3)).folder
    with pytest.raises(
        UsageError, match=f"{option_named}.*--legal-basis, --holder and --destroy-by alone.*or leave it out"
    ):
        parse_declarations(folder / "inspection.toml", DeclarationOptions(**options), TODAY)
    assert parse_declarations(folder / "inspection.toml", DeclarationOptions(), TODAY) == declared(tier=3)


@pytest.mark.parametrize("option", ["destroy_by", "used_until", "identities_destroy_by"])
def test_a_last_day_that_has_passed_is_refused_and_that_of_today_is_not(option):
    assert settled(**{option: "2026-05-01"})
    with pytest.raises(UsageError, match=f"--{option.replace('_', '-')}: 2026-04-30 has passed"):
        settled(**{option: "2026-04-30"})


@pytest.mark.parametrize("option", ["used_until", "identities_destroy_by"])
def test_a_day_after_everything_is_destroyed_is_refused_and_not_cut_in_silence(option):
    assert settled(**{option: "2027-03-31"})
    with pytest.raises(UsageError, match=f"{option} is later than destroy_by"):
        settled(**{option: "2027-04-01"})


def test_a_folder_of_another_request_is_refused(tmp_path, request_2026):
    create_inspection(tmp_path / "trial", request_2026, {})
    other = DataRequest(**{**vars(request_2026), "key": "OTHER"})
    with pytest.raises(UsageError, match="holds an inspection for another request"):
        create_inspection(tmp_path / "trial", other, {})


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path, request_2026):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds other files"):
        create_inspection(tmp_path, request_2026, {})
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_of_a_later_format_is_refused_with_what_to_do(tmp_path, request_2026):
    path = create_inspection(tmp_path / "trial", request_2026, {}).folder / "inspection.toml"
    path.write_text(path.read_text().replace('"1"', '"9"', 1))
    with pytest.raises(UsageError, match="is of format '9', and this version of assay knows format 1"):
        open_inspection(tmp_path / "trial")


def test_a_folder_that_is_no_inspection_says_how_to_make_one(tmp_path):
    with pytest.raises(UsageError, match="Create one: assay inspect new"):
        open_inspection(tmp_path)


def parse_options(**words):
    request_options = {"key": "K", "title": "", "period": ("2025-04-01", "2026-04-01"), "history_from": ""} | words
    return parse_request(None, **request_options)


def test_a_request_told_in_words_asks_every_real_body():
    request = parse_options()
    assert (request.period_from, request.period_to, request.history_from) == (
        date(2025, 4, 1),
        date(2026, 4, 1),
        date(2025, 4, 1),
    )
    assert len(request.organisations) == len(real_organisations())
    assert request.title == "K"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"key": ""}, "The request is missing"),
        ({"period": ("2025-04-01", "")}, "The request is missing"),
        ({"period": ("2025-04-01", "April")}, "--to must be a day"),
        ({"period": ("2026-04-01", "2025-04-01")}, "The period is empty"),
    ],
)
def test_a_request_that_does_not_say_enough_is_refused(words, sentence):
    with pytest.raises(UsageError, match=sentence):
        parse_options(**words)


def test_the_engine_of_linkage_is_duckdb_unless_another_is_named_that_there_is(tmp_path, request_2026):
    path = create_inspection(tmp_path / "trial", request_2026, {}).folder / "inspection.toml"
    assert open_inspection(path.parent).engine_location.engine == "duckdb"
    text = path.read_text(encoding="utf-8")
    path.write_text(f'engine = "spark"\n{text}', encoding="utf-8")
    assert open_inspection(path.parent).engine_location.engine == "spark"
    path.write_text(f'engine = "abacus"\n{text}', encoding="utf-8")
    with pytest.raises(UsageError, match="no engine is called 'abacus'"):
        open_inspection(path.parent)
