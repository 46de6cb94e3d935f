"""Commands for the panel: the sealed plan, grades, decisions, recommendations and revisits."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_result


@command("inspect seal-plan")
def seal_plan(
    folder: Folder,
    notice: Annotated[str, typer.Option("--notice", help="The day on which the inspection was announced.")] = "",
    reason: Annotated[
        str, typer.Option("--reason", help="Why the plan is sealed again, if it was sealed before.")
    ] = "",
    design: Annotated[
        list[Path] | None, typer.Option("--design", help="The design of a sample of case files to be drawn.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Seal questions, definitions, standards, measures, thresholds, grade rules and designs before the first return."""
    from assay.workflows.judge.inspection_plan import seal_plan as seal
    from assay.workflows.receive.request_contract import parse_day

    day = parse_day(notice, "--notice") if notice else None
    print_result(seal(folder, day=datetime.now(UTC).date(), notice=day, reason=reason, designs=design or ()), as_json)


@command("inspect import-alerts")
def import_alerts(
    folder: Folder,
    baseline: Annotated[Path, typer.Option("--baseline", help="The folder of an earlier inspection that was run.")],
    as_json: Json = False,
) -> None:
    """Import the outlier alerts of an earlier inspection, so that a persisting alert is not reported as new."""
    from assay.workflows.run.previous_inspections import import_previous_alerts

    print_result(import_previous_alerts(folder, baseline), as_json)


@command("grade show")
def grades(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name; without it, every force.")] = "",
    as_json: Json = False,
) -> None:
    """Show the proposed and decided grades of each force; for one force, with the reasons."""
    from assay.workflows.judge.grading_stage import show_grades

    print_result(show_grades(folder, force), as_json)


@command("grade decide")
def decide(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name.")],
    line: Annotated[str, typer.Argument(help="An inspection theme, by key or name, or overall.")],
    grade: Annotated[str, typer.Argument(help="The grade that the panel decided, or 'not enough evidence'.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; needed if the grade differs from the proposal.")] = "",
    decider: Annotated[str, typer.Option("--by", help="Who decides: a code or a post, never a name.")] = "",
    as_json: Json = False,
) -> None:
    """Record the panel's decision on a grade; the proposal and all earlier decisions are kept.

    Where the inspection's settings ask for two persons, it counts once a second person records the same grade.
    """
    from assay.workflows.judge.grading_stage import record_decision

    print_result(record_decision(folder, force, line, grade, reason, datetime.now(UTC).date(), decider), as_json)


@command("grade trace")
def trace(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name.")] = "",
    line: Annotated[str, typer.Argument(help="An inspection theme, by key or name, or overall.")] = "overall",
    record: Annotated[str, typer.Option("--record", help="A record reference: show the grades that it affects.")] = "",
    as_json: Json = False,
) -> None:
    """Trace a grade to its indicators and records, or a record to its grades. For the inspection team only."""
    from assay.errors import UsageError
    from assay.workflows.judge.grade_provenance import trace_grade, trace_record

    if not force and not record:
        raise UsageError("Nothing to trace. Name a force, or a record with --record.")
    print_result(trace_record(folder, record, force) if record else trace_grade(folder, force, line), as_json)


@command("grade accuracy-points")
def points(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name.")],
    target: Annotated[Path, typer.Option("--to", help="The CSV file for that force.")],
    as_json: Json = False,
) -> None:
    """Write every point of the report about one force, for it to answer before anybody else reads them."""
    from assay.workflows.release.accuracy_points import write_points

    print_result(write_points(folder, force, target), as_json)


@command("grade accuracy-answers")
def answered(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name.")],
    answers: Annotated[Path, typer.Argument(help="The CSV file that the force sent back.")],
    as_json: Json = False,
) -> None:
    """Receive a force's answers to the points about it in the report, with the evidence."""
    from assay.workflows.release.accuracy_points import take_answers

    print_result(take_answers(folder, force, answers), as_json)


