"""In which order is an inspection of published statistics run, and what does each stage leave behind?

Returns, records, enquiries, comparison, disclosure, report: each stage writes its tables and a receipt whose counts
add up into a folder of its own name, and the ledger takes a line. Nothing here decides what a finding is.
"""
