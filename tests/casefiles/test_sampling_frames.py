"""Can files be drawn from groups that the records show, from waits, and from what is asked of other records?"""

import shutil
from datetime import date

import polars as pl
import pytest

from assay.casefiles.case_assembly import SHARED
from assay.casefiles.case_timeline import build_timelines
from assay.casefiles.file_allocation import issue_sheets
from assay.casefiles.file_sampling import draw_sample
from assay.casefiles.sample_designs import Design
from assay.casefiles.sampling_frames import build_frame
from assay.engine.provenance.verification import verify
from assay.errors import UsageError
from assay.indicators.indicator_catalogue import find_form

NOW = date(2026, 6, 1)


def design(**more) -> Design:
    return Design(
        **{"key": "some", "title": "Some", "subject": "crime", "seed": "read out", "files": 4, "least": 1, **more}
    )


@pytest.fixture(scope="module")
def inspection(country):
    return country / "inspection"


def facts(inspection, name: str) -> pl.DataFrame:
    return pl.read_parquet(inspection / "records" / f"{name}.parquet")


def refs(frame) -> set[tuple[str, str]]:
    return {(row["force_code"], row["subject_ref"]) for row in frame.units.to_pylist()}


def pairs(rows: pl.DataFrame, ref: str) -> set[tuple[str, str]]:
    return set(rows.drop_nulls(ref).select("force_code", ref).iter_rows())


def found_crimes(inspection, tied_by="crimes") -> set[tuple[str, str]]:
    return pairs(pl.read_parquet(inspection / "groups" / "found_crimes.parquet").filter(tied_by=tied_by), "crime_ref")


def test_crimes_of_groups_that_the_records_show_are_a_stratum_and_can_be_drawn_alone(inspection):
    by_kind = build_frame(inspection, design(where="true", strata=("in_found_group",)))
    inside = {
        (row["force_code"], row["subject_ref"])
        for row in by_kind.units.to_pylist()
        if row["stratum"] == "in_found_group true"
    }
    assert inside == found_crimes(inspection)
    assert refs(build_frame(inspection, design(where="in_found_group"))) == inside & pairs(
        facts(inspection, "crime").filter("in_base"), "crime_ref"
    )


def test_a_crime_that_was_never_looked_at_for_groups_is_neither_in_one_nor_out_of_one(inspection):
    frame = build_frame(inspection, design(where="true", strata=("in_found_group",)))
    kinds = {(row["force_code"], row["subject_ref"]): row["stratum"] for row in frame.units.to_pylist()}
    cancelled = pairs(facts(inspection, "crime").filter("cancelled"), "crime_ref")
    assert cancelled
    assert {kinds[record] for record in cancelled} == {"in_found_group: not known"}
    assert set(kinds.values()) == {"in_found_group true", "in_found_group false", "in_found_group: not known"}


@pytest.mark.parametrize(("subject", "name"), [("child", "victim"), ("suspect", "suspect")])
def test_a_person_is_in_a_found_group_by_any_of_their_crimes(inspection, subject, name):
    frame = build_frame(inspection, design(subject=subject, where="in_found_group"))
    crimes, also = found_crimes(inspection), "child_at_offence" if subject == "child" else "named"
    people = (
        pl.read_parquet(inspection / "groups" / "found_persons.parquet").filter(tied_by="crimes")["person_id"].to_list()
    )
    rows = facts(inspection, name).filter(also).iter_rows(named=True)
    by_pencil = {
        (row["force_code"], row["person_id"])
        for row in rows
        if (row["force_code"], row["crime_ref"]) in crimes or row["person_id"] in people
    }
    assert by_pencil
    assert refs(frame) == by_pencil


