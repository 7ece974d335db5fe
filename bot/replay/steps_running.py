"""How people do a case's steps: declaring and running: status, severity, roles, times."""

from bot.replay.case import CaseStep
from bot.replay.driver import Acts, Driver, standing
from bot.replay.hands import Refused
from bot.replay.typed import Args, exactly, said


async def declare(driver: Driver, step: CaseStep, args: Args) -> None:
    severity = args.get("severity") or {}
    typed = {
        "title": args["title"],
        "severity": severity.get("label"),
        "services": "\n".join(args.get("services") or []),
        "symptom": args.get("note"),
    }
    place = step if step.place in driver.world.channels else standing(step, next(iter(driver.world.channels)))
    await driver.fill(place, "", typed)
    await driver.settle()
    await driver.find_channel()
    here = standing(step, "modal")
    if args.get("template"):
        await driver.type(here, f"set doc.template {args['template']}")
    if args.get("customers"):
        await driver.fill(
            here, "set incident.customers", {"incident.customers": "\n".join(args["customers"])}
        )
    if args.get("started_raw"):
        await driver.type(here, f"time impact_started {args['started_raw']}")
    if args.get("ref"):
        await driver.fill(
            here, "add related", {"title": args["title"], "ref": args["ref"], "kind": "incident"}
        )


async def set_time(driver: Driver, step: CaseStep, args: Args) -> None:
    which = str(args["which"])
    time = args["time"]
    try:
        await driver.type(step, f"time {which} {said(time)}")
    except Refused:
        exact = exactly(time)
        if exact is None:
            raise
        await driver.type(step, f"time {which} {exact}")


async def set_status(driver: Driver, step: CaseStep, args: Args) -> None:
    await driver.type(step, f"status {args['status']}")


async def set_severity(driver: Driver, step: CaseStep, args: Args) -> None:
    await driver.type(step, f"sev {args['severity']['label']} {args.get('reason') or ''}")


async def assign_role(driver: Driver, step: CaseStep, args: Args) -> None:
    await driver.type(step, f'role "{args["role"]}" {driver.person(str(args["user"]))}')


async def resolve(driver: Driver, step: CaseStep, args: Args) -> None:
    outcome = str(args.get("outcome") or "")
    time = args.get("time")
    at = f' --at "{said(time)}"' if time else ""
    try:
        await driver.type(step, f"resolve {outcome}{at}" if outcome or at else "resolve now")
    except Refused:
        if not time or exactly(time) is None:
            raise
        await driver.type(step, f'resolve {outcome} --at "{exactly(time)}"')


async def reopen(driver: Driver, step: CaseStep, args: Args) -> None:
    time = args.get("time")
    at = f' --at "{exactly(time) or said(time)}"' if time else ""
    await driver.type(step, f"reopen {args.get('reason') or ''}{at}")


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
