"""Draft the mapping and the manifest of a return from the export of a force's own system.

    `export_files`, `header_detection`    which files there are, their encoding, delimiter and header
    `cell_shapes`, `date_format_detection`  what the cells of a column look like, and how dates are written
    `column_matching`, `column_fit`       which file is which table, and which heading is which column
    `code_meanings`, `withheld_words`     which word of a force is which contract value, and which words are not shown
    `person_columns`, `flag_columns`      which columns of a file of crimes describe a person or hold flags
    `previous_mapping`                    what a person wrote before, in this folder or last year
    `split_proposal`, `split_draft`       files that hold several tables, and the `[[split]]` sections that split them
    `mapping_draft`, `manifest_draft`, `flag_section_draft`    the drafts of `mapping.toml` and `return.toml`
    `reading_warnings`                    how many cells are read in which way
    `return_preparation`                  all of it in one call

Nothing is guessed silently. A certain match is written as a line; a likely one is a comment that only a person can turn
into a line; what only the force can know is a TODO. No message holds the content of a record.
"""

from assay.ingest.preparation.return_preparation import PreparedReturn, prepare_return

__all__ = ["PreparedReturn", "prepare_return"]
