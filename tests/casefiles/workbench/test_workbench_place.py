"""Is a setting that cannot be refused by name, does TLS close what it has to, and is a broken-off play begun again?"""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.workbench import demo_workbench
from assay.workbench.workbench_folder import make_workbench_folder, read_workbench_folder

ROOT = Path(__file__).parents[3]


@pytest.fixture
def place(tmp_path):
    (tmp_path / "inspection").mkdir()
    return make_workbench_folder(tmp_path / "inspection")


def test_a_workbench_lies_beside_its_inspection_for_its_owner_alone(place):
    assert place.folder.name == "inspection-workbench"
    assert place.inspection == place.folder.parent / "inspection"
    for path in (place.folder, place.folder / "key"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert len(place.key) > 50
    assert make_workbench_folder(place.inspection).key == place.key


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            "idle_minutes = 30",
            "idle_minutes = 0",
            "idle_minutes is missing or has a wrong type. Give it as a whole number above 0",
        ),
        ("idle_minutes = 30", "idle_minutes = true", "idle_minutes"),
        ("idle_minutes = 30", "", "idle_minutes"),
        (
            "behind_tls = false",
            'behind_tls = "no"',
            "behind_tls is missing or has a wrong type. Give it as true or false",
        ),
        ("behind_tls = false", "behind_tls = false\ndebug = true", "unknown setting debug"),
        ("behind_tls = false", "behind_tls =", "is not valid TOML"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(place, before, after, message):
    path = place.folder / "workbench.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_workbench_folder(place.folder)


@pytest.mark.parametrize("limit", ["texts_a_day", "pairs_a_day"])
def test_a_workbench_from_before_a_limit_came_has_the_limit_that_a_new_one_has(place, limit):
    path = place.folder / "workbench.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(f"{limit} = 100\n", ""), encoding="utf-8")
    assert getattr(read_workbench_folder(place.folder), limit) == getattr(place, limit) == 100


def test_a_workbench_from_before_the_setting_takes_no_address_from_a_header(place):
    path = place.folder / "workbench.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("proxy_sets_real_ip = false\n", ""), encoding="utf-8")
    assert "proxy_sets_real_ip" not in path.read_text(encoding="utf-8")
    assert read_workbench_folder(place.folder).proxy_sets_real_ip is False
    path.write_text(text.replace("proxy_sets_real_ip = false", "proxy_sets_real_ip = true"), encoding="utf-8")
    assert read_workbench_folder(place.folder).proxy_sets_real_ip is True


def test_the_manual_says_that_the_proxy_sets_the_address_where_its_proxy_does():
    page = (ROOT / "docs/how-to/run-the-workbench-on-a-server.md").read_text(encoding="utf-8")
    assert "proxy_sets_real_ip = true" in page
    assert "proxy_set_header X-Real-IP $remote_addr;" in page


def test_without_its_key_it_does_not_start(place):
    (place.folder / "key").unlink()
    with pytest.raises(UsageError, match="Restore it from the backup"):
        _ = place.key


NAMES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME", "SECURE_HSTS_SECONDS",
         "CSRF_TRUSTED_ORIGINS", "SECURE_PROXY_SSL_HEADER", "DEBUG")  # fmt: skip


def test_with_tls_in_front_cookies_travel_over_tls_only(place):
    path = place.folder / "workbench.toml"
    settings_text = path.read_text(encoding="utf-8").replace("behind_tls = false", "behind_tls = true")
    path.write_text(settings_text.replace('["localhost", "127.0.0.1"]', '["workbench.example.org"]'), encoding="utf-8")
    code = (
        f"import json; from assay.workbench import settings as s; print(json.dumps([getattr(s, n) for n in {NAMES}]))"
    )
    environment = {**os.environ, "ASSAY_WORKBENCH": str(place.folder)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    states = dict(zip(NAMES, json.loads(done.stdout), strict=True))
    assert states == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-assay",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "CSRF_TRUSTED_ORIGINS": ["https://workbench.example.org"],
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "DEBUG": False,
    }


@pytest.fixture
def folder_states(monkeypatch):
    """What lay there each time when a synthetic inspection was begun; the first making is broken off half way."""
    begun = []

    def invent(folder, progress):
        begun.append(sorted(path.name for path in folder.parent.rglob("*") if path.is_file()))
        for place in (folder, folder.with_name("play-sent"), folder.with_name("play-workbench")):
            place.mkdir(exist_ok=True)
            (place / f"half of {len(begun)}").touch()
        if len(begun) == 1:
            raise SystemExit
        return demo_workbench.DemoWorkbench(make_workbench_folder(folder))

    monkeypatch.setattr(demo_workbench, "generate_inspection", invent)
    return begun


def test_a_play_that_was_broken_off_is_begun_again_by_itself_and_nothing_of_the_first_is_left(folder_states, tmp_path):
    folder = tmp_path / "play"
    assert demo_workbench.needs_demo(folder)
    with pytest.raises(SystemExit):
        demo_workbench.make_demo(folder)
    assert folder.exists()
    assert demo_workbench.needs_demo(folder)
    demo_workbench.make_demo(folder)
    assert folder_states == [["being-made"], ["being-made"]]
    assert not demo_workbench.needs_demo(folder)
    assert (folder / "half of 2").exists()


@pytest.mark.parametrize("name", ["play-sent", "play-workbench"])
def test_what_somebody_else_put_beside_a_play_is_refused_and_never_taken_away(folder_states, tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "of somebody else").touch()
    with pytest.raises(UsageError, match=f"{name} exists already"):
        demo_workbench.make_demo(tmp_path / "play")
    assert (tmp_path / name / "of somebody else").exists()
    assert folder_states == []


def test_an_inspection_that_is_there_is_never_made_anew(tmp_path):
    (tmp_path / "play").mkdir()
    assert not demo_workbench.needs_demo(tmp_path / "play")
