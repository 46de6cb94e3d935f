"""Which files do people read, and what did they find? A side room: it reads what an inspection's folder holds.

Data shows that something happened, and when; only a person who reads the file can say whether it was done well. A
sample with known chances lets what few files say speak for all.

    designs      a design as a file: which records, which strata, how many, which seed
    frames       the records that files can be drawn from, and those set aside by reason
    chances      the number of a record, and draws with exact chances
    drawing      the files drawn and their reserve; what is read when some are missing
    assigning    who reads which, evenly, away from their own force, a share twice and blind
    sampling     a sample drawn from an inspection, and kept with its evidence
"""
