"""Multiple systems estimation: how many persons are on no list.

    tables, reading       persons by capture history: CaptureTable, read_table, read_tables
    screening             may anything be estimated at all? screen
    loglinear             stepwise, best, averaged, searched, fixed; with profiles and stepwise_aic beside them
    decomposable          every decomposable graph, averaged exactly, and all modes of the answer
    latent, threshold     classes of persons; interactions that stand out; both sampled, both behind a gate
    heterogeneity         persons who differ in how easily they are found; Chao's lower bound
    covariates, pooling   strata in one model, or strata that borrow from one another
    sensitivity           the assumption bent, lists left out, merged and hidden, linkage draws together
    ensemble, changes     what may be said in words, of one year and of two
    pictures              overlap, methods, posterior, sensitivity, as SVG

Lists are named, never numbered. A refusal is an answer: `NoEstimate` says why, and an `Estimate` may carry a refusal
in the place of figures. It imports nothing else of ours.
"""
