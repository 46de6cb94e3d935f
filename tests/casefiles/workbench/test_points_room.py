"""Does a force answer its own points one by one, and is what it answers kept with the evidence?"""

import json
import shutil

import pytest

from assay.engine.provenance import Ledger
from assay.workflows.release.accuracy_points import accuracy_points, read_answers

WHY = "Two of these were sent again in May."


@pytest.fixture
def folder(rolled_back):
    """The inspection; what a force answers in it is taken back afterwards."""
    inspection = rolled_back.place.inspection
    ledger = (inspection / "ledger.jsonl").read_bytes()
    yield inspection
    shutil.rmtree(inspection / "accuracy", ignore_errors=True)
    (inspection / "ledger.jsonl").write_bytes(ledger)


@pytest.fixture
def force(folder, enter):
    return enter("L01")


def words(answer):
    return answer.content.decode()


def send(client, **answers):
    version = words(client.get("/points")).split('name="version" value="')[1].split('"')[0]
    return client.post(
        "/points/answer", {"version": version} | {name.replace("_", "-"): answer for name, answer in answers.items()}
    )


def test_a_force_is_shown_its_own_points_and_no_other(force, count):
    page = words(force.get("/points"))
    assert page.count("<fieldset") == count
    assert "Of 10 crimes of INV01" in page
    assert "INV02" not in page


def test_a_point_says_what_it_is_on(folder):
    from assay.workbench.force_account_pages import point_heading

    assert point_heading("grade attitudes") == "Grade: Attitudes towards victims"
    assert point_heading("area for improvement heard").startswith("Area for improvement: ")
    assert point_heading("lesson IICSA-1") == "Lesson IICSA-1"
    assert point_heading("finding indicator/told_of_arrest/inv01") == ""


def rest(count, **answers):
    """Answers to every point: accepted, but for those given."""
    return {f"answer_{number}": "accepted" for number in range(1, count + 1)} | answers


@pytest.fixture
def count(folder):
    """How many points there are on the force."""
    return len(accuracy_points(folder, "INV01"))


def test_what_a_force_answers_is_kept_with_the_evidence_and_stands_in_ledger_and_audit_log(force, folder, count):
    from assay.workbench.audit_log import Kind
    from assay.workbench.models import Event

    assert send(force, **rest(count, answer_2="disputed", why_2=WHY))["Location"] == "/points"
    stored_answers = [(row["point"], row["answer"], row["why"]) for row in read_answers(folder)["INV01"]]
    assert stored_answers[:2] == [("1", "accepted", ""), ("2", "disputed", WHY)]
    [entry] = [entry for entry in Ledger(folder / "ledger.jsonl").entries() if entry.kind == "facts answered"]
    assert entry.about == {"body": "INV01", "edition": 1, "points": count}
    event_details = json.loads(Event.objects.get(kind=Kind.POINTS_ANSWERED.value).about)
    assert (
        event_details["force"],
        event_details["accepted"],
        event_details["disputed"],
        event_details["not_answered"],
    ) == ("INV01", count - 1, 1, 0)
    assert WHY not in str(event_details)
    page = words(force.get("/points"))
    assert WHY in page
    assert "Your answers are kept" in page


def test_a_point_that_is_left_open_is_not_accepted_and_later_answers_count(force, folder):
    send(force, answer_1="accepted")
    assert [row["answer"] for row in read_answers(folder)["INV01"]][:2] == ["accepted", ""]
    send(force, answer_1="disputed", why_1=WHY, answer_2="accepted")
    assert [row["answer"] for row in read_answers(folder)["INV01"]][:2] == ["disputed", "accepted"]
    assert sorted(path.name for path in (folder / "accuracy" / "INV01").iterdir()) == ["edition_1", "edition_2"]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"answer_1": "disputed"}, "Point 1: write why it is disputed"),
        ({"answer_1": "disputed", "why_1": "  "}, "Point 1: write why it is disputed"),
        ({"answer_2": "perhaps"}, "Point 2: choose one"),
        ({"answer_1": "disputed", "why_1": "Ring Insp Secretword."}, "Point 1: This seems to contain a name"),
        ({"answer_2": "accepted", "why_2": "x" * 2001}, "Point 2: the text is too long"),
    ],
)
def test_an_answer_that_lacks_something_is_not_kept_and_says_at_which_point(force, folder, answers, message):
    answer = send(force, **answers)
    assert answer.status_code == 422
    assert message in words(answer)
    assert read_answers(folder) == {}


def test_many_points_stand_on_pages_that_are_sent_one_by_one(force, folder, monkeypatch):
    from assay.workbench import force_account_pages

    monkeypatch.setattr(force_account_pages, "POINTS_PER_PAGE", 1)
    assert words(force.get("/points")).count("<fieldset") == 1
    assert "Page 1 of 2" in words(force.get("/points"))
    assert send(force, page="1", answer_1="accepted")["Location"] == "/points?page=2"
    assert send(force, page="2", answer_2="disputed", why_2=WHY)["Location"] == "/points?page=2"
    assert [row["answer"] for row in read_answers(folder)["INV01"]][:2] == ["accepted", "disputed"]
    assert "1 right, 1 not right, 0 left open." in words(force.get("/points?page=2"))


def test_points_that_changed_meanwhile_are_looked_at_again(force, folder):
    answer = force.post("/points/answer", {"version": "of another day", "answer-1": "accepted", "answer-2": "accepted"})
    assert answer.status_code == 422
    assert "nothing was saved. Load the page again" in words(answer)
    assert read_answers(folder) == {}


def test_before_anything_is_released_there_is_nothing_to_answer(force, folder, tmp_path):
    shutil.move(folder / "disclosure", tmp_path / "disclosure")
    try:
        assert "Nothing is released yet" in words(force.get("/points"))
        assert force.post("/points/answer").status_code == 422
    finally:
        shutil.move(tmp_path / "disclosure", folder / "disclosure")
