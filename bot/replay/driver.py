"""Plays a case's steps as its people would: typing, reacting, using shortcuts, filling in forms."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.fields import FIELDS, GROUPS, LISTS, ListField
from bot.replay.case import Case, CaseStep
from bot.replay.hands import Hands, Refused
from bot.replay.typed import Args, as_typed, details, exactly, leaves, said, tracker, ts_at

#: The reaction that carries a marker; see the workspace's emoji.
EMOJI = {
    None: "pushpin",
    "FAILURE": "red_circle",
    "DEGRADED": "warning",
    "DETECTED": "rotating_light",
    "IN PROGRESS": "arrows_counterclockwise",
    "RESTORED": "wrench",
    "HEALTHY": "green_heart",
    "RECOVERED": "checkered_flag",
}
_ITEM = re.compile(r"\b(A\d+)\b")
#: Refusals begin with what was not done, in bold, with a colon.
_REFUSAL = re.compile(r"\*[^*\n]+:\*")
#: What a reaction alone cannot say, so that the shortcut's form is used.
_WORDED = ("text", "action", "actor", "label", "order", "kind", "to_incident")


class NotBuilt(Exception):  # noqa: N818 - an outcome that the replay reports
    """A part of a step that Tocsin cannot do yet."""


@dataclass(slots=True)
class Outcome:
    """What became of one step: done, refused by the bot or Slack, or not built yet."""

    step: CaseStep
    problem: str | None = None
    unbuilt: bool = False


@dataclass(slots=True)
class World:
    """Where the case's things are in the sandbox."""

    users: dict[str, str]
    channels: dict[str, str]
    #: Case message id -> (channel, ts).
    messages: dict[str, tuple[str, str]] = field(default_factory=dict)
    actions: dict[str, str] = field(default_factory=dict)
    incident: int | None = None
    channel: str | None = None


