"""Does the same seed make the same country, byte by byte, and is a folder in use left alone?"""

import hashlib
from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.reference import read_request
from assay.synthetic import failings, generate_country, read_world


def bytes_of(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A country of twelve, with every way of sending in it."""

    def make(seed: int):
        return generate_country(tmp_path_factory.mktemp("small"), forces=12, crimes_per_force=12, seed=seed)

    return make


def test_the_same_seed_gives_the_same_bytes_in_every_kind_of_file(small):
    one, two = bytes_of(small(7).folder), bytes_of(small(7).folder)
    assert one == two
    assert {Path(name).suffix for name in one} >= {".csv", ".parquet", ".xlsx", ".toml"}


def test_another_seed_gives_another_country(small):
    one, two = small(7), small(8)
    assert bytes_of(one.folder) != bytes_of(two.folder)
    assert one.injected != two.injected


def test_the_request_names_every_body_and_is_of_an_invented_register(small):
    made = small(7)
    request = read_request(made.request)
    assert request.register == "invented"
    assert list(request.organisations) == list(made.returns)
    assert all(body.name.endswith("(invented)") for body in request.organisations.values())


def test_of_44_bodies_39_are_english_four_welsh_and_one_polices_transport(country):
    bodies = list(read_request(country.made.request).organisations.values())
    assert [body.country for body in bodies] == ["England"] * 39 + ["Wales"] * 4 + [""]
    assert [body.kind for body in bodies] == ["territorial"] * 43 + ["transport"]
    assert len({body.name for body in bodies}) == 44
    assert len({(body.tile_column, body.tile_row) for body in bodies}) == 44


def test_sizes_differ_and_their_mean_is_what_was_asked_for(country):
    sizes = [force["crimes"] for force in country.truth["forces"].values()]
    assert max(sizes) > 3 * sorted(sizes)[22]
    assert 58 < sum(sizes) / 44 < 62


def test_a_single_force_can_be_invented_and_has_every_failing_of_its_world(tmp_path):
    made = generate_country(tmp_path / "one", forces=1, crimes_per_force=10, seed=3)
    planted = {plant.failing for plant in read_world("plain").plants}
    assert made.injected == {key: ("INV01",) if key in planted else () for key in failings()}


def test_a_folder_in_use_is_left_as_it_is(tmp_path):
    (tmp_path / "returns").mkdir()
    with pytest.raises(UsageError, match="holds returns already"):
        generate_country(tmp_path, forces=1)
    assert [path.name for path in tmp_path.iterdir()] == ["returns"]


@pytest.mark.parametrize(("forces", "crimes"), [(0, 10), (100, 10), (3, 0)])
def test_numbers_that_make_no_country_are_refused(tmp_path, forces, crimes):
    with pytest.raises(UsageError, match="1 to 99 forces"):
        generate_country(tmp_path, forces=forces, crimes_per_force=crimes)


def test_progress_says_how_many_returns_are_done(tmp_path):
    told = []
    generate_country(
        tmp_path, forces=2, crimes_per_force=8, progress=lambda what, done, total: told.append((done, total))
    )
    assert told == [(0, 2), (1, 2), (2, 2)]
