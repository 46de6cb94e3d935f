"""Is a folder of an earlier run reused only while no code changed, and only unchanged?"""

import pytest

import made_once
from made_once import code_version, kept_by_code

pytestmark = pytest.mark.quick


@pytest.fixture
def fill_folder(tmp_path, monkeypatch):
    """Fill a folder anew for code of this version; the number of times that it was made stands in its file."""
    monkeypatch.delenv("ASSAY_REQUIRE", raising=False)
    times = []

    def make(folder):
        times.append(folder)
        folder.mkdir(exist_ok=True)
        (folder / "times.txt").write_text(str(len(times)))

    def fill(name, code):
        folder = tmp_path / name
        kept_by_code("country", folder, make, cache_folder=tmp_path / "cache", code=code)
        return folder / "times.txt"

    return fill


def test_with_the_same_code_the_first_folder_is_copied_and_nothing_is_made(fill_folder):
    assert [fill_folder(name, "code 1").read_text() for name in ("first", "second")] == ["1", "1"]


def test_with_other_code_the_folder_is_made_again_and_the_older_one_is_gone(fill_folder):
    versions = ("code 1", "code 2", "code 1")
    assert [fill_folder(f"run {number}", code).read_text() for number, code in enumerate(versions)] == ["1", "2", "3"]


def test_a_test_that_spoils_its_folder_spoils_no_later_one(fill_folder):
    fill_folder("first", "code 1").write_text("spoilt")
    assert fill_folder("second", "code 1").read_text() == "1"


def test_what_failed_while_it_was_made_is_not_kept(tmp_path, fill_folder):
    def fail(folder):
        folder.mkdir()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept_by_code("country", tmp_path / "half", fail, cache_folder=tmp_path / "cache", code="code 1")
    assert fill_folder("first", "code 1").read_text() == "1"


def test_where_everything_is_required_nothing_is_taken_over(fill_folder, monkeypatch):
    monkeypatch.setenv("ASSAY_REQUIRE", "all")
    assert [fill_folder(name, "code 1").read_text() for name in ("first", "second")] == ["1", "2"]


def test_the_version_of_the_code_changes_with_the_module_that_makes_the_folder(tmp_path):
    versions = set()
    for number in (1, 2):
        maker = tmp_path / f"maker_{number}.py"
        maker.write_text(f"CRIMES = {number}\n")
        versions.add(code_version(maker))
    assert len(versions) == 2


def test_the_version_of_the_code_changes_with_the_zone_of_the_machine(tmp_path, monkeypatch):
    maker, versions = tmp_path / "maker.py", set()
    maker.write_text("CRIMES = 1\n")
    for zone in ("UTC", "Europe/London"):
        monkeypatch.setenv("TZ", zone)
        versions.add(code_version.__wrapped__(maker))
    assert len(versions) == 2


def test_the_version_of_the_code_changes_with_what_tests_share_and_not_with_a_test(tmp_path, monkeypatch):
    tests, maker = tmp_path / "tests", tmp_path / "maker.py"
    tests.mkdir()
    maker.write_text("CRIMES = 1\n")
    monkeypatch.setattr(made_once, "__file__", str(tests / "made_once.py"))
    versions = []
    for name in ("conftest.py", "test_pages.py", "returns.csv"):
        (tests / name).write_text("FORCES = 4\n")
        versions.append(code_version.__wrapped__(maker))
    assert versions[0] == versions[1] != versions[2]
