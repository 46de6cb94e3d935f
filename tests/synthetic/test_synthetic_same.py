"""Does the same seed make the same country, byte by byte, and is a folder in use left alone?"""

import hashlib
from functools import cache
from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.reference import read_request
from assay.synthetic import failings, generate_country, read_world


def bytes_of(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """A country of twelve, with every way of sending in it; generated at each call."""

    def make(seed: int):
        return generate_country(tmp_path_factory.mktemp("small"), forces=12, crimes_per_force=12, seed=seed)

    return make


@pytest.fixture(scope="module")
def small(generated):
    """The same country, generated once for each seed; nothing changes it."""
    return cache(generated)


def test_the_same_seed_gives_the_same_bytes_in_every_kind_of_file(generated, small):
    first_run, two = bytes_of(small(7).folder), bytes_of(generated(7).folder)
    assert first_run == two
    assert {Path(name).suffix for name in first_run} >= {".csv", ".parquet", ".xlsx", ".toml"}


def test_another_seed_gives_another_country(small):
    first_seed, two = small(7), small(8)
    assert bytes_of(first_seed.folder) != bytes_of(two.folder)
    assert first_seed.injected != two.injected


def test_the_request_names_every_body_and_is_of_a_synthetic_register(small):
    country = small(7)
    request = read_request(country.request)
    assert request.register == "invented"
    assert list(request.organisations) == list(country.returns)
    assert all(organisation.name.endswith("(synthetic)") for organisation in request.organisations.values())


def test_of_44_organisations_39_are_english_four_welsh_and_one_polices_transport(country):
    organisations = list(read_request(country.generated.request).organisations.values())
    assert [organisation.country for organisation in organisations] == ["England"] * 39 + ["Wales"] * 4 + [""]
    assert [organisation.kind for organisation in organisations] == ["territorial"] * 43 + ["transport"]
    assert len({organisation.name for organisation in organisations}) == 44
    assert len({(organisation.tile_column, organisation.tile_row) for organisation in organisations}) == 44


def test_sizes_differ_and_their_mean_is_what_was_asked_for(country):
    sizes = [force["crimes"] for force in country.truth["forces"].values()]
    assert max(sizes) > 3 * sorted(sizes)[22]
    assert 58 < sum(sizes) / 44 < 62


def test_a_single_force_can_be_synthetic_and_has_every_failing_of_its_world(tmp_path):
    country = generate_country(tmp_path / "one", forces=1, crimes_per_force=10, seed=3)
    injected = {injection.failing for injection in read_world("plain").injected}
    assert country.injected == {key: ("INV01",) if key in injected else () for key in failings()}


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
    progress_calls = []
    generate_country(
        tmp_path, forces=2, crimes_per_force=8, progress=lambda step, done, total: progress_calls.append((done, total))
    )
    assert progress_calls == [(0, 2), (1, 2), (2, 2)]
