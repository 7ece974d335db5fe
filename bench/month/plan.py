"""What is to be remembered in the simulated month, and from the ladders alone when it should be said."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.month.reminding_bot import POLICY
from bot.app.climbing import Climbing
from bot.domain import events as e
from bot.domain.details import ActionDetails, Due
from bot.domain.people import Person
from bot.domain.reminder_kinds import KINDS, audience, subjects
from bot.domain.transcript import Profile
from bot.domain.vocabulary import ActionKind, Status
from storage.store import open_store

#: Clocks change on 25 October in Europe, on 1 November in America.
START = datetime(2026, 10, 12, 6, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
PER_INCIDENT = 25
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Plan:
    items: int
    owners: int
    days: int
    replicas: int
    faults: int  # of each kind
    seed: int = 7


def people(plan):
    leads = -(-plan.items // PER_INCIDENT)
    names = [f"U0OWNER{n}" for n in range(plan.owners)] + [f"U0LEAD{n}" for n in range(leads)]
    return {name: ZONES[n % len(ZONES)] for n, name in enumerate(names)}


async def fill(plan, database):
    """Items with owners and due moments on quarter hours; a few tasks of one open incident, due on the last day."""
    chance = random.Random(plan.seed)
    async with open_store(database) as store:
        for name, zone in people(plan).items():
            await store.keep_profile(Profile(id=name, name=name, zone=zone), START)
        for first in range(0, plan.items, PER_INCIDENT):
            count = min(PER_INCIDENT, plan.items - first)
            made = [_item(plan, chance, n + 1, live=first == 0) for n in range(count)]
            events = [e.Declared(title=f"Incident {first}"), *made]
            if first:
                events.append(e.StatusChanged(status=Status.CLOSED))
            async with store.transaction() as transaction:
                number = await transaction.next_number()
                lead = f"U0LEAD{first // PER_INCIDENT}"
                await transaction.append(number, None, events, by=lead, at=START)


def _item(plan, chance, number, *, live):
    last = START + timedelta(days=plan.days)
    quarter = timedelta(minutes=15) * chance.randrange(plan.days * 96)
    due = last - 4 * HOUR + quarter % HOUR if live else START + quarter
    owner = Person(slack_id=f"U0OWNER{chance.randrange(plan.owners)}")
    details = ActionDetails(
        text=f"Job {number}",
        kind=ActionKind.TASK if live else ActionKind.FOLLOW_UP,
        owners=(owner,),
        due=Due(at=due),
    )
    return e.ActionAdded(action=f"A{number}", details=details)


async def expectations(plan, database):
    """(recipient, incident, item) -> the moments at which it should be said, from the ladders alone."""
    policy = POLICY
    allowed = Climbing(None, None, policy, None).allowed
    zones = {name: ZoneInfo(zone) for name, zone in people(plan).items()}
    end = START + timedelta(days=plan.days)
    found = defaultdict(set)
    async with open_store(database) as store:
        for summary in await store.summaries():
            incident = await store.incident(summary.number)
            for subject in subjects(incident):
                kind, _, item = subject.partition(":")
                if kind != "action":
                    continue
                for rung in KINDS["action"].rungs(incident, item, policy.rules):
                    if rung.at > end:
                        break
                    for who in audience(incident, subject, rung) if rung.at > START else ():
                        moment = allowed(rung.manner, rung.at, rung.at, zones[who])
                        if moment <= end:
                            found[who, incident.number, item].add(moment)
    return found
