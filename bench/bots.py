"""The two apps that are compared, each in a process of its own: Tocsin as an operator runs it, and a Bolt app that does nothing."""

import asyncio
import os
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.slack import ANNOUNCEMENTS

ROOT = Path(__file__).parent.parent
PATIENCE_S = 60.0


@dataclass
class Bot:
    """A running app; ``started`` is the moment (perf_counter) at which its process was made."""

    pid: int
    started: float

    def memory_mb(self):
        """Resident memory; None where the system does not tell (it is read from /proc)."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return None
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def cpu_s(self):
        """Processor time used so far; None where the system does not tell."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.exists():
            return None
        user, system = stat.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _as_installed():
    """pip compiles what it installs; here Python may have been told to keep nothing that it compiled."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@asynccontextmanager
async def _running(slack, module, *arguments):
    sandbox = slack.sandbox
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            sandbox.api_url,
            *arguments,
            cwd=ROOT,
            stderr=log,
            env=_as_installed(),
        )
        try:
            connected = await sandbox.socket.ready(PATIENCE_S)
            assert connected, f"{module} did not connect"
            yield Bot(process.pid, started)
        except BaseException:
            log.seek(0)
            sys.stderr.write(log.read()[-4000:].decode(errors="replace"))
            raise
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def nothing(slack):
    """Bolt that acknowledges everything and does nothing."""
    return _running(slack, "bench.nothing_bot", slack.sandbox.bot_token, slack.sandbox.app_token)


def tocsin(slack, database, profile=None):
    """The whole bot on a database URL; ``profile`` is a file for where its time goes, complete when it has stopped."""
    sandbox = slack.sandbox
    more = [str(profile)] if profile else []
    return _running(
        slack, "bench.tocsin_bot", sandbox.bot_token, sandbox.app_token, database, ANNOUNCEMENTS, *more
    )
