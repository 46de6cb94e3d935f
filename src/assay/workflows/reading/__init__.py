"""Scan the texts of an inspection, and select texts that people should read closely, with the reasons.

`text_readers`         combines the lexicon, the signs and the classifier
`text_scan`            scans every text of an inspection and keeps only the findings
`bulk_triage`          scans millions of texts in two steps
`line_input`           one JSON object per line in, one answer per line out
`reading_summaries`    explains one text at a terminal or on a page
`label_sampling`       texts that may be labelled, and the rounds in which people label them
`label_lessons`, `model_teaching`   train a model on the labels
`holdout_test`         decides whether a trained model is used
`entry_reading`        one entry without names; with names only after an entry in the ledger
"""
