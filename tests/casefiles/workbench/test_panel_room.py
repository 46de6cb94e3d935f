"""Does a panel see what is proposed and why, and is what it decides and says kept, and any change of it found?"""

import json
import shutil
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.provenance import EventKind, Ledger, verify, write_stage
from assay.workflows.judge.grading_stage import read_decisions, record_decision

LINE, REASON = "/panel/INV01/attitudes", "Files read on the visit show it in every one."


def today():
    """The day as the pages tell it; asked each time, so that a run over midnight is one too."""
    return datetime.now(UTC).date()


@pytest.fixture
def folder(rolled_back):
    """The inspection; what a panel decides in it is taken back afterwards."""
    inspection = rolled_back.place.inspection
    ledger = (inspection / "ledger.jsonl").read_bytes()
    yield inspection
    shutil.rmtree(inspection / "panel", ignore_errors=True)
    (inspection / "ledger.jsonl").write_bytes(ledger)


@pytest.fixture
def panel(folder, enter):
    return enter("P01")


def words(answer):
    return answer.content.decode()


def send_decision(client, grade, reason="", path=LINE):
    """The answer to a decision, sent from the page as it is now."""
    version = words(client.get(path)).split('name="version" value="')[1].split('"')[0]
    return client.post(f"{path}/decide", {"version": version, "grade": grade, "reason": reason})


def lines(kind):
    from assay.workbench.models import Event

    return [
        json.loads(event.about) | {"who": event.who}
        for event in Event.objects.filter(kind=kind.value).order_by("number")
    ]


def minute(client, **more):
    meeting_data = {"held_on": today(), "present": "P01, the chair", "text": "The visit was talked over.", **more}
    return client.post("/minutes/write", meeting_data)


def test_a_panel_sees_what_is_proposed_with_what_speaks_for_it_and_against_it(panel):
    page = words(panel.get(LINE))
    for sentence in ("Proposed: adequate", "What the child says is recorded.", "Support is not kept up.", "It would be good if",
                 "No record describes words.", "82%", "18%", "under these rules", "2 of 3 characteristics",
                 "over 99%", "90% to over 99%", "Keep up support.", "The line at 65 in 100"):  # fmt: skip
        assert sentence in page, sentence
    assert "under the rules that were sealed first it would be:</strong> good" in page.casefold()


def test_a_panel_sees_the_strongest_reasons_each_way_with_their_figures(panel):
    page = words(panel.get(LINE))
    strongest = page[page.index("The strongest reasons for the force") : page.index("All evidence for it")]
    for sentence in ("Wishes recorded: 91% of 60 crimes.", "Support kept up: 22% of 60 crimes.", "against the force"):
        assert sentence in strongest, sentence


@pytest.fixture
def two_persons(folder):
    """The settings ask for two persons; they are put back afterwards."""
    settings = folder / "inspection.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}\n[panel]\npersons = 2\n", encoding="utf-8")
    yield folder
    settings.write_text(text, encoding="utf-8")
    shutil.rmtree(folder / "awaiting", ignore_errors=True)


def test_where_two_persons_decide_the_first_awaits_a_second_and_cannot_be_that_second(two_persons, enter):
    from assay.workbench.audit_log import Kind

    first = enter("P01")
    assert "Two people decide here" in words(first.get(LINE))
    send_decision(first, "good", REASON)
    assert read_decisions(two_persons) == []
    page = words(first.get(LINE))
    for sentence in ("P01 decided good on", "when a second person decides the same grade", REASON, "Decided: not yet"):
        assert sentence in page, sentence
    second_try = send_decision(first, "good", REASON)
    assert second_try.status_code == 422
    assert "A second person confirms it" in words(second_try)
    assert {line["who"] for line in lines(Kind.DECISION_AWAITS)} == {"P01"}
    assert lines(Kind.DECIDED) == []


def test_where_two_persons_decide_a_page_from_before_the_first_decision_confirms_nothing(two_persons, panel):
    old = {"version": "0:adequate", "grade": "good", "reason": ""}
    record_decision(two_persons, "INV01", "attitudes", "good", REASON, today(), decider="P02")
    assert "changed after you opened the page" in words(panel.post(f"{LINE}/decide", old))
    assert read_decisions(two_persons) == []


def test_a_second_person_confirms_without_a_reason_and_both_stand_on_the_page(two_persons, panel):
    record_decision(two_persons, "INV01", "attitudes", "good", REASON, today(), decider="P02")
    assert send_decision(panel, "good")["Location"] == LINE
    page = words(panel.get(LINE))
    for sentence in ("Decided: good", "P02, confirmed by P01", REASON):
        assert sentence in page, sentence


def test_where_there_is_not_enough_evidence_the_page_says_why_and_gives_no_probability(panel):
    page = words(panel.get("/panel/INV02/attitudes"))
    assert "Proposed: not enough evidence" in page
    assert "Only 1 of 3 characteristics can be told." in page
    assert "No probability can be given." in page


