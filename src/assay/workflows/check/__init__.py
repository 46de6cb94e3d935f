"""Check a flat extract of a force: its structure, its figures, its errors, and what is missing.

A check needs no request and no keys. It copies no record, and writes a page, a letter, the measures and a mapping.

    `extract_check`        the check from reading to writing
    `checked_extract`      everything that a check found
    `extract_contents`     what an extract has a place for, and the records of a period
    `extract_measures`, `person_measures`, `recording_delay`    the measures, each with its definition
    `pending_outcomes`     empty outcomes that mean "none assigned yet"
    `implausible_records`, `records_to_review`    what looks wrong, and what to look at again
    `column_uses`, `sent_columns`    how each column was used, and the columns as the sender counts them
    `columns_to_verify`    columns that were read for a need that their headings do not name
    `possible_columns`     columns that were not read, and may hold what a question needs
    `extract_questions`, `next_tier`    which questions can be answered, and what to send next
    `plain_needs`          tables, columns and steps in plain words
    `key_figures`, `extract_page`, `extract_letter`, `check_summary`    the figures as sentences, page, letter, terminal
    `check_mapping`        the mapping that a person corrects
"""
