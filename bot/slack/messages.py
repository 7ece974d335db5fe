"""Views as Slack messages: every view type in one match, spans written as mrkdwn with everything else escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.vocabulary import ActionState, Kind, Status
from bot.language.help import HelpView
from bot.slack import blocks as b
from bot.slack import messages_review, messages_timeline
from bot.slack.dates import moment
from bot.slack.ids import Action
from bot.slack.spans import link, mention, value_of, write
from bot.views.actions import ActionList, Card, due_text
from bot.views.banner import Banner
from bot.views.lists import IncidentList
from bot.views.notices import Choice, Notice
from bot.views.questions import Question
from bot.views.reminders import ReminderLetter
from bot.views.review import ReviewRequest, ReviewState, SectionRequest
from bot.views.text import Text, who
from bot.views.timeline_page import EntryCard, TimelinePage

__all__ = ["Payload", "link", "mention", "moment", "render", "value_of", "write"]


@dataclass(frozen=True, slots=True)
class Payload:
    """What chat.postMessage and chat.update take: blocks, and text for notifications and screen readers."""

    text: str
    blocks: list[b.Block]
    #: Takes the place of the message whose button was pressed.
    replaces: bool = False


def render(view: object) -> Payload:
    """Blocks for any view that is posted as a message. Raises TypeError for an unknown one."""
    match view:
        case Banner():
            return _banner(view)
        case Notice():
            return _notice(view)
        case Question():
            return _question(view)
        case Card():
            return Payload(text=_plain(_card_line(view)), blocks=b.fit(_card(view)))
        case ReminderLetter():
            return _letter(view)
        case ActionList():
            return _action_list(view)
        case HelpView():
            return _help(view)
        case TimelinePage():
            return Payload(text=b.escape(view.title), blocks=b.fit(messages_timeline.page(view)))
        case EntryCard():
            head = b.cut(write(view.line.line), 300)
            return Payload(text=head, blocks=b.fit(messages_timeline.entry_card(view)))
        case IncidentList():
            return _incident_list(view)
        case ReviewState():
            head = f"Postmortem of {view.ref}: {view.status.label}"
            return Payload(text=b.escape(head), blocks=b.fit(messages_review.review_state(view)))
        case SectionRequest():
            head = f"{view.heading} is wanted for the postmortem of {view.ref}"
            return Payload(text=b.escape(head), blocks=b.fit(messages_review.section_request(view)))
        case ReviewRequest():
            head = f"The postmortem of {view.ref} waits for you"
            return Payload(text=b.escape(head), blocks=b.fit(messages_review.review_request(view)))
        case _:
            raise TypeError(f"no message is made of {type(view).__name__}")


def _plain(text: Text) -> str:
    return b.cut(write(text), 300)


def _notice(view: Notice) -> Payload:
    lines = [write(line) for line in view.lines]
    made = [b.section(line) for line in lines]
    if view.choices:
        made.append(b.actions([_choice(choice, nth) for nth, choice in enumerate(view.choices)]))
    return Payload(text=b.cut(lines[0] if lines else " ", 300), blocks=b.fit(made))


def _choice(choice: Choice, nth: int) -> b.Element:
    """Slack wants the action ids of a block to differ; what stands behind ``#`` means nothing."""
    action = f"{Action(choice.does)}#{nth}" if nth else Action(choice.does)
    return b.button(choice.label, action, value_of(**choice.ids), style=choice.style)


def _question(view: Question) -> Payload:
    lines = [write(line) for line in view.lines]
    choices = [
        b.button(answer, f"{Action.CHOOSE}#{number}", value_of(question=view.key, answer=number))
        for number, answer in enumerate(view.answers)
    ]
    return Payload(
        text=b.cut(lines[0], 300), blocks=b.fit([*(b.section(line) for line in lines), b.actions(choices)])
    )


# --- the banner --------------------------------------------------------------------------------------------------

STATUS_EMOJI = {
    Status.TRIAGE: ":rotating_light:",
    Status.INVESTIGATING: ":mag:",
    Status.IDENTIFIED: ":dart:",
    Status.MONITORING: ":eyes:",
    Status.RESOLVED: ":white_check_mark:",
    Status.CLOSED: ":checkered_flag:",
    Status.DECLINED: ":no_entry_sign:",
    Status.MERGED: ":link:",
}


