"""Does every response that shows content leave a line in the audit log, errors too, and do the daily limits hold there?"""

import itertools
import json
import re

import pyarrow.parquet as pq
import pytest

from assay.engine.provenance import Ledger

GET, POST = "get", "post"
HTMX = {"headers": {"HX-Request": "true"}}
TYPED = "words typed by mistake"


@pytest.fixture
def targets(rolled_back):
    """What the addresses below name: a reading of M01 with a text, its file and sample, a text to label, a pair."""
    from assay.workbench.models import Comment, Pair, Reading, Text

    reading = Reading.objects.filter(account__code="M01", file__steps__text__gt="").first()
    return {
        "reading": reading.id, "file": reading.file_id, "sample": reading.file.sample_id,
        "step": reading.file.steps.exclude(text="").first().place, "text": Text.objects.first().id,
        "pair": Pair.objects.first().id, "comment": Comment.objects.create(reading=reading, on="specialist", text="x").id,
    }  # fmt: skip


@pytest.fixture
def ledger(rolled_back):
    """The ledger of the inspection; what is written into it is taken back afterwards."""
    path = rolled_back.place.inspection / "ledger.jsonl"
    before = path.read_bytes()
    yield Ledger(path)
    path.write_bytes(before)


# Pattern, who, method, what is sent, and whether that is an error: each shows content.
SHOWING = [
    ("reading/<int:number>", "M01", GET, {}, False),
    ("reading/<int:number>/answer/<str:question>", "M01", POST, {"reason": "x" * 4001}, True),
    ("reading/<int:number>/undo", "M01", POST, {}, True),
    ("reading/<int:number>/finish", "M01", POST, {}, True),
    ("reading/<int:number>/reopen", "M01", POST, {"why": TYPED}, True),
    ("reading/<int:number>/comment", "M01", POST, {"on": TYPED, "text": TYPED}, True),
    ("reading/<int:number>/text/<int:place>", "M01", POST, {}, False),
    ("sample/<int:number>", "A01", GET, {}, False),
    ("sample/<int:number>", "P01", GET, {}, False),
    ("sample/<int:number>/answers/<str:question>", "A01", GET, {}, False),
    ("sample/<int:number>/answers/<str:question>", "A01", GET, {"force": TYPED, "answer": TYPED}, True),
    ("file/<int:number>", "A01", GET, {}, False),
    ("file/<int:number>/text/<int:place>", "A01", POST, {}, False),
    ("file/<int:number>/unlock", "A01", POST, {"entry": TYPED, "reason": TYPED}, True),
    ("file/<int:number>/unlock", "A01", POST, {}, True),
    ("label/<int:number>", "A01", GET, {}, False),
    ("label/<int:number>/say", "A01", POST, {"says": TYPED}, True),
    ("label/<int:number>/say", "A01", POST, {}, True),
    ("pair/<int:number>", "A01", GET, {}, False),
    ("pair/<int:number>/say", "A01", POST, {"says": TYPED}, True),
    ("pair/<int:number>/say", "A01", POST, {}, True),
    ("letters", "L01", GET, {}, False),
    ("letters/<int:edition>", "L01", GET, {}, False),
    ("replies", "A01", GET, {}, False),
    ("points", "L01", GET, {}, False),
    ("points/answer", "L01", POST, {"version": TYPED}, True),
    ("panel", "P01", GET, {}, False),
    ("panel", "T01", GET, {}, False),
    ("panel/<str:code>", "P01", GET, {}, False),
    ("panel/<str:code>/<str:key>", "P01", GET, {}, False),
    ("panel/<str:code>/<str:key>/decide", "P01", POST, {"grade": TYPED}, True),
    ("watch-list", "M01", GET, {}, False),
    ("minutes", "P01", GET, {}, False),
    ("minutes/write", "P01", POST, {"text": TYPED}, True),
    ("audit-log", "T01", GET, {}, False),
    ("audit-log", "T01", GET, {"who": TYPED, "kind": TYPED}, True),
    ("audit-log", "T01", POST, {}, False),
]  # fmt: skip
# What is well done leads elsewhere, and leaves the line of what was done: shown by the tests of each act.
ONLY_BY_ERRORS = {"reading/<int:number>/passages/<int:place>", "reading/<int:number>/comment/<int:comment_number>/close",
                  "sample/<int:number>/seal"}  # fmt: skip


