"""Were past recommendations carried out, are forces' claims true, and when did practice change?

    recommendation_register    each past recommendation with its owner, its deadline and its test (data/tests.toml)
    recommendations_applied    the evidence on each recommendation in each force, and the force's own statement
    force_claims               each claim of a force about itself, tested against the evidence
    practice_change            whether practice changed after a report, after notice of an inspection, or not at all

The package reads the results of the other inspection themes as tables and does not import their modules.
"""
