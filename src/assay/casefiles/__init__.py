"""Case-file audits: draw samples of files, give them to raters, take ratings in, and estimate from them.

Data shows that something happened, and when; only a person who reads the file can say whether it was done well. A
sample with known chances lets what few files say speak for all.

    designs      a design as a file: which records, which strata, how many, which seed
    frames       the records that files can be drawn from, and those set aside by reason
    scoring      scores of records that a program gave in a file
    chances      the number of a record, and draws with exact chances
    drawing      the files drawn and their reserve; what is read when some are missing
    sampling     a sample drawn from an inspection, and kept with its evidence
    planned      a written list of what is observed, and whom one talks to
    registered   the documents of a register, to be read by their checklists
    assigning    who reads which, evenly, away from their own force, a share twice and blind
    tying        which records belong to the file of one person, in whichever force
    timeline     what happened in a file, step by step; `writings`, what was written, without its names
    entries      which text a file is, and how it is read without its names
    sheets       the sheet that a marker gets; `reading` reads it again
    xlsform      the same as a form on tablets; `tablets` reads what ODK or Kobo export (`exported`)
    checking     which of the answers that came back count, and what is wrong with the others
    marks        marks in one chain, so that none can be changed unseen
    fieldwork    from a sample to sheets; `taking`, from what came back to marks
    results      what the marks say of all records: shares; `ratios` of counts; `scored` where a score made the strata
    counts       what the marks say of a written list or a register, and of no other
    agreeing     whether those who read one file agree; `auditing`, forces' own auditors beside inspectors
    notes, refi  notes of fieldwork to tools that code them, and back
    confirmed_page   what the marks of entries and summaries say, force by force
    page         all of that on one page for the team, in tables (`result_tables`, `agreement_tables`)
"""
