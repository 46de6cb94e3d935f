"""What has been allowed to leave the building, and what shows that it was?

A `Released` is made by `release`, or by `restore_released` from the stage that holds what `release` let out. Everything
that a reader is shown passes through here.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn
from weakref import WeakSet

import pyarrow as pa

from assay.engine.provenance import Ledger, content_hash, read_receipt, read_stage
from assay.engine.provenance.folder_lock import LEDGER
from assay.engine.provenance.stage_folders import TABLE
from assay.errors import DisclosureError
from assay.sdc.disclosure_control import NOTED, EarlierEdition, apply_policy
from assay.sdc.release_checks import cast, column_faults, policy_faults, value_faults
from assay.sdc.release_tables import Table, declared_tables
from assay.sdc.suppression_policy import Policy

_TOKEN = object()
_MADE: "WeakSet[Released]" = WeakSet()
_ONLY = (
    "A Released is made by disclosure.release() alone, or restored from what it let out: it cannot be built, copied, "
    "changed or unpickled."
)


class Released:
    """Tables that may be read by everyone, with the policy that let them out and a public receipt.

    Frozen. Refuses to be built, subclassed, copied, pickled or changed: raises DisclosureError.
    """

    __slots__ = ("__weakref__", "_edition", "_ledger_head", "_policy", "_public_receipt", "_tables")

    def __init__(self, token: object = None, /, **parts: Any) -> None:
        if token is not _TOKEN:
            raise DisclosureError(_ONLY)
        for name, part in parts.items():
            object.__setattr__(self, name, part)
        _MADE.add(self)

    def __init_subclass__(cls, **_: Any) -> NoReturn:
        raise DisclosureError(_ONLY)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise DisclosureError(_ONLY)

    def __delattr__(self, name: str) -> NoReturn:
        raise DisclosureError(_ONLY)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise DisclosureError(_ONLY)

    def __replace__(self, **_: Any) -> NoReturn:
        raise DisclosureError(_ONLY)

    @property
    def tables(self) -> Mapping[str, pa.Table]:
        """The released tables by name; read only."""
        return self._tables  # type: ignore[attr-defined,no-any-return]

    @property
    def policy(self) -> Policy:
        """The policy under which they left."""
        return self._policy  # type: ignore[attr-defined,no-any-return]

    @property
    def edition(self) -> str:
        """The edition of the figures, as it stands in the report's addresses and quotations."""
        return self._edition  # type: ignore[attr-defined,no-any-return]

    @property
    def ledger_head(self) -> str:
        """The hash of the ledger's last entry when the figures left."""
        return self._ledger_head  # type: ignore[attr-defined,no-any-return]

    @property
    def public_receipt(self) -> Mapping[str, Any]:
        """What left, by hash: policy, edition, ledger head, and rows, columns and content hash of each table."""
        return self._public_receipt  # type: ignore[attr-defined,no-any-return]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of one table; none if that table was not released."""
        table = self.tables.get(name)
        return table.to_pylist() if table is not None else []


def is_released(thing: object) -> bool:
    """Whether `thing` came out of `release`, and is not a shell made around it."""
    return type(thing) is Released and thing in _MADE


def release(
    tables: Mapping[str, pa.Table],
    *,
    policy: Policy,
    ledger_head: str,
    edition: str,
    earlier: Sequence[EarlierEdition] = (),
) -> Released:
    """Let `tables` leave under `policy`, which is applied to them first (`apply_policy`), beside `earlier` editions
    that are out.

    Raises DisclosureError with one sentence for each thing that the policy refuses; then nothing leaves.
    """
    passed: dict[str, pa.Table] = {}
    faults: list[str] = []
    every = _protected(tables, policy, earlier)
    for name, protected in sorted(every.items()):
        table, wrong = _check(name, protected, policy, every)
        faults += wrong
        passed[name] = table
    if faults:
        raise DisclosureError("\n".join(["Nothing was released.", *faults]))
    return _made(passed, policy, ledger_head, edition)


