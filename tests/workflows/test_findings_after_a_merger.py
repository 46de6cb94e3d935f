"""Do alerts and recommendations follow a renamed force, and wait after a merger?"""

from datetime import date
from types import SimpleNamespace

import pytest

from assay import reference
from assay.reference.force_succession import ForceChange, ForceSuccession
from assay.workflows.judge import recommendation_follow_up
from assay.workflows.judge.recommendation_follow_up import NOT_COMPARABLE, _revisit_row, definition_hash
from assay.workflows.run.previous_inspections import _inherited_alerts, _merger_lines

KENT, SUSSEX, ESSEX, SURREY = "E23000032", "E23000033", "E23000028", "E23000031"
TEST = "recorded_in_24_hours"


def inspection(first, last):
    return SimpleNamespace(request=SimpleNamespace(period_from=first, period_to=last))


PRIOR = inspection(date(2025, 4, 1), date(2026, 4, 1))
LATER = inspection(date(2027, 4, 1), date(2028, 4, 1))


@pytest.fixture(autouse=True)
def changes(monkeypatch):
    """Kent was renamed and has Surrey's code; Sussex became part of Essex."""
    succession = [
        ForceChange(
            "a", "renaming", "Kent", KENT, SURREY, "2026-10-01", "", "", "seen", "An order", "https://a.example/b"
        ),
        ForceChange(
            "b", "merger", "Sussex", SUSSEX, ESSEX, "2026-10-01", "", "", "seen", "An order", "https://a.example/b"
        ),
    ]
    monkeypatch.setattr(reference, "force_succession", lambda: ForceSuccession(succession))


def test_an_alert_stays_with_a_force_that_was_renamed_and_is_dropped_after_a_merger():
    """Sussex became part of Essex: neither an alert on Sussex nor one on Essex alone is of the force there is now."""
    alerts = [{"indicator": TEST, "place_code": code, "since": "2025"} for code in (KENT, SUSSEX, ESSEX)]
    inherited, merged = _inherited_alerts(alerts, PRIOR, LATER)
    assert [alert["place_code"] for alert in inherited] == [SURREY]
    assert all(alert["since"] == "2025" for alert in inherited)
    assert merged == {SUSSEX: ESSEX, ESSEX: ESSEX}
    assert _merger_lines(merged) == [
        "Essex took in another force. Its alerts are not kept: it is tested anew.",
        "Sussex is now part of Essex. Its alerts are not kept: Essex is tested anew.",
    ]


def test_a_change_before_the_records_or_after_them_moves_no_alert():
    alerts = [{"indicator": TEST, "place_code": SUSSEX}]
    for previous, later in ((LATER, inspection(date(2028, 4, 1), date(2029, 4, 1))),
                           (inspection(date(2024, 4, 1), date(2025, 4, 1)), PRIOR)):  # fmt: skip
        assert _inherited_alerts(alerts, previous, later) == (alerts, {})


def recommendation(code):
    indicator = recommendation_follow_up.find_form(TEST)
    return {"key": f"{code}-1", "place_code": code, "characteristic": "recorded_rightly", "text": "Record in time.",
            "test": TEST, "definition": definition_hash(indicator), "met": 500.0, "not_met": 500.0, "unknown": 0.0,
            "asked_on": date(2026, 6, 1), "reply_by": date(2026, 8, 1), "revisit_on": date(2028, 6, 1),
            "replied_on": None}  # fmt: skip


@pytest.mark.parametrize(("code", "heir", "verdict"), [(KENT, SURREY, "better"), ("E23000015", "E23000015", "better")])
def test_a_recommendation_is_revisited_at_the_force_that_bears_it_now(monkeypatch, tmp_path, code, heir, verdict):
    counts = {heir: (900.0, 100.0, 0.0)}  # 90% now, 50% then
    monkeypatch.setattr(recommendation_follow_up, "_released_counts", lambda _folder, place, _test: counts.get(place))
    row = _revisit_row(tmp_path, recommendation(code), date(2028, 4, 1), date(2028, 7, 1))
    assert (row["place_code"], row["verdict"]) == (heir, verdict)


def test_after_a_merger_the_new_force_must_answer_and_is_not_compared_with_a_part(monkeypatch, tmp_path):
    monkeypatch.setattr(recommendation_follow_up, "_released_counts", lambda *_: (900.0, 100.0, 0.0))
    row = _revisit_row(tmp_path, recommendation(SUSSEX), date(2028, 4, 1), date(2028, 7, 1))
    assert (row["place_code"], row["verdict"]) == (ESSEX, NOT_COMPARABLE)
    assert "Sussex is now part of Essex, which must answer for it" in row["why"]
    whole = _revisit_row(tmp_path, recommendation(ESSEX), date(2028, 4, 1), date(2028, 7, 1))
    assert (whole["place_code"], whole["verdict"]) == (ESSEX, NOT_COMPARABLE)
    assert whole["why"].startswith("Essex took in another force since")
    before = _revisit_row(tmp_path, recommendation(SUSSEX), date(2026, 9, 1), date(2026, 9, 1))
    assert before["place_code"] == SUSSEX
