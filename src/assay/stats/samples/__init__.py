"""Design-based estimates from random samples of files.

    sample_sizes              sample sizes for a precision or power, and the precision of a sample size
    sample_allocation         allocation of a sample to strata
    finite_population         share from a simple random sample of a finite population
    effective_sample_size     interval of a share from its effective sample size
    stratified_sampling       share from a stratified sample, also for rare properties
    unequal_probability       totals, shares, ratios and domains with unequal inclusion probabilities
    two_stage_sampling        forces sampled first, files within forces second
    domain_estimates          estimates of many forces, direct and shrunken
    subgroup_shares           subgroups that cross strata, and comparisons of two parts
    nonresponse               sampled files that were not received
    prediction_powered        scores of all records combined with ratings of a sample

Shares are between 0 and 1. Inference is design-based: inclusion probabilities are known, and nothing else is assumed
about the records. If the files allow no estimate, the reason is given in words.
"""
