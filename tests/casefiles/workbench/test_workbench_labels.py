"""Do analysts label texts blind to one another and to the model, and do their labels reach what learns from them?"""

import json
from datetime import date

import pytest

from assay.errors import UsageError
from assay.workflows.reading.label_sampling import (
    LABEL_COLUMNS,
    LABELS,
    ROUNDS,
    UNDONE,
    draw_pool,
    read_rows,
    undo_labels,
)


@pytest.fixture
def labelled(rolled_back):
    """The workbench; labels that are handed in are taken back afterwards."""
    from assay.workbench.label_rounds import labels_folder

    folder = labels_folder(rolled_back.place, "blaming")
    yield folder
    for name in (LABELS, UNDONE):
        (folder / name).unlink(missing_ok=True)


def label_all(client, label="no"):
    """Label one text after another until none waits; how many that were."""
    from assay.workbench import label_rounds

    for done in range(99):
        text = label_rounds.next_text(client.account, "blaming")
        if text is None:
            return done
        assert client.get(f"/label/{text.id}").status_code == 200
        assert client.post(f"/label/{text.id}/say", {"says": label}).status_code == 302
    raise AssertionError("there is no end")


def test_two_analysts_label_every_text_once_and_every_fifth_twice(labelled, enter):
    from assay.workbench.models import Text

    people = sum(Text.objects.values_list("people", flat=True))
    assert people > Text.objects.count() == 8
    assert label_all(enter("A01")) == 8
    assert label_all(enter("A02")) == people - 8


def test_labelling_ends_for_the_day_and_what_was_read_today_can_be_opened_again(labelled, enter, settings_of_place):
    from assay.workbench import label_rounds
    from assay.workbench.models import Label, Text, TextDay

    settings_of_place(texts_a_day=2)
    client = enter("A01")
    assert "Texts read today: 0 of at most 2." in client.get("/labels").content.decode()
    read = []
    for lands_on in ("/label/", "/labels"):
        read.append(label_rounds.next_text(client.account, "blaming"))
        assert client.get(f"/label/{read[-1].id}").status_code == 200
        assert client.get(f"/label/{read[-1].id}").status_code == 200  # seen again it counts once
        assert client.post(f"/label/{read[-1].id}/say", {"says": "no"}).url.startswith(lands_on)
    page = client.get("/labels").content.decode()
    assert "Texts read today: 2 of at most 2." in page
    assert "reached the limit of texts for today" in page
    assert 'href="/label/' not in page
    third = Text.objects.exclude(pk__in=[text.pk for text in read]).first()
    for refused in (client.get(f"/label/{third.id}"), client.post(f"/label/{third.id}/say", {"says": "no"})):
        assert refused.status_code == 403
        assert third.text not in refused.content.decode()
    assert not Label.objects.filter(of=third).exists()
    assert client.get(f"/label/{read[0].id}").status_code == 200
    assert enter("A02").get(f"/label/{third.id}").status_code == 200  # another person has a day of their own
    TextDay.objects.update(day="2026-01-05")
    assert client.get(f"/label/{third.id}").status_code == 200  # and so has another day


def test_a_page_reveals_nothing_of_what_the_model_or_another_analyst_says(labelled, enter):
    from assay.workbench.models import Text

    text = Text.objects.filter(people=2).first()
    client = enter("A02")
    before = client.get(f"/label/{text.id}").content.decode()
    enter("A01").post(f"/label/{text.id}/say", {"says": "yes"})
    after = client.get(f"/label/{text.id}").content.decode()
    changed_words = [(part, other) for part, other in zip(before.split(), after.split(), strict=True) if part != other]
    assert all("csrf" in item or item.startswith("value=") for item, _ in changed_words)
    assert "first round" not in after


def test_labels_that_are_handed_in_lie_where_a_model_is_taught_and_stay_as_they_are(labelled, enter):
    from assay.workbench.models import Event

    client = enter("A01")
    label_all(client)
    for _ in range(2):  # asked again it doubles none
        assert client.post("/labels/hand-in/blaming").status_code == 302
    rows = read_rows(labelled / LABELS, LABEL_COLUMNS)
    assert {row["marker_code"] for row in rows} == {"A01"}
    assert len(rows) == len({row["id"] for row in rows}) == 8
    assert json.loads(Event.objects.filter(kind="labels handed in").get().about) == {"labels": 8, "question": "blaming"}
    from assay.workbench.models import Label

    text = Label.objects.first().of
    assert client.post(f"/label/{text.id}/say", {"says": "yes"}).status_code == 422
    assert len(read_rows(labelled / LABELS, LABEL_COLUMNS)) == 8


def test_two_analysts_who_meet_at_a_text_for_one_person_both_hand_their_labels_in(labelled, enter):
    from assay.workbench.models import Text

    text = Text.objects.filter(people=1).first()
    for code in ("A01", "A02"):
        enter(code).post(f"/label/{text.id}/say", {"says": "no"})
    assert enter("A01").post("/labels/hand-in/blaming").status_code == 302
    assert [row["marker_code"] for row in read_rows(labelled / LABELS, LABEL_COLUMNS)] == ["A01", "A02"]


