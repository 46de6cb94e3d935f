"""Are the most similar forces found, and is an official list read without guessing?"""

import pytest
from compared import FORCES, code_of

from assay import reference
from assay.compare import ForceFeatures, load_similar_forces, similar_forces
from assay.errors import SourceError, UnknownForce


def feature(place, children, area, **mix):
    return ForceFeatures(place, children, area, mix or {"17B": 1})


def real():
    forces = [(reference.forces().find(name), figures) for name, figures in FORCES.items()]
    return [feature(f.code, f.children_mid2020, f.area_km2, a=n[1], b=n[0] - n[1]) for f, n in forces]


def test_seven_forces_are_named_for_each_nearest_first():
    rows = similar_forces(real()).to_pylist()
    assert len(rows) == 42 * 7
    for start in range(0, len(rows), 7):
        assert [row["nearness"] for row in rows[start : start + 7]] == [1, 2, 3, 4, 5, 6, 7]
        distances = [row["distance"] for row in rows[start : start + 7]]
        assert distances == sorted(distances)
    assert {row["grouping"] for row in rows} == {"ours"}


def test_nobody_is_similar_to_itself_and_the_city_of_london_to_nobody():
    for row in similar_forces(real()).to_pylist():
        assert row["place_code"] != row["similar_code"]
        assert code_of("City of London") not in (row["place_code"], row["similar_code"])


def test_each_feature_counts_alike():
    """Four forces; the second differs in children, the third in density, the fourth in offences, each by one step."""
    rows = [
        feature("E23000001", 1000, 10, a=1, b=1),
        feature("E23000002", 2000, 20, a=1, b=1),
        feature("E23000003", 1000, 5, a=1, b=1),
        feature("E23000004", 1000, 10, a=1, b=3),
    ]
    table = similar_forces(rows).to_pylist()
    distances = [row["distance"] for row in table if row["place_code"] == "E23000001"]
    # In each feature three of the six pairs differ, all by the same: typical = step / sqrt(2), so sqrt(2 / 3) apart.
    assert distances == pytest.approx([(2 / 3) ** 0.5] * 3, abs=1e-6)


def test_a_force_whose_features_are_not_known_is_left_out():
    rows = [*real()[:8], feature("E23000099", None, 10), feature("BTP", 100, 10)]
    codes = {row["place_code"] for row in similar_forces(rows).to_pylist()}
    assert "E23000099" not in codes
    assert "BTP" not in codes


def write(folder, text, encoding="utf-8"):
    path = folder / "most-similar-2024.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_an_official_list_is_read_by_alias_in_its_order(tmp_path):
    text = "force,similar_force\nDevon & Cornwall,Dorset\nDevon & Cornwall,North Wales\nKent,Essex Police\n"
    rows = load_similar_forces(write(tmp_path, text, "utf-8-sig")).to_pylist()
    assert [(row["place_code"], row["similar_code"], row["nearness"]) for row in rows] == [
        (code_of("Devon and Cornwall"), code_of("Dorset"), 1),
        (code_of("Devon and Cornwall"), code_of("North Wales"), 2),
        (code_of("Kent"), code_of("Essex"), 1),
    ]
    assert {row["grouping"] for row in rows} == {"most-similar-2024"}
    assert {row["distance"] for row in rows} == {None}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("force,other\nKent,Essex\n", "has no column 'similar_force'"),
        ("force,similar_force\nKent,\n", "row 2: column 'similar_force' is empty"),
        ("force,similar_force\nKent,Kent Police\n", "similar to itself"),
        ("force,similar_force\nKent,Essex\nKent,Essex\n", "row 3: this pair"),
    ],
)
def test_a_list_that_cannot_be_used_says_where_and_why(tmp_path, text, word):
    with pytest.raises(SourceError, match=word):
        load_similar_forces(write(tmp_path, text))


def test_an_unknown_force_is_never_guessed(tmp_path):
    with pytest.raises(UnknownForce, match="row 2, column 'force'"):
        load_similar_forces(write(tmp_path, "force,similar_force\nWestshire,Kent\n"))


def test_a_list_in_another_encoding_says_how_to_save_it(tmp_path):
    with pytest.raises(SourceError, match="UTF-8"):
        load_similar_forces(write(tmp_path, "force,similar_force\nKent,Ess\xe9x\n", "latin-1"))


def test_a_list_that_is_not_there_says_so(tmp_path):
    with pytest.raises(SourceError, match="cannot be opened"):
        load_similar_forces(tmp_path / "none.csv")


@pytest.mark.parametrize("force_rows", [0, 1])
def test_with_fewer_than_two_forces_none_is_similar(force_rows):
    table = similar_forces(real()[:force_rows])
    assert table.num_rows == 0
    assert table.column_names == ["place_code", "similar_code", "nearness", "distance", "grouping"]
