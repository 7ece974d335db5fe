"""A whole incident as people live it, step by step, while anything may go wrong around them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.incident import Incident
from bot.domain.vocabulary import Status
from tests.faults.fleet import Fleet

#: How often a person tries what does not work before giving up, and how long each waits.
TRIES, PAUSE_S = 60, 1.5


@dataclass(frozen=True)
class Act:
    """``do`` says whether it was answered well; else a person looks, and does it again if it was not ``kept``."""

    name: str
    do: Callable[[Fleet], Awaitable[bool]]
    kept: Callable[[Incident | None], bool] = lambda incident: incident is not None


def typed(name, text, kept):
    async def do(bots):
        return await bots.type(text)

    return Act(name, do, kept)


async def talk(bots):
    """Said, tagged, edited, answered in a thread, deleted: Slack brings it, however often it must try."""
    channel, hands = await bots.incident_channel(), bots.hands
    await hands.join("U0BEA", channel)
    first = await hands.say("U0BEA", channel, "eror rate at 40 %")
    await hands.react("U0BEA", channel, first, "pushpin")
    await hands._post("edit-message", channel=channel, ts=first, user="U0BEA", text="error rate at 40 %")
    await hands._post("message", channel=channel, user="U0ANA", text="since the deploy", thread_ts=first)
    oops = await hands.say("U0BEA", channel, "lunch?")
    await hands._post("delete-message", channel=channel, ts=oops, user="U0BEA")
    second = await hands.say("U0ANA", channel, "rolling back")
    await hands.react("U0ANA", channel, second, "wrench")
    return True


async def wait(bots):
    """Until the task's owner must be reminded."""
    bots.pass_time(minutes=16)
    return True


async def night(bots):
    await bots.hands.say("U0BEA", await bots.incident_channel(), "still quiet")
    bots.pass_time(hours=8)
    return True


async def morning(bots):
    await bots.hands.say("U0BEA", await bots.incident_channel(), "all good")
    return True


NIGHT = "night"
STORY = (
    typed("declare", "declare checkout is down --sev 2", lambda incident: incident is not None),
    Act("talk", talk),
    typed("role", "role commander me", lambda incident: "commander" in incident.roles),
    typed("task", "task roll back v41 <@U0BEA> due 45m", lambda incident: len(incident.actions) == 1),
    Act("wait", wait),
    typed("update", "update rolling back --status identified --next 1h", lambda incident: len(incident.updates) == 1),
    Act(NIGHT, night),
    Act("morning", morning),
    typed("resolve", "resolve rolled back to v40", lambda incident: incident.status is Status.RESOLVED),
    typed("close", "close now", lambda incident: incident.status is Status.CLOSED),
)  # fmt: skip


async def insist(bots, act):
    """As a person does: who sees an error looks, and tries again what did not happen."""
    for _ in range(TRIES):
        if await act.do(bots):
            return
        await asyncio.sleep(PAUSE_S)
        try:
            if act.kept(await bots.incident()):
                return
        except SQLAlchemyError:
            continue  # nobody can look while the database is away
    raise AssertionError(f"{act.name} never worked")


async def lived(bots, weather, story=STORY):
    """The story, act by act, in a weather; returns (what people see, what is kept)."""
    for act in story:
        async with weather.during(bots, act):
            await insist(bots, act)
            await weather.meanwhile(bots)
        await bots.rest()
    return await bots.picture(), await bots.record()
