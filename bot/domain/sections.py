"""The postmortem's sections as people fill them in: what belongs together, what is needed, and who usually knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain import custom
from bot.domain.fields import FIELDS, LISTS
from bot.domain.incident import ActionItem, Incident
from bot.domain.vocabulary import TimeName

#: The path of one of the incident's times, as ``times.detected``.
TIMES = "times."


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """``needed``: of each group of paths one should be filled. ``ask``: roles whose holders usually know."""

    key: str
    title: str
    paths: tuple[str, ...]
    needed: tuple[tuple[str, ...], ...] = ()
    ask: tuple[str, ...] = ("commander",)


def _fields(prefix: str) -> tuple[str, ...]:
    """Fields and then lists below a path, as they are declared."""
    below = f"{prefix}."
    return tuple(path for path in (*FIELDS, *LISTS) if path == prefix or path.startswith(below))


def _times(*names: TimeName) -> tuple[str, ...]:
    return tuple(f"{TIMES}{name.value}" for name in names)


_BUSINESS = tuple(path for part in ("revenue", "reputation", "data") for path in _fields(f"impact.{part}"))
_SIGNING = ("doc.signoff", "doc.updates", *_fields("doc.followup"))

SECTIONS: Mapping[str, Section] = {
    section.key: section
    for section in (
        Section(
            key="incident",
            title="The incident",
            paths=_fields("incident"),
            needed=(("incident.services",),),
        ),
        Section(
            key="times",
            title="Times",
            paths=_times(*TimeName),
            needed=tuple(
                _times(name)
                for name in (
                    TimeName.IMPACT_STARTED,
                    TimeName.DETECTED,
                    TimeName.MITIGATED,
                    TimeName.RESOLVED,
                )
            ),
        ),
        Section(
            key="summary",
            title="Summary",
            paths=("summary", "background", "introduction", "doc.description", "response.narrative"),
            needed=(("summary",),),
            ask=("commander", "scribe"),
        ),
        Section(
            key="detection",
            title="Detection",
            paths=_fields("detection"),
            needed=(("detection.method",),),
            ask=("commander", "ops"),
        ),
        Section(
            key="impact",
            title="Impact",
            paths=tuple(path for path in _fields("impact") if path not in _BUSINESS),
            needed=(
                ("impact.level",),
                ("impact.users.count", "impact.users.percent"),
                ("impact.experience", "impact.services"),
            ),
            ask=("commander", "comms"),
        ),
        Section(
            key="business",
            title="Business and data",
            paths=_BUSINESS,
            needed=(("impact.data.loss",),),
            ask=("comms", "ops"),
        ),
        Section(key="sla", title="Service levels", paths=("sla",), ask=("comms",)),
        Section(
            key="cause",
            title="Factors and cause",
            paths=_fields("cause"),
            needed=(
                ("cause.contributing", "cause.contributing_none"),
                ("cause.root", "cause.confirmed", "cause.what_happened"),
            ),
            ask=("ops", "commander"),
        ),
        Section(
            key="resolution",
            title="Resolution",
            paths=_fields("resolution"),
            needed=(("resolution.summary", "resolution.outcome", "resolution.steps"),),
            ask=("ops", "commander"),
        ),
        Section(key="actions", title="Action items", paths=()),
        Section(
            key="lessons",
            title="Lessons",
            paths=_fields("lessons"),
            needed=(("lessons.went_well",), ("lessons.went_wrong",)),
            ask=("commander", "ops", "scribe"),
        ),
        Section(key="communication", title="Communication", paths=("comms",), ask=("comms",)),
        Section(key="related", title="Related and links", paths=("related", "links"), ask=("scribe",)),
        Section(key="checklists", title="Checklists", paths=("checklists",)),
        Section(
            key="document",
            title="The document",
            paths=tuple(p for p in _fields("doc") if p not in _SIGNING and p != "doc.description"),
            needed=(("doc.authors",), ("doc.reviewers",)),
        ),
        Section(key="signing", title="Sign-off, follow-up", paths=_SIGNING),
        Section(key="custom", title="Fields of your team", paths=()),
    )
}


def sections() -> tuple[Section, ...]:
    """Those that people fill in; a team's own fields only where it has declared some."""
    own = custom.declared()
    known = tuple(section for section in SECTIONS.values() if section.key != "custom")
    return (*known, replace(SECTIONS["custom"], paths=own)) if own else known


def section_called(key: str) -> Section:
    """Raises KeyError."""
    return next((section for section in sections() if section.key == key), SECTIONS[key])


_BY_PATH: Mapping[str, Section] = {path: section for section in SECTIONS.values() for path in section.paths}


def section_of(path: str) -> Section | None:
    """The section to which a field, list or time belongs."""
    return SECTIONS["custom"] if path.startswith(custom.PREFIX) else _BY_PATH.get(path)


def is_filled(incident: Incident, path: str) -> bool:
    if path.startswith(TIMES):
        return TimeName(path.removeprefix(TIMES)) in incident.times
    return path in incident.fields or bool(incident.lists.get(path))


def label_of(path: str) -> str:
    """What a person calls a field, a list or a time."""
    if path.startswith(TIMES):
        return TimeName(path.removeprefix(TIMES)).label
    known = FIELDS.get(path) or LISTS.get(path)
    return known.label.partition(", one per line")[0] if known else path


def missing(incident: Incident, section: Section) -> tuple[str, ...]:
    """What should be there and is not, in a person's words."""
    if section.key == "actions":
        return tuple(_item_lacks(item) for item in unsettled(incident))
    groups = (group for group in section.needed if not any(is_filled(incident, path) for path in group))
    return tuple(label_of(group[0]) for group in groups)


def filled(incident: Incident, section: Section) -> int:
    """How many of its fields, lists and times hold something."""
    if section.key == "actions":
        return len(incident.actions)
    return sum(is_filled(incident, path) for path in section.paths)


# --- action items that nobody owns, or that are due at no time ---------------------------------------------------------


def _has_owner(incident: Incident, item: ActionItem) -> bool:
    """A part is owed by the owner of the whole."""
    seen: set[str] = set()
    above: ActionItem | None = item
    while above and above.id not in seen:
        if above.details.owners:
            return True
        seen.add(above.id)
        above = incident.actions.get(above.details.parent or "")
    return False


def unsettled(incident: Incident) -> tuple[ActionItem, ...]:
    """Open items without an owner or a due date; a part needs no date of its own."""
    return tuple(
        item
        for item in incident.open_actions
        if not _has_owner(incident, item) or (item.details.due is None and item.details.parent is None)
    )


def _item_lacks(item: ActionItem) -> str:
    lacks = [
        word for word, there in (("owner", item.details.owners), ("due date", item.details.due)) if not there
    ]
    return f"{item.id}: {' and '.join(lacks) or 'owner'}"
