"""What of the postmortem goes outside Slack, and who is told when it cannot. Pure."""

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from bot.app.digests import digest
from bot.app.policy import Policy
from bot.app.ports import Posted
from bot.app.steps import Deliver, Post, Step
from bot.domain.incident import Incident, Rendering
from bot.domain.reminders import responsible
from bot.views.notices import undelivered

Outlet = Literal["folder", "git"]
OUTLETS: tuple[Outlet, ...] = get_args(Outlet)


def deliveries(incident: Incident, posted: Mapping[str, Posted], policy: Policy) -> Iterator[Step]:
    """The newest rendering that is no draft, to every outlet that is set up. A private incident stays inside."""
    if incident.private and not policy.publish_private:
        return
    finished = [r for r in incident.renderings if r.final or r.published]
    if not finished:
        return
    for outlet in OUTLETS:
        if getattr(policy, f"publish_{outlet}") is None:
            continue
        for name in _formats(outlet, finished[-1]):
            step = Deliver(
                key=f"{outlet}:{finished[-1].revision}:{name}",
                outlet=outlet,
                rendering=finished[-1],
                format=name,
            )
            yield step
            yield from _told(incident, posted, step)


def _formats(outlet: Outlet, rendering: Rendering) -> tuple[str, ...]:
    """Git keeps the Markdown, which is the record and can be compared; a folder keeps every format."""
    return ("markdown",) if outlet == "git" else rendering.formats


def _told(incident: Incident, posted: Mapping[str, Posted], step: Deliver) -> Iterator[Post]:
    """Once for each reason."""
    known = posted.get(step.key)
    if known and known.failed:
        view = undelivered(incident, step.outlet, known.failed)
        for person in responsible(incident):
            yield Post(key=f"undelivered:{digest(view, person)}", to=person, view=view, once=True)
