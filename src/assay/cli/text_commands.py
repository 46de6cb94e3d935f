"""The commands that read texts: one or many, and an entry as it was sent, for a reason that is written down."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.command_output import Folder, Json, app, progress_shown, say, tell
from assay.errors import UsageError

if TYPE_CHECKING:
    from assay.workflows.reading.entry_reading import Note


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="A text file, '-' for standard input; with --jsonl, an object a line.")],
    out: Annotated[Path | None, typer.Argument(help="With --jsonl: where the answers go.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Many texts: `id` and `text` in each line.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write the text as a page, with what was found.")] = None,
    author_role: Annotated[str, typer.Option("--author-role", help="Who wrote it, as in the data return.")] = "",
    entry_type: Annotated[str, typer.Option("--entry-type", help="What kind of entry, as in the data return.")] = "",
    form: Annotated[Path | None, typer.Option("--form", help="The printed lines of a form: nobody said them.")] = None,
    note: Annotated[str, typer.Option("--note", help="FILE is an inspection: this entry, without its names.")] = "",
    summary: Annotated[str, typer.Option("--summary", help="The same of the summary of this crime.")] = "",
    force: Annotated[str, typer.Option("--force", help="With these: whose return it is in, by code.")] = "",
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Without the models: listed terms alone.")] = False,
    taught: Annotated[Path | None, typer.Option("--taught", help="A folder of labels, with what they taught.")] = None,
    verdict: Annotated[
        bool, typer.Option("--verdict", help="With --note or --summary: what was found too. The ledger says so.")
    ] = False,
    who: Annotated[str, typer.Option("--who", help="With --verdict: who asks, by a code, never a name.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="With --verdict: why, in a sentence.")] = "",
    as_json: Json = False,
) -> None:
    """Say what was found in a text and why: words that blame a child, in whose voice, and signs of exploitation. Of an
    entry of an inspection show the text without names, so that whoever confirms texts reads blind."""
    entry = note or summary
    if verdict and not entry:
        raise UsageError("--verdict is of an entry of an inspection: name it by --note or --summary, and --force.")
    if entry and html and not verdict:
        raise UsageError("The page shows what was found in the entry. Ask for it: --verdict --who CODE --reason WHY")
    asks = (who, reason) if verdict else None
    found = _entry(file, force, entry, "notes" if note else "summaries", asks) if entry else None
    if found and not verdict:
        tell(found, as_json)
        return
    from assay.workflows.reading.starting_models import models_of, why_starting
    from assay.workflows.reading.text_readers import read_templates, reader

    for line in why_starting(taught) if taught and not rules_only else ():
        typer.echo(line, err=True)
    reads = reader(templates=read_templates(form), classifier=None if rules_only else models_of(taught))
    if jsonl and not found:
        from assay.workflows.reading.line_input import read_lines

        if out is None:
            raise UsageError("Name the file for the answers: assay read --jsonl IN OUT")
        with progress_shown(as_json) as progress:
            tell(read_lines(file, out, reads, progress), as_json)
        return
    from assay.text import Entry
    from assay.workflows.reading.reading_summaries import Told
    from assay.workflows.reading.text_page import write_page

    text, of = (found.text, found.entry) if found else (_text(file), Entry(author_role, entry_type))
    told = Told(text, reads.read([text], [of])[0])
    tell(told, as_json)
    if html:
        write_page(told, html)
        if not as_json:
            say("", f"The text, with what was found: {html}")


@app.command()
def unlock(
    folder: Folder,
    note: Annotated[str, typer.Argument(help="The entry, by its note_ref.")],
    force: Annotated[str, typer.Option("--force", help="Whose return it is in, by code.")],
    who: Annotated[str, typer.Option("--who", help="Who reads it: a code, never a name.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence. It stands in the ledger.")],
) -> None:
    """Show an entry as it was sent, with its names. Who, which and why stand in the ledger before it is shown."""
    from assay.workflows.reading.entry_reading import unlock as done

    say(done(folder, force, note, who=who, reason=reason))


@app.command()
def unlocked(folder: Folder, as_json: Json = False) -> None:
    """Which entries were shown as they were sent, to whom, when and why. The ledger names them by codes."""
    from assay.workflows.reading.entry_reading import unlocked as done

    tell(done(folder), as_json)


def _entry(folder: Path, force: str, reference: str, table: str, asks: tuple[str, str] | None) -> Note:
    """An entry of an inspection without its names. `asks`: who asks for the verdict, and why; the ledger says so."""
    from assay.workflows.reading.entry_reading import note, note_with_verdict

    if asks is None:
        return note(folder, force, reference, table=table)
    who, reason = asks
    return note_with_verdict(folder, force, reference, who=who, reason=reason, table=table)


def _text(file: Path) -> str:
    """The text of a file, or of standard input; what is no UTF-8 in it is read as a sign that nobody typed."""
    try:
        held = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be opened: {error.strerror}.") from None
    return held.decode("utf-8-sig", "replace")
