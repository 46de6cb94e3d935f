"""Agreement between raters of the same files, and its effect on a figure.

    rating_table            ratings as a table: one row for each file, one column for each rater, gaps allowed
    agreement_coefficients  kappa, Fleiss' kappa, Gwet's AC, Krippendorff's alpha, with intervals
    agreement_comparison    agreement by question, rater or force; the direction in which two raters differ
    many_facet_model        severity of each rater, and its drift (many-facet Rasch model)
    misclassification       a share corrected for rating errors, or bounds of it

Ratings are ordered answers, such as not met, partly, met. If a coefficient cannot be computed, the reason is in words.
"""
