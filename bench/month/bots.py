"""The bots of the simulated month: processes that remind, moved by a clock in shared memory."""

import asyncio
import subprocess
import sys
from pathlib import Path

from bench.month.plan import START
from bench.month.reminding_bot import STEP, shared


class Bots:
    """Processes that remind; each is moved by the shared clock and says which step it has done."""

    def __init__(self, count, database, sandbox, folder):
        self._arguments = (database, sandbox.api_url, sandbox.bot_token)
        self._clock_file = Path(folder) / "clock"
        self._clock_file.write_bytes(STEP.pack(START.timestamp(), 0))
        self._clock = shared(self._clock_file)
        self._files = [Path(folder) / f"done-{n}" for n in range(count)]
        self._processes = [None] * count
        self._done = []
        for file in self._files:
            file.write_bytes(STEP.pack(0, -1))
            self._done.append(shared(file))
        self._step = 0

    def start(self):
        for n, process in enumerate(self._processes):
            if process is None or process.poll() is not None:
                self._done[n][:] = STEP.pack(0, -1)
                command = [sys.executable, "-m", "bench.month.reminding_bot", *self._arguments]
                self._processes[n] = subprocess.Popen([*command, str(self._clock_file), str(self._files[n])])

    def kill(self):
        """kill -9, as the operating system would."""
        for process in self._processes:
            if process:
                process.kill()
                process.wait()

    async def until(self, moment):
        """All of them have done what is due at ``moment``; those that died meanwhile are started again."""
        self._step += 1
        self._clock[:8] = STEP.pack(moment.timestamp(), 0)[:8]
        self._clock[8:] = STEP.pack(0, self._step)[8:]
        while any(STEP.unpack(done[:])[1] != self._step for done in self._done):
            self.start()
            await asyncio.sleep(0.001)
