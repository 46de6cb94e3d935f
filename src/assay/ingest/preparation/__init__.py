"""Draft the mapping and the manifest of a return from the export of a force's own system.

`assay prepare` looks at a folder as a force's own system exported it and drafts the mapping and the cover.

`wording`    when two headings are the same words; `shapes` what the cells of a column look like
`exports`    which files are there, in which encoding and with which delimiter; `headers` whether they have a header
`forms`      how the dates of a file are written, and whether that is sure
`meanings`   which word of theirs is which value of ours; `never` which words are not shown
`matching`   which file is which table, and which column is which
`person_columns` which columns belong to a person in a file of crimes; `flag_columns` which columns hold flags
`earlier`    what a person wrote before, here or last year
`mappings`   the draft of `mapping.toml`; `covers` the draft of `return.toml`
`flags_section` the draft for flags in a file of crimes; `reading_notes` how many cells are read in which way
`prepare_return`    all of it, as one call, and what the officer is told

Nothing is guessed in silence: what follows from the words themselves is written, what is likely is written as a comment
that only a person can turn into a line, and what cannot be known is a TODO. No message holds a record's content.
"""

from assay.ingest.preparation.return_preparation import PreparedReturn, prepare_return

__all__ = ["PreparedReturn", "prepare_return"]
