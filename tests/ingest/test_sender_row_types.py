"""Do the row types of other senders' tables have the columns that are stored, with their types?"""

from typing import get_args, get_type_hints

import pytest

from assay.engine.row_schemas import arrow_schema
from assay.ingest import other_senders
from assay.ingest.other_senders.sender_rows import SenderTables

pytestmark = pytest.mark.quick

ROW_TYPES = {name: get_args(hint)[0] for name, hint in get_type_hints(SenderTables).items()}


def test_each_table_of_other_senders_has_a_row_type():
    assert list(ROW_TYPES) == list(other_senders.tables())


@pytest.mark.parametrize("name", other_senders.tables())
def test_a_row_type_has_the_columns_that_are_stored(name):
    assert arrow_schema(ROW_TYPES[name]) == other_senders.tables()[name].schema, "run scripts/row_types.py"