def _banner(view: Banner) -> Payload:
    severity = view.severity.label if view.severity else "severity not set"
    emoji = f":{view.severity_emoji}: " if view.severity_emoji else ""
    kind = f"[{view.kind.value.upper()}] " if view.kind is not Kind.NORMAL else ""
    head = f"{kind}{view.ref} · {view.title}"
    made: list[b.Block] = [
        b.header(head),
        b.section(
            f"{STATUS_EMOJI[view.status]} *{b.escape(view.status_label)}*{_merged(view)} · {emoji}*{b.escape(severity)}*"
        ),
    ]
    if view.symptom:
        made.append(b.section(f"*What users see*\n{b.escape(view.symptom)}"))
    made.extend(b.fields(_banner_fields(view)))
    if view.last_update:
        said = f"{write((who(view.last_update.by),))}, {moment(view.last_update.at)}"
        made.append(b.section(f"*Last update* ({said})\n{b.escape(view.last_update.text)}"))
    if view.links:
        made.append(b.section(" · ".join(link(url, label) for label, url in view.links)))
    made.append(b.context(*_banner_context(view)))
    if view.buttons:
        made.append(_banner_buttons(view))
    return Payload(
        text=f"{b.escape(head)} · {b.escape(view.status_label)} · {b.escape(severity)}", blocks=b.fit(made)
    )


def _merged(view: Banner) -> str:
    return f" into *INC-{view.merged_into}*" if view.merged_into else ""


def _banner_fields(view: Banner) -> list[str]:
    roles = [
        f"*{b.escape(role)}*\n{', '.join(mention(p) for p in people) or 'nobody yet'}"
        for role, people in view.roles
    ]
    following = moment(view.next_update_at) if view.next_update_at else "not promised"
    return [*roles, f"*Next update*\n{following}", f"*Open action items*\n{view.open_actions}"]


def _banner_context(view: Banner) -> list[str]:
    since = view.impact_started or view.declared_at
    lasted = (
        f"lasted {_lasted(since, view.resolved_at)}" if view.resolved_at else f"since {moment(since, 'date')}"
    )
    line = [f"Declared by {write((who(view.declared_by),))} {moment(view.declared_at, 'date')}", lasted]
    if view.absorbed:
        line.append(f"Duplicates: {', '.join(f'INC-{number}' for number in view.absorbed)}")
    if not view.buttons and view.channel:
        line.append(f"<#{view.channel}>")
    return line