def address(pattern, targets):
    number = next((targets[name] for name in ("file", "sample", "label/", "pair") if pattern.startswith(name) and name in targets),
                  targets["text"] if pattern.startswith("label/") else targets["reading"])  # fmt: skip
    values_by_part = {"<int:number>": number, "<str:question>": "specialist", "<int:place>": targets["step"], "<int:edition>": 1,
            "<int:comment_number>": targets["comment"], "<str:code>": "INV01", "<str:key>": "attitudes"}  # fmt: skip
    for name, value in values_by_part.items():
        pattern = pattern.replace(name, str(value))
    return f"/{pattern}"


def lines_after(number):
    from assay.workbench.models import Event

    return list(Event.objects.filter(number__gt=number))


def last():
    from assay.workbench.models import Event

    return Event.objects.last().number


@pytest.mark.parametrize(("pattern", "role_code", "method", "form_data", "wrong"), SHOWING)
def test_a_response_that_shows_content_leaves_a_line_of_who_saw_it_whether_it_is_an_error_or_not(
    enter, targets, ledger, pattern, role_code, method, form_data, wrong
):
    client, before = enter(role_code), last()
    answer = getattr(client, method)(address(pattern, targets), form_data)
    assert answer.status_code in ((409, 422, 200) if wrong else (200,))
    lines = lines_after(before)
    assert [line.who for line in lines] == [role_code]
    assert TYPED not in lines[0].about


@pytest.mark.parametrize("pattern", sorted({case[0] for case in SHOWING if case[4] and "answers" not in case[0]}))
def test_an_error_leaves_the_same_kind_of_line_as_the_page_that_it_shows_again(enter, targets, ledger, pattern):
    from assay.workbench import urls

    view = next(item.callback for item in urls.urlpatterns if str(item.pattern) == pattern)
    role_code, method, form_data = next(pair[1:4] for pair in SHOWING if pair[0] == pattern and pair[4])
    before = last()
    getattr(enter(role_code), method)(address(pattern, targets), form_data)
    assert [item.kind for item in lines_after(before)] == [view.content.kind.value]


def test_every_address_declares_which_content_it_shows_or_that_it_shows_none(workspaces):
    from assay.workbench import urls
    from assay.workbench.content_access import Content

    declared = {str(item.pattern): getattr(item.callback, "content", None) for item in urls.urlpatterns}
    assert {
        pattern for pattern, content in declared.items() if not isinstance(content, Content) or not content.description
    } == set()
    assert {pattern for pattern, content in declared.items() if content.kind} == {
        pair[0] for pair in SHOWING
    } | ONLY_BY_ERRORS


INJECTED = "Injected content 7319"


@pytest.fixture
def injected(targets):
    """The same things, with words that nothing else says in every table of the workbench that holds content."""
    from assay.workbench import answer_saving
    from assay.workbench.models import Account, Comment, Minute, Reading, Reply, Step, Text

    Step.objects.update(what=INJECTED, detail=INJECTED)
    Step.objects.exclude(text="").update(text=INJECTED)
    Text.objects.update(text=INJECTED)
    Comment.objects.update(text=INJECTED)
    answer_saving.save_answer(Reading.objects.get(pk=targets["reading"]), "specialist", "not_met", INJECTED)
    panel, liaison = Account.objects.get(code="P01"), Account.objects.get(code="L01")
    Minute.objects.create(held_on="2026-01-01", present="P01", text=INJECTED, account=panel, event=9001)
    Reply.objects.create(force_code="INV01", letter="1", account=liaison, agrees=False, text=INJECTED, event=9002)
    return targets


def identities(inspection):
    """Every full name that the inspection knows; it stands on no page but those of pairs, and of entries as sent."""
    rows = [
        row for path in (inspection / "identities").glob("*/*/*.parquet") for row in pq.read_table(path).to_pylist()
    ]
    return {f"{row['forenames']} {row['surname']}" for row in rows if row.get("forenames") and row.get("surname")}


