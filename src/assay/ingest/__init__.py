"""Read and validate what forces, other senders and official sources supply.

A force's return, in the order in which it is read:

`contract`      what may be sent: one spec a table, from which checks, schema, workbook and reference page follow
`cover`         what the sender says of it; `mapping_toml` how a force's own words become those of the contract
`files`         CSV, Parquet and XLSX as text beside their lines; `reading` what came for one table
`cells`         types, lists, forms, clocks, keys (R10 to R26, R67 to R72); `desk` is where the return lies meanwhile
`references`, `times`, `sense`   what one row says of another (R27 to R60)
`counting`      accepted and set aside make the records of the file; `completeness` how full each column is
`receiving`     all of it, as one call; `letter` what the sender is told

`published`: the official tables that anyone can download: recorded crime, outcomes, children in need, population.
"""
