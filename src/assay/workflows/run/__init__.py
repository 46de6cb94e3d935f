"""Run the pipeline of an inspection, stage by stage.

The stages are returns, records, indicators, comparison, disclosure control and report. Each writes its tables and a
provenance record with counts that add up into a folder of its own, and an entry into the ledger. Nothing here decides
what a finding is.
"""
