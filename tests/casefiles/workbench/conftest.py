"""One workbench on the small synthetic inspection: a sample in the workspaces of three inspectors, an adjudicator among them."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from assay.casefiles.file_sampling import draw_sample
from assay.engine.stage_runner import StageRunner
from assay.workbench.demo_workbench import KEY, PASSWORD, QUESTIONS, RATERS_CSV, STAFF
from assay.workbench.django_setup import start_django
from assay.workbench.workbench_folder import make_workbench_folder, read_workbench_folder
from casefiles.workbench.workbench_proposals import propose

DESIGN = 'title = "Crimes of the period"\nsubject = "crime"\nseed = "to play with"\nfiles = 12\ndouble = 0.5\n'


@pytest.fixture(scope="session")
def workspaces(country, tmp_path_factory):
    """The folder of the workbench, set up once: nothing is answered yet."""
    folder = tmp_path_factory.mktemp("workbenches")
    inspection = shutil.copytree(country / "inspection", folder / "inspection")
    (folder / f"{KEY}.toml").write_text(DESIGN, encoding="utf-8")
    (folder / "markers.csv").write_text(RATERS_CSV, encoding="utf-8")
    draw_sample(inspection, folder / f"{KEY}.toml")
    propose(inspection)
    StageRunner(inspection).end_run()
    place = make_workbench_folder(inspection)
    settings = place.folder / "workbench.toml"
    settings_text = settings.read_text(encoding="utf-8").replace("hard_from_words = 600", "hard_from_words = 150")
    settings.write_text(settings_text, encoding="utf-8")
    place = read_workbench_folder(place.folder)
    start_django(place)
    from django.conf import settings as django_settings

    django_settings.ALLOWED_HOSTS = ["*"]
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1_000  # a slow hash is for whoever steals the tables, not for tests
    from assay.workbench.accounts import make_account
    from assay.workbench.sample_opening import open_sample

    accounts = {code: make_account(code, role, force_code=force, password=PASSWORD) for code, role, force in STAFF}
    at_workspaces = open_sample(place, KEY, QUESTIONS, folder / "markers.csv")
    bring(place)
    return SimpleNamespace(place=place, made=accounts, at_desks=at_workspaces, markers=folder / "markers.csv")


def bring(place):
    """Texts to label, from a pool of twelve, and pairs of records, as many as linkage finds likely."""
    from assay.workbench.label_rounds import POOL, bring_texts, labels_folder
    from assay.workbench.record_pairs import bring_pairs
    from assay.workflows.reading.label_sampling import Text, write_pool

    folder = labels_folder(place, "blaming")
    folder.mkdir(parents=True)
    texts = [Text(f"INV0{number % 2 + 1} T{number:02d}", f"Call {number} was returned at 1{number % 10}:00.", f"INV0{number % 2 + 1}")
             for number in range(12)]  # fmt: skip
    write_pool(folder / POOL, texts)
    bring_texts(place, "blaming", size=8, seed=1)
    bring_pairs(place, number=10, seed="a word")


@pytest.fixture
def rolled_back(workspaces):
    """Whatever a test writes into the tables is taken back."""
    from django.db import transaction

    with transaction.atomic():
        yield workspaces
        transaction.set_rollback(True)


@pytest.fixture
def settings_of_place(monkeypatch):
    """Other settings of the workbench, for one test."""
    from django.conf import settings as django_settings

    return lambda **more: monkeypatch.setattr(django_settings, "PLACE", replace(django_settings.PLACE, **more))


@pytest.fixture
def enter(rolled_back):
    """Somebody signed in with both factors, by their code."""
    from django.test import Client
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from assay.workbench.models import Account
    from assay.workbench.request_gate import BEGUN, SEEN

    def come_in(code, *, verified=True, begun=0, **more):
        client = Client(**more)
        account = Account.objects.get(code=code)
        client.force_login(account, "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[BEGUN] = session[SEEN] = int(time.time()) - begun
        if verified:
            session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.get(user=account).persistent_id
        session.save()
        client.account = account
        return client

    return come_in


@pytest.fixture(scope="module")
def served(workspaces, tmp_path_factory):
    """A copy of the workbench on a server of its own, as `assay workbench start` starts it."""
    folder = tmp_path_factory.mktemp("served")
    inspection, workbench_folder = copied(workspaces, folder)
    with serving(inspection, folder / "server.log") as server:
        yield SimpleNamespace(inspection=inspection, beside=workbench_folder, log=folder / "server.log", **vars(server))


def copied(workspaces, folder):
    """A copy of the inspection and of its workbench, which a test may change: both folders."""
    inspection = shutil.copytree(workspaces.place.inspection, folder / "inspection")
    with closing(sqlite3.connect(workspaces.place.folder / "workbench.sqlite3")) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return inspection, shutil.copytree(workspaces.place.folder, folder / "inspection-workbench")


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def serving(inspection, log, patience=120):
    """`assay workbench start` on a free port, until it is left: its address and its process. It is up within so many seconds."""
    port = free_port()
    command = [sys.executable, "-m", "assay.cli", "workbench", "start", str(inspection), "--port", str(port)]
    return served_by(command, port, log, patience)


@contextmanager
def served_by(command, port, log, patience=120):
    """A command that serves a workbench on this port, until it is left: its address and its process."""
    environment = {key: value for key, value in os.environ.items() if key != "ASSAY_WORKBENCH"}
    with log.open("wb") as log_file:
        server = subprocess.Popen(command, env=environment, stdout=log_file, stderr=log_file)
    try:
        _wait_for(f"http://127.0.0.1:{port}", server, patience)
        yield SimpleNamespace(address=f"http://127.0.0.1:{port}", server=server)
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address, server, patience):
    until = time.monotonic() + patience
    while time.monotonic() < until:
        assert server.poll() is None, "the server has ended"
        try:
            urllib.request.urlopen(f"{address}/sign-in", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def digits(workbench_folder, code):
    """The six digits of the minute, as an authenticator app would show them."""
    from django_otp.oath import totp

    with closing(sqlite3.connect(workbench_folder / "workbench.sqlite3")) as django_settings:
        query = "select d.key from otp_totp_totpdevice d join workbench_account a on a.id = d.user_id where a.code = ?"
        return f"{totp(bytes.fromhex(django_settings.execute(query, [code]).fetchone()[0])):06d}"


def signed_in(browser, address, workbench_folder, code):
    """A window of a person's own, in which they have signed in."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("Your code").fill(code)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Six digits").fill(digits(workbench_folder, code))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    return page
