"""What else was sent than forces' records: voices, documents, lessons; and what do victims and survivors say?

Each sender's folder becomes a stage of its own, `others/<sender>/edition_<n>`, with the letter to that sender. A later
edition takes the place of an earlier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay import contract, feedback, indicators, ingest, privacy, reference
from assay.contract import question_sets
from assay.engine.provenance import SENT, EventKind, destroy, file_hash, one_at_a_time, read_receipt
from assay.engine.provenance.stage_folders import stages_in
from assay.engine.stage_runner import Book, Made
from assay.errors import ReturnRefused, SourceError, UsageError
from assay.facts.inspection_run import Run
from assay.feedback.sender_letter import letter_csv, letter_html
from assay.indicators.document_checklists import checklists
from assay.indicators.fieldwork_question_sets import fieldwork_sets
from assay.indicators.voice_statements import voices
from assay.ingest import other_senders
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.ingest.other_sender_tables import all_held, held_rows, holding
from assay.ingest.other_senders import COVER, Taken, read_cover, take
from assay.ingest.stage_names import ADDED, OTHERS, TRIANGULATION, VOICES
from assay.ingest.table_permission import is_truth
from assay.progress import Progress, silent
from assay.wording import counted
from assay.workflows.plugins.installed_plugins import plugins_in
from assay.workflows.retire.retirement import Ended

NONE = "none of "
"""How the settings of a receipt name a table of a plug-in of which the sender knows that it has no record."""
ROOMS = (reference, ingest, contract, feedback, privacy, indicators, question_sets)
MADE_OF_THEM = (VOICES, TRIANGULATION, "casefiles/codings")
"""What is made of what senders sent, and goes with it."""
WITHDRAWN = "Taken back by its sender."


@dataclass(frozen=True)
class SenderTaken:
    """What became of one sender's folder."""

    name: str
    sender: str
    edition: int
    accepted: int
    set_aside: int
    refused: tuple[str, ...]
    letter: Path | None
    refusal: str = ""

    def sentence(self) -> str:
        """The same in a sentence."""
        if self.refusal:
            return f"{self.name}: refused. {self.refusal}"
        tables = f"; tables refused: {', '.join(self.refused)}" if self.refused else ""
        rows = f"{counted(self.accepted, 'row')} accepted, {self.set_aside:,} set aside"
        return f"{self.sender}, edition {self.edition}: {rows}{tables}"


@dataclass(frozen=True)
class SendersTaken:
    """What became of every folder that was given."""

    folder: Path
    senders: tuple[SenderTaken, ...]

    @property
    def all_usable(self) -> bool:
        """Whether every folder was taken in, and of each at least one row can be used."""
        return all(one.accepted and not one.refusal for one in self.senders)

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        rows = [{**vars(one), "letter": str(one.letter) if one.letter else None} for one in self.senders]
        return {"folder": str(self.folder), "senders": rows}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        taken = [one for one in self.senders if not one.refusal]
        said = [f"Heard: {len(taken)} of {counted(len(self.senders), 'sender')}."]
        said += [f"  {one.sentence()}" for one in self.senders]
        if taken:
            said.append(f"The letter to each sender lies in {self.folder / OTHERS}, for that sender only.")
        return said


@one_at_a_time
def hear(folder: Path, given: Sequence[Path], *, progress: Progress = silent) -> SendersTaken:
    """Take in every folder in `given` that has a `sent.toml`, or folders of them; one refused stops no other."""
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    if any(is_truth(folder, place) for place in given):
        raise UsageError("The truth about invented forces is never taken in.")
    places = list(_folders_in(given))
    links = {place for place in places if place.is_symlink()} - set(given)
    book, done = Book(folder), []
    book.know(OTHERS)
    for number, place in enumerate(places, start=1):
        progress(f"Hearing sender {number} of {len(places)}", 0, 0)
        done.append(_hear(inspection, book, place, place in links))
    return SendersTaken(folder, tuple(done))


@one_at_a_time
def take_back(folder: Path, sender: str, edition: int | None = None) -> Ended:
    """Destroy what a sender sent, or one edition of it, and what was made of it. UsageError if there is nothing of it.

    The report and the released tables stay as they were made, until the inspection is run again.
    """
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    chosen = [
        stage
        for stage, held, number in all_held(folder)
        if held.casefold() == sender.casefold() and edition in (None, number)
    ]
    if not chosen:
        raise UsageError(f"The inspection holds nothing that {sender!r} sent in that edition.")
    for stage in chosen:
        body, number = stage.split("/")[1:]
        inspection.ledger.append(EventKind.RETURN_WITHDRAWN, body=body, edition=int(number.removeprefix("edition_")))
    gone = not {stage for stage, held, _ in all_held(folder) if held.casefold() == sender.casefold()} - set(chosen)
    made = [
        one
        for one in stages_in(folder)
        if one in MADE_OF_THEM or one.startswith(f"{ADDED}/") or (gone and _of_documents(one, sender))
    ]
    files = sum(destroy(folder, stage, inspection.ledger, rule=WITHDRAWN) for stage in (*made, *chosen))
    now = f"What was released before stays as it was made. To make it without: assay run {folder}"
    return Ended(folder, f"{sender}: {counted(len(chosen), 'edition')} taken back.", files, (*made, *chosen), now)