def restore_released(folder: Path, stage: str, *, policy: Policy, ledger_head: str, edition: str) -> Released:
    """Return the tables that `release` let out before, from the stage in which they were kept.

    Disclosure control is not applied again, so nothing else is accepted as its result: the ledger must hold the receipt
    of the stage, the tables must be those of the receipt, and each must pass the checks of `release`.

    Raises
    ------
    DisclosureError
        With one sentence for each table that is not what left before; then nothing is restored.
    """
    receipt = read_receipt(folder, stage)
    if receipt is None or not Ledger(folder / LEDGER).has_written(stage, receipt.hash):
        raise DisclosureError(f"The ledger does not hold the receipt of {stage}. Remove that folder, and run it again.")
    names = [name.removesuffix(TABLE) for name in receipt.outputs if name.endswith(TABLE)]
    tables = {name: read_stage(folder, stage, name) for name in names}
    changed = [name for name, table in tables.items() if content_hash(table) != receipt.outputs[f"{name}{TABLE}"]]
    faults = [f"{stage}/{name} is not the table that its receipt names. Run the inspection again." for name in changed]
    checked = {name: _check(name, table, policy, tables) for name, table in tables.items()}
    faults += [fault for _, wrong in checked.values() for fault in wrong]
    if faults:
        raise DisclosureError("\n".join(["Nothing was released.", *faults]))
    return _made({name: table for name, (table, _) in checked.items()}, policy, ledger_head, edition)


def _made(passed: Mapping[str, pa.Table], policy: Policy, ledger_head: str, edition: str) -> Released:
    """The tables in the order of their declaration, with their public receipt."""
    ordered = {name: passed[name] for name in declared_tables() if name in passed}
    return Released(
        _TOKEN,
        _tables=MappingProxyType(ordered),
        _policy=policy,
        _edition=edition,
        _ledger_head=ledger_head,
        _public_receipt=MappingProxyType(_receipt(ordered, policy, ledger_head, edition)),
    )


def _protected(
    tables: Mapping[str, pa.Table], policy: Policy, earlier: Sequence[EarlierEdition]
) -> Mapping[str, pa.Table]:
    """Under the policy, unless a table is not of the declared form: then as they came, to be refused by name."""
    forms = declared_tables()
    whole = all(
        not any(column_faults(table, form, may_lack=NOTED, may_have=form.inside)) and not cast(table, form)[1]
        for form, table in ((forms[name], table) for name, table in tables.items() if name in forms)
        if form.protects
    )
    return apply_policy(tables, policy, earlier=earlier) if whole else tables


def _check(
    name: str, table: pa.Table, policy: Policy, beside: Mapping[str, pa.Table]
) -> tuple[pa.Table, Iterable[str]]:
    form = declared_tables().get(name)
    if form is None:
        return table, [f"Table '{name}' is not in the closed list of tables that may be released."]
    faults = [*policy_faults(form, policy), *column_faults(table, form)]
    if faults:
        return table, faults
    table, faults = cast(table, form)
    if faults:
        return table, faults
    return _in_order(table, form), list(value_faults(table, form, policy, beside))


def _in_order(table: pa.Table, form: Table) -> pa.Table:
    """Rows in the order of their key, so that the same figures give the same bytes."""
    return table.sort_by([(column, "ascending") for column in form.key]) if table.num_rows else table


def _receipt(tables: Mapping[str, pa.Table], policy: Policy, ledger_head: str, edition: str) -> dict[str, Any]:
    listed = {
        name: {"rows": table.num_rows, "columns": table.num_columns, "content": content_hash(table)}
        for name, table in tables.items()
    }
    receipt = {
        "policy": policy.name,
        "policy_sha256": policy.sha256,
        "edition": edition,
        "ledger_head": ledger_head,
        "tables": listed,
    }
    return {**receipt, "receipt_sha256": receipt_hash(receipt)}


def receipt_hash(receipt: Mapping[str, Any]) -> str:
    """SHA-256 of a public receipt without the hash that it bears itself."""
    return hashlib.sha256(json.dumps(receipt, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()