@pytest.mark.parametrize("reason", ["", "agreed", " " * 40])
def test_a_grade_is_moved_only_with_a_reason(panel, folder, reason):
    from assay.workbench.audit_log import Kind

    answer = send_decision(panel, "good", reason)
    assert answer.status_code == 422
    assert "needs a reason" in words(answer)
    assert read_decisions(folder) == []
    assert lines(Kind.DECIDED) == []


def test_a_reason_that_names_somebody_decides_nothing(panel, folder):
    answer = send_decision(panel, "good", "The visit showed it, says DCI Secretword.")
    assert answer.status_code == 422
    assert "seems to contain a name after a title or rank" in words(answer)
    assert read_decisions(folder) == []


def test_a_proposal_is_confirmed_without_a_reason(panel, folder):
    assert send_decision(panel, "adequate")["Location"] == LINE
    assert [(decision.proposed, decision.decided) for decision in read_decisions(folder)] == [("adequate", "adequate")]


@pytest.mark.parametrize("grade", ["", "fair"])
def test_a_grade_that_is_none_is_not_decided(panel, folder, grade):
    assert send_decision(panel, grade, REASON).status_code == 422
    assert read_decisions(folder) == []


def test_a_decision_here_is_the_one_of_the_command_and_stands_in_ledger_and_audit_log(panel, folder):
    from assay.workbench.audit_log import Kind

    send_decision(panel, "good", REASON)
    here = read_decisions(folder)
    shutil.rmtree(folder / "panel")
    record_decision(folder, "INV01", "attitudes", "good", REASON, here[0].decided_on, decider="P01")
    assert read_decisions(folder) == here
    decision_details = [entry.about for entry in Ledger(folder / "ledger.jsonl").entries() if entry.kind == "decided"]
    assert (
        decision_details[0]
        == decision_details[1]
        == {"body": "INV01", "line": "attitudes", "proposed": "adequate", "decided": "good"}
    )
    [line] = lines(Kind.DECIDED)
    assert (line["who"], line["force"], line["line"], line["decided"]) == ("P01", "INV01", "attitudes", "good")
    assert REASON not in json.dumps(line)


def test_proposal_and_every_decision_stay_on_the_page_and_the_folder_still_verifies(panel, folder):
    send_decision(panel, "good", REASON)
    send_decision(panel, "inadequate", "The visit was repeated, and the files do not show it.")
    page = words(panel.get(LINE))
    for sentence in ("Proposed: adequate", "Decided: inadequate", "Changed from adequate to good.", REASON):
        assert sentence in page, sentence
    assert [str(difference) for difference in verify(folder)] == []


def test_a_page_that_has_become_old_decides_nothing(panel, folder):
    old = {"version": "0:adequate", "grade": "inadequate", "reason": REASON}
    record_decision(folder, "INV01", "attitudes", "good", REASON, today())
    answer = panel.post(f"{LINE}/decide", old)
    assert answer.status_code == 422
    assert "changed after you opened the page" in words(answer)
    assert [decision.decided for decision in read_decisions(folder)] == ["good"]


def test_what_is_looked_at_stands_in_the_audit_log(panel, enter):
    from assay.workbench.audit_log import Kind

    for path in ("/panel", "/panel/INV01", LINE, "/minutes"):
        panel.get(path)
    enter("T01").get(LINE)
    seen = [(line["who"], line.get("force"), line.get("line")) for line in lines(Kind.PROPOSALS_SEEN)]
    assert seen == [("P01", None, None), ("P01", "INV01", None), ("P01", "INV01", "attitudes"),
                    ("T01", "INV01", "attitudes")]  # fmt: skip
    assert [line["who"] for line in lines(Kind.MINUTES_READ)] == ["P01"]


def test_an_auditor_reads_all_of_it_and_is_given_nothing_to_send(panel, enter):
    send_decision(panel, "good", REASON)
    minute(panel)
    for path in ("/panel", "/panel/INV01", LINE, "/minutes"):
        page = enter("T01").get(path)
        assert page.status_code == 200
        assert words(page).count("<form") == 2, "signing out, and the language"


@pytest.mark.parametrize("path", ["/panel/INV99", "/panel/INV01/weather", "/panel/INV03", "/panel/INV02/overall"])
def test_what_is_not_proposed_is_not_there(panel, path):
    assert panel.get(path).status_code == 404


def test_before_anything_is_proposed_the_room_says_so(panel, folder, tmp_path):
    shutil.move(folder / "judgement", tmp_path / "judgement")
    try:
        answer = panel.get("/panel")
        assert answer.status_code == 200
        assert "Nothing is proposed" in words(answer)
    finally:
        shutil.move(tmp_path / "judgement", folder / "judgement")


