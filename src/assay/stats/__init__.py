"""Statistical methods that do not depend on the police domain: posteriors, intervals, tests, samples.

    share_posteriors, rates    hierarchical models of units with counts: shrunken estimates, leave-one-out predictive
    posterior_summary          estimates, posterior ranks with intervals, leave-one-out predictions
    false_discovery            Benjamini-Hochberg q-values
    combined_tests             combined test of several measures (Stouffer)
    level_changes              change in the level of a series (state-space model)
    amount_estimates           predictive interval of an amount of work
    cumulative_incidence       time to event with competing endings (Aalen-Johansen)
    process_control            XmR control chart of a series
    graph_components           connected components and communities
    binomial_intervals         Wilson, Jeffreys and mid-P intervals of one share; z-scores of a naive funnel plot
    poisson_intervals          Garwood's interval of a count
    multiple_systems           size of a hidden population from overlapping lists; imports nothing else of assay
    samples                    estimates from random samples of files, and sample sizes
    agreement                  agreement between raters of the same files, and its effect on a figure

Units have counts and bases (shares) or exposures (rates). Everything except multiple_systems is computed by quadrature,
so no figure depends on a random draw. Random draws in multiple_systems, the communities of a graph, and the bootstrap
interval of agreement are reproducible from a seed.
"""
