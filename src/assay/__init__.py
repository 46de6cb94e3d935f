"""How much child sexual exploitation is there, and how good is the police response, force by force?

The rooms, in the order the data travels. A room imports only from rooms above it and from the tools; neighbours
among the enquiries never look into one another. `tests/test_doors.py` reads this list and keeps it.

The stream
    commission    what was asked: questions, standards, definitions, code lists, bodies, past recommendations
    returns       what is sent to us, and the letter to its sender; `returns.published` reads official tables
    persons       who is the same person, and how old they were
    groups        who belongs together: persons tied by crimes, victims and things
    records       one row a crime, victim, suspect, duty ...: the facts that every enquiry reads
    enquiries     attitudes, assessments, scale, responses, lessons: what may be said, and its evidence
    comparison    forces side by side, fairly
    judgement     what may be proposed to a panel, by written rules, with the reasons for and against
    disclosure    what may leave the building; the only maker of a `Released`
    report        pages, charts, tables; accepts only `Released`

The tools (they know no room)
    measure       what an indicator, a wait, a count is: form, ladder, card
    engine        where expressions run
    estimation    statistics that know no police
    language      what is written in a text, where, and in whose voice
    evidence      receipts and the ledger
    sealing       codes for references, and what only one key opens
    interchange   files that come in or go out: limits on what is unpacked, cells that no spreadsheet runs
    processes     the same look at many batches, in several processes

Side rooms (no room of the stream imports them)
    asking        who reads each column of the return, and the papers that say so before anything is sent
    plugins       a table, an indicator, a definition, a room of enquiry that somebody outside adds
    inspection    runs the stream in order, with a receipt for each stage
    selfaudit     a force runs the stream on its own return, before anyone asks
    urgent        what a force should check now: found by rules, confirmed by people, answered by a clock
    reading       one text, many or every one: what was found in it and why; an entry without its names
    casefiles     files drawn by chance, given out, marked, and what the marks say of all
    workbench     the web rooms where inspectors read and mark, analysts look and forces answer
    surveys       what staff and partners answer when they are asked
    briefing      every strand behind every characteristic of good, and what inspectors are told before they travel
    invented      invented forces whose truth is known
    truths        how well the inspection finds what was planted in them
    progress      shows a person how far the work is
    cli           the command `assay`
    api           a dozen names that programs of others may lean on

Two modules are known everywhere: `errors` (how a room says that something is wrong) and `wording` (how a figure is
said).
"""

__version__ = "0.1.0"
