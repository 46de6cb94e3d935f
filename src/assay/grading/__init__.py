"""Propose grades to a panel by published rules, with reasons for and against each proposal.

    rules        the rules, and the alternatives that are tried against them (rules.toml)
    parts        what each characteristic of good is made of in one force: what its records and other strands say
    shown        how probable it is that a characteristic is shown, under these rules
    grades       what follows for a line and for the whole; or that there is not enough evidence
    reasons      what speaks for a proposal and against it, what would change it, what is not known
    concerns     causes of concern, areas for improvement, promising practice
    moved        how proposals move when the rules do
    panel        what a panel decided, beside what was proposed

Judged are the figures as disclosure lets them out and the verdicts of the strands beside them, so whoever holds the
report's tables can work out every proposal again. A body that is never rated is not judged.
"""
