"""The review's views as Slack messages."""

from bot.domain.vocabulary import DocumentStatus
from bot.slack import blocks as b
from bot.slack.dates import moment
from bot.slack.ids import Action
from bot.slack.spans import mention, value_of, write
from bot.views.review import ReviewRequest, ReviewState, SectionRequest, Signature
from bot.views.text import who

_EMOJI = {
    DocumentStatus.DRAFT: ":memo:",
    DocumentStatus.IN_REVIEW: ":mag:",
    DocumentStatus.PUBLISHED: ":books:",
}
_SIGNED = {"pending": ":white_circle:", "signed": ":white_check_mark:", "waived": ":heavy_minus_sign:"}
_SECTIONS_SHOWN = 6


def review_state(view: ReviewState) -> list[b.Block]:
    head = f"{_EMOJI[view.status]} *Postmortem of {view.ref}: {view.status.label}*"
    if view.since and view.by:
        head += f" since {moment(view.since, 'date')}, by {write((who(view.by),))}"
    if view.amended:
        head += f"; amended {moment(view.amended, 'date')}"
    made = [b.section(head)]
    people = [
        f"*{name}*\n{', '.join(mention(p) for p in held) or 'nobody yet'}"
        for name, held in (("Authors", view.authors), ("Reviewers", view.reviewers))
    ]
    made += b.fields(people)
    if view.lacking and view.status is not DocumentStatus.PUBLISHED:
        made.append(b.section(_lacking(view)))
    for person, title in view.waiting_for[:_SECTIONS_SHOWN]:
        made.append(b.context(f"Waiting for {mention(person)}: {b.escape(title)}"))
    if view.signatures:
        made.append(b.section("*Sign-off*\n" + "\n".join(_signed(line) for line in view.signatures[:20])))
    return [*made, *_buttons(view)]


def _lacking(view: ReviewState) -> str:
    lines = [f"• {b.escape(title)}: {b.escape(', '.join(lacks))}" for title, lacks in view.lacking]
    more = len(lines) - _SECTIONS_SHOWN
    rest = [f"… and {more} more sections"] if more > 0 else []
    return b.cut("\n".join(["*Still missing*", *lines[:_SECTIONS_SHOWN], *rest]), b.TEXT_LIMIT)


def _signed(line: Signature) -> str:
    person = mention(line.person) if line.person else "anybody"
    date = f" {line.date}" if line.date else ""
    reason = f": {b.escape(line.reason)}" if line.reason else ""
    return f"{_SIGNED[line.state]} {b.escape(line.role)} · {person} · {line.state}{date}{reason}"


def _buttons(view: ReviewState) -> list[b.Block]:
    value = value_of(incident=view.incident)
    made = [b.button("Fill in what is missing", Action.REVIEW, value, style="primary")]
    if view.status is DocumentStatus.DRAFT:
        made.append(b.button("Ask for review…", Action.REVIEWERS, value))
    if view.status is DocumentStatus.IN_REVIEW:
        made.append(b.button("Publish…", Action.PUBLISH, value))
    if view.status is DocumentStatus.PUBLISHED:
        made = [
            b.button("Correct it", Action.REVIEW, value),
            b.button("Render a new revision", Action.RENDER, value),
        ]
    pending = [line for line in view.signatures if line.is_pending]
    signing = (
        [] if view.status is DocumentStatus.DRAFT else [_sign(view.incident, line) for line in pending[:5]]
    )
    return [b.actions(made), *signing]


def _sign(incident: int, line: Signature) -> b.Block:
    value = value_of(incident=incident, item=line.item)
    return b.actions(
        [
            b.button(f"Sign as {line.role}", Action.SIGN, value, style="primary"),
            b.button("Waive…", Action.WAIVE, value),
        ]
    )


def section_request(view: SectionRequest) -> list[b.Block]:
    head = f"{write((who(view.by),))} asks you for *{b.escape(view.heading)}* in the postmortem of "
    made = [b.section(f"{head}*{view.ref}* {b.escape(view.title)}.")]
    if view.note:
        made.append(b.section("> " + b.escape(view.note).replace("\n", "\n> ")))
    if view.answered_at:
        made.append(
            b.context(f":white_check_mark: You answered {moment(view.answered_at, 'date')}. Thank you.")
        )
    elif view.lacks:
        made.append(b.context(f"Missing: {b.escape(', '.join(view.lacks))}"))
    else:
        made.append(b.context("Somebody has filled in what was missing; you may add to it."))
    value = value_of(incident=view.incident, section=view.section)
    label = "Change it" if view.answered_at else "Fill it in"
    style = None if view.answered_at else "primary"
    return [*made, b.actions([b.button(label, Action.SECTION, value, style=style)])]


def review_request(view: ReviewRequest) -> list[b.Block]:
    where = f" <#{view.channel}>" if view.channel else ""
    by = f"{write((who(view.by),))} asks you to" if view.by else "Please"
    doing = f"sign as *{b.escape(view.signature.role)}*" if view.signature else "review"
    head = f"{by} {doing}: the postmortem of *{view.ref}* {b.escape(view.title)}{where}."
    made = [b.section(head)]
    value = value_of(incident=view.incident)
    buttons = [b.button("Open the review", Action.REVIEW, value)]
    if view.signature and view.signature.is_pending:
        item = value_of(incident=view.incident, item=view.signature.item)
        buttons.insert(0, b.button("Sign", Action.SIGN, item, style="primary"))
        buttons.append(b.button("Waive…", Action.WAIVE, item))
    elif view.signature:
        made.append(b.context(_signed(view.signature)))
    return [*made, b.context(f"The postmortem is {view.status.label} now."), b.actions(buttons)]
