"""The verbs of the timeline, the action items and the postmortem."""

from bot.language import entries, items, record, shows
from bot.language.options import Option
from bot.language.verb import AT, Verb

_ENTRY = (
    AT,
    Option("marker", "word", "degraded", ("mark", "m")),
    Option("by", "name", "WHO", ("actor", "who")),
    Option("action", "words", "TEXT", ("did",)),
    Option("label", "name", "L"),
    Option("order", "word", "N", ("step",)),
    Option("kind", "word", "decision"),
    Option("evidence", "word", "LINK", ("link", "url"), many=True),
    Option("key", "flag"),
)
_ITEM = (
    Option("due", "due", "friday"),
    Option("owner", "name", "WHO", ("owners", "for", "assignee"), many=True),
    Option("priority", "word", "P1", ("prio", "p")),
    Option("horizon", "word", "short"),
    Option("under", "word", "A3", ("parent",)),
    Option("label", "name", "L"),
    Option("type", "name", "prevent"),
    Option("group", "name", "G"),
    Option("kind", "word", "recommendation"),
    Option("state", "word", "in_progress", ("status",)),
    Option("order", "word", "N"),
    Option("details", "words", '"a; b"', ("detail",)),
    Option("tracker", "word", "LINK", ("ticket", "link", "url")),
)
_OWNER_STOPS = frozenset({"due"})

TIMELINE: tuple[Verb, ...] = (
    Verb(
        name="note",
        told=3,
        read=entries.note,
        arguments="what happened",
        says="Put an entry on the timeline, also for earlier. Alone: a form.",
        example="note --at 14:05 --marker degraded users report errors",
        topic="timeline",
        undone="The note was not added",
        aliases=("timeline add",),
        options=_ENTRY,
        form="note",
        prose=True,
        hint=1,
    ),
    Verb(
        name="timeline",
        read=shows.timeline,
        says="Show the timeline, with the numbers of its entries. `timeline picture` posts it as an image.",
        example="timeline",
        topic="timeline",
        aliases=("tl",),
    ),
    Verb(
        name="edit",
        told=2,
        read=entries.edit,
        arguments="T3 [new wording]",
        says="Correct an entry; the earlier wording stays in the audit trail.",
        example="edit T3 --at 14:07",
        topic="timeline",
        undone="The entry was not changed",
        aliases=("correct",),
        options=_ENTRY,
        prose=True,
    ),
    Verb(
        name="hide",
        read=entries.hide,
        arguments="T3",
        says="Leave an entry out of the document.",
        example="hide T3",
        topic="timeline",
        undone="No entry was hidden",
    ),
    Verb(
        name="show",
        read=shows.show,
        arguments="T3",
        says="Take a hidden entry in again.",
        example="show T3",
        topic="timeline",
        undone="Nothing was shown",
        aliases=("unhide",),
    ),
)


def _item(name: str, says: str, example: str, *aliases: str, listed: bool = True) -> Verb:
    kind = {"task": "task", "followup": "follow_up", "recommendation": "recommendation"}.get(
        name, "preventive_measure"
    )
    return Verb(
        name=name,
        read=items.add,
        arguments="what is to be done [@who] [due when] [P1]",
        says=says,
        example=example,
        topic="work",
        undone="The action item was not added",
        aliases=aliases,
        options=_ITEM,
        form="action",
        filled={"kind": kind},
        prose=True,
        stops=_OWNER_STOPS,
        listed=listed,
        hint=4 if name == "task" else None,
    )


def _change(name: str, arguments: str, says: str, example: str, *aliases: str) -> Verb:
    return Verb(
        name=name,
        read=items.change,
        arguments=arguments,
        says=says,
        example=example,
        topic="work",
        undone="No action item was changed",
        aliases=aliases,
    )


