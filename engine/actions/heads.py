"""A receipt of where every chain ends, to be kept elsewhere: it finds a record that was written anew.

The chains prove themselves only as long as nobody can write all of one. A receipt from before shows that
the rows it names are still there with the same hashes, however the rest has grown since.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actions.faults import Fault
from engine.store import audit, cases, events
from engine.store.db import Tx

_BATCH = 500


def take_receipt(tx: Tx) -> dict[str, Any]:
    """Case number → length and last hash of its chain, and the audit log's."""
    found, after = {}, 0
    while ids := cases.list_ids(tx, after, _BATCH):
        for case_id in ids:
            row, _ = cases.get_case(tx, case_id)
            found[row.number] = [row.seq, row.head.hex()]
        after = ids[-1]
    seq, head = audit.get_head(tx)
    return {"audit": [seq, head.hex()], "cases": found}


def compare_receipt(tx: Tx, receipt: Mapping[str, Any]) -> list[Fault]:
    """What an earlier receipt names and the store no longer holds. `ValueError` if it is no receipt."""
    try:
        listed = {
            str(number): (int(seq), bytes.fromhex(head)) for number, (seq, head) in receipt["cases"].items()
        }
        seq, head = int(receipt["audit"][0]), bytes.fromhex(receipt["audit"][1])
    except (AttributeError, KeyError, TypeError, IndexError) as error:
        raise ValueError(f"this is no receipt of heads ({error!r})") from error
    faults = []
    for number, (length, wanted) in listed.items():
        if events.find_hash(tx, number, length) != wanted:
            zh = f"案件{number}：办理记录第{length}条不是回执所记的那一条。"
            en = f"Case {number}: history row {length} is not the one that the receipt names."
            faults.append(Fault(case_number=number, kind="head", seq=length, zh=zh, en=en))
    if seq and audit.find_hash(tx, seq) != head:
        en = f"Row {seq} of the audit log is not the one that the receipt names."
        faults.append(Fault(kind="head", seq=seq, zh=f"审计日志第{seq}条不是回执所记的那一条。", en=en))
    return faults
