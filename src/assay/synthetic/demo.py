"""Demo: generate synthetic returns and fieldwork, and run a whole inspection on them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from assay.casefiles.document_register import check_register
from assay.casefiles.fieldwork_plan import accept_plan
from assay.casefiles.file_allocation import issue_sheets
from assay.casefiles.file_sampling import draw_sample
from assay.casefiles.rating_intake import accept_ratings
from assay.casefiles.surveys.survey_intake import accept_answers, form_for
from assay.engine.provenance.verification import TRUTH_FOLDER
from assay.errors import UsageError
from assay.ingest.inspection_folder import SETTINGS_FILE, new_inspection, open_inspection
from assay.ingest.other_senders import MANIFEST_FILE
from assay.progress import Progress, no_progress
from assay.report.pdf import Pdfs
from assay.synthetic import World, generate_country, read_world
from assay.synthetic.earlier_inspection import make_earlier_inspection
from assay.synthetic.fieldwork_visits import FOLDER as VISITED
from assay.synthetic.fieldwork_visits import LIST, MARKERS, write_responses
from assay.synthetic.injection_page import injection_page, returns_folder_of
from assay.synthetic.synthetic_inspectors import SyntheticInspectors
from assay.synthetic.text_rating_round import rate_texts
from assay.synthetic.world_settings import ANNOUNCED
from assay.wording import count_phrase
from assay.workflows.judge.inspection_plan import read_editions, seal_plan
from assay.workflows.judge.recommendation_follow_up import revisit
from assay.workflows.receive.other_sender_intake import receive_evidence
from assay.workflows.receive.request_contract import REQUEST
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.release.release_stage import release_tables
from assay.workflows.run.inspection_pipeline import RunResult, run_inspection, run_stages
from assay.workflows.run.previous_inspections import import_previous_alerts

# Fieldwork of the demo: case files, documents, visits and surveys of synthetic forces.
#
# It gives a demonstration every evidence source: case files sampled and rated, documents checked, interviews rated,
# staff and partners surveyed. The exported sheets are filled in by `synthetic_inspectors`.

SAMPLE, FILES_PER_FORCE = "files", 5
DESIGN = 'title = "Crimes of the period"\nsubject = "crime"\nseed = "demonstration"\ndouble = 0.1\n'
QUESTIONS = "responses_case"
SETS = ("interview_fieldwork", "focus_group_fieldwork", "observation_fieldwork")
SURVEYED_SHARE = 2 / 3
"""The share of forces whose staff and partners are surveyed."""
REGISTER_FOLDER = "INSPECTION"


def do_fieldwork(
    out: Path,
    returns_folder: Path,
    inspectors: SyntheticInspectors,
    *,
    texts: bool = False,
    progress: Progress = no_progress,
) -> None:
    """Simulate reading of files, visits and surveys in the inspection `out`; with `texts`, rate a sample of texts.

    It is idempotent: issued and rated sheets stay, and all dates are those of the synthetic country.
    """
    request = open_inspection(out).request
    day = datetime.combine(request.period_to, datetime.min.time())
    work = returns_folder / VISITED
    forces = [code for code, organisation in request.organisations.items() if not organisation.is_national]
    progress("Reading case files", 0, 0)
    design = work / f"{SAMPLE}.toml"
    design.write_text(f"{DESIGN}files = {FILES_PER_FORCE * len(forces)}\n", encoding="utf-8", newline="\n")
    draw_sample(out, design)
    _mark(out, work, SAMPLE, QUESTIONS, inspectors, day)
    if texts:
        progress("Rating texts", 0, 0)
        rate_texts(
            work,
            len(forces),
            lambda design: draw_sample(out, design),
            lambda key, questions: _mark(out, work, key, questions, inspectors, day),
        )
    progress("Reading documents", 0, 0)
    _check_documents(out, returns_folder, work, inspectors)
    progress("Visiting forces", 0, 0)
    plan = accept_plan(out, work / LIST)
    for questions in SETS:
        if plan.planned:
            _mark(out, work, plan.key, questions, inspectors, day)
    progress("Asking staff and partners", 0, 0)
    for name in ("staff", "partners"):
        form, answers, frame = (work / f"{name}{end}" for end in (".xlsx", ".csv", "_frame.csv"))
        form_for(out, name, form)
        write_responses(form, inspectors, forces[: max(1, round(SURVEYED_SHARE * len(forces)))], answers, frame)
        accept_answers(out, name, answers, frame)


def _mark(out: Path, work: Path, key: str, questions: str, inspectors: SyntheticInspectors, day: datetime) -> None:
    place = work / questions
    allocation = issue_sheets(out, key, questions, work / MARKERS, place, now=lambda: day)
    filled = []
    for code, sheet in allocation.sheets.items():
        filled.append(place / f"marked_{code}.xlsx")
        inspectors.fill_sheet(sheet, filled[-1])
    accept_ratings(out, filled, now=lambda: day)


def _check_documents(out: Path, returns_folder: Path, work: Path, inspectors: SyntheticInspectors) -> None:
    """Import the document register as a second edition, with the results of its checklists."""
    register, second_edition = returns_folder / "others" / REGISTER_FOLDER, work / REGISTER_FOLDER
    empty = work / "checks.csv"
    try:
        check_register(out, checklist=empty)
    except UsageError:
        return  # no force had a document
    second_edition.mkdir(exist_ok=True)
    for path in register.glob("*.csv"):
        shutil.copyfile(path, second_edition / path.name)
    manifest = (register / MANIFEST_FILE).read_text(encoding="utf-8")
    (second_edition / MANIFEST_FILE).write_text(
        manifest.replace("edition = 1", "edition = 2"), encoding="utf-8", newline="\n"
    )
    inspectors.fill_checklist(empty, second_edition / "document_checks.csv")
    receive_evidence(out, [second_edition])


PARAMETERS_FILE = "invented.toml"


@dataclass(frozen=True)
class SyntheticReturns:
    """The folder of synthetic returns; `export` is the force that sends an export of its own record system, or ''."""

    folder: Path
    forces: int
    export: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the values as a dictionary for JSON output."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def summary_lines(self) -> list[str]:
        """Return the lines to print at a terminal."""
        lines = [
            f"{count_phrase(self.forces, 'synthetic force')}: their returns are in {self.folder / 'returns'}, "
            f"and the known truth, kept separately, in {self.folder / TRUTH_FOLDER}.",
            f"Next: assay inspect new FOLDER --request {self.folder / REQUEST}",
        ]
        if self.export:
            place = self.folder / "export" / self.export
            lines[-1] = f"Next: assay check {self.folder / 'extract' / f'{self.export}.csv'}"
            lines.append(f"Then: assay prepare {place} --request {self.folder / REQUEST} --force {self.export}")
        return lines


def generate_returns(
    folder: Path,
    *,
    world: World,
    seed: int,
    export: str = "",
    tier_one: Sequence[str] = (),
    progress: Progress = no_progress,
) -> SyntheticReturns:
    """Write a request, synthetic returns and their known truth into `folder`, completely or not at all.

    An identical country is left as it is; UsageError if the folder holds another, or other files.
    """
    parameters = _parameters_text(world, seed, export, tier_one)
    if (folder / PARAMETERS_FILE).exists() and (folder / PARAMETERS_FILE).read_text(encoding="utf-8") == parameters:
        return SyntheticReturns(folder, world.forces, export)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds other files, or another country. Name a new folder.")
    unfinished = folder.with_name(f".unfinished-{folder.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    generate_country(
        unfinished,
        world=world,
        seed=seed,
        export=export,
        tier_one=tier_one,
        progress=progress,
    )
    (unfinished / PARAMETERS_FILE).write_text(parameters, encoding="utf-8", newline="\n")
    if folder.exists():
        folder.rmdir()
    unfinished.rename(folder)
    return SyntheticReturns(folder, world.forces, export)


def _parameters_text(world: World, seed: int, export: str, tier_one: Sequence[str]) -> str:
    """Return the parameters that identify a country."""
    settings = hashlib.sha256(repr(world).encode()).hexdigest()
    lines = [f'world = "{world.key}"', f'settings = "{settings}"', f"forces = {world.forces}"]
    lines += [f"crimes = {world.crimes_per_force}", f"years = {world.years}", f"seed = {seed}"]
    lines += [f'export = "{export}"'] if export else []
    lines += [f"tier_one = {json.dumps(sorted(tier_one))}"] if tier_one else []
    return "\n".join(lines) + "\n"


def run_demo(
    out: Path,
    *,
    forces: int,
    crimes: int,
    seed: int,
    years: int = 1,
    fieldwork: bool = True,
    before_report: Callable[[SyntheticInspectors], object] | None = None,
    pdfs: Pdfs = Pdfs.NONE,
    progress: Progress = no_progress,
) -> RunResult:
    """Run a whole inspection on synthetic forces; their returns are written to `<out>-sent`.

    With more than one year, texts are rated too, and the recommendations of an earlier inspection are revisited.
    `fieldwork`: files are read, documents checked, forces visited and people surveyed, so that every evidence source
    exists; `before_report`: called after fieldwork with the same inspectors, before the run that writes the report. The
    known truth is put into `out/truth` at the end, where no stage reads it, for `assay synthetic score`.
    """
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / SETTINGS_FILE).exists())):
        raise UsageError(f"{out} holds other files. Name a new folder; it is made if it is not there.")
    earlier_stages = {path.parent.name for path in out.glob("*/receipt.json")}
    returns_folder = returns_folder_of(out)
    world = read_world("demonstration" if years > 1 else "plain").sized(forces=forces, crimes=crimes, years=years)
    generate_returns(returns_folder, world=world, seed=seed, progress=progress)
    new_inspection(out, returns_folder / REQUEST)
    if not read_editions(out):
        seal_plan(out, day=ANNOUNCED, notice=ANNOUNCED)  # a fixed day, so that one country gives one report
    receive_returns(out, [returns_folder / "returns"], progress=progress)
    receive_evidence(out, [returns_folder / "others"], progress=progress)
    inspectors = SyntheticInspectors(returns_folder / TRUTH_FOLDER, seed)
    baseline = make_earlier_inspection(returns_folder, seed) if years > 1 else None
    if baseline:
        import_previous_alerts(out, baseline)
    if fieldwork:
        run_stages(out, progress=progress).stage_runner.end_run()
        do_fieldwork(out, returns_folder, inspectors, texts=years > 1, progress=progress)
    if before_report is not None:
        before_report(inspectors)
    if baseline:
        _revisit(out, baseline, progress)
    ran = run_inspection(out, progress=progress, pdfs=pdfs, closing_page=injection_page(returns_folder / TRUTH_FOLDER))
    shutil.rmtree(out / TRUTH_FOLDER, ignore_errors=True)
    shutil.copytree(returns_folder / TRUTH_FOLDER, out / TRUTH_FOLDER)
    # Stages that this command itself computed first, before fieldwork, are no news to its reader.
    return replace(ran, cached_stages=tuple(stage for stage in ran.cached_stages if stage in earlier_stages))


def _revisit(out: Path, baseline: Path, progress: Progress) -> None:
    """Compare the released figures with the recommendations of the earlier inspection."""
    run = run_stages(out, progress=progress)
    release_tables(run)
    run.stage_runner.end_run()
    progress("Revisiting recommendations", 0, 0)
    revisit(out, baseline, run.inspection.request.period_to)
