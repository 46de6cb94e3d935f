"""Is the schema of a table that of the type of its rows?"""

import datetime as dt
from typing import Annotated, Required, TypedDict

import pyarrow as pa
import pytest

from assay.engine.row_schemas import arrow_schema
from assay.errors import DefinitionError

pytestmark = pytest.mark.quick


class Row(TypedDict, total=False):
    place_code: Required[str]
    records: int | None
    share: float | None
    is_outlier: bool
    sealed_on: dt.date
    years: Annotated[int, pa.int32()]


class Listed(TypedDict):
    places: list[str]


def test_a_column_has_the_type_of_its_values_whether_it_may_be_empty_or_not():
    assert arrow_schema(Row) == pa.schema(
        [("place_code", pa.string()), ("records", pa.int64()), ("share", pa.float64()), ("is_outlier", pa.bool_()),
         ("sealed_on", pa.date32()), ("years", pa.int32())]
    )  # fmt: skip


def test_a_type_without_an_arrow_type_is_named():
    with pytest.raises(DefinitionError, match=r"Listed.places"):
        arrow_schema(Listed)
