"""Is there one way in, with both factors, and does everything that should end a session end it?"""

import contextlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.workbench.demo_workbench import PASSWORD
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
        answer.client_used = client
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
    assert answer.client_used.get("/")["Location"] == "/queue"


@pytest.mark.parametrize(
    "wrong",
    [{"password": "something else"}, {"token": "000000"}, {"token": "123"}, {"code": "NOBODY", "token": "000000"}],
)
def test_whichever_is_wrong_the_page_says_the_same(sign_in, wrong):
    answer = sign_in(**wrong)
    assert answer.status_code == 422
    assert answer.content.decode().count(WRONG) == 1
    assert not is_in(answer.client_used)


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


def test_wrong_passwords_from_one_address_lock_out_nobody_at_another(sign_in):
    from django.test import Client

    for _ in range(7):
        sign_in(password="something else", client=Client(REMOTE_ADDR="10.0.0.7"))
    assert sign_in(client=Client(REMOTE_ADDR="10.0.0.7")).status_code == 429
    assert sign_in(client=Client(REMOTE_ADDR="10.0.0.8")).status_code == 302


def address_sent(header, connection="127.0.0.1"):
    """The address that the lockout counts for a request with this X-Real-IP over this connection."""
    from django.test import RequestFactory

    from assay.workbench.sign_in import address_of

    return address_of(RequestFactory().get("/sign-in", headers={"X-Real-IP": header}, REMOTE_ADDR=connection))


@pytest.mark.parametrize("behind_tls", [True, False])
def test_a_client_address_header_counts_only_where_the_settings_say_that_the_proxy_sets_it(
    rolled_back, settings_of_place, behind_tls
):
    settings_of_place(behind_tls=behind_tls)
    assert address_sent("10.0.0.9") == "127.0.0.1"
    settings_of_place(proxy_sets_real_ip=True)
    assert address_sent("10.0.0.9") == "10.0.0.9"
    for header in ("", "no address", "10.0.0.9, 10.0.0.8"):
        assert address_sent(header) == "127.0.0.1"


def test_a_client_that_sends_another_address_each_time_is_locked_out_where_the_proxy_passes_it_on(
    sign_in, settings_of_place
):
    from django.test import Client

    settings_of_place(behind_tls=True)
    for last in range(5):
        sign_in(password="something else", client=Client(headers={"X-Real-IP": f"10.0.0.{last}"}))
    assert sign_in(client=Client(headers={"X-Real-IP": "10.0.0.99"})).status_code == 429


@pytest.mark.parametrize(
    ("connection", "counted_address"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:10.0.0.9", "10.0.0.9"),
        ("10.0.0.9", "10.0.0.9"),
    ],
)
def test_an_ipv6_address_counts_by_its_network_of_64_bits(rolled_back, settings_of_place, connection, counted_address):
    assert address_sent("", connection) == counted_address
    settings_of_place(proxy_sets_real_ip=True)
    assert address_sent(connection) == counted_address


def test_what_is_tried_during_a_lockout_does_not_make_it_longer(sign_in):
    from axes.models import AccessAttempt
    from django.utils import timezone

    for _ in range(5):
        sign_in(password="something else")
    begun = timezone.now() - timezone.timedelta(minutes=14)
    AccessAttempt.objects.update(attempt_time=begun)
    assert sign_in(password="something else").status_code == 429
    assert sign_in().status_code == 429
    assert AccessAttempt.objects.get().attempt_time == begun
    AccessAttempt.objects.update(attempt_time=begun - timezone.timedelta(minutes=2))
    assert sign_in().status_code == 302


def test_a_lockout_has_one_line_in_the_audit_log_however_much_is_tried_in_it(sign_in):
    from assay.workbench.models import Event

    before = Event.objects.count()
    for _ in range(12):
        sign_in(password="something else")
    kinds = list(Event.objects.filter(number__gt=before).values_list("kind", flat=True))
    assert kinds == ["sign-in refused"] * 4 + ["locked out"]


