"""Learn a mapping from records that a person supplies twice: as exported and in contract form.

    `example_folder`         the files of the example, in contract form and as exported
    `record_pairing`         which rows of the two files are the same record
    `cell_agreement`         whether a heading and a column agree, row by row
    `column_lessons`         what one pair of files shows: sure matches, guesses, date form
    `file_pairing`           which exported file belongs to which table, and the lesson of each
    `proposal_correction`    corrects the matches that words and cells gave
    `example_mapping`        which words may be written, and what contradicts a person's own mapping

Output names row numbers, headings and counts; of cells only words that the rule for words releases (decision 0015).
"""
