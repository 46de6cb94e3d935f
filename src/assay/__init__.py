"""How much child sexual exploitation is there, and how good is the police response, force by force?

The packages, in the order of imports: each may import what stands above it. The contracts are in `pyproject.toml`
(import-linter); `tests/test_imports.py` keeps them and this list.

    errors        how a package says that something is wrong
    wording       how a figure is put into words
    progress      shows a person how far the work is
    reference     what was asked: questions, standards, definitions, code lists, forces, past recommendations
    engine        DuckDB and Spark, stage runner, provenance records, ledger, locks, safe reading of files
    stats         statistics that know no police
    contract      the data return: tables, columns, rules, question sets
    text          what is written in a text, where, and in whose voice
    privacy       pseudonyms, encryption, separated identifiers
    sdc           statistical disclosure control; the only maker of a `Released`
    ingest        readers, mapping, preparation and validation of returns; official statistics
    feedback      the data-quality letter to a sender
    linkage       who is the same person, and who belongs together
    facts         one row a crime, victim, suspect, duty ...: the facts that every indicator reads
    indicators    the form, the ladder, and `catalogue` by inspection theme
    compare       forces compared fairly
    report        pages, charts, tables; accepts only `Released`
    casefiles     samples of files, allocation, ratings, fieldwork, surveys
    grading       what may be proposed to a panel, by written rules, with the evidence
    workflows     run, receive, judge, release, retire and the other steps of an inspection
    synthetic     synthetic forces whose truth is known, the demonstration, the simulation study
    workbench     the web pages where inspectors read and rate, analysts look and forces answer
    cli           the command `assay`
    api           a dozen names that programs of others may use
"""

__version__ = "0.1.0"
