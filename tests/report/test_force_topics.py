"""Do the topics of a force's page, and what is not known, state only what was counted?"""

import pytest

from assay.report.pages.inspection.force_message import unknown_lines
from assay.report.pages.inspection.force_topics import hidden_sentence, lesson_sentence, voice_sentence
from report.force_rows import CODE, NEIGHBOUR, measure, world


def test_both_places_that_speak_of_hidden_victims_take_the_latest_window():
    windows = [
        {"place_code": CODE, "window_from": "2024-04-01", "refusal": "One list alone. No range."},
        {"place_code": CODE, "window_from": "2025-04-01", "low": 40, "high": 90},
    ]
    for rows in (windows, windows[::-1]):
        site = world([measure("met", 0.9)], hidden_victims=rows)
        assert "40 to 90 children" in hidden_sentence(site, CODE)
        assert "Hidden victims" not in dict(unknown_lines(site, CODE))
    refused = [windows[1] | {"window_from": "2023-04-01"}, windows[0]]
    site = world([measure("met", 0.9)], hidden_victims=refused)
    assert "one list alone" in hidden_sentence(site, CODE)
    assert dict(unknown_lines(site, CODE))["Hidden victims"] == "One list alone."


def asking(kind, place=CODE, voice="v"):
    return {"place_code": place, "voice": f"{kind} {voice}", "kind": kind}


def test_figures_of_services_are_no_consultation_and_leave_the_force_unheard():
    site = world([measure("met", 0.9)], voice_collections=[asking("complaints"), asking("advocates")])
    sentence = voice_sentence(site, CODE)
    assert "consultation" not in sentence
    assert sentence.startswith("No victim or survivor was asked about this force.")
    assert "complaints" in sentence
    assert "advocacy service" in sentence
    assert "Victims and survivors" in dict(unknown_lines(site, CODE))


def test_surveys_and_conversations_are_counted_and_the_figures_of_services_are_named_beside_them():
    consulted = [asking("survey"), asking("conversations"), asking("complaints")]
    site = world([measure("met", 0.9)], voice_collections=consulted)
    sentence = voice_sentence(site, CODE)
    assert sentence.startswith("2 consultations with victims and survivors. They speak for themselves alone.")
    assert "complaints" in sentence
    assert "advocacy" not in sentence
    assert "Victims and survivors" not in dict(unknown_lines(site, CODE))


def test_who_was_asked_across_forces_is_mentioned_where_nobody_was_asked_about_this_force():
    site = world([measure("met", 0.9)], voice_collections=[asking("survey", "ALL")])
    texts = (voice_sentence(site, CODE), dict(unknown_lines(site, CODE))["Victims and survivors"])
    assert all("across forces" in text for text in texts)
    elsewhere = world(
        [measure("met", 0.9)], voice_collections=[asking("survey", NEIGHBOUR), asking("complaints", "ALL")]
    )
    assert voice_sentence(elsewhere, CODE) == "No victim or survivor was asked about this force."


def test_no_reason_is_given_for_a_share_that_is_not_shown():
    site = world([measure("hidden", None), measure("met", 0.9)])
    assert dict(unknown_lines(site, CODE))["Measures"] == "Of 2 measures, 1 shows no share."


@pytest.mark.parametrize(("number", "text"), [(1, "1 past recommendation could"), (2, "2 past recommendations could")])
def test_one_past_recommendation_is_not_in_the_plural(number, text):
    rows = [{"place_code": CODE, "recommendation": str(item), "status": "applied"} for item in range(number)]
    assert lesson_sentence(world([measure("met", 0.9)], lessons_applied=rows), CODE).startswith(text)
