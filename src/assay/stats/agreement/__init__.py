"""Agreement between raters of the same files, and its effect on a figure.

    marked        marks as a table: a row a file, a column a marker, gaps where nobody marked
    closeness     how near two answers are to one another: the weights
    coefficients  kappa, Gwet's AC, Krippendorff's alpha, with intervals; what a table without variety says
    comparing     the same for each question, marker or force; which way two markers differ
    facets        how severe each marker is, and whether that drifts
    misreading    what a share would be without the markers' errors, as far as that can be known

Marks are answers in an order, such as not met, partly, met. A coefficient that cannot be worked out answers in words.
"""