def test_minutes_say_who_was_present_and_what_was_said_on_what(panel):
    assert minute(panel)["Location"] == "/minutes"
    assert minute(panel, force_code="INV01", text="The force as a whole.")["Location"] == "/panel/INV01"
    assert minute(panel, force_code="INV01", line="attitudes", text="Only of this line.")["Location"] == LINE
    minutes_page = words(panel.get("/minutes"))
    assert minutes_page.index("Only of this line.") < minutes_page.index("The visit was talked over.")
    assert minutes_page.count("P01, the chair") == 4, "three entries, and whoever is present now"
    assert "Only of this line." in words(panel.get(LINE))
    assert "The visit was talked over." not in words(panel.get(LINE))
    assert "The force as a whole." in words(panel.get("/panel/INV01"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("held_on", ""),
        ("held_on", date.max),
        ("present", " "),
        ("text", " "),
        ("text", "x" * 8001),
        ("text", "Det Supt Secretword asked why."),
        ("present", "Cllr Secretword"),
        ("present", "x" * 501),
        ("force_code", "INV99"),
        ("line", "attitudes"),
    ],
)
def test_minutes_that_lack_something_are_not_kept_and_what_was_typed_is_not_lost(panel, field, value):
    from assay.workbench.models import Minute

    answer = minute(panel, **{field: value})
    assert answer.status_code == 422
    assert f'href="#{field if field != "line" else "force_code"}"' in words(answer)
    assert field in ("text", "present") or "The visit was talked over." in words(answer)
    assert Minute.objects.count() == 0


def test_minutes_are_never_changed_and_a_change_behind_the_guards_is_named(panel, rolled_back):
    from django.db import DatabaseError, connection, transaction

    from assay.workbench.models import Minute
    from assay.workbench.workbench_verification import verify_workbench

    minute(panel)
    assert verify_workbench(rolled_back.place) == []
    for act in (Minute.objects.all().delete, lambda: Minute.objects.update(text="Other.")):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            act()
    with connection.cursor() as cursor:
        cursor.execute("drop trigger workbench_minute_update")
        cursor.execute("update workbench_minute set present = 'Nobody'")
    assert "of the minutes: it was changed since it was written" in " ".join(verify_workbench(rolled_back.place))


@pytest.mark.parametrize("change", ["another reason", "gone", "bytes"])
def test_a_decision_that_was_changed_in_the_inspection_is_named_by_its_line(panel, folder, rolled_back, change):
    from assay.workbench.workbench_verification import verify_workbench

    send_decision(panel, "good", REASON)
    assert verify_workbench(rolled_back.place) == []
    path = folder / "panel" / "decisions.parquet"
    if change == "gone":
        path.unlink()
    elif change == "bytes":
        path.write_bytes(b"x" + path.read_bytes()[1:-1] + b"x")
    else:
        table = pq.read_table(path)
        pq.write_table(table.from_pylist([table.to_pylist()[0] | {"reason": "Another."}], table.schema), path)
    assert "the decision of the panel that it names was changed or is missing" in " ".join(
        verify_workbench(rolled_back.place)
    )


def test_a_page_says_that_a_first_decision_on_another_proposal_cannot_be_confirmed(two_persons, panel):
    record_decision(two_persons, "INV01", "attitudes", "good", REASON, today(), decider="P02")
    path = two_persons / "awaiting" / "decisions.parquet"
    table = pq.read_table(path)
    rows = [row | {"proposed": "inadequate"} for row in table.to_pylist()]
    stage = two_persons / "awaiting"
    shutil.rmtree(stage)
    tables = {"decisions": pa.Table.from_pylist(rows, table.schema)}
    ledger = Ledger(two_persons / "ledger.jsonl")
    write_stage(two_persons, "awaiting", tables, rows_in=1, rows_out=1, ledger=ledger)
    page = words(panel.get(LINE))
    assert "so that decision cannot be confirmed. Decide again" in page
    assert "(as P02 decided)" not in page


def test_after_the_end_a_destroyed_first_decision_is_no_tampering(two_persons, panel, rolled_back):
    """The end of an inspection destroys what first persons decided; what counted stays."""
    from assay.workbench.workbench_verification import verify_workbench

    send_decision(panel, "good", REASON)
    shutil.rmtree(two_persons / "awaiting")
    assert "was changed or is missing" in " ".join(verify_workbench(rolled_back.place))
    Ledger(two_persons / "ledger.jsonl").append(EventKind.RETIRED, rule="The inspection was retired.")
    assert verify_workbench(rolled_back.place) == []


def test_a_day_is_kept_as_it_was_given(panel):
    from assay.workbench.models import Minute

    minute(panel, held_on="2026-03-02")
    assert Minute.objects.get().held_on == date(2026, 3, 2)