def test_of_codes_that_are_none_an_address_leaves_few_lines_and_another_has_its_own(sign_in):
    from django.test import Client

    from assay.workbench.models import Event

    before = Event.objects.count()
    for address in ("10.0.0.7", "10.0.0.8"):
        for attempt in range(9):
            sign_in(code=f"NOBODY{attempt}", token="000000", client=Client(REMOTE_ADDR=address))
    assert Event.objects.count() - before == 10


def test_whoever_comes_while_many_are_checked_is_asked_to_wait_and_nothing_is_counted(sign_in):
    from axes.models import AccessAttempt

    from assay.workbench.models import Event
    from assay.workbench.sign_in import SLOTS

    before = Event.objects.count()
    with SLOTS.acquire("127.0.0.1") as first_slot, SLOTS.acquire("127.0.0.1") as two:
        answer = sign_in(password="something else")
    assert (first_slot, two, answer.status_code, answer["Retry-After"]) == (True, True, 429, "2")
    assert (Event.objects.count(), AccessAttempt.objects.count()) == (before, 0)
    assert sign_in().status_code == 302


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=12))
def test_places_are_few_in_all_and_fewer_for_one_address_and_come_back(addresses):
    from assay.workbench.sign_in import SignInSlots

    places, slots = SignInSlots(maximum=3, maximum_per_address=2), []
    with contextlib.ExitStack() as stack:
        for address in addresses:
            free = stack.enter_context(places.acquire(address))
            assert free == (len(slots) < 3 and slots.count(address) < 2)
            slots += [address] if free else []
    with contextlib.ExitStack() as stack:
        assert all(stack.enter_context(places.acquire(address)) for address in ("a", "a", "b"))


@pytest.mark.parametrize(
    ("code", "path", "form_data"),
    [
        (None, "/sign-in", {"username": "M0\0", "password": "x", "otp_token": "000000"}),
        ("M01", "/reading/1/answer/specialist", {"answer": "met", "reason": "As\0shown."}),
        ("M01", "/reading/1/comment", {"on": "specialist", "text": "\0"}),
        ("M01", "/keys", {"on": "yes", "ne\0xt": "n"}),
        ("A01", "/label/1/say", {"says": "\0"}),
        ("L01", "/letters/1/reply", {"agrees": "no", "text": "\0"}),
        ("P01", "/minutes/write", {"text": "\0"}),
        ("T01", "/audit-log?who=%00", {}),
        ("P01", "/panel/%00/attitudes", {}),
    ],
)
def test_a_character_that_postgresql_cannot_keep_is_refused_in_words_and_nothing_is_kept(enter, code, path, form_data):
    from django.test import Client

    from assay.workbench.models import Answer, Event

    client, before = enter(code) if code else Client(), Event.objects.count()
    for method in ("get", "post"):
        answer = getattr(client, method)(path, form_data)
        assert answer.status_code == 400
        assert "cannot be stored" in answer.content.decode()
    part = client.post(path, form_data, headers={"HX-Request": "true"})
    assert (part.status_code, "Not saved" in part.content.decode()) == (409, True)
    assert (Event.objects.count(), Answer.objects.count()) == (before, 0)


def test_a_password_alone_opens_no_page(enter):
    """A session that knows who somebody is, without the second factor, is no session."""
    client = enter("A01", verified=False)
    assert client.get("/samples")["Location"].startswith("/sign-in")


def test_one_address_takes_a_password_and_every_other_asks_for_a_session(rolled_back):
    from django.test import Client

    from assay.workbench import urls

    public = {str(item.pattern) for item in urls.urlpatterns if getattr(item.callback, "open_to", ()) == ("everyone",)}
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
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    client = enter("A01")
    assert client.session.get_expiry_age() <= 30 * 60
    session = client.session
    session["seen"] = int(time.time()) - 120
    session.save()
    before = client.session["seen"]
    assert is_in(client)
    assert client.session["seen"] > before + 100
    Session.objects.update(expire_date=timezone.now())
    assert not is_in(client)


