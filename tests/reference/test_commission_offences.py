"""Is each code known, and is each set of codes what it says?"""

import duckdb
import pytest

from assay import reference as commission
from assay.errors import DefinitionError, SourceError
from reference_data import reference

pytestmark = pytest.mark.quick

CSA11 = ("17B", "19D", "19E", "19G", "19H", "20B", "21", "22B", "71", "73", "88A")


def test_the_default_set_is_the_eleven_codes_whose_name_fixes_a_child():
    default = commission.offence_sets().default
    assert (default.key, default.codes) == ("csa11", CSA11)
    child_specific = {o.code for o in commission.offences().sexual if o.child_specific == "yes"}
    assert set(CSA11) == child_specific


def test_the_other_sets_add_or_leave_out_what_they_name():
    codes = {offence_set.key: set(offence_set.codes) for offence_set in commission.offence_sets()}
    assert codes["csa11-multiple"] == set(CSA11) | {"19J", "19K"}
    assert codes["csa11-images"] == set(CSA11) | {"86"}
    assert codes["csa11-no-grooming"] == set(CSA11) - {"88A"}
    assert codes["contact-under-13"] == {"17B", "19E", "19H", "20B", "21"}
    assert codes["all-sexual"] == {o.code for o in commission.offences() if o.group == "Sexual offences"}
    assert set(codes) == {
        "csa11",
        "csa11-multiple",
        "csa11-images",
        "csa11-no-grooming",
        "contact-under-13",
        "all-sexual",
    }


def test_exactly_one_set_is_the_default():
    assert [offence_set.is_default for offence_set in commission.offence_sets()].count(True) == 1


def test_every_set_says_why_and_what_it_cannot_tell():
    assert all(offence_set.why and offence_set.cannot_tell for offence_set in commission.offence_sets())


def test_no_set_is_named_as_exploitation():
    for offence_set in commission.offence_sets():
        assert "exploitation" not in offence_set.name.lower()
        assert "CSE" not in offence_set.name


def test_a_key_of_a_set_gives_its_codes_and_a_code_gives_itself():
    assert commission.offence_codes("csa11") == CSA11
    assert commission.offence_codes("71") == ("71",)


def test_an_unknown_key_is_refused():
    with pytest.raises(DefinitionError, match="csa12"):
        commission.offence_codes("csa12")


@pytest.mark.parametrize(
    ("spelling", "code"), [(" 17b ", "17B"), (71, "71"), (71.0, "71"), ("88A", "88A"), ("4.10", "4.10")]
)
def test_a_code_is_read_as_people_and_spreadsheets_write_it(spelling, code):
    assert commission.offences().code_for(spelling) == code


@pytest.mark.parametrize("spelling", ["99Z", "", "nan", "17"])
def test_a_code_that_no_table_uses_is_refused(spelling):
    assert not commission.offences().knows(spelling)
    with pytest.raises(SourceError):
        commission.offences().code_for(spelling)


def test_a_renamed_code_keeps_its_old_name():
    assert "Abuse of children through prostitution and pornography" in commission.offences().get("71").names_used


@pytest.mark.reference
def test_the_register_knows_every_code_and_description_of_the_recorded_crime_table():
    table = reference("data/homeoffice-recorded-crime-2013-2025/prc_pfa_long.parquet")
    query = f"""select distinct "Offence Code", "Offence Description", "Group" from '{table}'"""
    seen = duckdb.sql(query).fetchall()
    assert len({code for code, _, _ in seen}) == 190
    for code, description, group in seen:
        offence = commission.offences().get(code)
        names = {name.replace(" ", "") for name in (offence.name, *offence.names_used)}
        assert description.replace(" ", "") in names
        assert offence.group == group or code == "AF"


@pytest.mark.reference
def test_the_register_knows_every_code_of_the_outcomes_table():
    table = reference("data/homeoffice-outcomes-2018-19/outcomes-open-data-2018-19.csv.gz")
    query = f"select distinct offence_code from read_csv('{table}', all_varchar=true)"
    assert all(commission.offences().knows(code) for (code,) in duckdb.sql(query).fetchall())
