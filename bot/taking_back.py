"""Small jobs on postmortems for the command line: render, remark, take an edited file back into the record."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.app.directory import Directory
from bot.app.incidents import Incidents, Request
from bot.app.ports import Store
from bot.app.postmortem import Postmortems
from bot.clock import SystemClock
from bot.documents.custom_fields import custom_fields
from bot.documents.marks import NotAnExport, read_export
from bot.documents.renderer import PackRenderer
from bot.documents.taking import taken, told
from bot.domain import commands as c
from bot.domain import custom
from bot.domain.evolve import fold
from bot.domain.incident import Incident, Rendering
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import DocumentStatus
from bot.settings import Settings
from bot.slack.gateway import SlackGateway
from bot.slack.runtime import web_client
from bot.views.lint import Finding
from storage.store import open_store


class NoSuchIncident(Exception):  # noqa: N818 - told to the operator as it stands
    """The database does not hold it."""


@dataclass(slots=True)
class Imported:
    """What became of a file: changes made, conflicts and remarks in words."""

    incident: int
    changes: int = 0
    conflicts: Sequence[str] = ()
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bench:
    """An opened record and what renders it. Names come from the store; an unknown one is printed as its id."""

    store: Store
    postmortems: Postmortems
    renderer: PackRenderer

    async def incident(self, number: int) -> Incident:
        found = await self.store.incident(number)
        if found is None:
            raise NoSuchIncident(f"There is no INC-{number} in this database.")
        return found


@asynccontextmanager
async def opened(
    settings: Settings, database: str, *, pack: str | None = None, read_only: bool = True
) -> AsyncIterator[Bench]:
    """The record, and a renderer that asks Slack for nothing."""
    clock = SystemClock()
    custom.declare(custom_fields(settings.template_folders()))
    async with open_store(database, read_only=read_only) as store:
        renderer = PackRenderer(settings.template_folders())
        directory = Directory(store, SlackGateway(web_client("", "http://127.0.0.1:9/"), clock), clock)
        policy = replace(settings.policy(), force_pack=pack)
        yield Bench(store, Postmortems(store, directory, renderer, policy), renderer)


async def render(settings: Settings, database: str, number: int, wanted: str, pack: str | None) -> bytes:
    """The postmortem as it stands. Raises `NoSuchIncident`, `MissingPart`."""
    async with opened(settings, database, pack=pack) as bench:
        incident = await bench.incident(number)
        return (await bench.postmortems.render(incident, _as_it_stands(incident), wanted)).content


async def remarks(settings: Settings, database: str, number: int, pack: str | None) -> tuple[Finding, ...]:
    """What the rules remark of the postmortem as it stands. Raises `NoSuchIncident`."""
    async with opened(settings, database, pack=pack) as bench:
        incident = await bench.incident(number)
        document = await bench.postmortems.document(incident, _as_it_stands(incident))
        return bench.renderer.lint(document, pack=bench.postmortems.pack_of(incident))


async def take_back(settings: Settings, database: str, text: str, by: str) -> Imported:
    """An edited export, merged into the record as events of ``by``.

    Raises `NotAnExport`, `NoSuchIncident`. What conflicts is left as the record has it, and told.
    """
    file = read_export(text)
    async with opened(settings, database, pack=file.pack, read_only=False) as bench:
        ours = await bench.incident(file.incident)
        base = fold((await bench.store.record(file.incident))[: file.version])
        if base is None or base.version != file.version:
            raise NotAnExport(
                f"The file was made from {file.version} events of INC-{file.incident}; this record has {ours.version}. "
                "It is of another database."
            )
        was = (await bench.postmortems.render(base, _as_it_stands(base), "markdown")).content.decode()
        document = await bench.postmortems.document(ours, _as_it_stands(ours))
        asked = taken(file, read_export(was).texts, ours, document)
        made = Imported(ours.number, conflicts=tuple(told(asked.conflicts)), remarks=asked.remarks)
        commands = list(asked.commands)
        if commands and ours.document is not DocumentStatus.DRAFT:
            # What was shown to people already is shown anew, as another revision.
            commands.append(c.RequestDocument())
        await _ask(bench, commands, made, by)
        return made


async def _ask(bench: Bench, commands: Sequence[c.Command], made: Imported, by: str) -> None:
    incidents = Incidents(bench.store, lambda _: None)
    for command in commands:
        request = Request(command=command, by=by, at=SystemClock().now(), incident=made.incident)
        outcome = await incidents.handle(request)
        if isinstance(outcome, Refusal):
            made.remarks.append(f"{outcome.what}: {outcome.why}")
        elif not isinstance(command, c.RequestDocument):
            made.changes += bool(outcome.events)


def _as_it_stands(incident: Incident) -> Rendering:
    last = incident.renderings[-1] if incident.renderings else None
    return last or Rendering(revision=1, formats=(), final=False, at=incident.declared_at, by="system")


def number_of(text: str) -> int | None:
    """``INC-7``, ``inc-7`` or ``7``; None when it names no incident."""
    match = re.fullmatch(r"(?:inc-)?(\d{1,9})", text.strip(), re.IGNORECASE)
    return int(match[1]) if match else None
