"""How people do a case's steps: the record: messages, marks, typed and imported entries."""

from bot.replay.case import CaseStep
from bot.replay.driver import Acts, Driver
from bot.replay.hands import Refused
from bot.replay.typed import Args, details, exactly, said, ts_at

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
#: What a reaction alone cannot say, so that the shortcut's form is used.
_WORDED = ("text", "action", "actor", "label", "order", "kind", "to_incident")


async def message(driver: Driver, step: CaseStep, args: Args) -> None:
    bot = driver.case.users[step.by].kind == "bot" if step.by in driver.case.users else False
    place = driver.place(step)
    ts = ts_at(step.at, len(driver.world.messages))
    ts = await driver.hands.say(driver.user(step.by), place, str(args["text"]), ts=ts, as_bot=bot)
    driver.world.messages[str(args["id"])] = (place, ts)


async def mark(driver: Driver, step: CaseStep, args: Args) -> None:
    place, ts = driver.world.messages[str(args["message"])]
    user = driver.user(step.by)
    marker = args.get("marker")
    if not any(args.get(name) for name in _WORDED):
        emoji = "memo" if args.get("as") == "note" else EMOJI.get(marker, "pushpin")
        await driver.hands.react(user, place, ts, emoji)
        return
    await driver.hands.message_shortcut(user, "add_to_timeline", place, ts)
    form = await driver.hands.form(user)
    typed = {**details(args), "tag": args.get("as")}
    if any(block.get("block_id") == "incident" for block in form["blocks"]):
        typed["incident"] = str(driver.world.incident)
    await driver.hands.send(user, form, {name: value for name, value in typed.items() if value})


async def timeline_add(driver: Driver, step: CaseStep, args: Args) -> None:
    evidence = args.get("evidence")
    links = [evidence] if isinstance(evidence, str) else list(evidence or [])
    typed = {**details(args), "evidence": "\n".join(link(driver, key) for key in links)}
    spoken = {**args["time"], "open_ended": args["time"].get("open_ended") or args.get("open_ended")}
    if args.get("end"):
        spoken["end"] = args["end"]
    await with_time(driver, step, "note", "at", spoken, typed)


def link(driver: Driver, key: str) -> str:
    """Evidence is a message of the case, as the link that Slack copies, or an address."""
    if key not in driver.world.messages:
        return key
    channel, ts = driver.world.messages[key]
    return f"{driver.hands.workspace_url}/archives/{channel}/p{ts.replace('.', '')}"


async def timeline_import(driver: Driver, step: CaseStep, args: Args) -> None:
    """Pasted into the form, looked at in the preview, and confirmed there."""
    lines = [
        f"{said(line['time']) if isinstance(line['time'], dict) else line['time']} {line['text']}".replace(
            "\n", "\n  "
        )
        for line in args["lines"]
    ]
    await driver.fill(
        step, "import", {"text": "\n".join(lines), "zone": args.get("tz"), "kind": args.get("kind")}
    )
    user = driver.user(step.by)
    await driver.hands.send(user, await driver.hands.form(user), {})


async def with_time(driver: Driver, step: CaseStep, verb: str, name: str, time: Args, typed: Args) -> None:
    """Type the time as it was said; when the bot asks which reading is meant, say it without doubt."""
    try:
        await driver.fill(step, verb, {**typed, name: said(time)})
    except Refused as refused:
        exact = exactly(time)
        if exact is None or exact == said(time) or f"{name}:" not in str(refused):
            raise
        await driver.fill(step, verb, {**typed, name: exact})


ACTS: Acts = {
    "message": message,
    "mark": mark,
    "timeline_add": timeline_add,
    "timeline_import": timeline_import,
}
