"""Find crimes transferred to another force that has no record of them (rule R52).

The rule (Q46) needs the returns of several forces, so it is applied to the inspection and not to one return. A crime is
looked up only where the other force's own crimes were accepted; elsewhere nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from assay.engine import TableStore

SCHEMA = pa.schema([
    ("force_code", pa.string()), ("crime_ref", pa.string()), ("other_force_code", pa.string()),
    ("moved", pa.string()), ("line", pa.int64()),
])  # fmt: skip

TRANSFER_COLUMNS = {"to": "transferred_to_force", "out of": "received_from_force"}

# The other force's record is tied by either force's reference (return contract, section 11.12).
ORPHANS_SQL = """
with moved as (
    select force_code, crime_ref, transferred_to_force as other_force_code, other_force_crime_ref, 'to' as moved, line
    from crimes where transferred_to_force is not null
    union all
    select force_code, crime_ref, received_from_force, other_force_crime_ref, 'out of', line
    from crimes where received_from_force is not null),
answerable as (select force_code from covers where table_name = 'crimes' and used and supplied <> 'none')
select m.force_code, m.crime_ref, m.other_force_code, m.moved, m.line
from moved as m semi join answerable as a on m.other_force_code = a.force_code
where not exists (select 1 from crimes as c where c.force_code = m.other_force_code
    and c.crime_ref = m.other_force_crime_ref)
and not exists (select 1 from crimes as c where c.force_code = m.other_force_code
    and c.other_force_crime_ref = m.crime_ref
    and m.force_code in (c.transferred_to_force, c.received_from_force))
"""


def unmatched_transfers(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return one row for each transferred crime that the other force's accepted return lacks.

    `tables` holds `crimes` and `covers` of all accepted returns together. `moved` is 'to' or 'out of'.
    """
    with TableStore() as store:
        for name in ("crimes", "covers"):
            store.table(name, tables[name])
        return store.run(ORPHANS_SQL).cast(SCHEMA)
