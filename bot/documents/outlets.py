"""Where a postmortem goes outside Slack: a folder, or a Git working copy. Putting the same bytes twice is once."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bot.app.outlets import Outlet, OutletError
from bot.app.policy import Policy

GIT_TIMEOUT_S = 30.0
#: Nobody sits there to type a password, and messages are read by the person who is told.
_ENVIRONMENT = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_AUTHOR = ("-c", "user.name=Tocsin", "-c", "user.email=tocsin@localhost")


@dataclass(frozen=True, slots=True)
class Folder:
    """Files beside one another; a file that is there is left alone when it holds the same bytes."""

    path: Path

    async def put(self, name: str, content: bytes, message: str) -> None:
        """``message`` is for outlets that keep a history. Raises `OutletError`."""
        del message
        try:
            await asyncio.to_thread(_write, self.path, name, content)
        except OSError as error:
            raise OutletError(
                f"the folder {self.path} could not be written: {error.strerror or error}"
            ) from error


@dataclass(frozen=True, slots=True)
class GitWorkingCopy:
    """Each put is one commit of one file; whatever else is staged there stays so. Nothing is pushed."""

    path: Path
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def put(self, name: str, content: bytes, message: str) -> None:
        """Raises `OutletError` with Git's own words."""
        if shutil.which("git") is None:
            raise OutletError("there is no git program where the bot runs")
        async with self._one_at_a_time:
            await self._git("rev-parse", "--is-inside-work-tree")
            try:
                await asyncio.to_thread(_write, self.path, name, content)
            except OSError as error:
                reason = error.strerror or error
                raise OutletError(f"the working copy {self.path} could not be written: {reason}") from error
            await self._git("add", "--", name)
            if await self._git("status", "--porcelain", "--", name):
                await self._git(*_AUTHOR, "commit", "--quiet", f"--message={message}", "--only", "--", name)

    async def _git(self, *arguments: str) -> str:
        """What git said. Its arguments are never read by a shell. Raises `OutletError`."""
        process = await asyncio.create_subprocess_exec(
            "git",
            "-C",
            str(self.path),
            *arguments,
            env={**os.environ, **_ENVIRONMENT},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(GIT_TIMEOUT_S):
                said, complained = await process.communicate()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise OutletError(f"git took longer than {GIT_TIMEOUT_S:.0f} seconds in {self.path}") from None
        if process.returncode:
            lines = (complained or said).decode(errors="replace").strip().splitlines()
            raise OutletError(f"git in {self.path} says: {lines[-1] if lines else process.returncode}")
        return said.decode(errors="replace").strip()


def outlets_of(policy: Policy) -> dict[str, Outlet]:
    """Those that are set up, by their names in the policy."""
    made: dict[str, Outlet] = {}
    if policy.publish_folder:
        made["folder"] = Folder(policy.publish_folder)
    if policy.publish_git:
        made["git"] = GitWorkingCopy(policy.publish_git)
    return made


def _write(folder: Path, name: str, content: bytes) -> None:
    """Whole or not at all, even when the machine stops in between."""
    target = folder / name
    with contextlib.suppress(FileNotFoundError):
        if target.read_bytes() == content:
            return
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".tocsin-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