class Driver:
    """One case in one sandbox. ``settle`` returns when the bot is quiet."""

    def __init__(self, case: Case, hands: Hands, world: World, settle: Callable[[], Awaitable[None]]) -> None:
        self._case = case
        self._hands = hands
        self._world = world
        self._settle = settle

    async def play(self, step: CaseStep) -> Outcome:
        """One step at its moment. What fails is told, and the next step is played all the same."""
        act = _ACTS.get(step.do)
        if act is None:
            return Outcome(step, f"no way to play `{step.do}` is built yet", unbuilt=True)
        await self._hands.clock(step.at.isoformat())
        try:
            await act(self, step, step.args)
        except NotBuilt as missing:
            return Outcome(step, str(missing), unbuilt=True)
        except Refused as refused:
            return Outcome(step, str(refused))
        finally:
            await self._settle()
        return Outcome(step)

    # --- where and who -----------------------------------------------------------------------------------------------

    def _user(self, key: str) -> str:
        """A Slack id; people without an account cannot act, so the first person who has one acts for them."""
        if key in self._world.users:
            return self._world.users[key]
        return next(iter(self._humans()))

    def _humans(self) -> list[str]:
        return [self._world.users[u.id] for u in self._case.users.values() if u.kind == "human"]

    def _person(self, key: str) -> str:
        """How a person is typed: a mention, or the name of somebody without an account."""
        user = self._case.users.get(key)
        if user is None:
            return key
        return f"<@{self._world.users[key]}>" if user.kind == "human" else user.name

    def _name(self, key: str) -> str:
        user = self._case.users.get(key)
        return user.name if user else key

    def _place(self, step: CaseStep) -> str:
        """The channel in which a person stands; forms are opened from the incident's channel."""
        known = self._world.channels.get(step.place)
        place = known or self._world.channel
        if place is None:
            raise Refused("the incident has no channel to do this in")
        return place

    async def _find_channel(self) -> None:
        """The channel that the bot made is the newest one that no person made."""
        state = await self._hands.state()
        ours = set(self._world.channels.values())
        made = [c for c in state["channels"] if not c.get("is_im") and c["id"] not in ours]
        if not made:
            raise Refused("the bot opened no channel")
        channel = made[-1]
        self._world.channel = channel["id"]
        for key, (_, kind) in self._case.channels.items():
            if kind == "incident":
                self._world.channels[key] = channel["id"]
        match = re.search(r"-(\d+)-", channel["name"])
        self._world.incident = int(match[1]) if match else None
        await self._everybody_joins(channel["id"])

    async def _everybody_joins(self, channel: str) -> None:
        """The case's people and bots are in the incident's channel."""
        for user in self._world.users.values():
            await self._hands.join(user, channel)
        await self._settle()

    async def _type(self, step: CaseStep, text: str) -> str:
        """`/incident text`; an answer that refuses is a refusal."""
        answer = await self._hands.command(self._user(step.by), self._place(step), text)
        if _REFUSAL.match(answer):
            raise Refused(answer.replace("\n", " "))
        return answer

    async def _fill(self, step: CaseStep, text: str, typed: Args) -> None:
        """Open a form by typing, fill it in, send it."""
        user = self._user(step.by)
        await self._type(step, text)
        form = await self._hands.form(user)
        await self._hands.send(
            user, form, {name: value for name, value in typed.items() if value not in (None, "", [])}
        )

    # --- steps ---------------------------------------------------------------------------------------------------------

    async def _message(self, step: CaseStep, args: Args) -> None:
        bot = self._case.users[step.by].kind == "bot" if step.by in self._case.users else False
        place = self._place(step)
        ts = ts_at(step.at, len(self._world.messages))
        ts = await self._hands.say(self._user(step.by), place, str(args["text"]), ts=ts, as_bot=bot)
        self._world.messages[str(args["id"])] = (place, ts)

    async def _declare(self, step: CaseStep, args: Args) -> None:
        severity = args.get("severity") or {}
        typed = {
            "title": args["title"],
            "severity": severity.get("label"),
            "services": "\n".join(args.get("services") or []),
            "symptom": args.get("note"),
        }
        place = (
            step if step.place in self._world.channels else _standing(step, next(iter(self._world.channels)))
        )
        await self._fill(place, "", typed)
        await self._settle()
        await self._find_channel()
        here = _standing(step, "modal")
        if args.get("template"):
            await self._type(here, f"set doc.template {args['template']}")
        if args.get("customers"):
            await self._fill(
                here, "set incident.customers", {"incident.customers": "\n".join(args["customers"])}
            )
        if args.get("started_raw"):
            await self._type(here, f"time impact_started {args['started_raw']}")
        if args.get("ref"):
            await self._fill(
                here, "add related", {"title": args["title"], "ref": args["ref"], "kind": "incident"}
            )

    async def _mark(self, step: CaseStep, args: Args) -> None:
        place, ts = self._world.messages[str(args["message"])]
        user = self._user(step.by)
        marker = args.get("marker")
        if not any(args.get(name) for name in _WORDED):
            emoji = "memo" if args.get("as") == "note" else EMOJI.get(marker, "pushpin")
            await self._hands.react(user, place, ts, emoji)
            return
        await self._hands.message_shortcut(user, "add_to_timeline", place, ts)
        form = await self._hands.form(user)
        typed = {**details(args), "tag": args.get("as")}
        if any(block.get("block_id") == "incident" for block in form["blocks"]):
            typed["incident"] = str(self._world.incident)
        await self._hands.send(user, form, {name: value for name, value in typed.items() if value})

    async def _timeline_add(self, step: CaseStep, args: Args) -> None:
        evidence = args.get("evidence")
        links = [evidence] if isinstance(evidence, str) else list(evidence or [])
        typed = {**details(args), "evidence": "\n".join(self._link(link) for link in links)}
        spoken = {**args["time"], "open_ended": args["time"].get("open_ended") or args.get("open_ended")}
        if args.get("end"):
            spoken["end"] = args["end"]
        await self._with_time(step, "note", "at", spoken, typed)

    def _link(self, key: str) -> str:
        """Evidence is a message of the case, as the link that Slack copies, or an address."""
        if key not in self._world.messages:
            return key
        channel, ts = self._world.messages[key]
        return f"{self._hands.workspace_url}/archives/{channel}/p{ts.replace('.', '')}"

    async def _timeline_import(self, step: CaseStep, args: Args) -> None:
        for line in args["lines"]:
            time = (
                line["time"]
                if isinstance(line["time"], dict)
                else {"raw": f"{line['time']} {args.get('tz') or ''}".strip()}
            )
            await self._with_time(step, "note", "at", time, {"text": line["text"], "kind": args.get("kind")})

    async def _with_time(self, step: CaseStep, verb: str, name: str, time: Args, typed: Args) -> None:
        """Type the time as it was said; when the bot asks which reading is meant, say it without doubt."""
        try:
            await self._fill(step, verb, {**typed, name: said(time)})
        except Refused as refused:
            exact = exactly(time)
            if exact is None or exact == said(time) or f"{name}:" not in str(refused):
                raise
            await self._fill(step, verb, {**typed, name: exact})

    async def _set_time(self, step: CaseStep, args: Args) -> None:
        which = str(args["which"])
        time = args["time"]
        try:
            await self._type(step, f"time {which} {said(time)}")
        except Refused:
            exact = exactly(time)
            if exact is None:
                raise
            await self._type(step, f"time {which} {exact}")

    async def _set_status(self, step: CaseStep, args: Args) -> None:
        await self._type(step, f"status {args['status']}")

    async def _set_severity(self, step: CaseStep, args: Args) -> None:
        await self._type(step, f"sev {args['severity']['label']} {args.get('reason') or ''}")

    async def _assign_role(self, step: CaseStep, args: Args) -> None:
        await self._type(step, f'role "{args["role"]}" {self._person(str(args["user"]))}')

    async def _resolve(self, step: CaseStep, args: Args) -> None:
        outcome = str(args.get("outcome") or "")
        time = args.get("time")
        at = f' --at "{said(time)}"' if time else ""
        try:
            await self._type(step, f"resolve {outcome}{at}" if outcome or at else "resolve now")
        except Refused:
            if not time or exactly(time) is None:
                raise
            await self._type(step, f'resolve {outcome} --at "{exactly(time)}"')

    async def _reopen(self, step: CaseStep, args: Args) -> None:
        time = args.get("time")
        at = f' --at "{exactly(time) or said(time)}"' if time else ""
        await self._type(step, f"reopen {args.get('reason') or ''}{at}")

    async def _close(self, step: CaseStep, args: Args) -> None:
        del args
        await self._type(step, "close now")

    async def _set_fields(self, step: CaseStep, args: Args) -> None:
        """Each field through its own form, or its group's, or line by line into its list."""
        flat = dict(leaves(args["fields"]))
        done: set[str] = set()
        unknown: list[str] = []
        for path, value in flat.items():
            if path in done or value in (None, [], ""):
                continue
            if path in LISTS:
                for text in value if isinstance(value, list) else [value]:
                    await self._fill(step, f"add {path}", {LISTS[path].main.name: str(text)})
            elif path in FIELDS:
                group = FIELDS[path].group
                together = [f.path for f in GROUPS.get(group, ()) if flat.get(f.path) is not None] or [path]
                done.update(together)
                await self._fill(step, f"set {path}", {name: as_typed(flat[name]) for name in together})
            else:
                unknown.append(path)
        if unknown:
            raise Refused(f"the postmortem has no field {', '.join(unknown)}")

    async def _add_item(self, step: CaseStep, args: Args) -> None:
        path = str(args["list"])
        if path not in LISTS:
            raise Refused(f"the postmortem has no list {path}")
        await self._add(step, LISTS[path], args)

    async def _add(self, step: CaseStep, field: ListField, values: Args) -> None:
        names = {column.name for column in field.columns}
        typed = {
            name: as_typed(value) for name, value in values.items() if name in names and value is not None
        }
        await self._fill(step, f"add {field.path}", typed)

    async def _related(self, step: CaseStep, args: Args) -> None:
        await self._add(step, LISTS["related"], args)

    async def _link_add(self, step: CaseStep, args: Args) -> None:
        await self._add(step, LISTS["links"], args)

    async def _sla(self, step: CaseStep, args: Args) -> None:
        given = dict(args)
        for name in ("budget_s", "used_before_s"):
            if given.get(name):
                given[name.removesuffix("_s")] = f"{given[name]} s"
        await self._add(step, LISTS["sla"], given)

    async def _comms(self, step: CaseStep, args: Args) -> None:
        values = {name: args.get(name) for name in ("audience", "channel", "text")}
        await self._with_time(step, "add comms", "at", args["time"], {n: v for n, v in values.items() if v})

    async def _checklist(self, step: CaseStep, args: Args) -> None:
        lines = []
        for section in args["sections"]:
            lines.append(f"# {section['title']}")
            lines += [f"[{'x' if item.get('done') else ' '}] {item['text']}" for item in section["items"]]
        await self._add(step, LISTS["checklists"], {"name": args["name"], "items": "\n".join(lines)})

    async def _signoff(self, step: CaseStep, args: Args) -> None:
        await self._add(step, LISTS["doc.signoff"], args)

    async def _followup(self, step: CaseStep, args: Args) -> None:
        fields = {
            "doc.followup.date": args.get("date"),
            "doc.followup.days": args.get("days_after_resolve"),
            "doc.followup.agenda": list(args.get("agenda") or []),
        }
        await self._set_fields(step, {"fields": fields})

    async def _update_add(self, step: CaseStep, args: Args) -> None:
        date = args.get("date")
        text = date.get("raw") or date.get("iso") if isinstance(date, dict) else date
        try:
            await self._add(step, LISTS["doc.updates"], {"text": args["text"], "date": text})
        except Refused:
            if not isinstance(date, dict) or not date.get("iso"):
                raise
            await self._add(step, LISTS["doc.updates"], {"text": args["text"], "date": date["iso"]})

    async def _doc_status(self, step: CaseStep, args: Args) -> None:
        await self._type(step, f"document {args['status']}")
        if args.get("date"):
            await self._set_fields(step, {"fields": {"doc.publication_date": args["date"]}})

    async def _action_add(self, step: CaseStep, args: Args) -> None:
        due = args.get("due") or {}
        horizon, given = args.get("horizon"), [str(owner) for owner in args.get("owners") or []]
        slack = [
            self._world.users[key]
            for key in given
            if key in self._world.users and self._case.users[key].kind == "human"
        ]
        others = [
            self._name(key)
            for key in given
            if not (key in self._case.users and self._case.users[key].kind == "human")
        ]
        typed = {
            "text": args["text"],
            "kind": args.get("kind"),
            "owners": slack,
            "other_owners": "\n".join(others),
            "due": due.get("raw") or due.get("date"),
            "priority": args.get("priority"),
            "horizon": horizon,
            "state": args.get("status"),
            "label": args.get("label"),
            "details": "\n".join(args.get("details") or []),
            "order": args.get("order"),
            "type": args.get("type"),
            "group": args.get("group"),
            "tracker": tracker(args.get("tracker")),
            "parent": self._world.actions.get(str(args.get("parent"))),
        }
        before = await self._known_items(step)
        await self._fill(step, "followup", typed)
        new = [item for item in await self._known_items(step) if item not in before]
        if new:
            self._world.actions[str(args["ref"])] = new[-1]

    async def _known_items(self, step: CaseStep) -> list[str]:
        return list(dict.fromkeys(_ITEM.findall(await self._type(step, "actions all"))))

    async def _action_update(self, step: CaseStep, args: Args) -> None:
        item = self._world.actions.get(str(args["ref"]))
        if item is None:
            raise Refused(f"there is no item {args['ref']}")
        await self._type(step, f"action {item} {args['status']} {args.get('reason') or ''}")

    async def _generate(self, step: CaseStep, args: Args) -> None:
        built = [name for name in args.get("formats") or ["markdown"] if name in {"markdown", "html", "json"}]
        await self._type(step, f"postmortem {' '.join(built)}")
        missing = sorted(set(args.get("formats") or []) - {"markdown", "html", "json"})
        if missing:
            raise NotBuilt(f"the formats {', '.join(missing)} are not built yet; the others were rendered")


