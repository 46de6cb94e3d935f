"""The workbench: web pages on which inspectors rate files, analysts follow figures to files, and forces answer.

The workbench is the web face of `casefiles`: files are drawn, given out and sealed by the same code, so a mark made
here and a mark on a sheet are one kind of mark. What is at work lies in a folder beside the inspection
(`<inspection>-workbench`); what is sealed goes into the inspection, with the trail of who saw and did what.

    place        the folder of a workbench and its settings; `settings`, the same as Django reads them
    starting     Django made ready for one workbench; `serving`, the server; `playing`, an invented inspection to try
    models       what is kept; `trail`, who saw and did what, in one chain; `checking`, whether it all holds
    accounts     who may come in, with which second factor; `signing_in`, the one way in, and `sign_in_load`, its load
    gate         what every request must pass, and what every answer bears; `rooms`, which role may enter which page
    opening      a sample brought to the desks; `reading_limit`, how much a person reads in a day
    content_access which content each page shows; logs every response that shows it, and counts daily limits
    queue, marking    the inspector's pages; `answer_sources`, what an answer, an undoing, a finish and a reopening do
    reassigning  the open files of a leaver go to others; other readers for a sample
    adjudicating who decides where two differ, and what they see
    handing_in   what is finished becomes marks of the inspection
    analysing    how far it is, who agrees, what was found, and from a figure to its file and its sources
    labels       texts that analysts label; `labelling`, their pages
    pairs        pairs of records that analysts look at; `pairing`, their pages; `side_by_side`, what the records say
    proposals    what a panel has before it; `panelling`, its pages and its decisions; `minuting`, its minutes
    liaising     a force's letters, and its answers; `points`, what it says to each point of the report on it
"""
