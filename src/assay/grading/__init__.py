"""Propose grades to a panel by published rules, with reasons for and against each proposal.

    grading_rules             the rules, and the alternatives for the sensitivity analysis (rules.toml)
    triangulation             the verdict of every source of evidence on every characteristic, and their certainty
    force_evidence            every piece of evidence on one characteristic in one force, and how it counts
    evidence_sentences        the figure of each piece as a sentence, met or not met
    characteristic_levels     the probability that a characteristic is shown, by simulation under the rules
    grade_proposals           the proposed grade of a theme and of a force, or that there is not enough evidence
    coherence                 contradictions between grades, concerns and alerts, which stop a release
    panel_reasons             the three strongest reasons for and against a force, with their figures
    proposal_reasons          reasons for and against a proposal, what would change it, and what is not known
    concerns                  causes of concern, areas for improvement, promising practice
    proposal_sensitivity      sensitivity of proposals to the rules, definitions and record linkage
    panel_decisions           decisions of the panel on the proposals

Proposals are computed from the released figures and the verdicts of the sources, so a reader can reproduce every
proposal from the tables of the report. Organisations that are not rated get no proposal.
"""
