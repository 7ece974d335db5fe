"""What the bot says by itself or on request: refusals, notices in the channel, DMs, reminders. Answers to changes: `answers`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.domain.incident import Incident, Rendering
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import DocumentStatus, Kind
from bot.views.look import PLAIN, Look
from bot.views.text import Bold, ChannelName, Code, Moment, Text, join, who


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button under a notice: what it says, what it does (a name of `bot.slack.ids.Action`) and with which ids."""

    label: str
    does: str
    ids: Mapping[str, object]
    style: Literal["primary", "danger"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message of sentences, each a line, with buttons beneath."""

    lines: tuple[Text, ...]
    choices: tuple[Choice, ...] = ()

    @classmethod
    def of(cls, *lines: Text) -> "Notice":
        return cls(lines=lines)


# --- refusals and faults -----------------------------------------------------------------------------------------


def refusal(reason: Refusal) -> Notice:
    said: Text = (f" {reason.why}",) if reason.by is None else (" ", who(reason.by), f" {reason.why}")
    return Notice.of((Bold(f"{reason.what}:"), *said), (reason.hint,))


def fault(reference: str) -> Notice:
    return Notice.of(
        (Bold("Nothing was changed:"), " something went wrong on our side."),
        ("Try again in a moment. If it stays so, tell your operator this reference: ", Code(reference), "."),
    )


def no_incident_open() -> Refusal:
    return Refusal(
        what="Nothing was changed",
        why="this is not an incident channel, and no incident is open.",
        hint="`/incident checkout is down` declares one; a closed one can be named, such as `/incident INC-7 status`.",
    )


def unknown_incident(number: int) -> Refusal:
    return Refusal(
        what="Nothing was changed",
        why=f"there is no INC-{number}.",
        hint="`/incident list` shows the open ones.",
    )


def masked(kinds: tuple[str, ...]) -> Notice:
    """To the person who typed secrets."""
    return Notice.of(
        (Bold("Masked in the record:"), f" what you wrote holds a secret ({', '.join(kinds)})."),
        (
            "Tocsin kept the rest. In Slack it still stands: delete or edit your message, and replace the secret, ",
            "which others may have seen.",
        ),
    )


# --- in the channel ----------------------------------------------------------------------------------------------


def update(incident: Incident, index: int, look: Look | None = None) -> Notice:
    """The n-th update as the channel reads it."""
    posted = incident.updates[index]
    severity = posted.severity.label if posted.severity else "severity not set"
    head: Text = (
        Bold(f"Update · {severity} · {(look or Look()).status(posted.status)}"),
        " from ",
        who(posted.by),
    )
    lines: list[Text] = [head]
    if posted.text:
        lines.append((posted.text,))
    if posted.next_at:
        lines.append(("Next update by ", Moment(posted.next_at), "."))
    return Notice(lines=tuple(lines))


def document_comment(incident: Incident, *, final: bool, pack_note: str | None = None) -> str:
    """The words beside the uploaded postmortem."""
    state = "final postmortem" if final else "postmortem draft"
    if incident.document is not DocumentStatus.DRAFT:
        state = f"postmortem ({incident.document.label})"
    return f"{incident.ref}: {state}. {pack_note or ''}".strip()


def picture_comment(incident: Incident, note: str = "") -> str:
    """The words beside the uploaded timeline."""
    return f"{incident.ref}: the timeline as it stands. {note}".strip()


_NO_CANVAS = {
    "channel_canvas_already_exists": "this channel has a canvas already, and it is not ours to write over",
    "canvas_disabled_user_team": "an administrator switched canvases off",
    "team_tier_cannot_create_channel_canvases": "the workspace's plan has no canvases",
    "free_teams_cannot_create_standalone_canvases": "the workspace's plan has no canvases",
    "missing_scope": "Tocsin lacks the scope `canvases:write`; install the app anew with the present manifest",
    "restricted_action": "an administrator does not let Tocsin write canvases",
}


def canvas_refused(word: str) -> Notice:
    """Why there is no canvas, in words, and where the postmortem is instead."""
    why = _NO_CANVAS.get(word, f"Slack answered `{word}`")
    return Notice.of(
        ("The postmortem was not written into a canvas: ", why, "."),
        ("The file in this channel is the record; `/incident postmortem` posts it anew.",),
    )


def commit_message(incident: Incident, rendering: Rendering) -> str:
    """A subject and, after a publication, what the newest line of the updates log says."""
    subject = f"{incident.ref} {incident.title}: postmortem, revision {rendering.revision} ({incident.document.label})"
    updates = incident.lists.get("doc.updates", ())
    return f"{subject}\n\n{updates[-1].values['text']}\n" if updates else f"{subject}\n"


_OUTLETS = {"folder": "not saved to the folder", "git": "not committed to Git"}


def undelivered(incident: Incident, outlet: str, reason: str) -> Notice:
    return Notice.of(
        (Bold(f"The postmortem of {incident.ref} was {_OUTLETS[outlet]}:"), f" {reason}."),
        ("It is in the channel all the same, and is tried again every minute. Tell your operator.",),
    )


# --- by DM ---------------------------------------------------------------------------------------------------------


def role_given(incident: Incident, role: str, guide: str | None) -> Notice:
    lines: list[Text] = [("You are now ", Bold(role), " of ", *title(incident), ".")]
    if guide:
        lines.append((guide,))
    return Notice(lines=tuple(lines))


def title(incident: Incident) -> Text:
    where: Text = (" in ", ChannelName(incident.channel, incident.channel_name)) if incident.channel else ()
    kind = f" [{incident.kind.value}]" if incident.kind is not Kind.NORMAL else ""
    return (Bold(incident.ref), f"{kind} {incident.title}", *where)


# --- shown on request -----------------------------------------------------------------------------------------------


def status(incident: Incident, look: Look = PLAIN) -> Notice:
    severity = incident.severity.label if incident.severity else "severity not set"
    lines: list[Text] = [
        title(incident),
        (f"{severity} · {look.status(incident.status)} · declared by ", who(incident.declared_by)),
    ]
    lines.extend((f"{look.role(role)}: ", *join(holders)) for role, holders in incident.roles.items())
    if incident.symptom:
        lines.append((f"What users see: {incident.symptom}",))
    if incident.updates and incident.updates[-1].text:
        last = incident.updates[-1]
        lines.append(("Last update ", Moment(last.at), f": {last.text}"))
    lines.append((f"Open action items: {len(incident.open_actions)}",))
    return Notice(lines=tuple(lines))


def roles(incident: Incident, look: Look = PLAIN) -> Notice:
    held: list[Text] = [(f"{look.role(role)}: ", *join(holders)) for role, holders in incident.roles.items()]
    lines = held or [("Nobody holds a role yet. ", Code("/incident role commander @ana"), " gives one.")]
    return Notice(lines=((Bold(incident.ref), " roles"), *lines))
