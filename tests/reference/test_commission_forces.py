"""Does every name that an official table uses lead to the right force, and no other name to any?"""

import json
from statistics import correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay import reference as commission
from assay.errors import DefinitionError, UnknownForce
from assay.reference.force_register import ForceRegister
from reference_data import reference

pytestmark = pytest.mark.quick

# The names by source, as they are written there.
RECORDED_CRIME = {
    "Avon and Somerset": "E23000036", "Bedfordshire": "E23000026", "British Transport Police": "BTP",
    "Cambridgeshire": "E23000023", "Cheshire": "E23000006", "Cleveland": "E23000013", "Cumbria": "E23000002",
    "Derbyshire": "E23000018", "Devon and Cornwall": "E23000035", "Dorset": "E23000039",
    "Durham": "E23000008",
    "Dyfed-Powys": "W15000004", "Essex": "E23000028", "Gloucestershire": "E23000037",
    "Greater Manchester": "E23000005", "Gwent": "W15000002", "Hampshire": "E23000030",
    "Hertfordshire": "E23000027", "Humberside": "E23000012", "Kent": "E23000032", "Lancashire": "E23000003",
    "Leicestershire": "E23000021", "Lincolnshire": "E23000020", "London, City of": "E23000034",
    "Merseyside": "E23000004", "Metropolitan Police": "E23000001", "Norfolk": "E23000024",
    "North Wales": "W15000001", "North Yorkshire": "E23000009", "Northamptonshire": "E23000022",
    "Northumbria": "E23000007", "Nottinghamshire": "E23000019", "South Wales": "W15000003",
    "South Yorkshire": "E23000011", "Staffordshire": "E23000015", "Suffolk": "E23000025",
    "Surrey": "E23000031",
    "Sussex": "E23000033", "Thames Valley": "E23000029", "Warwickshire": "E23000017",
    "West Mercia": "E23000016",
    "West Midlands": "E23000014", "West Yorkshire": "E23000010", "Wiltshire": "E23000038",
    "Action Fraud": "AF", "CIFAS": "CIFAS", "Cifas": "CIFAS", "Financial Fraud Action UK": "UKF",
    "UK Finance": "UKF",
}  # fmt: skip
OTHER_TABLES = {
    "Avon & Somerset": "E23000036", "Devon & Cornwall": "E23000035", "Metropolitan": "E23000001",
    "City of London": "E23000034", "City of London Police": "E23000034",
}  # fmt: skip
OFFICIAL_NAMES = {
    "Avon and Somerset Police": "E23000036", "Avon and Somerset Constabulary": "E23000036",
    "Bedfordshire Police": "E23000026", "Cambridgeshire Constabulary": "E23000023",
    "Cheshire Constabulary": "E23000006", "Cleveland Police": "E23000013",
    "Cumbria Constabulary": "E23000002",
    "Derbyshire Constabulary": "E23000018", "Devon and Cornwall Police": "E23000035",
    "Devon & Cornwall Police": "E23000035", "Dorset Police": "E23000039", "Durham Constabulary": "E23000008",
    "Dyfed-Powys Police": "W15000004", "Essex Police": "E23000028",
    "Gloucestershire Constabulary": "E23000037",
    "Greater Manchester Police": "E23000005", "GMP": "E23000005", "Gwent Police": "W15000002",
    "Hampshire Constabulary": "E23000030", "Hampshire and Isle of Wight Constabulary": "E23000030",
    "Hertfordshire Constabulary": "E23000027", "Humberside Police": "E23000012", "Kent Police": "E23000032",
    "Lancashire Constabulary": "E23000003", "Leicestershire Police": "E23000021",
    "Lincolnshire Police": "E23000020", "Merseyside Police": "E23000004",
    "Metropolitan Police Service": "E23000001", "Norfolk Constabulary": "E23000024",
    "North Wales Police": "W15000001", "North Yorkshire Police": "E23000009",
    "Northamptonshire Police": "E23000022", "Northumbria Police": "E23000007",
    "Nottinghamshire Police": "E23000019", "South Wales Police": "W15000003",
    "South Yorkshire Police": "E23000011", "Staffordshire Police": "E23000015",
    "Suffolk Constabulary": "E23000025", "Surrey Police": "E23000031", "Sussex Police": "E23000033",
    "Thames Valley Police": "E23000029", "Warwickshire Police": "E23000017",
    "West Mercia Police": "E23000016",
    "West Midlands Police": "E23000014", "West Yorkshire Police": "E23000010",
    "Wiltshire Police": "E23000038",
    "National Crime Agency": "NCA",
}  # fmt: skip
NAMES = RECORDED_CRIME | OTHER_TABLES | OFFICIAL_NAMES


@pytest.mark.parametrize(("name", "code"), NAMES.items())
def test_every_name_in_an_official_table_leads_to_its_force(name, code):
    assert commission.forces().find(name).code == code


def test_no_force_is_left_without_a_name_in_the_recorded_crime_table():
    assert {force.code for force in commission.forces()} - set(RECORDED_CRIME.values()) == {"NCA"}