def test_a_label_given_while_the_first_was_handed_in_does_not_hold_up_the_others_of_its_analyst(labelled, enter):
    from assay.workbench.models import Text

    text, other = Text.objects.filter(people=1)[:2]
    first, second = enter("A01"), enter("A02")
    first.post(f"/label/{text.id}/say", {"says": "no"})
    first.post("/labels/hand-in/blaming")
    for labelled_text in (text, other):
        second.post(f"/label/{labelled_text.id}/say", {"says": "yes"})
    assert second.post("/labels/hand-in/blaming").status_code == 302
    assert {row["id"] for row in read_rows(labelled / LABELS, LABEL_COLUMNS) if row["marker_code"] == "A02"} == {
        text.ref,
        other.ref,
    }


def test_where_one_label_cannot_be_handed_in_none_is_and_the_page_says_why(labelled, enter):
    from assay.workbench.models import Event, Text

    text, lost = Text.objects.filter(people=1)[:2]
    enter("A01").post(f"/label/{text.id}/say", {"says": "no"})
    enter("A02").post(f"/label/{lost.id}/say", {"says": "no"})
    whole = (labelled / ROUNDS).read_text(encoding="utf-8")
    lines = [line for line in whole.splitlines(keepends=True) if f",{lost.ref}," not in line]
    (labelled / ROUNDS).write_text("".join(lines), encoding="utf-8")
    try:
        refused = enter("A01").post("/labels/hand-in/blaming")
    finally:
        (labelled / ROUNDS).write_text(whole, encoding="utf-8")
    assert refused.status_code == 422
    assert "the id is not in the round" in refused.content.decode()
    assert not read_rows(labelled / LABELS, LABEL_COLUMNS)
    assert not Event.objects.filter(kind="labels handed in").exists()
    assert enter("A01").post("/labels/hand-in/blaming").status_code == 302
    assert len(read_rows(labelled / LABELS, LABEL_COLUMNS)) == 2


@pytest.mark.parametrize("label", ["no", "yes"])
def test_a_label_that_was_taken_back_is_not_handed_in_again_until_its_analyst_labels_anew(labelled, enter, label):
    from assay.workbench.models import Text

    text, other = Text.objects.filter(people=1)[:2]
    client = enter("A01")
    client.post(f"/label/{text.id}/say", {"says": "no"})
    client.post("/labels/hand-in/blaming")
    undo_labels(labelled, "A01")
    enter("A02").post(f"/label/{other.id}/say", {"says": "yes"})
    client = enter("A01")
    for _ in range(2):
        client.post("/labels/hand-in/blaming")
        assert [(row["id"], row["marker_code"]) for row in read_rows(labelled / LABELS, LABEL_COLUMNS)] == [
            (other.ref, "A02")
        ]
    assert client.post(f"/label/{text.id}/say", {"says": label}).status_code == 302
    client.post("/labels/hand-in/blaming")
    assert [(row["id"], row["says"]) for row in read_rows(labelled / LABELS, LABEL_COLUMNS)][1:] == [(text.ref, label)]


def test_the_last_thing_that_an_analyst_says_of_a_text_is_what_is_handed_in(labelled, enter):
    from assay.workbench.models import Text

    text, client = Text.objects.first(), enter("A01")
    for label in ("yes", "no", ""):
        client.post(f"/label/{text.id}/say", {"says": label})
    assert client.post(f"/label/{text.id}/say", {"says": "perhaps"}).status_code == 422
    client.post("/labels/hand-in/blaming")
    assert [row["says"] for row in read_rows(labelled / LABELS, LABEL_COLUMNS)] == [""]


def test_another_round_waits_for_labels_of_the_one_before(labelled, rolled_back, enter):
    from assay.workbench.label_rounds import bring_texts

    with pytest.raises(UsageError, match="previous round"):
        bring_texts(rolled_back.place, "blaming", size=4, seed=1)


def test_a_label_that_was_changed_behind_its_guard_is_named(labelled, rolled_back, enter):
    from django.db import connection

    from assay.workbench import database_guards
    from assay.workbench.models import Text
    from assay.workbench.workbench_verification import verify_workbench

    text = Text.objects.first()
    enter("A01").post(f"/label/{text.id}/say", {"says": "yes"})
    assert verify_workbench(rolled_back.place) == []
    database_guards.drop_guards(connection, ["workbench_label"])
    with connection.cursor() as cursor:
        cursor.execute("update workbench_label set says = 'no'")
    assert verify_workbench(rolled_back.place) == [
        f"workbench, label of text {text.id} by A01: it was changed since it was given."
    ]


def test_texts_of_an_inspection_come_without_names_and_as_many_as_are_asked_for(country):
    pool = draw_pool(country / "inspection", "blaming", seed=1, today=date.today(), size=6)
    assert 0 < len(pool) <= 6
    assert pool == draw_pool(country / "inspection", "blaming", seed=1, today=date.today(), size=6)
    assert all(text.id.startswith(text.force_code) and text.text for text in pool)


def test_where_texts_may_not_be_read_nobody_labels_them(country):
    from assay.errors import PurposeRefused

    with pytest.raises(PurposeRefused, match="labelling would read notes"):
        draw_pool(country / "inspection", "blaming", seed=1, today=date(2999, 1, 1))
