"""What can go wrong on the way to Slack and back, on demand."""

import itertools
from dataclasses import dataclass
from typing import Any

KINDS = frozenset({"ratelimited", "error", "http_500", "timeout", "lost_answer", "latency"})


@dataclass(slots=True)
class Fault:
    """Hits calls of ``method`` (``*``: all): lets ``skip`` pass, then strikes ``count`` times (None: always)."""

    id: int
    method: str
    kind: str
    value: Any = None
    count: int | None = None
    skip: int = 0


class Faults:
    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._faults: list[Fault] = []

    def add(
        self, method: str, kind: str, *, value: Any = None, count: int | None = None, skip: int = 0
    ) -> int:
        """Raises ValueError for a kind that is not known."""
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind}: one of {', '.join(sorted(KINDS))}")
        fault = Fault(id=next(self._ids), method=method, kind=kind, value=value, count=count, skip=skip)
        self._faults.append(fault)
        return fault.id

    def clear(self) -> None:
        self._faults.clear()

    def left(self, fault_id: int) -> int | None:
        """How often a fault will still strike; None: always."""
        return next((fault.count for fault in self._faults if fault.id == fault_id), 0)

    def strike(self, method: str) -> list[Fault]:
        """The faults that hit this call."""
        hit = []
        for fault in list(self._faults):
            if fault.method not in {"*", method}:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    self._faults.remove(fault)
            hit.append(fault)
        return hit


@dataclass(slots=True)
class Delivering:
    """How events reach the bot from now on."""

    duplicate: int = 0
    reorder: bool = False
    delay_ms: int = 0
    drop_connection: bool = False
    pause: bool = False
