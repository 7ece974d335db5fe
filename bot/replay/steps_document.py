"""How people do a case's steps: what only the postmortem needs: fields, lists, sign-off, renderings."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.fields import FIELDS, GROUPS, LISTS, Column, FieldType, ListField
from bot.domain.sections import TIMES
from bot.domain.vocabulary import TimeName
from bot.replay.case import CaseStep
from bot.replay.driver import Acts, Driver
from bot.replay.hands import Refused
from bot.replay.steps_record import with_time
from bot.replay.steps_running import set_time
from bot.replay.typed import Args, as_typed, date, leaves


async def set_fields(driver: Driver, step: CaseStep, args: Args) -> None:
    """One after another; what is refused is told at the end, and the rest is filled in all the same."""
    flat = dict(leaves(args["fields"]))
    done: set[str] = set()
    refused: list[str] = []
    for path, value in flat.items():
        if path in done or value in (None, [], ""):
            continue
        try:
            done.update(await _set_field(driver, step, path, flat))
        except Refused as why:
            refused.append(str(why))
    if refused:
        raise Refused("; ".join(refused))


async def _set_field(driver: Driver, step: CaseStep, path: str, flat: Args) -> Sequence[str]:
    """Through its own form, or its group's, line by line into its list, or by its command. Returns what is done."""
    value = flat[path]
    if path in LISTS:
        for item in value if isinstance(value, list) else [value]:
            await add(driver, step, LISTS[path], item if isinstance(item, Mapping) else {"text": item})
    elif path in FIELDS:
        group = FIELDS[path].group
        together = [f.path for f in GROUPS.get(group, ()) if flat.get(f.path) is not None] or [path]
        await driver.fill(step, f"set {path}", {name: as_typed(flat[name]) for name in together})
        return together
    elif path.startswith(TIMES) and path.removeprefix(TIMES) in _TIME_NAMES:
        await set_time(driver, step, {"which": path.removeprefix(TIMES), "time": value})
    elif path in _TYPED:
        await driver.type(step, f"{_TYPED[path]} {value}".strip())
    elif path not in _SAID_BY_LABEL:
        raise Refused(f"the postmortem has no field {path}")
    return [path]


_TIME_NAMES = {"impact_start", *TimeName}


#: What is no field of the record's forms has a command of its own.
_TYPED = {
    "incident.title": "rename",
    "incident.severity": "sev",
    "incident.severity.label": "sev",
    "incident.status": "status",
    "doc.status": "document",
}
_SAID_BY_LABEL = {"incident.severity.scheme", "incident.severity.level"}


async def add_item(driver: Driver, step: CaseStep, args: Args) -> None:
    path = str(args["list"])
    if path in LISTS:
        await add(driver, step, LISTS[path], args)
    elif path in FIELDS and FIELDS[path].type is FieldType.LINES:
        await driver.fill(step, f"add {path}", {path: as_typed(args["text"])})
    else:
        raise Refused(f"the postmortem has no list {path}")


async def add(driver: Driver, step: CaseStep, field: ListField, values: Args) -> None:
    """One line, each part in its input; a line without its main part bears the first other words that it has."""
    names = {column.name: column for column in field.columns}
    given = {
        _SAME.get((field.path, name), name): value for name, value in values.items() if value is not None
    }
    given.setdefault(
        field.main.name,
        next((given[n] for n in ("text", "title", "label", "ref", "url") if n in given), None),
    )
    typed = {
        name: _column(driver, step, names[name], value) for name, value in given.items() if name in names
    }
    await driver.fill(step, f"add {field.path}", typed)


#: Parts that the document model calls by another name than the form.
_SAME = {("cause.five_whys", "answer"): "text", ("comms", "time"): "at", ("cause.hypotheses", "time"): "at"}


def _column(driver: Driver, step: CaseStep, column: Column, value: Any) -> str:
    if column.type is FieldType.TIME and isinstance(value, Mapping):
        return driver.told(step, value)
    if column.person:
        return driver.name(str(value))
    return str(as_typed(value))


async def related(driver: Driver, step: CaseStep, args: Args) -> None:
    await add(driver, step, LISTS["related"], args)


async def link_add(driver: Driver, step: CaseStep, args: Args) -> None:
    await add(driver, step, LISTS["links"], args)


_WINDOWS = next(column.choices for column in LISTS["sla"].columns if column.name == "window")


async def sla(driver: Driver, step: CaseStep, args: Args) -> None:
    given = dict(args)
    for name in ("budget_s", "used_before_s"):
        if given.get(name) is not None:
            given[name.removesuffix("_s")] = f"{given[name]} s"
    if given.get("window") not in (None, *_WINDOWS):
        given["window_ref"] = " ".join(filter(None, (given.get("window_ref"), given.pop("window"))))
    await add(driver, step, LISTS["sla"], given)


async def comms(driver: Driver, step: CaseStep, args: Args) -> None:
    time = args.get("time") or args.get("at")
    values = {name: args[name] for name in ("audience", "channel", "text") if args.get(name)}
    if isinstance(time, Mapping):
        await with_time(driver, step, "add comms", "at", time, values)
    else:
        await add(driver, step, LISTS["comms"], {**values, "at": time})


async def checklist(driver: Driver, step: CaseStep, args: Args) -> None:
    lines = []
    for section in args.get("sections") or [{"items": args["items"]}]:
        lines += [f"# {section['title']}"] if section.get("title") else []
        lines += [f"[{'x' if item.get('done') else ' '}] {item['text']}" for item in section["items"]]
    await add(driver, step, LISTS["checklists"], {"name": args["name"], "items": "\n".join(lines)})


async def signoff(driver: Driver, step: CaseStep, args: Args) -> None:
    await add(driver, step, LISTS["doc.signoff"], args)


async def followup(driver: Driver, step: CaseStep, args: Args) -> None:
    fields = {
        "doc.followup.date": date(args.get("date")),
        "doc.followup.days": args.get("days_after_resolve") or args.get("days"),
        "doc.followup.agenda": list(args.get("agenda") or []),
        "doc.followup.result": args.get("result"),
    }
    await set_fields(driver, step, {"fields": fields})


async def update_add(driver: Driver, step: CaseStep, args: Args) -> None:
    """The date in the words in which it was said; asked which is meant, the day itself."""
    given = args.get("date")
    try:
        await add(driver, step, LISTS["doc.updates"], {**args, "date": date(given)})
    except Refused:
        if not isinstance(given, Mapping) or not given.get("iso"):
            raise
        await add(driver, step, LISTS["doc.updates"], {**args, "date": given["iso"]})


async def doc_status(driver: Driver, step: CaseStep, args: Args) -> None:
    await driver.type(step, f"document {args['status']}")
    if args.get("date"):
        await set_fields(driver, step, {"fields": {"doc.publication_date": date(args["date"])}})


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
