"""How people do a case's steps: action items."""

import re
from typing import Any

from bot.replay.case import CaseStep
from bot.replay.driver import Acts, Driver
from bot.replay.hands import Refused
from bot.replay.typed import Args, due_words, tracker

#: The case says `action` of what is done after.
_KINDS = {"action": "follow_up"}
_ITEM = re.compile(r"\b(A\d+)\b")


async def action_add(driver: Driver, step: CaseStep, args: Args) -> None:
    before = await known_items(driver, step)
    cancelled = args.get("status") == "cancelled"
    await driver.fill(step, "followup", _typed(driver, step, {**args, "status": None} if cancelled else args))
    new = [item for item in await known_items(driver, step) if item not in before]
    if not new:
        raise Refused("no item was made")
    driver.world.actions[str(args["ref"])] = new[-1]
    if cancelled:
        await _cancel(driver, step, new[-1], args)


async def known_items(driver: Driver, step: CaseStep) -> list[str]:
    return list(dict.fromkeys(_ITEM.findall(await driver.type(step, "actions all"))))


async def action_update(driver: Driver, step: CaseStep, args: Args) -> None:
    """Its form, with what changes; what only happens to an item is typed."""
    item = driver.world.actions.get(str(args["ref"]))
    if item is None:
        raise Refused(f"there is no item {args['ref']}")
    changed = {name: value for name, value in args.items() if name not in {"ref", "status", "reason", "note"}}
    if changed:
        emptied = ("owners", "other_owners") if "owners" in changed else ()
        await driver.fill(step, f"edit {item}", _typed(driver, step, changed), emptied=emptied)
    if args.get("status") == "cancelled":
        await _cancel(driver, step, item, args)
    elif args.get("status"):
        why = args.get("reason") or args.get("note") or ""
        await driver.type(step, f"action {item} {args['status']} {why}".strip())


async def _cancel(driver: Driver, step: CaseStep, item: str, args: Args) -> None:
    reason = args.get("reason") or args.get("note") or "no reason was given"
    await driver.type(step, f"action {item} cancelled {reason}")


def _typed(driver: Driver, step: CaseStep, args: Args) -> dict[str, Any]:
    """What an item's form is filled with."""
    given = [str(owner) for owner in args.get("owners") or []]
    in_slack = [key for key in given if key in driver.world.users and driver.case.users[key].kind == "human"]
    kind = args.get("kind")
    return {
        "text": args.get("text"),
        "kind": _KINDS.get(str(kind), kind),
        "owners": [driver.world.users[key] for key in in_slack],
        "other_owners": "\n".join(driver.name(key) for key in given if key not in in_slack),
        "due": due_words(args.get("due"), driver.zone(step), step.at),
        "priority": args.get("priority"),
        "horizon": args.get("horizon"),
        "state": args.get("status"),
        "label": args.get("label"),
        "details": "\n".join(args.get("details") or []),
        "order": args.get("order"),
        "type": args.get("type"),
        "group": args.get("group"),
        "tracker": tracker(args.get("tracker")),
        "parent": driver.world.actions.get(str(args.get("parent"))),
    }


ACTS: Acts = {
    "action_add": action_add,
    "action_update": action_update,
}