def test_no_response_of_any_address_holds_content_without_a_line_that_its_reader_saw_it(
    enter, injected, ledger, rolled_back
):
    from assay.workbench import urls

    seen = {item.callback.content.kind.value for item in urls.urlpatterns if item.callback.content.kind}
    content = re.compile("|".join(map(re.escape, {INJECTED, *identities(rolled_back.place.inspection)})))
    people = {"inspector": "M01", "analyst": "A01", "panel": "P01", "liaison": "L01", "auditor": "T01"}
    clients, met = {role: enter(code) for role, code in people.items()}, set()
    ways = [(item, role) for item in urls.urlpatterns for role in people if str(item.pattern) != "sign-out"]
    tries = [(GET, {}), (POST, {}), (POST, dict.fromkeys(("answer", "says", "entry", "why", "grade"), TYPED))]
    for (item, role), (method, form_data), part in itertools.product(ways, tries, ({}, HTMX)):
        before = last()
        answer = getattr(clients[role], method)(address(str(item.pattern), injected), form_data, **part)
        if content.search(answer.content.decode()):
            met.add(str(item.pattern))
            lines = [line for line in lines_after(before) if line.kind in seen and line.who == people[role]]
            assert lines, (str(item.pattern), role, method, form_data, part)
    assert met > {"reading/<int:number>", "file/<int:number>", "label/<int:number>/say", "pair/<int:number>/say",
                  "minutes", "letters", "reading/<int:number>/passages/<int:place>"}  # fmt: skip


def test_a_view_that_declares_nothing_is_closed_even_to_those_whom_it_lets_in(enter):
    from django.test import RequestFactory

    from assay.workbench.content_access import shows_no_content
    from assay.workbench.page_permissions import ANY_VISITOR, allow_roles
    from assay.workbench.request_gate import Gate

    request = RequestFactory().get("/new")
    client = enter("A01")
    request.session, request.user = client.session, client.account
    request.user.is_verified = lambda: True
    for roles in (("analyst",), ANY_VISITOR):
        assert Gate(None).process_view(request, allow_roles(*roles)(lambda _request: None)).status_code == 403
        assert (
            Gate(None).process_view(request, allow_roles(*roles)(shows_no_content("nothing")(lambda _request: None)))
            is None
        )


def test_an_identity_that_is_shown_again_by_a_wrong_verdict_is_in_the_audit_log_with_its_pair(enter, targets):
    from assay.workbench.models import Event, Pair

    page = enter("A01").post(f"/pair/{targets['pair']}/say", {"says": "perhaps"})
    assert page.status_code == 422
    assert "<table" in page.content.decode()
    line = Event.objects.last()
    assert (line.kind, line.who) == ("pair of records shown", "A01")
    assert json.loads(line.about)["pair"] == Pair.objects.get(pk=targets["pair"]).ref


def test_an_answer_that_stands_and_is_shown_in_a_part_of_a_page_leaves_a_line(enter, targets):
    client, path = enter("M01"), f"/reading/{targets['reading']}/answer/specialist"
    client.post(path, {"answer": "met", "turn": "0"}, **HTMX)
    before = last()
    assert client.post(path, {"answer": "not_met", "turn": "0"}, **HTMX).status_code == 409
    assert [item.kind for item in lines_after(before)] == ["file opened"]


def test_a_page_that_refuses_for_today_or_is_not_there_shows_nothing_and_leaves_no_line_that_it_did(
    enter, targets, settings_of_place
):
    settings_of_place(texts_a_day=1)
    client = enter("A01")
    client.get(f"/label/{targets['text']}")
    before = last()
    assert client.get(f"/label/{targets['text'] + 1}").status_code == 403
    assert client.get("/file/999999").status_code == 404
    assert lines_after(before) == []


READING_A_HARD_FILE = [
    ("", GET, {}), ("/text/{step}", POST, {}), ("/undo", POST, {}), ("/finish", POST, {}), ("/reopen", POST, {}),
    ("/comment", POST, {}), ("/answer/no_such", POST, {}), ("/answer/specialist", POST, {"reason": "x" * 4001}),
]  # fmt: skip


@pytest.mark.parametrize(("end", "method", "form_data"), READING_A_HARD_FILE)
def test_of_hard_files_no_more_are_read_in_a_day_than_the_limit_whichever_address_shows_them(
    enter, rolled_back, settings_of_place, end, method, form_data
):
    from assay.workbench.models import HardDay, Reading

    settings_of_place(hard_from_words=1, hard_files_a_day=1)
    client = enter("M01")
    found = Reading.objects.filter(account__code="M01", file__steps__text__gt="").distinct()
    shown_pages = []
    for reading in found:
        place = reading.file.steps.exclude(text="").first().place
        answer = getattr(client, method)(f"/reading/{reading.id}{end.format(step=place)}", form_data)
        shown_pages += [reading.file_id] if answer.status_code != 404 else []
    assert found.count() > 2
    assert len(shown_pages) == 1
    assert [item.file_id for item in HardDay.objects.all()] == shown_pages


