"""Measure how much child sexual exploitation there is and how good the police response is, force by force.

The packages, in the order of imports: each may import the packages above it. The contracts are in `pyproject.toml`
(import-linter); `tests/test_imports.py` keeps them and this list.

    errors        the exceptions of all packages, with exit codes
    wording       formats figures in words
    progress      shows the progress of long work
    temporary_folders  folders that only their user can open, and that are deleted however a process ends
    reference     registers of the commission: questions, standards, definitions, code lists, forces, recommendations
    engine        DuckDB and Spark, stage runner, provenance records, ledger, locks, safe reading of files
    stats         statistical methods without knowledge of police data
    contract      the data return: tables, columns, rules, question sets
    text          passages of a text: category, position and voice
    privacy       pseudonyms, encryption, separated identifiers
    sdc           statistical disclosure control; the only maker of a `Released`
    ingest        readers, mapping, preparation and validation of returns; official statistics
    feedback      the data-quality letter to a sender
    linkage       record linkage of persons, groups of suspects
    facts         one row for each crime, victim, suspect, duty ...: the facts that every indicator reads
    indicators    the form and the ladder of an indicator, and the `catalogue` by inspection theme
    compare       comparison of forces: posteriors, outliers, false discovery rate
    report        pages, charts, tables; accepts only `Released`
    casefiles     samples of files, allocation, ratings, fieldwork, surveys
    grading       what may be proposed to a panel, by written rules, with the evidence
    workflows     run, receive, judge, release, retire and the other steps of an inspection
    synthetic     synthetic forces with known truth, the demonstration, the simulation study
    workbench     web pages on which inspectors rate files, analysts follow figures, and forces answer
    cli           the command `assay`
    api           the public interface for other programs
"""

__version__ = "0.1.0"