WORK: tuple[Verb, ...] = (
    _item("task", "An action item for now.", "task roll back v41 @bea due 30m", "todo"),
    _item(
        "followup",
        'An action item for after. Owners outside Slack: `owner "Naxa team"`.',
        "followup add a UAT playbook @bea due next friday P1",
        "follow-up",
        "fu",
        "action item",
    ),
    _item(
        "recommendation",
        "Advice for later.",
        "recommendation rehearse the rollback",
        "recommend",
        listed=False,
    ),
    _item(
        "measure",
        "A preventive measure.",
        "measure alert on queue length @bea",
        "preventive",
        "prevention",
        listed=False,
    ),
    Verb(
        name="action",
        read=items.action,
        arguments="A3 done | in_progress | blocked | open | cancelled [why]",
        says="Change an item's state. With other words, a new follow-up.",
        example="action A3 in progress",
        topic="work",
        undone="No action item was changed",
        options=_ITEM,
        form="action",
        prose=True,
        stops=_OWNER_STOPS,
    ),
    Verb(
        name="actions",
        read=shows.actions,
        arguments="[mine | open | overdue | unowned | all]",
        says="Show the action items, with their numbers and buttons.",
        example="actions mine",
        topic="work",
        aliases=("items", "tasks", "followups", "todos"),
    ),
    _change("done", "A3", "The item is done.", "done A3", "finish", "complete"),
    _change("start", "A3", "Somebody works on it.", "start A3", "begin"),
    _change("block", "A3 [why]", "It cannot go on.", "block A3 waiting for the vendor", "blocked"),
    _change(
        "cancel", "A3 why", "It is not needed any more.", "cancel A3 because the service is retired", "drop"
    ),
    Verb(
        name="reassign",
        read=items.reassign,
        arguments="A3 @who",
        says="Somebody else takes the item; `nobody` leaves it without an owner.",
        example="reassign A3 @bea",
        topic="work",
        undone="The item was not reassigned",
    ),
    Verb(
        name="reschedule",
        read=items.move,
        arguments="A3 when",
        says="Another due date, on the owner's clock.",
        example="reschedule A3 next friday",
        topic="work",
        undone="The due date was not changed",
        aliases=("due",),
    ),
    Verb(
        name="delete",
        read=items.delete,
        arguments="A3",
        says="An item that was made by mistake goes; one that is not needed any more is cancelled.",
        example="delete A3",
        topic="work",
        undone="No item was deleted",
        listed=False,
    ),
    Verb(
        name="snooze",
        read=items.snooze,
        arguments="[A3] [2h | until morning | off]",
        says="No reminder of the item for a while; without a number, none of what the incident lacks.",
        example="snooze A3 until tomorrow 9:00",
        topic="work",
        undone="Nothing was snoozed",
        sentence=False,
    ),
)

POSTMORTEM: tuple[Verb, ...] = (
    Verb(
        name="set",
        read=record.set_field,
        arguments="field [value]",
        says="Fill a field of the postmortem; without a value, its form. `help fields` lists them.",
        example="set root cause a missing index",
        topic="postmortem",
        undone="The field was not set",
        aliases=("fill",),
        prose=True,
        sentence=False,
    ),
    Verb(
        name="clear",
        read=record.clear,
        arguments="field",
        says="Empty a field.",
        example="clear root cause",
        topic="postmortem",
        undone="Nothing was emptied",
        aliases=("unset",),
        listed=False,
    ),
    Verb(
        name="add",
        read=record.add_item,
        arguments="list [text]",
        says="Add a line to a list, such as went well, factor, why, link. `went well: text` will do.",
        example="add went well the rollback took two minutes",
        topic="postmortem",
        undone="Nothing was added",
        form="add",
        prose=True,
        sentence=False,
    ),
    Verb(
        name="postmortem",
        read=record.document,
        arguments="[section | markdown | html | pdf | canvas | json]",
        says="What the postmortem still lacks, and forms to fill it; with a format, render it. `postmortem in review` changes its status: draft, in review, published.",
        example="postmortem html",
        topic="postmortem",
        undone="The postmortem was not rendered",
        aliases=("retro", "pir", "generate", "render", "document", "doc"),
    ),
    Verb(
        name="publish",
        read=record.publish,
        says="The postmortem is published.",
        example="publish",
        topic="postmortem",
        undone="The postmortem was not published",
        listed=False,
    ),
)
