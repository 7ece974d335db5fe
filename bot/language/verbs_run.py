"""The verbs that declare, find and run an incident."""

from collections.abc import Mapping

from bot.domain.vocabulary import Status
from bot.language import roles, running, shows
from bot.language.options import Option
from bot.language.verb import AT, SEV, Verb
from bot.language.words import STATUSES

FIND: tuple[Verb, ...] = (
    Verb(
        name="declare",
        told=2,
        read=running.declare,
        arguments="what is wrong",
        says="Declare an incident: its channel opens and you are in it. The word `declare` may be left out.",
        example="checkout is down --sev 2",
        topic="declare",
        undone="The incident was not declared",
        aliases=("new", "open"),
        options=(
            SEV,
            Option("private", "flag"),
            Option("test", "flag"),
            Option("drill", "flag", aliases=("exercise",)),
            Option("retroactive", "flag", aliases=("backfilled", "retro", "past")),
            Option("here", "flag", aliases=("this-channel",)),
            Option("service", "name", "NAME", ("services",), many=True),
            Option("symptom", "words", "TEXT", ("symptoms", "impact")),
            Option("template", "word", "PACK"),
        ),
        form="declare",
        needs=False,
        end_ref=False,
        sentence=False,
        hint=0,
    ),
    Verb(
        name="list",
        read=shows.listing,
        says="Show the open incidents.",
        example="list",
        topic="declare",
        aliases=("ls", "incidents", "open incidents"),
        needs=False,
    ),
    Verb(
        name="help",
        read=shows.helping,
        arguments="[topic or command]",
        says="Show what can be typed. Topics: declare, run, timeline, work, postmortem, fields, times.",
        example="help timeline",
        topic="declare",
        aliases=("?", "h", "usage", "commands", "--help", "-h"),
        needs=False,
        end_ref=False,
        hint=7,
    ),
)