@command("grade recommend")
def recommend(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name.")],
    characteristic: Annotated[str, typer.Argument(help="The characteristic of good that is not shown, by key.")],
    test: Annotated[str, typer.Option("--test", help="The indicator that will show whether it was done.")],
    owner: Annotated[str, typer.Option("--owner", help="Who is responsible for it: a post, never a name.")],
    reply_by: Annotated[str, typer.Option("--reply-by", help="The day by which the local policing body must reply.")],
    revisit_on: Annotated[str, typer.Option("--revisit-on", help="The day of the revisit.")],
    text: Annotated[
        str, typer.Option("--text", help="The text of the recommendation; without it, the text that the rules give.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Record a recommendation with owner, test, baseline, and the dates by which to reply and to revisit it."""
    from assay.workflows.judge.recommendation_follow_up import Deadlines, record_recommendation
    from assay.workflows.receive.request_contract import parse_day

    days = Deadlines(datetime.now(UTC).date(), parse_day(reply_by, "--reply-by"), parse_day(revisit_on, "--revisit-on"))
    print_result(
        record_recommendation(folder, force, characteristic, test=test, owner=owner, text=text, days=days), as_json
    )


@command("grade reply")
def replied(
    folder: Folder,
    key: Annotated[str, typer.Argument(help="The key of the recommendation.")],
    day: Annotated[str, typer.Option("--on", help="The day of the reply.")],
    reason: Annotated[str, typer.Option("--reason", help="Why the day that was recorded before was wrong.")] = "",
    as_json: Json = False,
) -> None:
    """Record the reply of the local policing body to a recommendation."""
    from assay.workflows.judge.recommendation_follow_up import record_reply
    from assay.workflows.receive.request_contract import parse_day

    print_result(record_reply(folder, key, parse_day(day, "--on"), datetime.now(UTC).date(), reason=reason), as_json)


@command("grade revisit")
def revisit(
    folder: Folder,
    baseline: Annotated[
        Path, typer.Option("--baseline", help="The folder of the inspection that made the recommendations.")
    ],
    as_json: Json = False,
) -> None:
    """Compare a later inspection with the recommendations of an earlier one, under the same definitions."""
    from assay.workflows.judge.recommendation_follow_up import revisit as compare_revisit

    print_result(compare_revisit(folder, baseline, datetime.now(UTC).date()), as_json)


@command("synthetic score")
def score(
    folder: Folder,
    truth: Annotated[
        Path | None,
        typer.Option("--truth", help="The folder of the known truth; without it, the folder truth in the inspection."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show how well the inspection found the injected failings of synthetic forces: found, missed, false, and bias.

    For each failing, show whether grade, concerns, brief and front page say so; for each clean theme, that none does.
    """
    from assay.synthetic.simulation.inspection_scores import score_inspection

    print_result(score_inspection(folder, truth), as_json)


Reviewer = Annotated[str, typer.Option("--by", help="Who reviewed it: a name, a post or a group.")]


@command("inspect clear-page")
def clear_page(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name.")],
    reviewer: Reviewer = "",
    yes: Annotated[
        list[str] | None, typer.Option("--yes", help="A question of the list: anonymity, proceedings, areas.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Clear the page of a force for release: a named person answers yes to every question of the list."""
    from assay.workflows.release.release_clearance import clear_page as record_clearance

    print_result(record_clearance(folder, force, reviewer, yes or (), datetime.now(UTC).date()), as_json)


@command("inspect wording-review")
def wording_reviewed(
    folder: Folder,
    reviewer: Reviewer = "",
    review_day: Annotated[str, typer.Option("--on", help="The day of the review; without it, today.")] = "",
    as_json: Json = False,
) -> None:
    """Record that survivors' representatives reviewed the wording of the report; every page then says so."""
    from assay.workflows.receive.request_contract import parse_day
    from assay.workflows.release.release_clearance import record_wording_review

    day = parse_day(review_day, "--on") if review_day else None
    print_result(record_wording_review(folder, reviewer, day or datetime.now(UTC).date()), as_json)
