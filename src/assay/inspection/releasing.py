"""Which tables may leave the building, and which report is made of them?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from assay import (
    briefing,
    casefiles,
    commission,
    comparison,
    disclosure,
    enquiries,
    estimation,
    evidence,
    judgement,
    report,
    returns,
    surveys,
)
from assay.briefing.outside import characteristics_table, strands_table
from assay.comparison import indicator_findings
from assay.disclosure import (
    EarlierEdition,
    Policy,
    apply_policy,
    cells_changed,
    changes,
    declared_tables,
    policy,
    release,
    with_changes,
)
from assay.enquiries.finding import findings_table
from assay.enquiries.measures import forms, indicators
from assay.enquiries.registers import registers
from assay.enquiries.scale import released as of_scale
from assay.enquiries.scale import said_of_scale
from assay.enquiries.scale.hidden.sentences import hidden_findings
from assay.enquiries.text_findings import text_findings
from assay.evidence import EventKind, read_stage
from assay.evidence.content import file_hash
from assay.inspection import issued, told, told_files, told_texts
from assay.inspection.accuracy import accuracy_table
from assay.inspection.assured import assumptions_table, log_table
from assay.inspection.book import Made
from assay.inspection.cleared import cleared
from assay.inspection.confirmed import CASEFILES
from assay.inspection.ending import DECIDED as SETTLED
from assay.inspection.ending import JUDGEMENT, TRIANGULATION
from assay.inspection.judged import judge_forces, judged_tables
from assay.inspection.learned import STAGE as LESSONS
from assay.inspection.learned import hold_lessons
from assay.inspection.people import RELEASED as OF_PEOPLE
from assay.inspection.planned import plan_tables
from assay.inspection.registers import failure_modes, questions
from assay.inspection.revisited import revisited_table
from assay.inspection.run import Run
from assay.inspection.scale import STAGE
from assay.inspection.suppression_stage import cache_suppressions, restore_cached_suppressions
from assay.returns import burden

POLICY = "record level"
CHANGED = "changed"
"""The stage that holds the log of what was changed; nothing of it leaves."""
LEARNED = ("lessons_register", "lessons_applied", "claims_tested", "practice_changed")
MADE_RELEASED = {
    "enquiries": ("ladders", "left_out", "wait_curves", "wait_medians", "wait_medians_apart", "counts"),
    "voices": (
        "voices_asked",
        "voices_said",
        "voices_themes",
        "voices_quoted",
        "voices_advocates",
        "voices_complaints",
    ),
    "hidden": ("hidden", "hidden_lists", "hidden_pairs", "hidden_changes"),
    "comparison": ("standing", "indicator_spread", "indicator_funnel", "taken_together"),
    "people": OF_PEOPLE,
}


def release_tables(run: Run) -> disclosure.Released:
    """What may leave, made anew from what the stages hold; the stage of its name is kept if it would be the same."""
    chosen = policy(POLICY)
    restore_cached_suppressions(run)
    seal, sealed = run.book.seal, evidence.stages_listed(run.book.receipts)
    tables, editions, earlier = _to_release(run)
    request = run.inspection.request
    edition = f"returns to request {request.key}"
    released = release(tables, policy=chosen, ledger_head=seal, edition=edition, earlier=earlier)

    def make() -> Made:
        run.book.note_release(chosen.name, len(tables), seal, sealed)
        taken = sum(table.num_rows for table in tables.values())
        passed_on = sum(table.num_rows for table in released.tables.values())
        held_back = {"rows that would give a hidden count away": taken - passed_on}
        return Made(dict(released.tables), taken, passed_on, held_back)

    inputs = _inputs(run) | run.book.outputs_of(
        LESSONS, JUDGEMENT, *(stage for room in SETTLED for stage in run.book.know(room)), *editions
    )
    rooms = (
        commission, returns, enquiries, comparison, estimation, disclosure, casefiles, surveys, briefing, told,
        told_files, told_texts, judgement,
    )  # fmt: skip
    settings = run.asked | {"policy": POLICY}
    run.book.stage("disclosure", make, rooms=rooms, inputs=inputs, settings=settings)
    run.book.note_release(chosen.name, len(tables), seal, sealed)  # the seal may change where no released table does

    def log() -> Made:
        return _log(tables, chosen, earlier)

    run.book.stage(CHANGED, log, rooms=rooms, inputs=inputs, settings=settings)
    run.book.stage(issued.COUNTED, lambda: _counted(tables), rooms=rooms, inputs=inputs, settings=settings)
    cache_suppressions(run)
    return released


def _counted(tables: dict[str, pa.Table]) -> Made:
    """The figures as they were counted, for us alone: what a later edition must not give away of this one."""
    exact = issued.of_records(tables)
    rows = sum(table.num_rows for table in exact.values())
    return Made(exact, rows, rows)


def _log(tables: dict[str, pa.Table], chosen: Policy, earlier: Sequence[EarlierEdition]) -> Made:
    """What was done to the figures and why, for the inspection's own people: it stands apart from what leaves. Its
    receipt counts cells, by what was done to them."""
    safe, kept = with_changes(tables, chosen, earlier=earlier)
    log = changes(safe, kept, chosen, tables)
    forms = declared_tables()
    protected = {name: sum(one.protect for one in forms[name].columns) for name in tables}
    taken = sum(columns * safe[name].num_rows for name, columns in protected.items())
    empty = cells_changed(log)
    return Made({"changes": log}, taken, taken - sum(empty.values()), empty)


def exact_tables(run: Run) -> dict[str, pa.Table]:
    """The tables made from records that are to be released, as they were counted."""
    made = {name: read_stage(run.folder, stage, name) for stage, names in MADE_RELEASED.items() for name in names}
    made |= registers(forms())
    made |= of_scale.to_release(_of_scale(run), fewest=policy(POLICY).hide_up_to + 1)
    made |= {
        "characteristics": characteristics_table(),
        "answerability": told.answerable(read_stage(run.folder, "answerability", "answerability")),
        "burden": burden.burden(burden.reported_hours(run.together("covers")), run.inspection.declared),
        "failure_modes": failure_modes(),
        "inspected": told.inspected(run.inspection, len({one.body for one in run.held}), _refused(run)),
        "places": told.places(run.inspection),
        "questions": questions(),
        "returned": told.returned(run.together("covers"), run.together("counted")),
        "texts_read": told_texts.texts_read(run.folder),
        "words_confirmed": told_texts.words_confirmed(run.folder),
        "unflagged_confirmed": told_texts.unflagged_confirmed(run.folder),
    } | told_files.case_tables(run.folder)
    return {name: _declared_only(name, table) for name, table in made.items()}


def _to_release(run: Run) -> tuple[dict[str, pa.Table], list[str], list[EarlierEdition]]:
    """The tables; the stages of the editions that are out already, and those editions."""
    made = exact_tables(run)
    chosen = policy(POLICY)
    editions, earlier = issued.before(run.folder, made)
    for stage in editions:
        run.book.know(stage)
    run.progress("Keeping back what would tell of few", 0, 0)
    safe = apply_policy(made, chosen, earlier=earlier)
    strands = strands_table(run.inspection, safe, chosen.fewest_heard)
    quiet = apply_policy({"strands": strands}, chosen)["strands"]
    hold_lessons(run, safe, quiet, _inputs(run))
    run.progress("Proposing grades", 0, 0)
    judge_forces(run, safe, quiet, _inputs(run))
    judged = judged_tables(run.folder) | plan_tables(run.inspection)
    judged |= {"accuracy": accuracy_table(run.folder), "revisited": revisited_table(run.folder)}
    judged |= {"assumptions": assumptions_table(), "quality_log": log_table(run.inspection)}
    learned = {name: read_stage(run.folder, LESSONS, name) for name in LEARNED}
    judged |= {name: _declared_only(name, table) for name, table in learned.items()}
    return made | {"findings": _findings(run, safe), "strands": strands} | judged, editions, earlier


def _inputs(run: Run) -> dict[str, str]:
    """Everything that is read for the report, the marks of case files among it."""
    stages = run.book.outputs_of(
        "answerability", "enquiries", "readings", "confirmed", "comparison", "people", "hidden", STAGE, "voices",
        TRIANGULATION,
    )  # fmt: skip
    marked = [one for one in run.book.know(CASEFILES) if one.split("/")[1] in told_files.READ]
    return stages | run.book.outputs_of(*marked) | run.from_returns(("covers", "counted"))


def _of_scale(run: Run) -> dict[str, pa.Table]:
    return {name: read_stage(run.folder, STAGE, name) for name in of_scale.READ}


def _declared_only(name: str, table: pa.Table) -> pa.Table:
    """The columns that are declared, or asked for by disclosure; those that it adds itself may be lacking."""
    form = declared_tables()[name]
    wanted = (*(one.name for one in form.columns), *form.inside)
    return table.select([one for one in wanted if one in table.column_names])


def _refused(run: Run) -> int:
    """Returns that could not be taken in, and of whose sender nothing else was."""
    taken = {one.body for one in run.held}
    entries = run.inspection.ledger.entries()
    names = {str(e.about["name"]) for e in entries if e.kind == EventKind.RETURN_REFUSED.key}
    return len(names - taken)


def _findings(run: Run, safe: dict[str, pa.Table]) -> pa.Table:
    request = run.inspection.request
    names = {code: body.name for code, body in request.bodies.items()}
    period = indicator_findings.in_words(request.period_from, request.period_to)
    found = indicator_findings.findings(
        {one.key: one for one in indicators()},
        safe["ladders"],
        safe["standing"],
        names=names,
        request=request.key,
        period=period,
    )
    rows = (safe[name].to_pylist() for name in ("words_confirmed", "unflagged_confirmed", "texts_read"))
    of_texts = text_findings(*rows, names=names, request=request.key, period=period)
    scale = said_of_scale.findings(safe, names=names, request=request.key, period=period)
    lists = hidden_findings(safe["hidden"].to_pylist(), names, request.key)
    return findings_table([*found, *scale, *lists, *of_texts])


def write_report(run: Run, released: disclosure.Released, again: report.Reissue | None = None) -> evidence.Receipt:
    """The report of what was released; kept if it would be the same. `again`: it names what changed since."""
    rows = sum(table.num_rows for table in released.tables.values())

    said = cleared(run.inspection, released.ledger_head)

    def fill(folder: Path) -> object:
        return report.write(released, folder, progress=run.progress, cleared=said, with_pdf=True, again=again)

    inputs = run.book.outputs_of("disclosure")
    settings = {"seal": released.ledger_head, "policy": POLICY, "wording": str(said.wording or "not reviewed")}
    if again:
        earlier = file_hash(again.earlier)
        settings |= {"earlier": earlier, "reason": again.reason}
        run.inspection.ledger.append(EventKind.REISSUED, reason=again.reason, earlier=earlier)
    settings |= {f"page of {body}": str(yes) for body, yes in sorted(said.pages.items())}

    def make() -> Made:
        return Made({}, rows, rows, fill=fill)

    return run.book.stage("report", make, rooms=(report,), inputs=inputs, settings=settings)
