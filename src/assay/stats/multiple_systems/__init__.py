"""Multiple systems estimation: how many persons are on no list.

    capture_tables, capture_input       persons by capture history
    list_screening                      checks of the lists before any estimate
    loglinear                           log-linear models: stepwise, best, averaged, searched, fixed
    stepwise_aic                        stepwise choice by AIC, and profile-likelihood intervals
    decomposable                        exact Bayesian average over all decomposable graphs, with its modes
    latent_class, bayesian_threshold    latent classes, and the Bayesian threshold method; refused without convergence
    closed_heterogeneity                closed-population models with heterogeneity; Chao's lower bound
    covariates, partial_pooling         strata in one model, and partial pooling of strata
    assumption_sensitivity              odds ratios, lists left out, merged and held out, linkage draws pooled
    ensemble, hidden_change             verdict over all methods, for one year and for two
    capture_figures                     overlap, methods, posterior and sensitivity, as SVG

Lists are named, never numbered. A refusal is a result: `NoEstimate` gives the reason, and a `HiddenEstimate` may have a
refusal in place of figures. The package imports nothing else of assay.
"""