def _of_documents(stage: str, sender: str) -> bool:
    """Whether a stage says who reads the documents of this sender, or holds the marks on them."""
    room, _, rest = stage.partition("/")
    part, _, given = rest.partition("/")
    key, _, questions = given.partition("/")
    told = room == "casefiles" and part in ("given", "marks") and questions in checklists()
    return told and key.casefold() == sender.casefold()


def gather_voices(run: Run) -> None:
    """A stage of the stream: what victims and survivors say, from every sender that was heard."""
    run.book.know(OTHERS)
    stages = [stage for _, stage in sorted(holding(run.folder).items())]

    def make() -> Made:
        rows = held_rows(run.folder)
        of_voices = [name for name in other_senders.tables() if name.startswith(("voice", "advocates", "complaints"))]
        taken = sum(len(rows[name]) for name in of_voices)
        made = voices(rows)
        return Made(made, taken, sum(table.num_rows for table in made.values()))

    inputs = run.book.outputs_of(*stages)
    run.book.stage(
        VOICES,
        make,
        rooms=(reference, ingest, contract, feedback, privacy, indicators, question_sets),
        inputs=inputs,
        settings=run.asked,
    )


def _folders_in(given: Sequence[Path]) -> Iterator[Path]:
    for place in given:
        if not place.is_dir():
            raise UsageError(f"{place} is not a folder. What is sent is a folder with a {COVER} in it.")
        inner = sorted(path for path in place.iterdir() if path.is_dir())
        if (place / COVER).is_file() or not inner:
            yield place
        else:
            yield from (path for path in inner if path.is_symlink())  # to be refused: a link may lead anywhere
            yield from _folders_in([path for path in inner if not path.is_symlink()])


def _hear(inspection: Inspection, book: Book, place: Path, is_link: bool) -> SenderTaken:
    try:
        if is_link:
            raise ReturnRefused(f"V01: a link to a folder is not followed. {other_senders.rules()['V01'].mend}")
        return _heard(inspection, book, place)
    except SourceError as error:
        rule = str(error).partition(":")[0]
        inspection.ledger.append(EventKind.OTHER_REFUSED, rule=rule if rule in other_senders.rules() else "V01")
        return SenderTaken(place.name, "", 0, 0, 0, (), None, str(error))


def _heard(inspection: Inspection, book: Book, place: Path) -> SenderTaken:
    cover = read_cover(place, inspection.request)
    stage = f"{OTHERS}/{cover.sender}/edition_{cover.edition}"
    files = [path for path in sorted(place.iterdir()) if path.is_file() and not path.is_symlink()]
    hashes = {f"{SENT}{path.name}": file_hash(path) for path in files}
    before = read_receipt(inspection.folder, stage)
    if before is not None and {k: v for k, v in before.inputs.items() if k.startswith(SENT)} != hashes:
        raise ReturnRefused(f"V02: edition {cover.edition} of {cover.sender} was taken in with other content. "
                            f"{other_senders.rules()['V02'].mend}")  # fmt: skip
    asked = {**checklists(), **fieldwork_sets()}
    plugins = plugins_in(inspection.folder)
    tables = {name: table for one in plugins for name, table in one.tables.items()}
    taken = take(place, inspection.request, asked, tables)
    body = inspection.request.bodies.get(cover.sender)
    made = _made(taken, body.name if body else "")
    known = {f"checklist {key}": one.checksum for key, one in asked.items()}
    told = {name: says for one in plugins if one.tables for name, says in one.told.items()}
    settings = {"request": inspection.request.to_toml(), **known, **told}
    settings |= {f"{NONE}{name}": "known" for name in cover.none}
    book.stage(stage, lambda: made, rooms=ROOMS, inputs=hashes, settings=settings)
    if stage not in book.kept:
        inspection.ledger.append(EventKind.OTHER_ACCEPTED, sender=cover.sender, edition=cover.edition)
    refused = tuple(sorted({one.table for one in taken.faults if one.line == 0}))
    letter = inspection.folder / stage / "letter.html"
    return SenderTaken(
        place.name, cover.sender, cover.edition, made.passed_on, sum(taken.set_aside.values()), refused, letter
    )


def _made(taken: Taken, name: str) -> Made:
    accepted = sum(len(rows) for rows in taken.rows.values())
    return Made(
        tables=taken.tables,
        taken=sum(taken.records.values()),
        passed_on=accepted,
        set_aside=dict(taken.set_aside),
        files={"letter.html": letter_html(taken, name), "letter.csv": letter_csv(taken)},
    )
