"""Rules about action items: owners, dates, plain words, and whether they answer what was found."""

import re
from collections.abc import Callable

from bot.views.lint.finding import Data, Profile, Remark, Remarks
from bot.views.lint.reading import actions, named

_WORK = frozenset({"task", "follow_up"})
_FINISHED = frozenset({"done", "cancelled"})
_VAGUE = re.compile(
    r"^\s*(?:we (?:should|need to|must) )?(?:be (?:more )?(?:careful|aware|mindful)|improve|better|consider|think about|"
    r"look (?:into|at)|try|pay (?:more )?attention|remember|raise awareness|communicate|discuss|more)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 8
#: Work that only makes the next time visible.
_WATCHING = frozenset({"detect", "document", "investigate"})


def action_no_owner(document: Data, _: Profile) -> Remarks:
    yield from _each(document, lambda item: bool(item.get("owners")), "no owner", "@bea")


def action_no_due(document: Data, _: Profile) -> Remarks:
    """Words like "as early as possible" are no date."""
    yield from _each(
        document,
        lambda item: bool((item.get("due") or {}).get("date")),
        "no due date",
        "due friday",
    )


def action_no_priority(document: Data, _: Profile) -> Remarks:
    yield from _each(document, lambda item: bool(item.get("priority")), "no priority", "P1")


def action_no_tracker(document: Data, _: Profile) -> Remarks:
    yield from _each(document, lambda item: bool(item.get("tracker")), "no ticket", "--tracker LINK")


def _each(document: Data, has: Callable[[Data], bool], lacks: str, typed: str) -> Remarks:
    """One remark for all items that lack it, with what to type for the first of them.

    Parts inherit from the whole; what is over needs nothing more.
    """
    refs = [
        str(item["ref"])
        for item, above in actions(document)
        if item["status"] not in _FINISHED and not any(map(has, (item, *above)))
    ]
    if refs:
        verb = "action" if typed.startswith("--") else "edit"
        hint = f"/incident {verb} {refs[0]} {typed}"
        yield Remark(text=f"{_count(refs)} {lacks}: {named(refs)}.", where="actions", hint=hint)


def _count(refs: list[str]) -> str:
    return "1 action item has" if len(refs) == 1 else f"{len(refs)} action items have"


def action_vague(document: Data, _: Profile) -> Remarks:
    for item, _above in actions(document):
        words = str(item["text"]).split()
        if (
            item["status"] not in _FINISHED
            and (len(words) < 2 or _VAGUE.match(item["text"]))
            and len(words) <= _FEW_WORDS
        ):
            yield Remark(
                text=f"{item['ref']} does not say when it is done.",
                where="actions",
                hint="Say what will be different, so that somebody can check it.",
            )


def action_overdue(document: Data, _: Profile) -> Remarks:
    refs = [str(item["ref"]) for item, _above in actions(document) if item.get("overdue")]
    if refs:
        yield Remark(text=f"Overdue: {named(refs)}.", where="actions")


def action_owner_left(document: Data, _: Profile) -> Remarks:
    for item, _above in actions(document):
        left = item.get("owners_left")
        if left and item["status"] not in _FINISHED:
            yield Remark(
                text=f"{', '.join(left)}, who owns {item['ref']}, left Slack.",
                where="actions",
                hint="Give it to somebody else.",
            )


def no_actions(document: Data, _: Profile) -> Remarks:
    if not document["actions"]:
        yield Remark(
            text="There is no action item.", where="actions", hint="/incident followup … @owner due friday"
        )


def only_detect_actions(document: Data, _: Profile) -> Remarks:
    items = [item for item, _above in actions(document)]
    types = {str(item["type"]).lower() for item in items if item.get("type")}
    measures = any(item["kind"] == "preventive_measure" for item in items)
    if types and types <= _WATCHING and not measures:
        yield Remark(text="No action item prevents or shortens the next incident.", where="actions")


def factor_without_action(document: Data, _: Profile) -> Remarks:
    """A factor is answered by an item that shares a telling word with it. Words are compared by their beginning."""
    answered = {stem for item, _above in actions(document) for stem in _stems(_said(item))}
    for number, factor in enumerate(document["cause"].get("contributing") or [], 1):
        stems = _stems(str(factor["text"]))
        if factor.get("polarity") != "positive" and stems and not stems & answered:
            yield Remark(
                text=f"No action item seems to answer contributing factor {number}.",
                where=f"cause.contributing.{number}",
            )


def _said(item: Data) -> str:
    return " ".join([str(item.get("label") or ""), str(item["text"]), *map(str, item.get("details") or [])])


def _stems(text: str) -> set[str]:
    return {
        word[:5] for word in re.findall(r"[^\W\d_]+", text.lower()) if len(word) > 4 and word not in _COMMON
    }


_COMMON = frozenset(
    "about after again before being between could during every first other should their there these those through".split()  # noqa: SIM905
    + "under until where which while without would".split()  # noqa: SIM905
)