def test_groups_that_the_records_show_are_drawn_by_what_is_asked_of_them(inspection):
    found = facts(inspection, "found_group").filter("in_base")
    assert refs(build_frame(inspection, design(subject="group", records="found_groups"))) == pairs(found, "record_ref")
    answers = pl.read_parquet(inspection / "enquiries" / "answers.parquet").filter(indicator="found_groups_held")
    answer_values = answers["answer"].unique().to_list()
    cancelled_frame = build_frame(
        inspection, design(subject="group", indicator="found_groups_held", answers=tuple(answer_values))
    )
    assert refs(cancelled_frame) == pairs(answers, "record_ref") & pairs(found, "record_ref")
    crimes = build_frame(inspection, design(where="true", indicator="found_groups_held"))
    assert refs(crimes) <= found_crimes(inspection) | found_crimes(inspection, "anything")


def test_the_file_of_a_found_group_is_its_crimes_in_that_force_and_says_by_what_they_are_tied(country, tmp_path):
    inspection = shutil.copytree(country / "inspection", tmp_path / "inspection")
    (tmp_path / "groups.toml").write_text(
        'title = "Groups"\nsubject = "group"\nseed = "read out"\nfiles = 20\nleast = 1\nrecords = "found_groups"\n'
    )
    (tmp_path / "markers.csv").write_text("marker_code,away_from\nM1,\n")
    draw_sample(inspection, tmp_path / "groups.toml")
    row = facts(inspection, "found_group").filter("in_base").row(0, named=True)
    file = (row["force_code"], row["record_ref"])
    steps = build_timelines(inspection, "group", [file], None, today=NOW).steps
    group_crimes = pl.read_parquet(inspection / "groups" / "found_crimes.parquet").filter(
        tied_by=row["tied_by"], group_ref=row["group_ref"], force_code=row["force_code"]
    )
    assert {step.crime for step in steps} == set(group_crimes["crime_ref"])
    assert {(step.subject_ref, step.held_by, step.tied_by) for step in steps} == {(file[1], file[0], SHARED)}
    answer_values = issue_sheets(inspection, "groups", "responses_group", tmp_path / "markers.csv", tmp_path)
    assert answer_values.sheets["M1"].is_file()
    assert not [difference for difference in verify(inspection) if "casefiles" in str(difference)]


def test_what_is_asked_of_a_suspect_leads_to_the_children_of_the_crime_and_not_to_the_suspect(inspection):
    answers = pl.read_parquet(inspection / "enquiries" / "answers.parquet").filter(
        indicator="named_suspect_met", answer="met"
    )
    pursued = facts(inspection, "pursuit").join(answers, on=["force_code", "record_ref"], how="semi")
    children = facts(inspection, "victim").filter("child_at_offence", "in_base")
    expected_people = pairs(children.join(pursued, on=["force_code", "crime_ref"], how="semi"), "person_id")
    question_fields = {"indicator": "named_suspect_met", "answers": ("met",)}
    assert expected_people
    assert refs(build_frame(inspection, design(subject="child", **question_fields))) == expected_people
    suspects = facts(inspection, "suspect").filter("named", "in_base")
    own_pairs = pairs(suspects.join(pursued, on=["force_code", "person_id"], how="semi"), "person_id")
    assert refs(build_frame(inspection, design(subject="suspect", **question_fields))) == own_pairs


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"subject": "child", "indicator": "several_children_acted_on"},
            "asks of each suspected person, not of a child",
        ),
        ({"subject": "suspect", "indicator": "sign_to_assessment"}, "asks of each known child, not of a suspect"),
        ({"indicator": "problem_profile_current"}, "a force has no case file"),
        ({"indicator": "groups_found"}, "is a count"),
        ({"subject": "group", "indicator": "named_suspect_met"}, "asks of each pursuit, not of a group"),
        ({"indicator": "report_to_charge", "answers": ("past its limit",)}, "has no limit of its own"),
        ({"indicator": "report_to_charge", "answers": ("met",)}, "answers to report_to_charge are among still waiting"),
        ({"indicator": "charged_of_closed", "answers": ("still waiting",)}, "answers to charged_of_closed are among"),
        ({"indicator": "charged_of_closed", "over": 90}, "over counts the days of a wait"),
        ({"subject": "crime", "records": "found_groups"}, "Write subject = group"),
    ],
)
def test_what_leads_to_no_file_is_refused_with_the_reason(inspection, more, message):
    with pytest.raises(UsageError, match=message):
        build_frame(inspection, design(**more))


