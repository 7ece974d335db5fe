"""How people do a case's steps: action items."""

import re

from bot.replay.case import CaseStep
from bot.replay.driver import Acts, Driver, NotBuilt
from bot.replay.hands import Refused
from bot.replay.typed import Args, tracker

_ITEM = re.compile(r"\b(A\d+)\b")


async def action_add(driver: Driver, step: CaseStep, args: Args) -> None:
    due = args.get("due") or {}
    horizon, given = args.get("horizon"), [str(owner) for owner in args.get("owners") or []]
    slack = [
        driver.world.users[key]
        for key in given
        if key in driver.world.users and driver.case.users[key].kind == "human"
    ]
    others = [
        driver.name(key)
        for key in given
        if not (key in driver.case.users and driver.case.users[key].kind == "human")
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
        "parent": driver.world.actions.get(str(args.get("parent"))),
    }
    before = await known_items(driver, step)
    await driver.fill(step, "followup", typed)
    new = [item for item in await known_items(driver, step) if item not in before]
    if new:
        driver.world.actions[str(args["ref"])] = new[-1]


async def known_items(driver: Driver, step: CaseStep) -> list[str]:
    return list(dict.fromkeys(_ITEM.findall(await driver.type(step, "actions all"))))


async def action_update(driver: Driver, step: CaseStep, args: Args) -> None:
    item = driver.world.actions.get(str(args["ref"]))
    if item is None:
        raise Refused(f"there is no item {args['ref']}")
    if args.get("owners"):
        owners = " ".join(driver.person(str(owner)) for owner in args["owners"])
        await driver.type(step, f"reassign {item} {owners}")
    due = args.get("due") or {}
    if due:
        await driver.type(step, f"reschedule {item} {due.get('date') or due.get('raw')}")
    if args.get("status"):
        await driver.type(step, f"action {item} {args['status']} {args.get('reason') or ''}")
    strange = sorted(set(args) - {"ref", "status", "reason", "owners", "due"})
    if strange:
        raise NotBuilt(f"an item's {', '.join(strange)} cannot be changed yet; the rest was")


ACTS: Acts = {
    "action_add": action_add,
    "action_update": action_update,
}
