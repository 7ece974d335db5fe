"""Sandbox and bot in one process on the case's own clock, played to the end, with the documents written."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import aiohttp

from bot.app.policy import LADDERS, Policy
from bot.domain.incident import Rendering
from bot.language.intents import Rung
from bot.manifest import load_manifest
from bot.replay.case import Case
from bot.replay.driver import Driver, Outcome, World
from bot.replay.hands import Hands
from bot.replay.steps import ACTS
from bot.wiring import Tocsin, assemble
from sandbox.clock import VirtualClock
from sandbox.config import AppConfig, ChannelConfig, UserConfig, WorkspaceConfig
from sandbox.server import Sandbox, running
from storage.store import open_store

QUIET_TRIES = 500
FORMATS = {"markdown": "document.md", "html": "document.html", "json": "document.json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a case. ``unquiet`` says that the bot was still busy at the end."""

    outcomes: tuple[Outcome, ...]
    incident: int | None
    pack_note: str | None = None


async def play(
    case: Case,
    *,
    database: str,
    out: Path,
    pack: str | None = None,
    twice: bool = False,
    progress: Callable[[Outcome], None] | None = None,
) -> Played:
    """Play every step; write ``document.md``, ``.html`` and ``.json`` into ``out``.

    ``twice`` delivers everything twice. Raises what the database raises; refused steps are in the result.
    """
    start = case.steps[0].at - timedelta(minutes=1)
    clock = VirtualClock(start)
    world, config = _workspace(case)
    async with open_store(database) as store, running(config, clock) as sandbox:
        bot = assemble(
            store=store,
            clock=clock,
            policy=_policy(case, pack),
            bot_token=sandbox.bot_token,
            app_token=sandbox.app_token,
            base_url=sandbox.api_url,
            ticking=False,
        )
        try:
            await bot.start()
            outcomes = await _drive(case, bot, sandbox, world, twice=twice, progress=progress)
            await _write(bot, world, out)
        finally:
            await bot.stop()
    return Played(outcomes=tuple(outcomes), incident=world.incident)


async def _drive(
    case: Case,
    bot: Tocsin,
    sandbox: Sandbox,
    world: World,
    *,
    twice: bool,
    progress: Callable[[Outcome], None] | None,
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    async with aiohttp.ClientSession() as session:
        hands = Hands(sandbox.url, session)
        if twice:
            await hands.deliveries(duplicate=1)

        async def settle() -> None:
            await _settle(bot, sandbox)

        driver = Driver(case, hands, world, settle, ACTS)
        for step in case.steps:
            outcome = await driver.play(step)
            outcomes.append(outcome)
            if progress:
                progress(outcome)
    return outcomes


async def _settle(bot: Tocsin, sandbox: Sandbox) -> None:
    """Until nothing is on its way, neither to the bot nor from it, and time has brought what it brings."""
    await bot.tick()
    for _ in range(QUIET_TRIES):
        await bot.quiet()
        if sandbox.delivery.pending == 0:
            await bot.quiet()
            return
        await asyncio.sleep(0.005)
    raise TimeoutError("the bot did not come to rest")


async def _write(bot: Tocsin, world: World, out: Path) -> None:
    """The last rendering that was asked for, or one as of now when nobody asked."""
    incident = await bot.store.incident(world.incident) if world.incident else None
    if incident is None:
        return
    asked = incident.renderings[-1] if incident.renderings else None
    now = bot.clock.now()
    rendering = (
        replace(asked, at=now)
        if asked
        else Rendering(revision=1, formats=(), final=False, at=now, by="system")
    )
    await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    for name, file in FORMATS.items():
        rendered = await bot.postmortems.render(incident, rendering, name)
        await asyncio.to_thread((out / file).write_bytes, rendered.content)


def _workspace(case: Case) -> tuple[World, WorkspaceConfig]:
    """The case's people with accounts, and its channels; everybody is in every channel."""
    users = {user.id: f"U{_plain(user.id)}" for user in case.users.values() if user.has_account}
    channels = {key: f"C{_plain(key)}" for key, (_, kind) in case.channels.items() if kind != "incident"}
    channels = channels or {"C_HOME": "C0HOME"}
    names = {key: name for key, (name, _) in case.channels.items()}
    config = WorkspaceConfig(
        name=case.title,
        users=tuple(
            UserConfig(
                id=users[user.id],
                name=_plain(user.name).lower() or user.id.lower(),
                real_name=user.name,
                tz=user.zone,
                is_bot=user.kind == "bot",
            )
            for user in case.users.values()
            if user.has_account
        ),
        channels=tuple(
            ChannelConfig(id=channel, name=names.get(key, "general"), members=tuple(users.values()))
            for key, channel in channels.items()
        ),
        app=AppConfig.from_manifest(load_manifest()),
    )
    return World(users=users, channels=channels), config


def _plain(text: str) -> str:
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def _ladder(case: Case) -> tuple[Rung, ...]:
    """The ladder of the case's scheme, with rungs that only the case knows: a workspace names its own."""
    usual = LADDERS.get(case.scheme, LADDERS["SEV"])
    known = {rung.severity.label for rung in usual}
    own = {severity.label: Rung(severity=severity) for severity in case.severities}
    added = tuple(rung for label, rung in own.items() if label not in known)
    return tuple(sorted((*usual, *added), key=lambda rung: rung.severity.level))


def _policy(case: Case, pack: str | None) -> Policy:
    return Policy(
        severities=_ladder(case),
        calm=timedelta(0),
        force_pack=pack,
        display_zone=case.display_zone,
    )
