"""Does every time standard become a clock, or say why it does not?"""

from tiny import Return

from assay.engine import ExpressionEngine
from assay.facts.case_steps import STEP_SOURCES
from assay.facts.duty_clocks import START_DETAILS, UNSUPPORTED_STANDARDS, duty_clocks
from assay.facts.fact_tables import required_step_kinds
from assay.facts.inferred_steps import INFERENCE_RULES, REQUIRED_KINDS
from assay.reference.event_kinds import event_kinds
from assay.reference.time_standards import standards


def test_every_standard_is_a_clock_or_says_why_it_is_not():
    with ExpressionEngine() as engine:
        tables = {name: engine.table(name, rows) for name, rows in Return().tables().items()}
        found = engine.run(duty_clocks(tables)).to_pylist()
    standards_found = {row["standard"] for row in found}
    assert standards_found.isdisjoint(UNSUPPORTED_STANDARDS)
    assert standards_found | set(UNSUPPORTED_STANDARDS) == set(standards().keys)
    assert {row["level"] for row in found} <= {
        "crime", "victim", "suspect", "child", "missing", "report", "row", "notice"
    }  # fmt: skip


def test_every_kind_that_starts_or_ends_a_clock_can_be_found():
    """In events, in a column that is read, or worked out; the report of a crime has a module of its own."""
    read = {home.kind for home in STEP_SOURCES} | {way.kind for way in INFERENCE_RULES} | set(REQUIRED_KINDS)
    read |= {"crime_reported", "report_received"}
    for standard in standards():
        if standard.key in UNSUPPORTED_STANDARDS:
            continue
        for kind in (standard.start_event, standard.end_event):
            assert kind in read or event_kinds().get(kind).home == "events", kind


def test_what_a_step_is_worked_out_from_is_read():
    sources = {way.source for way in INFERENCE_RULES} | {kind for kinds in REQUIRED_KINDS.values() for kind in kinds}
    assert sources <= set(required_step_kinds())
    assert {way.kind for way in INFERENCE_RULES} <= set(REQUIRED_KINDS)


def test_a_home_is_the_one_that_the_contract_names():
    """But for the cancelling of a crime, which has no kind of its own."""
    source_columns = {
        home.kind: f"{home.table}.{home.column}" for home in STEP_SOURCES if home.kind != "crime_cancelled"
    }
    assert source_columns == {kind: event_kinds().get(kind).home for kind in source_columns}


def test_a_detail_that_starts_a_clock_is_asked_of_a_standard_that_is_one():
    assert set(START_DETAILS) <= set(standards().keys) - set(UNSUPPORTED_STANDARDS)
