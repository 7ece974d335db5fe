"""`python -m sandbox`: the local Slack by itself."""

import argparse
import asyncio
import json
from datetime import datetime
from pathlib import Path

from sandbox.clock import Clock, VirtualClock
from sandbox.config import AppConfig, WorkspaceConfig
from sandbox.server import Sandbox


async def serve(port: int, clock: Clock, config: WorkspaceConfig) -> None:
    sandbox = Sandbox(config, clock)
    await sandbox.start(port)
    print(f"{sandbox.url}  bot token {sandbox.bot_token}  app token {sandbox.app_token}", flush=True)  # noqa: T201
    try:
        await asyncio.Event().wait()
    finally:
        await sandbox.stop()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A local Slack for a bot under test."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument(
        "--virtual-clock", metavar="ISO", help="stand still at this moment until told to move"
    )
    parser.add_argument(
        "--manifest", type=Path, help="an app manifest as JSON: commands, shortcuts, scopes, events"
    )
    parser.add_argument("--config", type=Path, help="the whole workspace as JSON: see WorkspaceConfig.load")
    given = parser.parse_args()
    start = given.virtual_clock
    clock = VirtualClock(datetime.fromisoformat(start)) if start else Clock()
    config = WorkspaceConfig.load(given.config) if given.config else WorkspaceConfig()
    if given.manifest:
        config = config.with_app(AppConfig.from_manifest(json.loads(given.manifest.read_text())))
    try:
        asyncio.run(serve(given.port, clock, config))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
