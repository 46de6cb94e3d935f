"""Run the pipeline of an inspection, stage by stage.

Returns, records, enquiries, comparison, disclosure, report: each stage writes its tables and a receipt whose counts
add up into a folder of its own name, and the ledger takes a line. Nothing here decides what a finding is.
"""
