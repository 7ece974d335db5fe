"""How people do a case's steps: declaring and running: status, severity, roles, times."""

from bot.replay.case import CaseStep
from bot.replay.driver import Acts, Driver, standing
from bot.replay.hands import Refused
from bot.replay.typed import Args, as_typed, exactly


async def declare(driver: Driver, step: CaseStep, args: Args) -> None:
    severity = args.get("severity") or {}
    flags = [name for name in ("private", "test", "drill", "retroactive") if args.get(name)]
    typed = {
        "title": args["title"],
        "severity": severity.get("label"),
        "services": "\n".join(args.get("services") or []),
        "incident.customers": "\n".join(args.get("customers") or []),
        "symptom": args.get("note") or args.get("symptom"),
        "flags": flags,
    }
    place = step if step.place in driver.world.channels else standing(step, next(iter(driver.world.channels)))
    driver.world.declared = step.at
    await driver.fill(place, "", typed)
    await driver.settle()
    await driver.find_channel()
    here = standing(step, "modal")
    if args.get("template"):
        await driver.type(here, f"set doc.template {args['template']}")
    for name in ("type", "category", "environments"):
        if args.get(name):
            await driver.fill(here, f"set incident.{name}", {f"incident.{name}": as_typed(args[name])})
    if args.get("started_raw"):
        await driver.type(here, f"time impact_started {args['started_raw']}")
    if args.get("ref"):
        await driver.fill(
            here, "add related", {"title": args["title"], "ref": args["ref"], "kind": "incident"}
        )


async def set_time(driver: Driver, step: CaseStep, args: Args) -> None:
    which, time = str(args["which"]), args["time"]
    try:
        await driver.type(step, f"time {which} {driver.told(step, time)}")
    except Refused:
        exact = exactly(time)
        if exact is None:
            raise
        await driver.type(step, f"time {which} {exact}")


async def set_status(driver: Driver, step: CaseStep, args: Args) -> None:
    await driver.type(step, f"status {args['status']} {args.get('reason') or ''}".strip())


async def set_severity(driver: Driver, step: CaseStep, args: Args) -> None:
    await driver.type(step, f"sev {args['severity']['label']} {args.get('reason') or ''}")


async def assign_role(driver: Driver, step: CaseStep, args: Args) -> None:
    await driver.type(step, f'role "{args["role"]}" {driver.person(str(args["user"]))}')


async def resolve(driver: Driver, step: CaseStep, args: Args) -> None:
    await _at(driver, step, f"resolve {args.get('outcome') or ''}".strip(), args.get("time"), "resolve now")


async def reopen(driver: Driver, step: CaseStep, args: Args) -> None:
    await _at(driver, step, f"reopen {args.get('reason') or ''}".strip(), args.get("time"), "reopen")


async def _at(driver: Driver, step: CaseStep, line: str, time: Args | None, alone: str) -> None:
    """A line with its time; when the bot asks which reading is meant, the time without doubt."""
    if not time:
        await driver.type(step, line if " " in line else alone)
        return
    try:
        await driver.type(step, f'{line} --at "{driver.told(step, time)}"')
    except Refused:
        exact = exactly(time)
        if exact is None:
            raise
        await driver.type(step, f'{line} --at "{exact}"')


async def close(driver: Driver, step: CaseStep, args: Args) -> None:
    del args
    await driver.type(step, "close now")


ACTS: Acts = {
    "declare": declare,
    "set_time": set_time,
    "set_status": set_status,
    "set_severity": set_severity,
    "assign_role": assign_role,
    "resolve": resolve,
    "reopen": reopen,
    "close": close,
}
