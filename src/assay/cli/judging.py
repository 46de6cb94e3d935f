"""The commands of a panel: what is proposed, what was decided; and how well an inspection of invented forces did."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.telling import Folder, Json, app, tell


@app.command("seal-plan")
def seal_plan(
    folder: Folder,
    notice: Annotated[str, typer.Option("--notice", help="The day on which the inspection was announced.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why the plan is sealed again, where it was before.")] = "",
    design: Annotated[
        list[Path] | None, typer.Option("--design", help="A design of a sample of case files that will be drawn.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Seal questions, definitions, standards, measures, thresholds, grade rules and designs before the first return."""
    from assay.inspection.planned import seal_plan as sealed
    from assay.inspection.requested import day_told

    day = day_told(notice, "--notice") if notice else None
    tell(sealed(folder, on=datetime.now(UTC).date(), notice=day, reason=reason, designs=design or ()), as_json)


@app.command()
def grades(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name; without it, every force.")] = "",
    as_json: Json = False,
) -> None:
    """What is proposed of each force by written rules, and what the panel decided; of one force with the reasons."""
    from assay.inspection.judged import shown_grades

    tell(shown_grades(folder, force), as_json)


@app.command()
def decide(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name.")],
    line: Annotated[str, typer.Argument(help="A line of enquiry, by key or name, or overall.")],
    grade: Annotated[str, typer.Argument(help="The grade that the panel decided, or 'not enough evidence'.")],
    reason: Annotated[str, typer.Option("--reason", help="Why: a grade is moved only with a reason.")] = "",
    as_json: Json = False,
) -> None:
    """Write down what the panel decided; the proposal stays beside it, and so does every earlier decision."""
    from assay.inspection.judged import decide as decided

    tell(decided(folder, force, line, grade, reason, datetime.now(UTC).date()), as_json)


@app.command()
def trace(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name.")] = "",
    line: Annotated[str, typer.Argument(help="A line of enquiry, by key or name, or overall.")] = "overall",
    record: Annotated[str, typer.Option("--record", help="The other way: the grades that this record bears on.")] = "",
    as_json: Json = False,
) -> None:
    """From a grade to its indicators and the records behind them, and back. For the inspection's own people."""
    from assay.errors import UsageError
    from assay.inspection.traced import traced, traced_back

    if not force and not record:
        raise UsageError("Name a force, or a record with --record.")
    tell(traced_back(folder, record) if record else traced(folder, force, line), as_json)


@app.command()
def truths(
    folder: Folder,
    truth: Annotated[
        Path | None, typer.Option("--truth", help="The folder of the truth; without it, the one in the inspection.")
    ] = None,
    as_json: Json = False,
) -> None:
    """How well the inspection found what was planted in invented forces: found, missed, false, and how far off."""
    from assay.truths.scoring import score

    tell(score(folder, truth), as_json)
