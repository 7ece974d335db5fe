"""The grammar of `/incident`, declared once: what parser, help, README and manifest hint are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.language.intents import FormName

Topic = Literal["declare", "run", "timeline", "work", "postmortem"]
OptionKind = Literal["flag", "word", "time", "due", "words"]

TOPICS: Mapping[Topic, str] = {
    "declare": "Declare and find",
    "run": "Run",
    "timeline": "Timeline",
    "work": "Action items",
    "postmortem": "Postmortem",
}


@dataclass(frozen=True, slots=True)
class Option:
    """``--name`` and how much of what follows belongs to it."""

    name: str
    kind: OptionKind = "word"
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One thing to type. ``form`` opens when it is typed alone; ``needs`` says that it is about one incident."""

    name: str
    usage: str
    help: str
    example: str
    topic: Topic
    aliases: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    form: FormName | None = None
    needs: bool = True


_AT = Option("at", "time", ("when", "time"))
_SEV = Option("sev", "word", ("severity", "s"))
_ENTRY = (
    _AT,
    Option("marker", "word", ("m",)),
    Option("by", "words", ("actor", "who")),
    Option("action", "words"),
    Option("label", "words"),
    Option("order", "word"),
    Option("kind", "word"),
    Option("evidence", "word", ("link",)),
)
_ITEM = (
    Option("due", "due"),
    Option("owner", "words", ("for",)),
    Option("priority", "word", ("p", "prio")),
    Option("horizon", "word"),
    Option("under", "word", ("parent",)),
    Option("label", "words"),
    Option("type", "word"),
    Option("tracker", "word"),
)