def test_crimes_whose_wait_goes_on_or_has_lasted_too_long_are_drawn(inspection):
    crimes = facts(inspection, "crime").filter("in_base", "ends_known")
    ends = ("days_to_charged", "days_to_closed", "days_to_cancelled")
    waiting = crimes.filter(pl.all_horizontal(pl.col(name).is_null() for name in ends))
    frame = {"indicator": "report_to_charge", "answers": ("still waiting",)}
    assert refs(build_frame(inspection, design(**frame))) == pairs(waiting, "crime_ref") != set()
    long = waiting.filter(pl.col("days_seen") > 100)
    assert refs(build_frame(inspection, design(over=100, **frame))) == pairs(long, "crime_ref")
    days = pl.min_horizontal(*ends, "days_seen")
    assert refs(build_frame(inspection, design(over=100, indicator="report_to_charge"))) == pairs(
        crimes.filter(days > 100), "crime_ref"
    )


def test_what_an_entry_says_of_a_suspect_leads_to_the_suspect_or_by_the_crime_to_its_children(inspection):
    described = facts(inspection, "described").filter(role="suspect")
    frame = {"indicator": "suspect_sex_recorded", "answers": ("met",), "where": "true"}
    answers = pl.read_parquet(inspection / "enquiries" / "answers.parquet").filter(
        indicator="suspect_sex_recorded", answer="met"
    )
    answered = described.join(answers, on=["force_code", "record_ref"], how="semi")
    children = facts(inspection, "victim").filter("child_at_offence")
    suspects = facts(inspection, "suspect").filter("named")
    for subject, rows, key in (("suspect", suspects, "person_id"), ("child", children, "crime_ref")):
        expected_pairs = pairs(rows.join(answered, on=["force_code", key], how="semi"), "person_id")
        assert refs(build_frame(inspection, design(subject=subject, **frame))) == expected_pairs != set()


def test_children_for_whom_a_duty_is_past_its_limit_are_drawn(country, tmp_path):
    """Of three duties to three children one is late, one did not happen, and one was done in time."""
    inspection = shutil.copytree(country / "inspection", tmp_path / "inspection")
    duties = facts(inspection, "duty")
    children = sorted(pairs(facts(inspection, "victim").filter("child_at_offence", force_code="INV01"), "person_id"))[
        :3
    ]
    wait = find_form("cause_to_strategy_discussion")
    like = duties.row(0, named=True) | dict(wait.examples[0][0])
    states = {"late": (9, 30), "did not happen": (None, 30), "in time": (1, 30)}
    entered = {row["person_id"]: row["involvement_ref"] for row in facts(inspection, "victim").iter_rows(named=True)}
    rows = [
        {**like, "force_code": "INV01", "record_ref": f"D{place}", "person_id": child, "state": state,
         "involvement_ref": entered[child], "days_to_ended": ended, "days_seen": seen}
        for place, ((_, child), (state, (ended, seen))) in enumerate(zip(children, states.items(), strict=True))
    ]  # fmt: skip
    pl.DataFrame(rows, schema=duties.schema).write_parquet(inspection / "records" / "duty.parquet")
    frame = {"subject": "child", "where": "true", "indicator": wait.key}
    assert refs(build_frame(inspection, design(answers=("past its limit",), **frame))) == set(children[:2])
    assert refs(build_frame(inspection, design(answers=("still waiting",), **frame))) == {children[1]}
    assert refs(build_frame(inspection, design(answers=("past its limit",), over=10, **frame))) == {children[1]}


