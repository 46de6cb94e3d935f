"""Released tables: an object that only `release` can create, with a public provenance record.

A `Released` is created by `release`, or by `restore_released` from the stage that holds the tables of an earlier call
of `release`. Every figure that a reader sees comes from a `Released`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar, overload
from weakref import WeakSet

import pyarrow as pa

from assay.engine.provenance import Ledger, content_hash, read_receipt, read_stage
from assay.engine.provenance.folder_lock import LEDGER
from assay.engine.provenance.stage_folders import TABLE_SUFFIX
from assay.errors import DisclosureError
from assay.sdc.disclosure_control import STATUS_COLUMNS, PriorRelease, apply_policy
from assay.sdc.release_checks import cast_table, column_errors, policy_errors, value_errors
from assay.sdc.release_tables import Table, declared_tables
from assay.sdc.released_rows import table_name
from assay.sdc.suppression_policy import Policy

BATCH_ROWS = 1000
R = TypeVar("R")
"""Number of rows that `Released.iter_rows` converts at once."""
_TOKEN = object()
_INSTANCES: "WeakSet[Released]" = WeakSet()
_CONSTRUCTION_ERROR = (
    "A Released is made by disclosure.release() alone, or restored from what it let out: it cannot be built, copied, "
    "changed or unpickled."
)


class Released:
    """Tables that everyone may read, with the policy that was applied and a public provenance record.

    Immutable. To construct, subclass, copy, pickle or change it raises DisclosureError, so that no figure can reach the
    report without disclosure control.
    """

    __slots__ = ("__weakref__", "_edition", "_ledger_head", "_policy", "_public_receipt", "_tables")

    def __init__(self, token: object = None, /, **parts: Any) -> None:
        if token is not _TOKEN:
            raise DisclosureError(_CONSTRUCTION_ERROR)
        for name, part in parts.items():
            object.__setattr__(self, name, part)
        _INSTANCES.add(self)

    def __init_subclass__(cls, **_: Any) -> NoReturn:
        raise DisclosureError(_CONSTRUCTION_ERROR)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise DisclosureError(_CONSTRUCTION_ERROR)

    def __delattr__(self, name: str) -> NoReturn:
        raise DisclosureError(_CONSTRUCTION_ERROR)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise DisclosureError(_CONSTRUCTION_ERROR)

    def __replace__(self, **_: Any) -> NoReturn:
        raise DisclosureError(_CONSTRUCTION_ERROR)

    @property
    def tables(self) -> Mapping[str, pa.Table]:
        """The released tables by name; read only."""
        return self._tables  # type: ignore[attr-defined,no-any-return]

    @property
    def policy(self) -> Policy:
        """The policy under which the tables were released."""
        return self._policy  # type: ignore[attr-defined,no-any-return]

    @property
    def edition(self) -> str:
        """The edition of the figures, as in the addresses and citations of the report."""
        return self._edition  # type: ignore[attr-defined,no-any-return]

    @property
    def ledger_head(self) -> str:
        """The hash of the last entry of the ledger when the tables were released."""
        return self._ledger_head  # type: ignore[attr-defined,no-any-return]

    @property
    def public_receipt(self) -> Mapping[str, Any]:
        """The public provenance record: policy, edition, ledger head, and size and content hash of each table."""
        return self._public_receipt  # type: ignore[attr-defined,no-any-return]

    @overload
    def rows(self, table: str) -> list[dict[str, Any]]: ...
    @overload
    def rows(self, table: type[R]) -> list[R]: ...
    def rows(self, table: Any) -> list[Any]:
        """Return the rows of one table, given by its row type or its name; an empty list if it was not released."""
        found = self.tables.get(table_name(table))
        return found.to_pylist() if found is not None else []

    @overload
    def iter_rows(self, table: str) -> Iterator[dict[str, Any]]: ...
    @overload
    def iter_rows(self, table: type[R]) -> Iterator[R]: ...
    def iter_rows(self, table: Any) -> Iterator[Any]:
        """Yield the rows of one table in batches, because all rows as Python objects need ten times its memory."""
        found = self.tables.get(table_name(table))
        for batch in found.to_batches(max_chunksize=BATCH_ROWS) if found is not None else ():
            yield from batch.to_pylist()


def is_released(candidate: object) -> bool:
    """Return True if the object was created by `release` or `restore_released`."""
    return type(candidate) is Released and candidate in _INSTANCES


def release(
    tables: Mapping[str, pa.Table],
    *,
    policy: Policy,
    ledger_head: str,
    edition: str,
    prior_releases: Sequence[PriorRelease] = (),
) -> Released:
    """Apply the policy to the tables, check them, and return them as released.

    Parameters
    ----------
    tables
        All tables that are released together, by name, with exact counts.
    prior_releases
        All releases that are already public, which a reader can combine with this one.

    Raises
    ------
    DisclosureError
        With one sentence for each violation of the policy; then nothing is released.
    """
    checked: dict[str, pa.Table] = {}
    errors: list[str] = []
    protected_tables = _protect_valid_tables(tables, policy, prior_releases)
    for name, protected in sorted(protected_tables.items()):
        table, table_errors = _check_table(name, protected, policy, protected_tables)
        errors += table_errors
        checked[name] = table
    if errors:
        raise DisclosureError("\n".join(["Nothing was released.", *errors]))
    return _build_released(checked, policy, ledger_head, edition)


def restore_released(folder: Path, stage: str, *, policy: Policy, ledger_head: str, edition: str) -> Released:
    """Return the tables of an earlier `release` from the stage output in which they are stored.

    Disclosure control is not applied again, so nothing else is accepted as its result: the ledger must hold the receipt
    of the stage, the tables must be those of the receipt, and each must pass the checks of `release`.

    Raises
    ------
    DisclosureError
        With one sentence for each table that differs from the released one; then nothing is restored.
    """
    receipt = read_receipt(folder, stage)
    if receipt is None or not Ledger(folder / LEDGER).has_written(stage, receipt.hash):
        raise DisclosureError(f"The ledger does not hold the receipt of {stage}. Remove that folder, and run it again.")
    names = [name.removesuffix(TABLE_SUFFIX) for name in receipt.outputs if name.endswith(TABLE_SUFFIX)]
    tables = {name: read_stage(folder, stage, name) for name in names}
    changed = [
        name for name, table in tables.items() if content_hash(table) != receipt.outputs[f"{name}{TABLE_SUFFIX}"]
    ]
    errors = [f"{stage}/{name} is not the table that its receipt names. Run the inspection again." for name in changed]
    checked = {name: _check_table(name, table, policy, tables) for name, table in tables.items()}
    errors += [error for _, table_errors in checked.values() for error in table_errors]
    if errors:
        raise DisclosureError("\n".join(["Nothing was released.", *errors]))
    return _build_released({name: table for name, (table, _) in checked.items()}, policy, ledger_head, edition)


def _build_released(tables: Mapping[str, pa.Table], policy: Policy, ledger_head: str, edition: str) -> Released:
    """Return the tables as a `Released`, in the order of their declaration, with their public receipt."""
    ordered = {name: tables[name] for name in declared_tables() if name in tables}
    return Released(
        _TOKEN,
        _tables=MappingProxyType(ordered),
        _policy=policy,
        _edition=edition,
        _ledger_head=ledger_head,
        _public_receipt=MappingProxyType(_receipt(ordered, policy, ledger_head, edition)),
    )


def _protect_valid_tables(
    tables: Mapping[str, pa.Table], policy: Policy, prior_releases: Sequence[PriorRelease]
) -> Mapping[str, pa.Table]:
    """Return the tables with the policy applied.

    If a table does not match its declaration, all are returned unchanged: the checks of `release` then name the table.
    """
    forms = declared_tables()
    are_valid = all(
        not any(column_errors(table, form, optional_columns=STATUS_COLUMNS, extra_columns=form.internal_columns))
        and not cast_table(table, form)[1]
        for form, table in ((forms[name], table) for name, table in tables.items() if name in forms)
        if form.protects
    )
    return apply_policy(tables, policy, prior_releases=prior_releases) if are_valid else tables


def _check_table(
    name: str, table: pa.Table, policy: Policy, released_tables: Mapping[str, pa.Table]
) -> tuple[pa.Table, Iterable[str]]:
    form = declared_tables().get(name)
    if form is None:
        return table, [f"Table '{name}' is not in the closed list of tables that may be released."]
    errors = [*policy_errors(form, policy), *column_errors(table, form)]
    if errors:
        return table, errors
    table, errors = cast_table(table, form)
    if errors:
        return table, errors
    return _sort_by_key(table, form), list(value_errors(table, form, policy, released_tables))


def _sort_by_key(table: pa.Table, form: Table) -> pa.Table:
    """Sort the rows by key, so that the same figures give the same bytes."""
    return table.sort_by([(column, "ascending") for column in form.key]) if table.num_rows else table


def _receipt(tables: Mapping[str, pa.Table], policy: Policy, ledger_head: str, edition: str) -> dict[str, Any]:
    table_entries = {
        name: {"rows": table.num_rows, "columns": table.num_columns, "content": content_hash(table)}
        for name, table in tables.items()
    }
    receipt = {
        "policy": policy.name,
        "policy_sha256": policy.sha256,
        "edition": edition,
        "ledger_head": ledger_head,
        "tables": table_entries,
    }
    return {**receipt, "receipt_sha256": receipt_hash(receipt)}


def receipt_hash(receipt: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a public provenance record, which must not contain its own hash."""
    return hashlib.sha256(json.dumps(receipt, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()
