"""How people do a case's steps: what only the postmortem needs: fields, lists, sign-off, renderings."""

from bot.domain.fields import FIELDS, GROUPS, LISTS, ListField
from bot.replay.case import CaseStep
from bot.replay.driver import Acts, Driver
from bot.replay.hands import Refused
from bot.replay.steps_record import with_time
from bot.replay.typed import Args, as_typed, leaves


async def set_fields(driver: Driver, step: CaseStep, args: Args) -> None:
    """Each field through its own form, or its group's, or line by line into its list."""
    flat = dict(leaves(args["fields"]))
    done: set[str] = set()
    unknown: list[str] = []
    for path, value in flat.items():
        if path in done or value in (None, [], ""):
            continue
        if path in LISTS:
            for text in value if isinstance(value, list) else [value]:
                await driver.fill(step, f"add {path}", {LISTS[path].main.name: str(text)})
        elif path in FIELDS:
            group = FIELDS[path].group
            together = [f.path for f in GROUPS.get(group, ()) if flat.get(f.path) is not None] or [path]
            done.update(together)
            await driver.fill(step, f"set {path}", {name: as_typed(flat[name]) for name in together})
        else:
            unknown.append(path)
    if unknown:
        raise Refused(f"the postmortem has no field {', '.join(unknown)}")


async def add_item(driver: Driver, step: CaseStep, args: Args) -> None:
    path = str(args["list"])
    if path not in LISTS:
        raise Refused(f"the postmortem has no list {path}")
    await add(driver, step, LISTS[path], args)


async def add(driver: Driver, step: CaseStep, field: ListField, values: Args) -> None:
    names = {column.name for column in field.columns}
    typed = {name: as_typed(value) for name, value in values.items() if name in names and value is not None}
    await driver.fill(step, f"add {field.path}", typed)


async def related(driver: Driver, step: CaseStep, args: Args) -> None:
    await add(driver, step, LISTS["related"], args)


async def link_add(driver: Driver, step: CaseStep, args: Args) -> None:
    await add(driver, step, LISTS["links"], args)


async def sla(driver: Driver, step: CaseStep, args: Args) -> None:
    given = dict(args)
    for name in ("budget_s", "used_before_s"):
        if given.get(name):
            given[name.removesuffix("_s")] = f"{given[name]} s"
    await add(driver, step, LISTS["sla"], given)


async def comms(driver: Driver, step: CaseStep, args: Args) -> None:
    values = {name: args.get(name) for name in ("audience", "channel", "text")}
    await with_time(driver, step, "add comms", "at", args["time"], {n: v for n, v in values.items() if v})


async def checklist(driver: Driver, step: CaseStep, args: Args) -> None:
    lines = []
    for section in args["sections"]:
        lines.append(f"# {section['title']}")
        lines += [f"[{'x' if item.get('done') else ' '}] {item['text']}" for item in section["items"]]
    await add(driver, step, LISTS["checklists"], {"name": args["name"], "items": "\n".join(lines)})


async def signoff(driver: Driver, step: CaseStep, args: Args) -> None:
    await add(driver, step, LISTS["doc.signoff"], args)


async def followup(driver: Driver, step: CaseStep, args: Args) -> None:
    fields = {
        "doc.followup.date": args.get("date"),
        "doc.followup.days": args.get("days_after_resolve"),
        "doc.followup.agenda": list(args.get("agenda") or []),
    }
    await set_fields(driver, step, {"fields": fields})


async def update_add(driver: Driver, step: CaseStep, args: Args) -> None:
    date = args.get("date")
    text = date.get("raw") or date.get("iso") if isinstance(date, dict) else date
    try:
        await add(driver, step, LISTS["doc.updates"], {"text": args["text"], "date": text})
    except Refused:
        if not isinstance(date, dict) or not date.get("iso"):
            raise
        await add(driver, step, LISTS["doc.updates"], {"text": args["text"], "date": date["iso"]})


async def doc_status(driver: Driver, step: CaseStep, args: Args) -> None:
    await driver.type(step, f"document {args['status']}")
    if args.get("date"):
        await set_fields(driver, step, {"fields": {"doc.publication_date": args["date"]}})


async def generate(driver: Driver, step: CaseStep, args: Args) -> None:
    await driver.type(step, f"postmortem {' '.join(args.get('formats') or ['markdown'])}")


ACTS: Acts = {
    "set_fields": set_fields,
    "add_item": add_item,
    "related_add": related,
    "link_add": link_add,
    "sla_set": sla,
    "comms_add": comms,
    "checklist_add": checklist,
    "signoff_add": signoff,
    "followup_schedule": followup,
    "update_add": update_add,
    "doc_status": doc_status,
    "generate": generate,
}