def test_new_factors_end_the_sessions_that_stood_on_the_old_ones(enter):
    from assay.workbench.accounts import make_account

    client = enter("A01")
    make_account("A01", "analyst", renew=True)
    assert not is_in(client)


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"])
def test_signing_in_leads_nowhere_else(sign_in, target):
    assert sign_in(next=target)["Location"] == "/"


def test_what_was_typed_in_vain_stands_in_no_audit_log(sign_in):
    from assay.workbench.models import Event

    sign_in(code="a name typed by mistake", password="secret words", token="000000")
    last = Event.objects.last()
    assert (last.kind, last.who) == ("sign-in refused", "-")
    assert "typed" not in last.about


def test_every_answer_bears_a_strict_policy_and_is_kept_nowhere(enter):
    from django.test import Client

    for answer in (
        enter("M01").get("/queue"),
        Client().get("/sign-in"),
        Client().get("/nowhere"),
        enter("A01").get("/queue"),
    ):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert (answer["Cache-Control"], answer["X-Frame-Options"]) == ("no-store", "DENY")
        assert not re.search(r"<script(?! src)|<style|\son\w+=|\sstyle=|hx-on", answer.content.decode())


def test_a_request_that_was_not_sent_from_our_pages_is_refused(enter):
    from django.test import Client

    for path in ("/sign-in", "/language"):
        assert Client(enforce_csrf_checks=True).post(path, {}).status_code == 403
    for code, path in (("M01", "/keys"), ("M01", "/reading/1/finish"), ("A01", "/sample/1/seal"), ("T01", "/audit-log"),
                       ("L01", "/letters/1/reply"), ("M01", "/sign-out")):  # fmt: skip
        assert enter(code, enforce_csrf_checks=True).post(path, {}).status_code == 403


def test_no_page_takes_a_file(enter):
    from django.core.files.uploadedfile import SimpleUploadedFile

    form_data = {"on": "yes", "file": SimpleUploadedFile("a.txt", b"words")}
    assert enter("M01").post("/keys", form_data).status_code == 400
    assert enter("M01").post("/keys", {"on": "x" * 300_000}).status_code == 400


def test_the_digits_of_a_real_inspection_are_told_to_nobody(rolled_back, monkeypatch):
    from assay.errors import UsageError
    from assay.workbench import page_permissions
    from assay.workbench.accounts import current_demo_code

    assert current_demo_code("M01") == current("M01") or len(digits(rolled_back.place.folder, "M01")) == 6
    monkeypatch.setattr(page_permissions, "is_synthetic", lambda: False)
    with pytest.raises(UsageError, match="authenticator"):
        current_demo_code("M01")


@pytest.mark.parametrize(
    ("code", "role", "force", "message"),
    [
        ("Jo Smith", "inspector", "", "never a name"),
        ("M09", "chief", "", "The role is one of"),
        ("L09", "liaison", "", "Only a liaison has a force"),
        ("M01", "inspector", "", "There is already an account"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(rolled_back, code, role, force, message):
    from assay.errors import UsageError
    from assay.workbench.accounts import make_account

    with pytest.raises(UsageError, match=message):
        make_account(code, role, force_code=force)


def test_an_error_leaves_in_the_log_only_where_it_was():
    import logging

    from assay.workbench.log_redaction import RedactRequests

    try:
        from assay.workbench.workbench_folder import read_workbench_folder

        read_workbench_folder("a record's content")
    except TypeError as error:
        line = logging.LogRecord("django", logging.ERROR, "", 0, "a record's content %s", ("more of it",), None)
        line.exc_info = (type(error), error, error.__traceback__)
        line.request = "what was sent"
        RedactRequests().filter(line)
        assert line.getMessage().startswith(
            "TypeError in assay.workbench.workbench_folder, read_workbench_folder, line "
        )
        assert not hasattr(line, "request")
