"""Read any published table through a mapping file and the long form.

    tables = read_added_tables([Path("flags.toml")])     each mapping names its file; nothing is guessed
    write_long_form(Path("form"))                        the schemas of the long form, a template and an example

A table that cannot be understood as a whole is refused with a sentence for each problem.
"""

from assay.ingest.added_tables.added_table import AddedTable, read_added_table, read_added_tables
from assay.ingest.added_tables.area_matching import Area
from assay.ingest.added_tables.long_form import LongColumn, LongForm, LongRow, long_form
from assay.ingest.added_tables.long_form_files import write_long_form, write_long_table

__all__ = [
    "AddedTable",
    "Area",
    "LongColumn",
    "LongForm",
    "LongRow",
    "long_form",
    "read_added_table",
    "read_added_tables",
    "write_long_form",
    "write_long_table",
]
