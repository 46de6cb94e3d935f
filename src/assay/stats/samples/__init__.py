"""Design-based estimates from random samples of files.

    sizes         how many files a wanted precision or power takes, and what a given number can show
    allocation    how many of them fall to each stratum
    finite        one share from one simple random sample of a finite population
    effective     the interval of a share that is worth so many files
    stratified    a share from strata, each with its own chance of being drawn; rare things
    unequal       totals, shares, ratios and domains from units with a chance each
    two_stage     forces drawn first, files within them second
    domains       many forces side by side, each drawn in as far as its own files are few
    missing       files that were drawn and never came
    scored        a score of every record together with the marks of a few

A share lies between 0 and 1. A sample is design-based: its chances are known, and nothing else is believed of the
records. Where the files allow no figure the answer says so in words.
"""