def test_a_duty_that_names_nobody_leads_by_what_started_it_to_the_child_and_one_of_a_crime_to_its_children(inspection):
    answered = {"subject": "child", "where": "true"}
    duty_facts = facts(inspection, "duty").filter("in_base", pl.col("family") == "strategy discussion", state="in time")
    people = facts(inspection, "person").select("force_code", "person_ref", "person_id").drop_nulls().unique()
    begun = return_table(inspection, "events").join(
        duty_facts, left_on=["force_code", "event_ref"], right_on=["force_code", "about_ref"], how="semi"
    )
    children = pairs(facts(inspection, "victim").filter("child_at_offence"), "person_id")
    expected_people = pairs(begun.join(people, on=["force_code", "person_ref"]), "person_id") & children
    frame = {"indicator": "cause_to_strategy_discussion", "answers": ("strategy discussion held",)}
    assert refs(build_frame(inspection, design(**answered, **frame))) == expected_people != set()
    recorded = facts(inspection, "duty").filter(standard="hocr24")
    answers = pl.read_parquet(inspection / "enquiries" / "answers.parquet").filter(
        indicator="recorded_in_24_hours", answer="not met"
    )
    late = recorded.join(answers, on=["force_code", "record_ref"], how="semi")
    crime_rows = (
        facts(inspection, "victim").filter("child_at_offence").join(late, on=["force_code", "crime_ref"], how="semi")
    )
    frame = {"indicator": "recorded_in_24_hours", "answers": ("not met",)}
    assert refs(build_frame(inspection, design(**answered, **frame))) == pairs(crime_rows, "person_id") != set()


def return_table(inspection, table: str) -> pl.DataFrame:
    return pl.concat(pl.read_parquet(path) for path in inspection.glob(f"returns/*/edition_1/{table}.parquet"))


def test_a_report_leads_to_its_crimes_and_a_referral_to_its_child(inspection):
    answers = pl.read_parquet(inspection / "enquiries" / "answers.parquet")
    reports = answers.filter(indicator="report_became_crime", answer="met")
    crimes = return_table(inspection, "report_crimes").join(
        reports, left_on=["force_code", "report_ref"], right_on=["force_code", "record_ref"], how="semi"
    )
    frame = build_frame(inspection, design(where="true", indicator="report_became_crime", answers=("met",)))
    assert refs(frame) == pairs(crimes, "crime_ref") & pairs(facts(inspection, "crime"), "crime_ref") != set()
    referrals = facts(inspection, "referral").filter("in_base", pl.col("days_to_answered").is_not_null())
    people = facts(inspection, "person").select("force_code", "person_ref", "person_id").drop_nulls().unique()
    expected_people = pairs(referrals.join(people, on=["force_code", "person_ref"]), "person_id")
    # A report of an online service names a crime and no person: it leads to the victims of the crime.
    named_crimes = return_table(inspection, "referrals").join(
        referrals, left_on=["force_code", "referral_ref"], right_on=["force_code", "record_ref"], how="semi"
    )
    expected_people |= pairs(
        facts(inspection, "victim").join(named_crimes, on=["force_code", "crime_ref"], how="semi"), "person_id"
    )
    answered = build_frame(
        inspection, design(subject="child", where="true", indicator="referral_to_answer", answers=("answered",))
    )
    assert refs(answered)
    assert refs(answered) <= expected_people


@pytest.mark.parametrize("indicator", ["flag_removed", "warning_followed_up"])
@pytest.mark.parametrize("subject", ["crime", "child", "suspect"])
def test_a_flag_and_an_order_lead_to_their_crime_or_person(inspection, indicator, subject):
    frame = build_frame(inspection, design(subject=subject, where="true", indicator=indicator))
    assert frame.records == frame.units.num_rows + sum(frame.set_aside.values())
