"""How people do a case's steps: the record: messages, marks, typed and imported entries."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.domain.vocabulary import EntryKind
from bot.replay.case import CaseStep
from bot.replay.driver import Acts, Driver
from bot.replay.hands import Refused
from bot.replay.typed import Args, details, exactly, said, ts_at
from bot.slack.blocks import INPUT_VALUE

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
_WORDED = ("text", "action", "actor", "label", "order", "kind", "phase", "evidence", "to_incident")


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
    typed = {**described(driver, args), "tag": args.get("as")}
    if any(block.get("block_id") == "incident" for block in form["blocks"]):
        typed["incident"] = str(driver.world.incident)
    await driver.hands.send(user, form, {name: value for name, value in typed.items() if value})


async def timeline_add(driver: Driver, step: CaseStep, args: Args) -> None:
    beside = {name: args[name] for name in ("end", "open_ended", "approx") if args.get(name)}
    await with_time(driver, step, "note", "at", {**args["time"], **beside}, described(driver, args))


def described(driver: Driver, args: Args) -> dict[str, Any]:
    """What the entry's form is filled with, beside its time."""
    evidence, actor = args.get("evidence"), args.get("actor")
    links = [evidence] if isinstance(evidence, str) else list(evidence or [])
    return {
        **details(args),
        "actor": driver.name(str(actor)) if actor else None,
        "evidence": "\n".join(link(driver, str(key)) for key in links),
    }


def link(driver: Driver, key: str) -> str:
    """Evidence is a message of the case, as the link that Slack copies, or an address."""
    if key not in driver.world.messages:
        return key
    channel, ts = driver.world.messages[key]
    return f"{driver.hands.workspace_url}/archives/{channel}/p{ts.replace('.', '')}"


async def timeline_import(driver: Driver, step: CaseStep, args: Args) -> None:
    """Pasted into the form, looked at in the preview, and confirmed there; in portions, as the form has its limit."""
    zone = args.get("tz")
    lines = [f"{_line_time(driver, step, line['time'], zone)} {line['text']}" for line in args["lines"]]
    kind = args.get("kind") if args.get("kind") in set(EntryKind) else None
    user = driver.user(step.by)
    for text in _portions([line.replace("\n", "\n  ") for line in lines]):
        await driver.fill(step, "import", {"text": text, "zone": zone, "kind": kind})
        await driver.hands.send(user, await driver.hands.form(user), {})


def _portions(lines: Sequence[str]) -> Iterator[str]:
    """Whole lines, as many as a form's input holds (docs: plain-text input element)."""
    portion = ""
    for line in lines:
        if portion and len(portion) + 1 + len(line) > INPUT_VALUE:
            yield portion
            portion = line
        else:
            portion = f"{portion}\n{line}" if portion else line
    if portion:
        yield portion


def _line_time(driver: Driver, step: CaseStep, time: Any, zone: str | None) -> str:
    return driver.told(step, {"tz": zone, **time}) if isinstance(time, Mapping) else str(time)


async def with_time(driver: Driver, step: CaseStep, verb: str, name: str, time: Args, typed: Args) -> None:
    """Type the time as it was said; when the bot asks which reading is meant, say it without doubt."""
    try:
        await driver.fill(step, verb, {**typed, name: driver.told(step, time)})
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