def _standing(step: CaseStep, place: str) -> CaseStep:
    return CaseStep(number=step.number, at=step.at, by=step.by, place=place, do=step.do, args=step.args)


_ACTS: Mapping[str, Callable[[Driver, CaseStep, Args], Awaitable[None]]] = {
    "message": Driver._message,  # noqa: SLF001 - the table belongs to the class
    "declare": Driver._declare,  # noqa: SLF001
    "mark": Driver._mark,  # noqa: SLF001
    "timeline_add": Driver._timeline_add,  # noqa: SLF001
    "timeline_import": Driver._timeline_import,  # noqa: SLF001
    "set_time": Driver._set_time,  # noqa: SLF001
    "set_status": Driver._set_status,  # noqa: SLF001
    "set_severity": Driver._set_severity,  # noqa: SLF001
    "assign_role": Driver._assign_role,  # noqa: SLF001
    "resolve": Driver._resolve,  # noqa: SLF001
    "reopen": Driver._reopen,  # noqa: SLF001
    "close": Driver._close,  # noqa: SLF001
    "set_fields": Driver._set_fields,  # noqa: SLF001
    "add_item": Driver._add_item,  # noqa: SLF001
    "action_add": Driver._action_add,  # noqa: SLF001
    "action_update": Driver._action_update,  # noqa: SLF001
    "related_add": Driver._related,  # noqa: SLF001
    "link_add": Driver._link_add,  # noqa: SLF001
    "sla_set": Driver._sla,  # noqa: SLF001
    "comms_add": Driver._comms,  # noqa: SLF001
    "checklist_add": Driver._checklist,  # noqa: SLF001
    "signoff_add": Driver._signoff,  # noqa: SLF001
    "followup_schedule": Driver._followup,  # noqa: SLF001
    "update_add": Driver._update_add,  # noqa: SLF001
    "doc_status": Driver._doc_status,  # noqa: SLF001
    "generate": Driver._generate,  # noqa: SLF001
}