VERBS: tuple[Verb, ...] = (
    Verb(
        name="declare",
        usage="[declare] <what is wrong> [--sev 2] [--private] [--test] [--drill]",
        help="Declare an incident: its channel opens, you are in it. Alone: a form.",
        example="checkout is down --sev 2",
        topic="declare",
        aliases=("new", "open", "start-incident"),
        options=(
            _SEV,
            Option("private", "flag"),
            Option("test", "flag"),
            Option("drill", "flag"),
            Option("retroactive", "flag", ("backfilled",)),
            Option("service", "words", ("services",)),
        ),
        form="declare",
        needs=False,
    ),
    Verb(
        name="list",
        usage="list",
        help="Show the open incidents.",
        example="list",
        topic="declare",
        aliases=("ls",),
        needs=False,
    ),
    Verb(
        name="help",
        usage="help [topic]",
        help="Show what can be typed.",
        example="help timeline",
        topic="declare",
        aliases=("?", "h", "usage"),
        needs=False,
    ),
    Verb(
        name="status",
        usage="status [investigating | identified | monitoring | …] [why]",
        help="Show where the incident stands, or change it.",
        example="status identified",
        topic="run",
        aliases=("state",),
    ),
    Verb(
        name="update",
        usage="update <text> [--status S] [--sev N] [--next 30m]",
        help="Tell the channel and the announcement what is going on, and when the next word comes.",
        example="update rolling back v41 --next 30m",
        topic="run",
        aliases=("post",),
        options=(Option("status", "word"), _SEV, Option("next", "due")),
        form="update",
    ),
    Verb(
        name="sev",
        usage="sev <level> [why]",
        help="Change the severity.",
        example="sev 1 payments are affected too",
        topic="run",
        aliases=("severity",),
        form="severity",
    ),
    Verb(
        name="role",
        usage="role <role> @who",
        help="Give somebody a role. Quote roles of several words.",
        example="role commander @ana",
        topic="run",
        aliases=("assign",),
        form="role",
    ),
    Verb(name="roles", usage="roles", help="Show who holds what.", example="roles", topic="run"),
    Verb(
        name="unrole",
        usage="unrole <role> @who",
        help="Take a role away.",
        example="unrole scribe @bea",
        topic="run",
        aliases=("release",),
    ),
    Verb(
        name="time",
        usage="time <which> <when>",
        help="Correct a time: impact_started, detected, acknowledged, identified, mitigated, resolved, closed.",
        example="time impact_started 14:05",
        topic="run",
        form="time",
    ),
    Verb(
        name="rename",
        usage="rename <title>",
        help="Change the title.",
        example="rename checkout is slow",
        topic="run",
        aliases=("title",),
    ),
    Verb(
        name="resolve",
        usage="resolve [how it ended] [--at 14:05]",
        help="The impact is over; a draft of the postmortem is rendered.",
        example="resolve rolled back to v40",
        topic="run",
        aliases=("resolved", "fixed"),
        options=(_AT,),
    ),
    Verb(
        name="close",
        usage="close",
        help="The work is over; the final postmortem is rendered.",
        example="close",
        topic="run",
        aliases=("closed", "end"),
    ),
    Verb(
        name="reopen",
        usage="reopen [why] [--at 15:30]",
        help="It is back: investigate again.",
        example="reopen errors are back",
        topic="run",
        aliases=("re-open",),
        options=(_AT,),
    ),
    Verb(
        name="decline",
        usage="decline [why]",
        help="It was no incident.",
        example="decline a false alarm",
        topic="run",
        aliases=("cancelled", "not-an-incident"),
    ),
    Verb(
        name="note",
        usage="note [--at 14:05] [--marker degraded] [--by WHO] <what happened>",
        help="Put an entry on the timeline, also for earlier. Alone: a form.",
        example="note --at 14:05 users report errors",
        topic="timeline",
        aliases=("log", "event"),
        options=_ENTRY,
        form="note",
    ),
    Verb(
        name="timeline",
        usage="timeline",
        help="Show the timeline.",
        example="timeline",
        topic="timeline",
        aliases=("tl",),
    ),
    Verb(
        name="edit",
        usage="edit <T3> [--at 14:05] [--marker restored] [new wording]",
        help="Correct an entry.",
        example="edit T3 --at 14:07",
        topic="timeline",
        options=_ENTRY,
    ),
    Verb(
        name="hide",
        usage="hide <T3>",
        help="Leave an entry out of the document.",
        example="hide T3",
        topic="timeline",
    ),
    Verb(
        name="show",
        usage="show <T3>",
        help="Take a hidden entry in again.",
        example="show T3",
        topic="timeline",
        aliases=("unhide",),
    ),
    Verb(
        name="task",
        usage="task <what> [@owner] [due 30m] [P1]",
        help="An action item for now.",
        example="task roll back v41 @bea due 30m",
        topic="work",
        aliases=("todo",),
        options=_ITEM,
        form="action",
    ),
    Verb(
        name="followup",
        usage="followup <what> [@owner] [due friday] [P1]",
        help="An action item for after.",
        example="followup add a UAT playbook @bea due next friday P1",
        topic="work",
        aliases=("follow-up", "follow_up", "action-item"),
        options=_ITEM,
        form="action",
    ),
    Verb(
        name="actions",
        usage="actions [mine | all | unowned]",
        help="Show the action items.",
        example="actions mine",
        topic="work",
        aliases=("items", "tasks", "followups"),
    ),
    Verb(
        name="action",
        usage="action <A3> open | in_progress | blocked | done | cancelled <why>",
        help="Change an item's state.",
        example="action A3 in_progress",
        topic="work",
        aliases=("item",),
        form="action",
    ),
    Verb(
        name="done",
        usage="done <A3>",
        help="The item is done.",
        example="done A3",
        topic="work",
        aliases=("finish",),
    ),
    Verb(name="start", usage="start <A3>", help="Somebody works on it.", example="start A3", topic="work"),
    Verb(
        name="cancel",
        usage="cancel <A3> <why>",
        help="The item is not needed any more.",
        example="cancel A3 not needed after all",
        topic="work",
    ),
    Verb(
        name="snooze",
        usage="snooze <A3> <how long>",
        help="No reminder of the item for a while.",
        example="snooze A3 1h",
        topic="work",
    ),
    Verb(
        name="set",
        usage="set <field> [value]",
        help="Fill a field of the postmortem; without a value, a form.",
        example="set root cause a missing index",
        topic="postmortem",
    ),
    Verb(
        name="add",
        usage="add <list> [text]",
        help="Add a line to a list of the postmortem, such as went well, factor, why, link.",
        example="add went well the rollback took two minutes",
        topic="postmortem",
        form="add",
    ),
    Verb(
        name="postmortem",
        usage="postmortem [markdown] [html] [json]",
        help="Render the postmortem into the channel.",
        example="postmortem",
        topic="postmortem",
        aliases=("retro", "pir", "generate", "render"),
    ),
    Verb(
        name="document",
        usage="document draft | in review | published",
        help="Change the postmortem's own status.",
        example="document in review",
        topic="postmortem",
        aliases=("doc",),
    ),
)

BY_WORD: Mapping[str, Verb] = {word: verb for verb in VERBS for word in (verb.name, *verb.aliases)}
