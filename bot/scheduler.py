"""APScheduler fires the ticks from memory; it holds no facts. A watchdog wakes it when the clock was set back.

An interval job of APScheduler 3 sleeps until a wall-clock time, so a clock set back by an hour would stop it for an hour.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger(__name__)

TICK_S = 1.0
WATCH_S = 1.0
STEP_S = 2.0


class Ticks:
    """Runs each job every ``TICK_S`` seconds: one instance at a time, missed runs as one."""

    def __init__(self, jobs: dict[str, Callable[[], Awaitable[object]]]) -> None:
        self._jobs = jobs
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._watch: asyncio.Task[None] | None = None
        self._last = time.monotonic()

    def start(self) -> None:
        for name, job in self._jobs.items():
            self._scheduler.add_job(
                self._run,
                "interval",
                seconds=TICK_S,
                id=name,
                args=[name, job],
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()
        self._watch = asyncio.create_task(self._watch_clock())

    @property
    def silent_s(self) -> float:
        """Seconds since a job was last done."""
        return time.monotonic() - self._last

    async def stop(self) -> None:
        if self._watch:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        self._scheduler.shutdown(wait=False)

    async def _run(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        try:
            await job()
            self._last = time.monotonic()
        except Exception:
            log.exception("tick.failed", job=name)

    async def _watch_clock(self) -> None:
        offset = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(WATCH_S)
            now = time.time() - time.monotonic()
            if abs(now - offset) > STEP_S:
                log.warning("clock.stepped", seconds=round(now - offset, 1))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))
                offset = now
