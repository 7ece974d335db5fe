"""`tocsin doctor`: what an operator can get wrong, looked at from outside; each finding says what is wrong and what to do."""

from collections.abc import AsyncIterator

from bot.app.ports import Clock
from bot.doctor.database import database
from bot.doctor.finding import Finding, State
from bot.doctor.here import configuration, files, secrets
from bot.doctor.slack import Slack
from bot.settings import Settings


async def examine(
    settings: Settings,
    database_url: str,
    clock: Clock,
    *,
    offline: bool = False,
    base_url: str | None = None,
) -> AsyncIterator[Finding]:
    """Each finding as soon as it is known; nothing is changed anywhere. ``offline``: Slack is not asked."""
    for found in secrets(settings):
        yield found
    policy, told = configuration(settings)
    for found in told:
        yield found
    for found in files(settings, policy):
        yield found
    open_channels: list[str] = []
    async for found in database(database_url, open_channels):
        yield found
    if offline or settings.bot_token is None:
        yield Finding("slack", State.SKIPPED, "Slack was not asked.")
        return
    places = [policy.announce_in] if policy and policy.announce_in else []
    async for found in Slack(settings, clock, base_url).examine(places, open_channels):
        yield found


__all__ = ["Finding", "State", "examine"]
