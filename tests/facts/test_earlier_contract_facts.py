"""Can the facts be derived from returns that were accepted under an earlier version of the contract?"""

import pyarrow as pa

from assay.contract.earlier_versions import added_fields
from assay.contract.table_spec import typed_schema
from assay.engine import ExpressionEngine
from assay.facts.inspection_run import with_added_columns


def test_the_columns_that_an_earlier_return_lacks_are_read_as_empty():
    name = "crimes"
    added = [field.name for field in added_fields(name)]
    fields = [field for field in typed_schema(name) if field.name not in added]
    rows = pa.schema(fields).empty_table()
    with ExpressionEngine() as engine:
        read = engine.run(with_added_columns(name, engine.table(name, rows)))
    assert added
    assert set(read.column_names) == {field.name for field in typed_schema(name)}
    assert read.schema.field(added[0]).type == added_fields(name)[0].type