def _lasted(start: datetime, end: datetime) -> str:
    minutes = max(0, int((end - start).total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{minutes} min"]
    return " ".join(part for part in parts if part)


def _banner_buttons(view: Banner) -> b.Block:
    value = value_of(incident=view.incident)
    if not view.status.is_open:
        return b.actions(
            [
                b.button("Postmortem", Action.RENDER, value),
                b.button("Add to postmortem", Action.ADD, value),
                b.button("Action item", Action.ACTION, value),
                *(
                    [b.button("Close", Action.CLOSE, value, style="primary")]
                    if view.status is Status.RESOLVED
                    else []
                ),
                b.button("Reopen", Action.REOPEN, value),
                b.button("More…", Action.MORE, value),
            ]
        )
    return b.actions(
        [
            b.button("Update", Action.UPDATE, value, style="primary"),
            b.button("Roles", Action.ROLE, value),
            b.button("Action item", Action.ACTION, value),
            b.button("Timeline", Action.TIMELINE, value),
            b.button("Resolve", Action.RESOLVE, value),
            b.button("More…", Action.MORE, value),
        ]
    )


# --- action items --------------------------------------------------------------------------------------------------

STATE_EMOJI = {
    ActionState.OPEN: ":white_circle:",
    ActionState.IN_PROGRESS: ":large_blue_circle:",
    ActionState.BLOCKED: ":black_circle:",
    ActionState.DONE: ":white_check_mark:",
    ActionState.CANCELLED: ":heavy_minus_sign:",
}


def _card_line(view: Card) -> Text:
    return (f"{view.ref} {view.action}: {view.text}",)


def _card(view: Card) -> list[b.Block]:
    """Each block bears the item's name, so that a press can put these blocks right wherever they stand."""
    due = write(due_text(view.due)) or " · no due date"
    owners = f" · {', '.join(mention(p) for p in view.owners)}" if view.owners else " · no owner"
    marks = [view.kind.label, view.state.label, *(b.escape(mark) for mark in _marks(view))]
    head = f"{STATE_EMOJI[view.state]} *{b.escape(view.action)}* {b.escape(view.text)}"
    below = "".join(f"\n• {b.escape(line)}" for line in view.details)
    tracker = [_tracker(view.tracker)] if view.tracker else []
    made = [
        b.section(b.cut(head + below, b.TEXT_LIMIT)),
        b.context(" · ".join(marks) + owners + due, *tracker, _of_incident(view)),
    ]
    if view.reason:
        made.append(b.context(f"Reason: {b.escape(view.reason)}"))
    if view.snoozed_until and not view.state.is_finished:
        made.append(b.context(f"Snoozed until {moment(view.snoozed_until, 'date')}"))
    if not view.state.is_finished:
        made.append(_card_buttons(view))
    return [
        block | {"block_id": f"{item_mark(view.incident, view.action)}{n}"} for n, block in enumerate(made)
    ]


def _marks(view: Card) -> list[str]:
    under = f"under {view.parent}" if view.parent else None
    horizon = f"{view.horizon} term" if view.horizon in {"short", "medium", "long"} else view.horizon
    return [mark for mark in (view.priority, horizon, view.label, under) if mark]


def _tracker(where: str) -> str:
    """A link by the last part of its address, which names the ticket in most trackers."""
    if not where.startswith(("http://", "https://")):
        return b.escape(where)
    return link(where, where.rstrip("/").rpartition("/")[2] or where)


def item_mark(incident: int, action: str) -> str:
    """How the ids of an item's blocks begin."""
    return f"item:{incident}:{action}:"


def _letter(view: ReminderLetter) -> Payload:
    """Several lines begin with how many there are: a notification shows no more than that."""
    head = f"{view.count} things wait for you." if view.count > 1 else None
    made = [b.section(f"*{head}*")] if head else []
    for line in view.lines:
        if line.body:
            made += [b.section(write(line.text)), *render(line.body).blocks]
    made += _paragraphs([write(line.text) for line in view.lines if not line.body])
    if view.more:
        made.append(b.context(f"And {view.more} more: `/incident actions` shows all."))
    return Payload(text=head or _plain(view.lines[0].text), blocks=b.fit(made))


def _of_incident(view: Card) -> str:
    where = f" <#{view.channel}>" if view.channel else ""
    return f"{view.ref} {b.escape(view.title)}{where}"


#: What the menu offers -> what its option carries; see `bot.slack.item_buttons`.
SNOOZES = {
    "1 hour": "hour",
    "Until tomorrow morning": "tomorrow",
    "Until next Monday": "monday",
    "Until …": "date",
}


def _card_buttons(view: Card) -> b.Block:
    value = value_of(incident=view.incident, action=view.action)
    start = [b.button("Start", Action.START, value)] if view.state is not ActionState.IN_PROGRESS else []
    snoozes = [
        b.option(text, value_of(incident=view.incident, action=view.action, until=until))
        for text, until in SNOOZES.items()
    ]
    channel = f"https://slack.com/app_redirect?channel={view.channel}" if view.channel else None
    return b.actions(
        [
            b.button("Done", Action.DONE, value, style="primary"),
            *start,
            b.select(Action.SNOOZE, snoozes, placeholder="Snooze …"),
            b.button("Reassign …", Action.REASSIGN, value),
            b.button("Cancel …", Action.CANCEL, value),
            *([b.link_button("Open in channel", Action.OPEN_CHANNEL, channel)] if channel else []),
        ]
    )


#: So many items of a list carry their buttons; a message holds fifty blocks.
WITH_BUTTONS = 8


def _action_list(view: ActionList) -> Payload:
    made = [b.section(f"*{b.escape(view.head)}*")]
    open_items = [item for item in view.items if not item.state.is_finished]
    with_buttons = open_items[:WITH_BUTTONS]
    for item in with_buttons:
        made.extend(_card(item))
    lines = [_list_line(item) for item in view.items if item not in with_buttons]
    made.extend(_paragraphs(lines if view.items else [view.empty]))
    return Payload(text=b.escape(view.head), blocks=b.fit(made))


def _list_line(item: Card) -> str:
    owners = ", ".join(mention(p) for p in item.owners) or "no owner"
    name = f"{item.ref} *{b.escape(item.action)}*"
    return f"{STATE_EMOJI[item.state]} {name} {b.escape(item.text)} · {owners}{write(due_text(item.due))} · {item.state.label}"


def _help(view: HelpView) -> Payload:
    made: list[b.Block] = []
    for part in view.sections:
        lines = [f"`{b.escape(usage)}`\n{b.escape(said)}" for usage, said in part.lines]
        made += [b.section(f"*{b.escape(part.title)}*"), *_paragraphs(lines)]
    return Payload(text="What you can type", blocks=b.fit([*made, b.context(view.closing)]))


def _incident_list(view: IncidentList) -> Payload:
    lines = []
    for row in view.incidents:
        where = f" <#{row.channel}>" if row.channel else ""
        kind = f" [{row.kind.value}]" if row.kind is not Kind.NORMAL else ""
        severity = b.escape(row.severity or "severity not set")
        since = moment(row.declared_at, "date")
        lines.append(
            f"*INC-{row.number}*{kind} {b.escape(row.title)}{where} · {severity} · {row.status} · {since}"
        )
    nothing = (
        "No incident is open."
        if view.wanted == "open"
        else f"No incident that you may see is {view.wanted}. `/incident list all` shows all."
    )
    head = "Open incidents" if view.wanted == "open" else f"Incidents: {view.wanted}"
    return Payload(text=head, blocks=b.fit(_paragraphs(lines or [b.escape(nothing)])))


def _paragraphs(lines: Sequence[str]) -> list[b.Block]:
    """Lines gathered into as few sections as their limit allows."""
    made: list[b.Block] = []
    current = ""
    for line in lines:
        short = b.cut(line, b.TEXT_LIMIT)
        if current and len(current) + len(short) + 1 > b.TEXT_LIMIT:
            made.append(b.section(current))
            current = short
        else:
            current = f"{current}\n{short}" if current else short
    return [*made, b.section(current)] if current else made
