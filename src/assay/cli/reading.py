"""The commands that read texts: one or many, and an entry as it was sent, for a reason that is written down."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.telling import Folder, Json, app, progress_shown, say, tell
from assay.errors import UsageError


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
    as_json: Json = False,
) -> None:
    """Say what was found in a text and why: words that blame a child, in whose voice, and signs of exploitation."""
    from assay.reading.models import models_of
    from assay.reading.reader import read_templates, reader

    reads = reader(templates=read_templates(form), classifier=None if rules_only else models_of(taught))
    if jsonl:
        from assay.reading.lines import read_lines

        if out is None:
            raise UsageError("Name the file for the answers: assay read --jsonl IN OUT")
        with progress_shown(as_json) as progress:
            tell(read_lines(file, out, reads, progress), as_json)
        return
    from assay.language import Entry
    from assay.reading.page import write_page
    from assay.reading.told import Told

    if note or summary:
        from assay.reading.notes import NOTES, SUMMARIES
        from assay.reading.notes import note as entry_of

        found = entry_of(file, force, note or summary, table=NOTES if note else SUMMARIES)
        text, entry = found.text, found.entry
    else:
        text, entry = _text(file), Entry(author_role, entry_type)
    told = Told(text, reads.read([text], [entry])[0])
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
    from assay.reading.notes import unlock as done

    say(done(folder, force, note, who=who, reason=reason))


@app.command()
def unlocked(folder: Folder, as_json: Json = False) -> None:
    """Which entries were shown as they were sent, to whom, when and why. The ledger names them by codes."""
    from assay.reading.notes import unlocked as done

    tell(done(folder), as_json)


def _text(file: Path) -> str:
    """The text of a file, or of standard input; what is no UTF-8 in it is read as a sign that nobody typed."""
    try:
        held = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be opened: {error.strerror}.") from None
    return held.decode("utf-8-sig", "replace")