@given(
    name=st.sampled_from(sorted(NAMES)),
    case=st.sampled_from([str.upper, str.lower, str.title]),
    space=st.sampled_from([" ", "  "]),
)
def test_case_and_spaces_make_no_difference(name, case, space):
    spelling = space + case(name).replace(" ", space) + space
    assert commission.forces().find(spelling).code == NAMES[name]


def test_a_code_and_a_slug_are_names_too():
    assert commission.forces().find("W15000004").name == "Dyfed-Powys"
    assert commission.forces().find("devon-and-cornwall").code == "E23000035"


def test_an_unknown_force_is_refused_with_near_names_and_never_guessed():
    with pytest.raises(UnknownForce, match=r"'Westshire'.*Did you mean .*Wiltshire") as letter:
        commission.forces().find("Westshire")
    assert letter.value.exit_code == 3


def test_a_name_given_as_an_option_is_corrected_there_and_not_in_a_file():
    with pytest.raises(UnknownForce) as refused:
        commission.forces().find("Humbersid", option="--force")
    assert str(refused.value) == "--force 'Humbersid': no force has this name or code. Did you mean Humberside?"
    with pytest.raises(UnknownForce, match="Correct the name in the file"):
        commission.forces().find("Humbersid")


@pytest.mark.parametrize("name", ["Wiltshir", "Yorkshire", "Wales", "London", "Police", "", "Nothumbria"])
def test_a_name_that_is_only_near_is_refused(name):
    with pytest.raises(UnknownForce):
        commission.forces().find(name)


def test_an_unknown_code_is_refused():
    with pytest.raises(UnknownForce, match="E23999999"):
        commission.forces().get("E23999999")


def test_one_name_for_two_forces_is_refused():
    first, second = commission.forces().all[:2]
    with pytest.raises(DefinitionError, match="belongs to both"):
        ForceRegister([first, type(second)(**{**second.__dict__, "aliases": (first.name,)})])


def test_there_are_43_territorial_forces_39_english_and_4_welsh():
    countries = [force.country for force in commission.forces().territorial]
    assert (countries.count("England"), countries.count("Wales")) == (39, 4)


def test_the_residents_add_up_to_england_and_wales():
    territorial = commission.forces().territorial
    assert sum(force.children_mid2020 for force in territorial) == 12_723_160
    assert sum(force.population_mid2020 for force in territorial) == 59_719_724
    assert sum(force.children_10_17_mid2020 for force in territorial) == 5_600_736


def test_a_body_without_an_area_has_no_residents_rather_than_none_at_all():
    for code in ("BTP", "NCA", "AF", "CIFAS", "UKF"):
        force = commission.forces().get(code)
        assert (force.children_mid2020, force.population_mid2020, force.area_km2, force.tile_row) == (None,) * 4


def test_the_areas_add_up_to_england_and_wales():
    # Land of England 130,300 and Wales 20,700 square kilometres, to the nearest hundred.
    assert sum(force.area_km2 for force in commission.forces().territorial) == pytest.approx(151_000, rel=0.01)


def test_every_force_has_a_tile_of_its_own():
    tiles = [(force.tile_column, force.tile_row) for force in commission.forces().territorial]
    assert len(set(tiles)) == 43
    assert min(column for column, _ in tiles) == min(row for _, row in tiles) == 0


def tile(name):
    force = commission.forces().find(name)
    return force.tile_column, force.tile_row


def test_the_tile_map_has_north_at_the_top_and_wales_at_the_left():
    rows = {force.name: force.tile_row for force in commission.forces().territorial}
    assert [name for name, row in rows.items() if row == 0] == ["Northumbria"]
    assert tile("Kent")[0] > tile("Surrey")[0]
    assert tile("Kent")[1] == tile("Surrey")[1]
    assert tile("Sussex")[1] > tile("Surrey")[1]
    assert tile("North Wales")[1] < tile("Dyfed-Powys")[1] < tile("South Wales")[1]
    assert tile("Gwent")[0] < tile("Gloucestershire")[0]


def test_no_force_stands_alone_and_no_row_has_a_hole():
    tiles = {(force.tile_column, force.tile_row) for force in commission.forces().territorial}
    for column, row in tiles:
        assert tiles & {(column + 1, row), (column - 1, row), (column, row + 1), (column, row - 1)}
    for row in range(10):
        columns = sorted(column for column, tile_row in tiles if tile_row == row)
        assert columns == list(range(columns[0], columns[-1] + 1))


def middle(geometry):
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    points = [point for polygon in polygons for point in polygon[0]]
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


@pytest.mark.reference
def test_the_tiles_lie_where_the_forces_lie():
    shapes = json.loads(reference("data/police-force-areas/pfa-2023-boundaries-buc.geojson").read_text())["features"]
    place = {shape["properties"]["PFA23CD"]: middle(shape["geometry"]) for shape in shapes}
    forces = commission.forces().territorial
    assert {force.code for force in forces} == set(place)
    assert correlation([place[f.code][0] for f in forces], [f.tile_column for f in forces]) > 0.9
    assert correlation([place[f.code][1] for f in forces], [-f.tile_row for f in forces]) > 0.95
