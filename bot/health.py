"""How the running bot is: what `/healthz`, `/readyz` and `/metrics` tell."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.app.ports import Clock, Store
from bot.scheduler import Ticks
from bot.slack.runtime import SocketRuntime

#: Ticks are a second apart; one may be held up by a slow database.
STUCK_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BotHealth:
    store: Store
    clock: Clock
    socket: SocketRuntime | None
    ticks: Ticks | None

    def alive(self) -> bool:
        return self.ticks is None or self.ticks.silent_s < STUCK_S

    async def checks(self) -> Mapping[str, bool]:
        found = {"ticks": self.alive(), "database": await self._readable()}
        if self.socket:
            found["slack"] = self.socket.connected
        return found

    async def gauges(self) -> Mapping[str, float]:
        checks = await self.checks()
        found = {f"tocsin_{name}_ok": float(ok) for name, ok in checks.items()}
        if checks["database"]:
            found["tocsin_open_incidents"] = float(len(await self.store.summaries(open_only=True)))
            found["tocsin_waiting_incidents"] = float(len(await self.store.waiting_work(self.clock.now())))
        return found

    async def _readable(self) -> bool:
        try:
            await self.store.next_wake()
        except Exception:  # noqa: BLE001 - whatever it is, the answer is no
            return False
        return True
