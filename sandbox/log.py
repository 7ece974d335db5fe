"""All traffic with the bot, in order, bounded."""

from collections import deque
from typing import Any

from sandbox.clock import Clock

KEPT = 50_000


class Log:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def add(self, direction: str, kind: str, **more: Any) -> dict[str, Any]:
        """``direction`` is ``to_bot`` or ``from_bot``."""
        line = {"at": self._clock.now().isoformat(), "direction": direction, "kind": kind, **more}
        self._lines.append(line)
        return line

    def shown(self) -> list[dict[str, Any]]:
        return list(self._lines)

    def clear(self) -> None:
        self._lines.clear()