RUN: tuple[Verb, ...] = (
    Verb(
        name="status",
        read=running.status,
        arguments="[investigating | identified | monitoring | …] [why]",
        says="Show how the incident stands, or change its status. The status alone will do: `/incident monitoring`.",
        example="status identified a bad index",
        topic="run",
        undone="The status was not changed",
        aliases=("state",),
        options=(AT,),
        sentence=False,
    ),
    Verb(
        name="update",
        read=running.update,
        arguments="text",
        says="Tell the channel and the announcement what is going on, and when the next word comes.",
        example="update rolling back v41 --next 30m",
        topic="run",
        undone="The update was not posted",
        aliases=("post", "status update"),
        options=(
            Option("next", "due", "30m", ("next-update", "in")),
            Option("status", "word", "monitoring"),
            SEV,
        ),
        told=3,
        form="update",
        prose=True,
        hint=2,
    ),
    Verb(
        name="sev",
        read=running.change_severity,
        arguments="1 [why]",
        says="Change the severity.",
        example="sev 1 payments fail too",
        topic="run",
        undone="The severity was not changed",
        aliases=("severity",),
        form="severity",
        sentence=False,
    ),
    Verb(
        name="role",
        read=roles.assign,
        arguments="commander @ana",
        says='Give somebody a role, also one of your own: `role "Engineering Lead" @bea`; outside Slack: `role scribe "Bea Ott"`.',
        example="role commander @ana",
        topic="run",
        undone="Nobody was given a role",
        aliases=("assign",),
        form="role",
        hint=3,
    ),
    Verb(
        name="handoff",
        read=roles.hand_over,
        arguments="[scribe] @bea",
        says="Ask somebody to take over your role; it is theirs when they accept, and they get a brief.",
        example="handoff @bea",
        topic="run",
        undone="Nothing was handed over",
        aliases=("handover", "hand off", "hand over"),
        form="role",
        filled={"how": "ask"},
    ),
    Verb(
        name="catchup",
        read=shows.catchup,
        says="Show only you what you missed: headline, last updates, key entries, open items, who holds what.",
        example="catchup",
        topic="run",
        aliases=("catch up", "catch me up", "brief", "recap"),
    ),
    Verb(
        name="unrole",
        read=roles.release,
        arguments="scribe [@bea]",
        says="Take a role away; without a name, give up your own.",
        example="unrole scribe @bea",
        topic="run",
        undone="No role was taken away",
        aliases=("release", "unassign", "leave", "step down"),
    ),
    Verb(
        name="roles",
        read=roles.listing,
        says="Show who holds what.",
        example="roles",
        topic="run",
        undone="Nobody was given a role",
    ),
    Verb(
        name="time",
        read=running.set_time,
        arguments="impact_started 14:05",
        says="Correct a time: impact_started, detected, declared, acknowledged, identified, mitigated, resolved, closed.",
        example="time impact_started 14:05",
        topic="run",
        undone="No time was changed",
        aliases=("times",),
        form="time",
    ),
    Verb(
        name="rename",
        read=running.rename,
        arguments="title",
        says="Change the title.",
        example="rename checkout is slow",
        topic="run",
        undone="The title was not changed",
        aliases=("retitle",),
        prose=True,
    ),
    Verb(
        name="link",
        read=running.link,
        arguments="URL [what it shows]",
        says="Keep a link: it stands in the banner and in the postmortem.",
        example="link https://grafana.example/d/1 the dashboard",
        topic="run",
        undone="The link was not kept",
        form="link",
        prose=True,
    ),
    Verb(
        name="private",
        read=running.make_private,
        says="Keep it to its members from now on: the announcement is taken back, and lists hide it.",
        example="private",
        topic="run",
        undone="It was not made private",
        aliases=("make private", "confidential"),
    ),
    Verb(
        name="resolve",
        told=1,
        read=running.resolve,
        arguments="[how it ended]",
        says="The impact is over; a draft of the postmortem is rendered. Alone: a form; `resolve now`: at once.",
        example="resolve rolled back to v40 --at 15:10",
        topic="run",
        undone="The incident was not resolved",
        aliases=("resolved", "fixed", "solved"),
        options=(AT,),
        form="resolve",
        hint=5,
    ),
    Verb(
        name="close",
        read=running.close,
        arguments="[why]",
        says="The work is over; the final postmortem is rendered. Alone: a form that asks for what is missing; `close now`: at once.",
        example="close now",
        topic="run",
        undone="The incident was not closed",
        aliases=("closed",),
        options=(AT,),
        form="close",
        hint=6,
    ),
    Verb(
        name="reopen",
        told=1,
        read=running.reopen,
        arguments="[why]",
        says="It is back: investigate again. `reopen A3` opens an action item again.",
        example="reopen the errors are back --at 15:30",
        topic="run",
        undone="Nothing was opened again",
        aliases=("re-open",),
        options=(AT,),
    ),
)

_STATUS_SAYS: Mapping[Status, str] = {
    Status.TRIAGE: "It is not clear yet whether this is an incident.",
    Status.INVESTIGATING: "The cause is being looked for.",
    Status.IDENTIFIED: "The cause is known and is being mended.",
    Status.MONITORING: "Users are served again; this sets `mitigated`.",
    Status.DECLINED: "It was no incident.",
    Status.MERGED: "It is part of another incident: `duplicate INC-7`.",
}
_STATUS_NAMES: Mapping[Status, str] = {Status.DECLINED: "decline", Status.MERGED: "duplicate"}


def _status_verb(status: Status) -> Verb:
    name = _STATUS_NAMES.get(status, status.value)
    merged = status is Status.MERGED
    return Verb(
        name=name,
        read=running.status_word,
        arguments="INC-7" if merged else "[why]",
        says=_STATUS_SAYS[status],
        example="duplicate INC-7" if merged else f"{name} --at 14:20",
        topic="run",
        undone="The status was not changed",
        # A severity ladder or a title may begin with these; they count only behind `status`.
        aliases=tuple(
            sorted(
                w for w, s in STATUSES.items() if s is status and w not in {name, "new", "found", "invalid"}
            )
        ),
        options=() if merged else (AT,),
        form="duplicate" if merged else None,
        end_ref=not merged,
        listed=status in {Status.MONITORING, Status.DECLINED},
    )


STATUS: tuple[Verb, ...] = tuple(_status_verb(status) for status in _STATUS_SAYS)
