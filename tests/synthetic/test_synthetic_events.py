"""Do the rarer steps of a synthetic force come where they make sense, and does the truth agree with them?"""

import collections
import datetime as dt
from dataclasses import replace

import pytest
from plain_return import Country

from assay import contract
from assay.synthetic import generate_country, read_world
from assay.synthetic.world_settings import InjectedFailing, Nuisances, Where

# What no synthetic row fills, and why. The notes and the lists of partners have authors of their own.
NOT_FILLED = {
    ("crimes", "local_authority_code"): "the list holds real authorities, and no synthetic force lies in one",
    ("missing", "local_authority_code"): "as in crimes",
    ("referrals", "local_authority_code"): "as in crimes",
    ("agencies", "local_authority_code"): "as in crimes",
    **{
        ("crimes", name): "the rows of involvements say it"
        for name in ("suspect_identified", "suspect_count", "victim_count")
    },
    **{("involvements", name): "the date of birth says it" for name in ("age_at_offence", "age_at_report", "age_band")},
    ("marks", "chain_hash"): "only the workbench seals marks in a chain; a force's own audit does not",
    ("notes", "report_ref"): "no note of a report is written yet",
    ("notes", "person_ref"): "no note on a child's own record is written yet",
    ("overlap_counts", "on_police_register"): "the overlaps of three lists are counted",
    ("overlap_counts", "on_health"): "the overlaps of three lists are counted",
    ("overlap_counts", "on_referral_mechanism"): "the overlaps of three lists are counted",
    ("overlap_counts", "on_voluntary"): "the overlaps of three lists are counted",
    ("overlap_counts", "on_other"): "the overlaps of three lists are counted",
}
MISSED = {"few_charged": Where(forces=("INV01", "INV02")), "missing_not_linked": Where(forces=("INV03", "INV04"))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Country:
    """Eight forces that send every table and kind, whole and clean; in four of them something is injected."""
    injected = tuple(InjectedFailing(failing, where, 3.0) for failing, where in MISSED.items())
    nuisances = Nuisances(size_spread=0.0, between_forces=0.3, sends_everything=True)
    world = replace(read_world("plain"), injected=injected, nuisances=nuisances)
    return Country(
        generate_country(tmp_path_factory.mktemp("whole") / "country", world=world, forces=8, crimes_per_force=200)
    )


@pytest.fixture(scope="module")
def steps(whole) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The events of each crime, by force and crime, in order of the day or minute that they bear."""
    found = collections.defaultdict(list)
    for row in sorted(whole.all("events"), key=lambda row: row["happened_at"]):
        if row["crime_ref"]:
            found[row["force_code"], row["crime_ref"]].append(row)
    return found


def rows_of_kind(rows, *kinds):
    return [row for row in rows if row["kind"] in kinds]


def minute(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_every_table_has_rows_and_every_column_is_filled_somewhere_but_for_these(country):
    for name, table in contract.tables().items():
        rows = country.all(name)
        assert rows, name
        empty = {(name, column.name) for column in table.columns if not any(row.get(column.name) for row in rows)}
        assert empty <= set(NOT_FILLED), name


def test_every_kind_of_event_whose_home_is_events_happens_somewhere(country):
    kinds = {key for key, kind in contract.event_kinds().items() if kind.home == "events"}
    assert kinds - {row["kind"] for row in country.all("events")} == set()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("investigation_opened", "early_advice_requested"),
        ("early_advice_requested", "file_submitted"),
        ("early_advice_requested", "charge_decision"),
        ("investigation_opened", "handover"),
        ("investigation_opened", "decision_not_to_investigate"),
        ("earlier_closure", "crime_reopened"),
        ("transfer_offered", "transfer_refused"),
        ("transfer_offered", "transfer_accepted"),
        ("closed_case_referred", "independent_review_done"),
        ("complaint_received", "complaint_acknowledged"),
        ("complaint_acknowledged", "complaint_answered"),
        ("vrr_requested", "vrr_acknowledged"),
        ("vrr_acknowledged", "vrr_decided"),
        ("suspect_interviewed_under_caution", "vrr_requested"),
        ("suspect_charged", "wcu_received_from_court"),
        ("suspect_charged", "wcu_received_from_cps"),
        ("other_children_check_done", "linked_child_contacted"),
    ],
)
def test_the_first_step_of_a_kind_comes_before_the_first_of_the_kind_that_follows_it(steps, first, then):
    pairs = 0
    for rows in steps.values():
        earlier_rows, later = rows_of_kind(rows, first), rows_of_kind(rows, then)
        if earlier_rows and later:
            assert minute(earlier_rows[0]["happened_at"]) <= minute(later[0]["happened_at"])
            pairs += 1
    assert pairs > 2


@pytest.mark.parametrize(
    ("kind", "follows"),
    [
        ("crime_reopened", "earlier_closure"),
        ("transfer_accepted", "transfer_offered"),
        ("transfer_refused", "transfer_offered"),
        ("independent_review_done", "closed_case_referred"),
        ("complaint_answered", "complaint_received"),
        ("vrr_decided", "vrr_requested"),
        ("linked_child_contacted", "other_children_check_done"),
    ],
)
def test_a_step_that_answers_another_never_stands_alone(steps, kind, follows):
    unfollowed = [rows for rows in steps.values() if rows_of_kind(rows, kind) and not rows_of_kind(rows, follows)]
    assert unfollowed == []


def test_a_suspect_who_was_identified_later_was_neither_arrested_nor_interviewed_before(steps):
    checked = 0
    for rows in steps.values():
        for known in rows_of_kind(rows, "suspect_identified"):
            met = rows_of_kind(rows, "suspect_arrested", "suspect_interviewed_under_caution", "suspect_charged")
            before = [row for row in met if row["person_ref"] == known["person_ref"]]
            assert all(known["happened_at"] <= row["happened_at"] for row in before)
            checked += 1
    assert checked > 50


def test_a_step_to_identify_somebody_unnamed_names_their_row_on_the_crime(whole):
    rows = {(row["force_code"], row["involvement_ref"]): row for row in whole.all("involvements")}
    tried = [row for row in whole.all("events") if row["kind"] == "identification_attempted" and not row["person_ref"]]
    assert len(tried) > 50
    for row in tried:
        suspect = rows[row["force_code"], row["involvement_ref"]]
        assert (suspect["crime_ref"], suspect["role"]) == (row["crime_ref"], "suspect")
        assert suspect["suspect_known_as"] != "named"


def test_a_crime_lay_still_between_its_closure_and_its_reopening(steps):
    checked = 0
    for rows in steps.values():
        if (reopenings := rows_of_kind(rows, "crime_reopened")) and not rows_of_kind(rows, "vrr_decided"):
            closed = rows_of_kind(rows, "earlier_closure")[0]
            steps_between = [
                row for row in rows if closed["happened_at"] < row["happened_at"] < reopenings[0]["happened_at"]
            ]
            assert steps_between == []
            checked += 1
    assert checked > 10


def test_a_crime_is_open_after_a_decision_was_overturned_or_was_decided_anew_later(whole, steps):
    crimes = {(row["force_code"], row["crime_ref"]): row for row in whole.all("crimes")}
    overturned = {
        key: row["happened_at"]
        for key, rows in steps.items()
        for row in rows_of_kind(rows, "vrr_decided")
        if row["detail"] == "overturned"
    }
    assert overturned
    for key, when in overturned.items():
        assert crimes[key]["outcome_code"] in ("NOA", "") or crimes[key]["outcome_at"] > when


def test_the_team_that_holds_a_crime_was_given_it_first_or_by_the_last_handover(whole, steps):
    for crime in whole.all("crimes"):
        passed = rows_of_kind(steps[crime["force_code"], crime["crime_ref"]], "investigation_opened", "handover")
        if passed:
            assert crime["investigating_team"] == passed[-1]["detail"]
    assert any(rows_of_kind(rows, "handover") for rows in steps.values())


def test_a_crime_that_passed_to_another_force_was_accepted_by_it_and_nothing_was_done_here_afterwards(whole, steps):
    transferred = [row for row in whole.all("crimes") if row["transferred_to_force"]]
    assert len(transferred) > 3
    for crime in transferred:
        rows = steps[crime["force_code"], crime["crime_ref"]]
        accepted = rows_of_kind(rows, "transfer_accepted")
        assert [row["detail"] for row in accepted] == [crime["transferred_to_force"]]
        assert (rows[-1], crime["outcome_at"]) == (accepted[0], "")
    accepted = {key for key, rows in steps.items() if rows_of_kind(rows, "transfer_accepted")}
    assert accepted == {(row["force_code"], row["crime_ref"]) for row in transferred}


def test_only_a_closed_crime_of_which_nobody_was_charged_is_referred_to_a_review(whole, steps):
    crimes = {(row["force_code"], row["crime_ref"]): row for row in whole.all("crimes")}
    referred = {key: rows_of_kind(rows, "closed_case_referred") for key, rows in steps.items()}
    closed = {key: rows[0] for key, rows in referred.items() if rows}
    assert len(closed) > 10
    for key, row in closed.items():
        assert crimes[key]["closed_at"] < row["happened_at"]
        assert crimes[key]["outcome_code"] != "1"


def test_a_child_has_a_trigger_plan_only_after_a_third_missing_episode_began(whole):
    start_times = collections.defaultdict(list)
    for row in whole.all("missing"):
        start_times[row["force_code"], row["person_ref"]].append(row["started_at"])
    plans = rows_of_kind(whole.all("events"), "trigger_plan_made")
    assert len(plans) > 20
    assert all(sorted(start_times[row["force_code"], row["person_ref"]])[2] < row["happened_at"] for row in plans)


def test_the_local_authority_is_told_of_police_protection_and_of_nothing_else(whole):
    orders = {(row["force_code"], row["person_ref"]): row for row in whole.all("orders") if row["order_code"] == "PPP"}
    notices_to_authority = rows_of_kind(whole.all("events"), "la_informed")
    assert 5 < len(notices_to_authority) <= len(orders)
    assert all(
        orders[row["force_code"], row["person_ref"]]["made_at"] < row["happened_at"] for row in notices_to_authority
    )


def test_nobody_is_named_in_a_step_after_their_death(whole):
    died = {
        (row["force_code"], row["person_ref"]): row["died_on"] for row in whole.all("involvements") if row["died_on"]
    }
    assert died
    for row in whole.all("events"):
        assert row["happened_at"][:10] < died.get((row["force_code"], row["person_ref"]), "9999")


@pytest.mark.parametrize(
    ("table", "answer", "kind"),
    [
        ("early_advice", "asked", "early_advice_requested"),
        ("trigger_plans", "made", "trigger_plan_made"),
        ("within_reach", "contacted", "linked_child_contacted"),
        ("reopened", "", "crime_reopened"),
        ("complaints", "", "complaint_received"),
        ("reviews", "", "vrr_requested"),
    ],
)
def test_the_truth_counts_as_many_as_were_sent(whole, table, answer, kind):
    known_counts = collections.Counter(
        row["force_code"] for row in whole.known(table) if not answer or row[answer] == "yes"
    )
    event_counts = collections.Counter(row["force_code"] for row in rows_of_kind(whole.all("events"), kind))
    assert known_counts == event_counts
    assert known_counts.total() > 5


@pytest.mark.parametrize(
    ("failing", "table", "answer"),
    [
        ("few_charged", "early_advice", "asked"),
        ("few_charged", "within_reach", "contacted"),
        ("missing_not_linked", "trigger_plans", "made"),
    ],
)
def test_where_a_failing_is_injected_the_step_is_seldom_taken(whole, failing, table, answer):
    injected = MISSED[failing].forces
    rows = whole.known(table)
    yes_answers = [row[answer] == "yes" for row in rows if row["force_code"] in injected]
    elsewhere = [row[answer] == "yes" for row in rows if row["force_code"] not in injected]
    assert sum(yes_answers) / len(yes_answers) < 0.5 * sum(elsewhere) / len(elsewhere)
