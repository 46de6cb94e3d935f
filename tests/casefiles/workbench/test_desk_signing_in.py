"""Is there one way in, with both factors, and does everything that should end a session end it?"""

import re
import time

import pytest

from assay.workbench.playing import PASSWORD
from casefiles.workbench.conftest import digits

WRONG = "The code, the password or the six digits are not right."


@pytest.fixture
def sign_in(rolled_back, client=None):
    """Somebody at the sign-in page."""
    from django.test import Client

    def try_with(code="M01", password=PASSWORD, token=None, client=None, **more):
        client = client or Client()
        token = current(code) if token is None else token
        answer = client.post("/sign-in", {"username": code, "password": password, "otp_token": token, **more})
        answer.at = client
        return answer

    return try_with


def current(code):
    """The digits of the minute, read through the tests' own transaction."""
    from django_otp.oath import totp
    from django_otp.plugins.otp_totp.models import TOTPDevice

    return f"{totp(TOTPDevice.objects.get(user__code=code).bin_key):06d}"


def is_in(client):
    return client.get("/token").status_code == 200


def test_both_factors_together_let_somebody_in_and_lead_to_their_first_page(sign_in):
    answer = sign_in()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert answer.at.get("/")["Location"] == "/queue"


@pytest.mark.parametrize(
    "wrong", [{"password": "something else"}, {"token": "000000"}, {"token": "123"}, {"code": "NOBODY", "token": "000000"}]
)
def test_whichever_is_wrong_the_page_says_the_same(sign_in, wrong):
    answer = sign_in(**wrong)
    assert answer.status_code == 422
    assert answer.content.decode().count(WRONG) == 1
    assert not is_in(answer.at)


def test_the_same_digits_open_only_once(sign_in):
    token = current("M01")
    assert sign_in(token=token).status_code == 302
    assert sign_in(token=token).status_code == 422


@pytest.mark.parametrize("wrong", [{"password": "something else"}, {"token": "000000"}])
def test_after_five_failures_of_either_factor_even_the_right_ones_are_refused(sign_in, wrong):
    from django_otp.plugins.otp_totp.models import TOTPDevice

    for _ in range(5):
        sign_in(**wrong)
        TOTPDevice.objects.update(throttling_failure_count=0)  # the device's own brake is not what is tried here
    assert sign_in().status_code == 429
    assert sign_in(code="M02").status_code == 302


def test_a_password_alone_opens_no_page(enter):
    """A session that knows who somebody is, without the second factor, is no session."""
    client = enter("A01", verified=False)
    assert client.get("/samples")["Location"].startswith("/sign-in")


def test_one_address_takes_a_password_and_every_other_asks_for_a_session(rolled_back):
    from django.test import Client

    from assay.workbench import urls

    public = {str(one.pattern) for one in urls.urlpatterns if getattr(one.callback, "open_to", ()) == ("everyone",)}
    assert public == {"sign-in", "language", "asset/<str:version>/<str:name>"}
    assert Client().get("/accounts/login/").status_code == 404
    assert Client().get("/admin/").status_code == 404


def test_a_session_ends_after_ten_hours_and_when_its_account_is_closed(enter):
    from assay.workbench.accounts import close_account

    assert is_in(enter("A01", begun=10 * 3600 - 60))
    assert not is_in(enter("A01", begun=10 * 3600 + 60))
    client = enter("P01")
    close_account("P01")
    assert not is_in(client)


def test_an_idle_session_ends_after_half_an_hour_and_work_puts_that_off(enter):
    client = enter("A01")
    assert client.session.get_expiry_age() <= 30 * 60
    session = client.session
    session["seen"] = int(time.time()) - 120
    session.save()
    before = client.session["seen"]
    assert is_in(client)
    assert client.session["seen"] > before + 100


def test_new_factors_end_the_sessions_that_stood_on_the_old_ones(enter):
    from assay.workbench.accounts import make_account

    client = enter("A01")
    make_account("A01", "analyst", again=True)
    assert not is_in(client)


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"])
def test_signing_in_leads_nowhere_else(sign_in, target):
    assert sign_in(next=target)["Location"] == "/"


def test_what_was_typed_in_vain_stands_in_no_trail(sign_in):
    from assay.workbench.models import Event

    sign_in(code="a name typed by mistake", password="secret words", token="000000")
    last = Event.objects.last()
    assert (last.kind, last.who) == ("sign-in refused", "-")
    assert "typed" not in last.about


def test_every_answer_bears_a_strict_policy_and_is_kept_nowhere(enter):
    from django.test import Client

    for answer in (enter("M01").get("/queue"), Client().get("/sign-in"), Client().get("/nowhere"), enter("A01").get("/queue")):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert (answer["Cache-Control"], answer["X-Frame-Options"]) == ("no-store", "DENY")
        assert not re.search(r"<script(?! src)|<style|\son\w+=|\sstyle=|hx-on", answer.content.decode())


def test_a_request_that_was_not_sent_from_our_pages_is_refused(enter):
    from django.test import Client

    for path in ("/sign-in", "/language"):
        assert Client(enforce_csrf_checks=True).post(path, {}).status_code == 403
    for code, path in (("M01", "/keys"), ("M01", "/reading/1/finish"), ("A01", "/sample/1/seal"), ("T01", "/trail"),
                       ("L01", "/letters/1/reply"), ("M01", "/sign-out")):  # fmt: skip
        assert enter(code, enforce_csrf_checks=True).post(path, {}).status_code == 403


def test_no_page_takes_a_file(enter):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {"on": "yes", "file": SimpleUploadedFile("a.txt", b"words")}
    assert enter("M01").post("/keys", sent).status_code == 400
    assert enter("M01").post("/keys", {"on": "x" * 300_000}).status_code == 400


def test_the_digits_of_a_real_inspection_are_told_to_nobody(rolled_back, monkeypatch):
    from assay.errors import UsageError
    from assay.workbench import rooms
    from assay.workbench.accounts import code_of_the_minute

    assert code_of_the_minute("M01") == current("M01") or len(digits(rolled_back.place.folder, "M01")) == 6
    monkeypatch.setattr(rooms, "invented", lambda: False)
    with pytest.raises(UsageError, match="authenticator"):
        code_of_the_minute("M01")


@pytest.mark.parametrize(
    ("code", "role", "force", "said"),
    [
        ("Jo Smith", "inspector", "", "never by a name"),
        ("M09", "chief", "", "The role is one of"),
        ("L09", "liaison", "", "A liaison is of one force"),
        ("M01", "inspector", "", "is there already"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(rolled_back, code, role, force, said):
    from assay.errors import UsageError
    from assay.workbench.accounts import make_account

    with pytest.raises(UsageError, match=said):
        make_account(code, role, force_code=force)


def test_an_error_leaves_in_the_log_only_where_it_was():
    import logging

    from assay.workbench.bare_logs import Bare

    try:
        from assay.workbench.place import read_place

        read_place("a record's content")
    except TypeError as error:
        line = logging.LogRecord("django", logging.ERROR, "", 0, "a record's content %s", ("more of it",), None)
        line.exc_info = (type(error), error, error.__traceback__)
        line.request = "what was sent"
        Bare().filter(line)
        assert line.getMessage().startswith("TypeError in assay.workbench.place, read_place, line ")
        assert not hasattr(line, "request")