def test_an_analyst_reads_texts_of_no_more_hard_files_in_a_day_than_anybody_else(enter, rolled_back, settings_of_place):
    from assay.workbench.models import CaseFile

    settings_of_place(hard_from_words=1, hard_files_a_day=1)
    client, shown_count = enter("A01"), 0
    files = CaseFile.objects.filter(steps__text__gt="").distinct()
    for file in files:
        place = file.steps.exclude(text="").first().place
        answer = client.post(f"/file/{file.id}/text/{place}")
        shown_count += answer.status_code == 200
        if shown_count and answer.status_code != 200:
            assert answer.status_code == 403
            assert client.post(f"/file/{file.id}/unlock", {}).status_code == 403
            part = client.post(f"/file/{file.id}/text/{place}", **HTMX)
            assert part.status_code == 409  # a part of a page is shown where it was asked for
            assert "today" in part.content.decode()
    assert files.count() > 2
    assert shown_count == 1


def test_texts_that_are_shown_again_by_a_wrong_label_count_for_the_day(enter, rolled_back, settings_of_place):
    from assay.workbench.models import Text, TextDay

    settings_of_place(texts_a_day=2)
    client = enter("A01")
    codes = [client.post(f"/label/{item.id}/say", {"says": "perhaps"}).status_code for item in Text.objects.all()]
    assert codes == [422, 422, *[403] * (len(codes) - 2)]
    assert TextDay.objects.count() == 2


@pytest.mark.parametrize("wrong", [False, True])
def test_of_pairs_no_more_are_looked_at_in_a_day_than_the_limit(enter, rolled_back, settings_of_place, wrong):
    from assay.workbench.models import Pair

    settings_of_place(pairs_a_day=2)
    client = enter("A01")
    pairs = list(Pair.objects.all())
    look = [
        lambda item: client.get(f"/pair/{item.id}"),
        lambda item: client.post(f"/pair/{item.id}/say", {"says": "?"}),
    ][wrong]
    codes = [look(pair).status_code for pair in pairs]
    assert codes == [422 if wrong else 200] * 2 + [403] * (len(pairs) - 2)
    assert client.get(f"/pair/{pairs[0].id}").status_code == 200  # seen today it can be seen again
    assert "2 of at most 2" in client.get("/pairs").content.decode()
    locations = [client.post(f"/pair/{pair.id}/say", {"says": "same"})["Location"] for pair in pairs[:2]]
    assert locations == [f"/pair/{pairs[1].id}?before={pairs[0].id}", "/pairs"]  # the third waits for tomorrow
    assert enter("A02").get(f"/pair/{pairs[-1].id}").status_code == 200


def test_a_pair_that_two_others_have_settled_is_shown_to_no_third(enter, rolled_back):
    from assay.workbench.accounts import make_account
    from assay.workbench.models import Pair

    make_account("A03", "analyst")
    pair = Pair.objects.first()
    for code in ("A01", "A02"):
        enter(code).post(f"/pair/{pair.id}/say", {"says": "same"})
    third = enter("A03")
    assert third.get(f"/pair/{pair.id}").status_code == 404
    assert third.post(f"/pair/{pair.id}/say", {"says": "?"}).status_code == 404
    assert enter("A01").get(f"/pair/{pair.id}").status_code == 200  # whoever judged it can look again


def test_of_two_requests_at_once_only_one_takes_the_last_place_of_the_day(
    enter, targets, settings_of_place, monkeypatch
):
    from assay.workbench import label_pages
    from assay.workbench.models import Account, Text, TextDay

    settings_of_place(texts_a_day=1)
    other = Text.objects.exclude(pk=targets["text"]).first()

    def meanwhile(request, text, **options):
        TextDay.objects.create(account=Account.objects.get(code="A01"), of=other, day=today())
        return response(request, text, **options)

    from django.utils.timezone import localdate as today

    response = label_pages._page
    monkeypatch.setattr(label_pages, "_page", meanwhile)
    answer = enter("A01").get(f"/label/{targets['text']}")
    assert answer.status_code == 403
    assert TextDay.objects.count() == 1


def test_an_adjudication_that_was_seen_by_way_of_an_error_has_begun(enter, rolled_back):
    from assay.workbench import adjudication
    from assay.workbench.models import CaseFile
    from casefiles.workbench.test_workbench_marking import differ

    pair = next(found for file in CaseFile.objects.all() if (found := adjudication.double_readings(file)))
    judged = differ(pair)
    assert enter("J01").post(f"/reading/{judged.id}/undo").status_code == 409
    client = enter(pair[0].account.code)
    assert client.post(f"/reading/{pair[0].id}/reopen", {"why": "I misread the second entry."}).status_code == 409
