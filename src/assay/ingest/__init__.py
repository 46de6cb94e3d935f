"""Read and validate what forces, other senders and official sources supply.

`return_validation` validates the return of a force in one call, in this order:

    `return_manifest`, `column_mapping`      the manifest; translation of a force's words to those of the contract
    `file_readers`, `table_reader`           CSV, Parquet and XLSX files as text with line numbers, table by table
    `cell_validation`, `cell_types`, `duplicate_keys`    types, lists, forms, times and keys (R10 to R26, R67 to R72)
    `reference_checks`, `time_order_checks`, `cross_field_checks`    rules between rows (R27 to R60, R63 to R66)
    `record_reconciliation`                  accepted rows and rows set aside add up to the records of the file
    `column_completeness`                    how complete each column is

`staging_store` stores the return during validation. `preparation` drafts the mapping and the manifest. `other_senders`
reads what senders other than forces supply, and `official_statistics` reads the published tables that anyone can
download.
"""
