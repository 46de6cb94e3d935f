"""Has what past reports asked for been done, is what forces say of themselves so, and when did practice change?

    register    each past recommendation with its owner, its deadline and its test (data/tests.toml)
    applied     what the evidence shows of each in each force, beside what the force says
    claims      each statement that a force makes of itself, against the evidence
    practice    whether practice changed after a report, after notice of an inspection, or not at all

It reads what the other enquiries found as tables, and looks into none of them.
"""
