"""What a typed line comes to: one promise per test, said as people say it.

Thursday 29 January 2026, 15:00 UTC, typed in Berlin, where it is 16:00.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import commands as c
from bot.domain.details import Due, EntryDetails, Severity
from bot.domain.people import Person
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import (
    ActionKind,
    ActionState,
    DocumentStatus,
    EntryKind,
    Horizon,
    Kind,
    Marker,
    Status,
    TimeName,
)
from bot.language.grammar import BY_WORD, OPTION_WORDS
from bot.language.intents import Ask, Context, Do, Intent, OpenForm, Role, Rung, Show
from bot.language.parse import parse
from bot.language.typed import visible

NOW = datetime(2026, 1, 29, 15, 0, tzinfo=UTC)


def _rung(level: int, word: str, *aliases: str) -> Rung:
    return Rung(
        severity=Severity(level=level, label=f"SEV{level}"), definition=f"{word}: it hurts", aliases=aliases
    )


CONTEXT = Context(
    now=NOW,
    zone=ZoneInfo("Europe/Berlin"),
    by="U0ME",
    severities=(
        _rung(1, "Critical", "critical", "p0"),
        _rung(2, "Major", "major", "p1"),
        _rung(3, "Minor", "minor", "p2"),
        _rung(4, "Low", "low", "p3"),
    ),
    roles=(
        Role(key="commander", label="Incident Commander", aliases=("ic", "lead")),
        Role(key="comms", label="Communications Lead", aliases=("communications",)),
        Role(key="ops", label="Operations Lead", aliases=("tech",)),
        Role(key="scribe", label="Scribe"),
    ),
)


def utc(hour: int, minute: int = 0, day: int = 29) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def command(text: str, context: Context = CONTEXT) -> Any:
    """The command that a line asks for."""
    intent = parse(text, context)
    assert isinstance(intent, Do), intent
    return intent.command


def refused(text: str, context: Context = CONTEXT) -> str:
    """All that a person is told who typed something that was not done."""
    answer = parse(text, context)
    assert isinstance(answer, Refusal), answer
    assert answer.what, answer
    assert answer.why, answer
    assert answer.hint, answer
    return str(answer)


def form(text: str, context: Context = CONTEXT) -> tuple[str, dict[str, str]]:
    intent = parse(text, context)
    assert isinstance(intent, OpenForm), intent
    return intent.form, dict(intent.filled)


def shown(text: str, context: Context = CONTEXT) -> Show:
    intent = parse(text, context)
    assert isinstance(intent, Show), intent
    return intent


# --- declaring ---------------------------------------------------------------------------------------------------


def test_nothing_typed_opens_the_declare_form():
    assert form("") == ("declare", {})
    assert form("   \n ") == ("declare", {})


def test_a_plain_sentence_declares():
    assert command("checkout is down") == c.Declare(title="checkout is down")


def test_a_title_may_name_its_severity():
    assert command("checkout is down --sev 2").severity.label == "SEV2"


@pytest.mark.parametrize(
    "typed", ["1", "SEV1", "sev-1", "sev1", "critical", "Critical", "p0", "S1", "“SEV1”"]
)
def test_a_severity_is_known_by_all_its_names(typed):
    assert command(f"checkout is down --sev {typed}").severity.label == "SEV1"


@pytest.mark.parametrize("dash", ["--", "—", "–", "–-"])
def test_phones_turn_two_hyphens_into_a_dash(dash):
    assert command(f"checkout is down {dash}sev 2") == command("checkout is down --sev 2")


def test_a_dash_in_a_title_stays_there():
    assert command("checkout — all of it — is down").title == "checkout — all of it — is down"


def test_options_may_come_first():
    assert command("--sev 2 --private checkout is down") == command("checkout is down --private --sev 2")


def test_an_option_may_be_glued_with_an_equals_sign():
    assert command("checkout is down --sev=2").severity.label == "SEV2"


def test_a_severity_behind_the_title_counts():
    declared = command("checkout is down sev2")
    assert (declared.title, declared.severity.label) == ("checkout is down", "SEV2")


@pytest.mark.parametrize(
    ("flag", "kind"), [("--test", Kind.TEST), ("--drill", Kind.DRILL), ("--retroactive", Kind.RETROACTIVE)]
)
def test_a_kind_is_a_flag(flag, kind):
    assert command(f"checkout is down {flag}").kind is kind


def test_private_is_private():
    assert command("leak --private").private


def test_services_are_listed_or_repeated():
    assert command('checkout is down --service "pay ments, api" --service cart').services == (
        "pay ments",
        "api",
        "cart",
    )


def test_a_quoted_title_loses_its_quotes():
    assert command("“checkout is down”").title == "checkout is down"


def test_a_trailing_dot_is_not_part_of_the_title():
    assert command("checkout is down.").title == "checkout is down"


def test_odd_spaces_are_spaces():
    assert command("checkout\u00a0is down --sev\u00a02") == command("checkout is down --sev 2")


def test_options_without_a_title_open_the_form_with_them():
    assert form("declare --private --sev 1") == ("declare", {"severity": "SEV1", "flags": "private"})


def test_an_unknown_severity_lists_the_ladder():
    assert "`SEV1` (Critical)" in refused("checkout is down --sev 9")


def test_a_slip_in_an_option_is_asked_about():
    assert "`--private`" in refused("checkout is down --privat")


def test_an_option_without_a_value_says_what_belongs_there():
    assert "`--sev 2`" in refused("checkout is down --sev")


def test_declare_may_be_said():
    assert (
        command("declare: checkout is down") == command("checkout is down") == command("new checkout is down")
    )


# --- slips and doubts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("reslove", "resolve"),
        ("udpate db", "update db"),
        ("clsoe", "close"),
        ("noet x", "note x"),
        ("tiemline", "timeline"),
    ],
)
def test_a_slip_of_the_finger_declares_nothing(slip, meant):
    said = refused(slip)
    assert f"`/incident {meant}`" in said
    assert f"`/incident declare {slip}`" in said


@pytest.mark.parametrize(
    "title",
    [
        "node down",
        "server down",
        "disk full",
        "login broken",
        "database is slow",
        "servers are slow",
    ],
)
def test_a_short_title_is_not_taken_for_a_slip(title):
    assert command(title).title == title


def test_a_sentence_that_begins_like_a_verb_declares():
    assert command("updates of the search index are stuck since noon").title.startswith("updates of")


@pytest.mark.parametrize(
    "title", ["monitoring is broken", "update was slow", "timeline broken", "status page is down"]
)
def test_a_title_that_begins_with_a_verb_is_asked_about(title):
    assert f"`/incident declare {title}`" in refused(title)


def test_severity_and_title_together_are_asked_about():
    said = refused("sev1 checkout is down")
    assert "`/incident checkout is down --sev SEV1`" in said
    assert "`/incident sev SEV1 checkout is down`" in said


def test_an_unknown_command_on_an_entry_declares_nothing():
    assert "no command `staple`" in refused("staple T3")


@pytest.mark.parametrize(
    ("line", "at", "words"),
    [
        ("timeline add 14:05 users report errors", "14:05", "users report errors"),
        ("timeline add ~14:05: pool exhausted", "~14:05", "pool exhausted"),
        ("timeline add yesterday 23:50 CET the queue grew", "yesterday 23:50 CET", "the queue grew"),
        ("timeline add 14:00-14:25 GMT+1 vendor down", "14:00-14:25 GMT+1", "vendor down"),
        ("timeline add 10 min ago rolled back", "10 min ago", "rolled back"),
        ("timeline add 500 errors a minute", None, "500 errors a minute"),
        ("timeline add now it is worse", None, "now it is worse"),
        ('timeline add "14:05 UTC" is in the log', None, '"14:05 UTC" is in the log'),
        ("note 14:05 stands in the log", None, "14:05 stands in the log"),
    ],
)
def test_behind_timeline_add_the_time_may_stand_first(line, at, words):
    note = command(line)
    assert (note.time.raw, note.details.text) == (at, words)


def test_a_time_that_stands_first_is_asked_about_when_it_has_two_readings():
    asked = parse("timeline add 03/04/2025 14:00 v40 was deployed", CONTEXT)
    assert isinstance(asked, Ask)
    assert asked.text == "03/04/2025 14:00"
    chosen = replace(CONTEXT, chosen={asked.text: asked.readings[1].label})
    note = command("timeline add 03/04/2025 14:00 v40 was deployed", chosen)
    assert (note.time.utc, note.details.text) == (asked.readings[1].time.utc, "v40 was deployed")


def test_a_merge_queue_is_no_duplicate():
    assert "`/incident duplicate INC-7`" in refused("merge queue is stuck")


# --- which incident ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ref", ["INC-7", "inc-7", "inc7", "INC 7", "#inc-7-checkout-errors", "<#C1|inc-7-checkout>", "INC-7:"]
)
def test_an_incident_is_named_first_in_many_ways(ref):
    assert shown(f"{ref} roles").incident == 7


@pytest.mark.parametrize(
    "line", ["roles INC-7", "roles inc7.", "roles for INC-7", "status INC-7", "resolve now INC-7"]
)
def test_an_incident_is_named_last(line):
    assert parse(line, CONTEXT).incident == 7


def test_an_incident_alone_shows_how_it_stands():
    assert shown("INC-7") == Show(what="status", incident=7)


def test_a_bare_number_counts_before_a_verb():
    assert shown("42 timeline").incident == 42
    assert command("42 pods are gone").title == "42 pods are gone"


def test_a_form_knows_its_incident():
    assert parse("INC-7 note", CONTEXT) == OpenForm(form="note", incident=7)
    assert parse("note INC-7", CONTEXT) == OpenForm(form="note", incident=7)


def test_a_likeness_is_not_an_address():
    intent = parse("note pods restarted, like INC-7", CONTEXT)
    assert intent.incident is None
    assert intent.command.details.text == "pods restarted, like INC-7"


def test_outside_an_incident_a_note_may_end_with_its_address():
    intent = parse("note pods restarted INC-7 --at 14:05", CONTEXT)
    assert (intent.incident, intent.command.details.text) == (7, "pods restarted")


def test_in_an_incident_another_one_at_the_end_belongs_to_the_note():
    intent = parse("note same fault, INC-7", replace(CONTEXT, here=3))
    assert (intent.incident, intent.command.details.text) == (None, "same fault, INC-7")


def test_an_incident_with_words_but_no_verb_is_asked_about():
    assert "`/incident INC-7 note …`" in refused("INC-7 checkout again")


def test_another_prefix_may_be_configured():
    assert shown("outage-7 roles", replace(CONTEXT, prefix="outage")).incident == 7


# --- status --------------------------------------------------------------------------------------------------------


def test_status_alone_shows_it():
    assert shown("status") == Show(what="status")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("investigating", Status.INVESTIGATING),
        ("identified", Status.IDENTIFIED),
        ("fixing", Status.IDENTIFIED),
        ("monitoring", Status.MONITORING),
        ("mitigated", Status.MONITORING),
        ("stable", Status.MONITORING),
        ("Monitoring.", Status.MONITORING),
        ("cancelled", Status.DECLINED),
        ("false alarm", Status.DECLINED),
        ("triage", Status.TRIAGE),
    ],
)
def test_a_status_is_known_by_its_words_as_verb_and_behind_status(word, status):
    assert command(word).status is status
    assert command(f"status {word}").status is status
    assert command(f"status is {word}").status is status


def test_a_status_takes_a_reason():
    assert command("monitoring fix deployed") == command("status monitoring: fix deployed")
    assert command("status monitoring because fix deployed").reason == "fix deployed"


def test_a_time_behind_a_status_is_its_time():
    assert command("mitigated 14:05").time.utc == utc(13, 5)


def test_an_unknown_status_is_asked_about():
    assert "`investigating`" in refused("status investigatign")


def test_resolve_and_close_alone_open_their_forms():
    assert form("resolve") == ("resolve", {})
    assert form("close") == ("close", {})


def test_now_is_at_once():
    assert command("resolve now") == c.ChangeStatus(status=Status.RESOLVED)
    assert command("close now") == c.ChangeStatus(status=Status.CLOSED)


def test_resolving_takes_an_outcome_and_a_time():
    done = command("resolve rolled back to v40 --at 14:10")
    assert (done.status, done.outcome, done.time.utc) == (Status.RESOLVED, "rolled back to v40", utc(13, 10))


def test_reopening_investigates_again():
    again = command("reopen the errors are back --at 15:30")
    assert (again.status, again.reason, again.time.utc) == (
        Status.INVESTIGATING,
        "the errors are back",
        utc(14, 30),
    )


def test_declining_takes_a_reason():
    assert command("decline only a test") == c.ChangeStatus(status=Status.DECLINED, reason="only a test")


def test_a_duplicate_names_the_other_one():
    intent = parse("INC-9 duplicate INC-7", CONTEXT)
    assert intent.incident == 9
    assert intent.command == c.ChangeStatus(status=Status.MERGED, reason="duplicate of INC-7", into=7)
    assert command("duplicate of inc-7") == intent.command


# --- severity, times, title ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["sev 1", "sev1", "SEV-1", "severity critical", "severity to p0", "sev: 1"])
def test_a_severity_is_changed_in_many_ways(line):
    assert command(line).severity.label == "SEV1"


def test_a_severity_takes_a_reason():
    assert command("sev 1 because payments fail too").reason == "payments fail too"


def test_severity_alone_opens_its_form():
    assert form("sev") == ("severity", {})


@pytest.mark.parametrize(
    ("name", "which"),
    [
        ("impact_started", TimeName.IMPACT_STARTED),
        ("impact start", TimeName.IMPACT_STARTED),
        ("started", TimeName.IMPACT_STARTED),
        ("reported", TimeName.DETECTED),
        ("fixed", TimeName.RESOLVED),
        ("mitigated", TimeName.MITIGATED),
        ("acked", TimeName.ACKNOWLEDGED),
    ],
)
def test_a_time_is_known_by_its_names(name, which):
    assert command(f"time {name} 14:05").which is which
    assert command(f"time {name} = 14:05").time.utc == utc(13, 5)


def test_a_time_is_the_typists_own():
    assert command("time started 14:05").time.utc == utc(13, 5)
    assert command("time started 14:05 UTC").time.utc == utc(14, 5)


def test_the_name_of_a_time_and_a_time_need_no_verb():
    assert command("started 14:05") == command("time started 14:05")


def test_a_time_can_be_taken_back():
    assert command("time mitigated none") == c.SetTime(which=TimeName.MITIGATED, time=None)


def test_a_time_without_its_moment_opens_the_form():
    assert form("time") == ("time", {})
    assert form("time started") == ("time", {"which": "impact_started"})


def test_an_unknown_time_lists_them():
    assert "`impact_started`" in refused("time sync broken")


def test_a_doubtful_date_is_asked_about_with_each_reading_to_type():
    ask = parse("note --at 03/04/2025 14:00 it began", CONTEXT)
    assert isinstance(ask, Ask)
    assert (ask.what, ask.text, ask.why) == (
        "The note was not added",
        "03/04/2025 14:00",
        "can be read in more than one way.",
    )
    assert [reading.label for reading in ask.readings] == ["2025-04-03 12:00 UTC", "2025-03-04 13:00 UTC"]


def test_a_reading_that_was_chosen_finishes_the_same_line_and_keeps_what_was_typed():
    line = "note --at 03/04/2025 14:00 it began"
    chosen = replace(CONTEXT, chosen={"03/04/2025 14:00": "2025-03-04 13:00 UTC"})
    note = command(line, chosen)
    assert (note.time.utc, note.time.raw) == (datetime(2025, 3, 4, 13, tzinfo=UTC), "03/04/2025 14:00")
    assert note.details.text == "it began"


@pytest.mark.parametrize(
    "line",
    [
        "resolve 03/04/2025 14:00",
        "started 03/04/2025 14:00",
        "time detected 070225 06:54",
        "edit T1 --at 03/04/2025 14:00",
    ],
)
def test_every_verb_with_a_time_asks(line):
    assert isinstance(parse(line, CONTEXT), Ask)


def test_what_lies_long_before_the_declaration_is_asked_about():
    ask = parse("note --at 2025-10-01 14:00 it began", replace(CONTEXT, declared=CONTEXT.now))
    assert isinstance(ask, Ask)
    assert "days before the incident was declared" in ask.why
    assert [reading.label for reading in ask.readings] == ["2025-10-01 12:00 UTC"]


def test_a_time_ahead_is_refused():
    assert "future" in refused("note --at 2027-01-01 12:00 it began")


def test_a_title_is_changed():
    assert command("rename checkout is slow") == c.Rename(title="checkout is slow")
    assert "rename" in refused("rename")


# --- roles ---------------------------------------------------------------------------------------------------------

ANA = Person(slack_id="U1")


@pytest.mark.parametrize(
    "line",
    [
        "role commander <@U1>",
        "role commander <@U1|ana>",
        "role <@U1> commander",
        "role ic to <@U1>",
        'role "Incident Commander" <@U1>',
        "role incident commander: <@U1>",
        "assign <@U1> as lead",
        "ic <@U1>",
        "<@U1> commander",
    ],
)
def test_a_role_is_given_in_any_order(line):
    assert command(line) == c.AssignRole(role="commander", person=ANA)


def test_a_role_of_ones_own_keeps_its_label():
    assert command('role "Engineering Lead" <@U1>').role == "Engineering Lead"
    assert command("role Engineering Lead <@U1>").role == "Engineering Lead"


def test_a_slip_in_a_role_is_asked_about_unless_quoted():
    assert "`commander`" in refused("role comander <@U1>")
    assert command('role "comander" <@U1>').role == "comander"


def test_me_is_the_typist():
    assert command("role scribe me").person == Person(slack_id="U0ME")
    assert command("commander me").person == Person(slack_id="U0ME")


def test_a_holder_may_be_outside_slack():
    assert command('role scribe "Bea Ott"').person == Person(name="Bea Ott")
    assert command("role scribe Bea Ott").person == Person(name="Bea Ott")


def test_a_role_without_a_person_opens_the_form():
    assert form("role") == ("role", {})
    assert form("role commander") == ("role", {"role": "commander"})


def test_a_role_has_one_holder():
    assert "one holder" in refused("role commander <@U1> <@U2>")


def test_roles_are_shown():
    assert shown("roles") == Show(what="roles")


def test_a_role_is_taken_away_or_given_up():
    assert command("unrole scribe <@U1>") == c.ReleaseRole(role="scribe", person=ANA)
    assert command("unrole scribe").person == Person(slack_id="U0ME")


# --- updates -------------------------------------------------------------------------------------------------------


def test_an_update_is_posted():
    assert command("update still looking") == c.PostUpdate(text="still looking")
    assert command("post still looking") == c.PostUpdate(text="still looking")


def test_an_update_carries_status_severity_and_the_next_one():
    update = command("update rolling back --status monitoring --sev 3 --next 30m")
    assert (update.text, update.status, update.severity.label) == ("rolling back", Status.MONITORING, "SEV3")
    assert update.next_at == NOW + timedelta(minutes=30)


@pytest.mark.parametrize("typed", ["30m", "30 min", "30", "in 30m", "16:30"])
def test_the_next_update_is_a_length_or_a_time(typed):
    assert command(f"update --next {typed} still looking").next_at == NOW + timedelta(minutes=30)


def test_update_alone_opens_the_form_with_what_was_said():
    assert form("update") == ("update", {})
    assert form("update --sev 2") == ("update", {"severity": "SEV2"})


def test_a_foreign_option_in_prose_is_prose():
    assert command("update we ran it with --force").text == "we ran it with --force"


def test_an_option_of_another_command_is_asked_about():
    assert "`--next`" in refused("update it is done --owner ana")


def test_code_and_quotes_hold_no_options():
    assert command("update we ran `deploy --sev 1`").text == "we ran `deploy --sev 1`"
    assert command('update he said "use --next 1h" then').text == 'he said "use --next 1h" then'


# --- notes ---------------------------------------------------------------------------------------------------------


def test_a_note_is_of_now():
    assert command("note pods restarted").time.utc == NOW


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("14:05", utc(13, 5)),
        ('"yesterday 23:50 CET"', utc(22, 50, day=28)),
        ("yesterday 23:50 CET", utc(22, 50, day=28)),
        ("“14:05”", utc(13, 5)),
        ("2026-01-28 16:00 UTC", utc(16, day=28)),
        ("10 min ago", utc(14, 50)),
        ("2:05 PM", utc(13, 5)),
    ],
)
def test_a_note_takes_a_time_with_quotes_or_without(typed, moment):
    note = command(f"note --at {typed} pods restarted")
    assert (note.time.utc, note.details.text) == (moment, "pods restarted")


@pytest.mark.parametrize("words", ["5 pods restarted", "on node 3 it began", "and then more"])
def test_a_time_takes_no_word_of_the_text(words):
    assert command(f"note --at 14:05 {words}").details.text == words


def test_a_note_takes_marks():
    details = command(
        "note pods restarted --marker degraded --by <@U1> --label 3 --order 2 --kind decision --action rolled back v41"
    ).details
    assert details == EntryDetails(
        text="pods restarted",
        marker=Marker.DEGRADED,
        actor="U1",
        label="3",
        order=2,
        kind=EntryKind.DECISION,
        action="rolled back v41",
    )


@pytest.mark.parametrize(
    ("typed", "marker"),
    [("in-progress", Marker.IN_PROGRESS), ("FAILURE", Marker.FAILURE), ("slow", Marker.DEGRADED)],
)
def test_a_marker_is_known_by_its_words(typed, marker):
    assert command(f"note x --marker {typed}").details.marker is marker


def test_an_unknown_marker_lists_them():
    assert "`degraded`" in refused("note x --marker degradde")


def test_evidence_may_be_given_more_than_once():
    details = command("note x --evidence <https://a.b/c?d=1&amp;e=2|graph> --evidence https://f.g").details
    assert details.evidence == ("https://a.b/c?d=1&e=2", "https://f.g")


def test_a_note_keeps_its_lines_and_its_signs():
    assert command("note: first &lt;b&gt; &amp; c\n  second").details.text == "first <b> & c\n  second"


def test_a_note_keeps_mentions_and_names_of_channels():
    assert command("note <@U1|ana> told <#C1|general>").details.text == "<@U1> told #general"


def test_a_note_cannot_ping_everybody():
    assert command("note <!channel> look").details.text == "@channel look"


def test_a_note_without_text_opens_the_form_with_what_was_said():
    assert form("note") == ("note", {})
    assert form("note --at 14:05 --marker degraded") == ("note", {"at": "14:05", "marker": "degraded"})
    assert form("note --action rolled back") == ("note", {"action": "rolled back"})


def test_an_unreadable_time_keeps_the_note_from_being_added():
    assert refused("note --at 25:99 x").startswith("The note was not added")


def test_entries_are_corrected_hidden_and_shown():
    assert command("edit T3 --at 14:07").time.utc == utc(13, 7)
    assert command("edit T3 new words").details == EntryDetails(text="new words")
    assert command("hide t3") == c.HideEntry(entry="T3")
    assert command("show T-3.") == c.HideEntry(entry="T3", hidden=False)


def test_an_edit_must_say_what():
    assert "T3 --at" in refused("edit T3")
    assert "/incident timeline" in refused("edit")


# --- action items ----------------------------------------------------------------------------------------------------


def test_a_task_has_owner_and_due_time():
    details = command("task roll back v41 <@U1> due 30m").details
    assert (details.text, details.kind, details.owners) == ("roll back v41", ActionKind.TASK, (ANA,))
    assert details.due == Due(at=NOW + timedelta(minutes=30), raw="30m", zone="Europe/Berlin")


def test_a_followup_has_a_day_and_a_priority():
    details = command("followup add UAT playbook <@U1> due next friday P1").details
    assert (details.text, details.kind, details.priority) == ("add UAT playbook", ActionKind.FOLLOW_UP, "P1")
    assert (details.due.at, details.due.day_only) == (datetime(2026, 2, 6, 16, tzinfo=UTC), True)


@pytest.mark.parametrize(
    "line",
    ["task <@U1> roll back", "task roll <@U1> back", "task roll back <@U1>", "task roll back --owner <@U1>"],
)
def test_an_owner_may_stand_anywhere(line):
    assert (command(line).details.text, command(line).details.owners) == ("roll back", (ANA,))


def test_several_owners_are_joined_as_people_join_them():
    owners = command("task roll back <@U1>, <@U2> and <@U3>").details
    assert (owners.text, [o.slack_id for o in owners.owners]) == ("roll back", ["U1", "U2", "U3"])


@pytest.mark.parametrize(
    "line",
    [
        'task call them owner "Naxa team"',
        "task call them --owner Naxa team",
        'task --owner "Naxa team" call them',
    ],
)
def test_an_owner_may_be_outside_slack(line):
    assert (command(line).details.text, command(line).details.owners) == (
        "call them",
        (Person(name="Naxa team"),),
    )


def test_an_unquoted_owner_ends_before_the_due_date():
    details = command("task call them --owner Naxa team due tomorrow 17:00").details
    assert (details.owners, details.due.at) == ((Person(name="Naxa team"),), utc(16, day=30))


def test_words_that_are_no_date_are_kept_as_typed():
    assert command("followup tidy up due as early as possible").details.due == Due(raw="as early as possible")


def test_due_to_is_not_a_date():
    assert command("followup fix errors due to timeouts").details.text == "fix errors due to timeouts"


def test_a_doubtful_due_date_is_asked_about():
    ask = parse("followup rotate keys due 03/04/2026", CONTEXT)
    assert isinstance(ask, Ask)
    assert [reading.label for reading in ask.readings] == ["2026-04-03", "2026-03-04"]


def test_a_priority_inside_a_sentence_is_a_word():
    details = command("task look at P1 alerts first").details
    assert (details.text, details.priority) == ("look at P1 alerts first", None)


def test_an_item_takes_options():
    details = command(
        "followup x --horizon long-term --under a3 --label 3.1 --type prevent --tracker https://t/1"
    ).details
    assert (details.horizon, details.parent, details.label) == (Horizon.LONG, "A3", "3.1")
    assert (details.type, details.tracker) == ("prevent", "https://t/1")


def test_further_lines_are_details():
    assert command("task roll back <@U1>\n- tell support\n- watch errors").details.details == (
        "tell support",
        "watch errors",
    )


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("todo", ActionKind.TASK),
        ("follow-up", ActionKind.FOLLOW_UP),
        ("follow up", ActionKind.FOLLOW_UP),
        ("action", ActionKind.FOLLOW_UP),
        ("recommendation", ActionKind.RECOMMENDATION),
        ("preventive", ActionKind.PREVENTIVE_MEASURE),
    ],
)
def test_each_kind_of_item_has_its_verb(verb, kind):
    assert command(f"{verb} write it down").details.kind is kind


def test_an_item_without_words_opens_the_form():
    assert form("task") == ("action", {"kind": "task"})
    assert form("followup <@U1>") == ("action", {"kind": "follow_up", "owners": "U1"})


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("done A3", ActionState.DONE),
        ("start a3", ActionState.IN_PROGRESS),
        ("block A3", ActionState.BLOCKED),
        ("reopen A3", ActionState.OPEN),
        ("action A3 done", ActionState.DONE),
        ("action A3 in_progress", ActionState.IN_PROGRESS),
        ("action A3 in progress", ActionState.IN_PROGRESS),
        ("action A3: is blocked", ActionState.BLOCKED),
    ],
)
def test_an_item_changes_state(line, state):
    assert command(line) == c.ChangeActionState(action="A3", state=state)


def test_a_state_takes_a_reason():
    assert command("cancel A3 because it is retired").reason == "it is retired"
    assert command("action A3 cancelled because it is retired").reason == "it is retired"
    assert command("block A3 waiting for the vendor").reason == "waiting for the vendor"


def test_only_one_item_changes_at_a_time():
    assert "one at a time" in refused("done A3, A4")


def test_an_unknown_state_is_asked_about():
    assert "`blocked`" in refused("action A3 blokced")


def test_snoozing_is_for_an_hour_unless_said():
    assert command("snooze A3").until == NOW + timedelta(hours=1)
    assert command("snooze A3 for 2h").until == NOW + timedelta(hours=2)
    assert command("snooze A3 until tomorrow 9:00").until == utc(8, day=30)


def test_items_are_shown_by_filter():
    assert shown("actions").topic is None
    assert shown("actions mine").topic == "mine"
    assert shown("actions late").topic == "overdue"


# --- postmortem ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "cause.root",
        "root cause",
        "Root cause:",
        "root-cause",
        "cause root",
        "ROOT CAUSE =",
        '"root cause"',
        "cause",
    ],
)
def test_a_field_is_found_by_path_label_or_other_name(name):
    assert command(f"set {name} a missing index").values == {"cause.root": "a missing index"}


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("users affected 1,200", {"impact.users.count": 1200}),
        ("users 15k", {"impact.users.count": 15000}),
        ("users ~1200", {"impact.users.count": 1200, "impact.users.approx": True}),
        ("users 20%", {"impact.users.percent": 20}),
        ("users 1200 customers", {"impact.users.count": 1200}),
        ("revenue $12.5k", {"impact.revenue.amount": 12500, "impact.revenue.currency": "USD"}),
        ("revenue 12,5 EUR", {"impact.revenue.amount": 12.5, "impact.revenue.currency": "EUR"}),
        ("hide clock times yes", {"doc.hide_clock_times": True}),
        ("data loss none", {"impact.data.loss": "no"}),
        ("detection user report", {"detection.method": "user_report"}),
        ("detection mon", {"detection.method": "monitoring"}),
        ("services api; cart", {"incident.services": ("api", "cart")}),
        ("affected services: - api\n- cart", {"incident.services": ("api", "cart")}),
        ("report date yesterday", {"doc.report_date": "2026-01-28"}),
        ("next review 1 Mar", {"doc.next_review": "2026-03-01"}),
        ("report date 2026-02-01", {"doc.report_date": "2026-02-01"}),
    ],
)
def test_a_value_is_read_as_its_field_needs(line, values):
    assert command(f"set {line}").values == values


@pytest.mark.parametrize(
    "line",
    [
        "users many",
        "data loss perhaps",
        "hide clock times maybe",
        "report date soonish",
        "report date 2026-02-30",
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_a_way_on(line):
    refused(f"set {line}")


def test_an_unknown_field_is_asked_about():
    assert "`summary`" in refused("set sumary it broke")


def test_a_field_or_group_without_a_value_opens_its_form():
    assert form("set summary") == ("set", {"field": "summary"})
    assert form("set impact.users") == ("set", {"field": "impact.users"})


def test_set_alone_shows_the_fields():
    assert shown("set") == Show(what="help", topic="fields")


def test_a_field_is_emptied():
    assert command("clear root cause").values == {"cause.root": None}


@pytest.mark.parametrize(
    "line",
    [
        "add went well it was quick",
        "add went-well: it was quick",
        "went well: it was quick",
        "set went well it was quick",
    ],
)
def test_a_line_is_added_to_a_list(line):
    assert command(line) == c.AddItem(path="lessons.went_well", values={"text": "it was quick"})


def test_a_list_takes_its_columns_as_options():
    assert command("add factor slow alerts --polarity negative").values == {
        "text": "slow alerts",
        "polarity": "negative",
    }


def test_a_link_finds_its_address():
    assert command("add link Dashboard <https://x.y>").values == {"label": "Dashboard", "url": "https://x.y"}


def test_a_list_without_text_opens_its_form():
    assert form("add went-well") == ("add", {"field": "lessons.went_well"})
    assert form("add") == ("add", {})


def test_a_single_field_is_no_list():
    assert "`/incident set summary …`" in refused("add summary it broke")


def test_a_field_with_a_colon_is_filled_only_where_an_incident_is_at_hand():
    assert command("service: checkout").title == "service: checkout"
    assert command("service: checkout", replace(CONTEXT, here=3)).values == {
        "incident.services": ("checkout",)
    }


def test_the_postmortem_is_rendered():
    assert command("render") == c.RequestDocument()
    assert command("retro html, md").formats == ("html", "markdown")
    assert "`html`" in refused("postmortem docx")


def test_publishing_alone_shows_what_is_missing_and_with_a_reason_does_it():
    assert parse("publish", CONTEXT) == OpenForm(form="publish")
    said = command("publish because the customer waits")
    assert (said.status, said.reason) == (DocumentStatus.PUBLISHED, "the customer waits")


@pytest.mark.parametrize("line", ["postmortem", "retro", "pir"])
def test_the_postmortem_alone_opens_its_review(line):
    assert parse(line, CONTEXT) == OpenForm(form="review")


@pytest.mark.parametrize("line", ["postmortem impact", "postmortem Impact", "retro impact"])
def test_a_section_of_the_postmortem_opens_by_name(line):
    assert parse(line, CONTEXT) == OpenForm(form="section", filled={"section": "impact"})


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("document in review", DocumentStatus.IN_REVIEW),
        ("postmortem in_review", DocumentStatus.IN_REVIEW),
        ("document published", DocumentStatus.PUBLISHED),
        ("document draft", DocumentStatus.DRAFT),
    ],
)
def test_the_document_has_a_status(line, status):
    assert command(line) == c.ChangeDocumentStatus(status=status)


# --- looking ---------------------------------------------------------------------------------------------------------


def test_views_are_shown():
    assert shown("list").what == "list"
    assert shown("timeline").what == "timeline"
    assert shown("show actions").what == "actions"


def test_help_is_shown_for_a_topic():
    assert shown("help") == shown("?") == Show(what="help")
    assert shown("help timeline").topic == "timeline"
    assert shown("note --help").topic == "note"


def test_the_command_typed_twice_is_typed_once():
    assert command("/incident note x") == command("note x")


# --- always ----------------------------------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    [
        *BY_WORD,
        *(f"--{word}" for word in sorted(OPTION_WORDS)),
        *[
            "INC-7",
            "inc7",
            "T3",
            "A3",
            "<@U1>",
            "<@U1|x>",
            "@bea",
            "me",
            "due",
            "30m",
            "14:05",
            "03/04/2026",
            "yesterday",
            "next",
            "friday",
            "P1",
            "went",
            "well:",
            "root",
            "cause",
        ],
        *[
            "“",
            "”",
            '"',
            "'",
            "—",
            "–",
            "--",
            "=",
            ":",
            ";",
            ".",
            "~",
            "1",
            "99999999999999999999",
            "²",
            "٣",
            "<#C1|>",
            "<!here>",
            "<https://x|y>",
            "&",
            "&lt;",
            "`",
            "\n",
            "?",
            "is",
            "1e999",
            "12%",
            "0",
        ],
    ]
)
LINES = st.one_of(
    st.text(),
    st.lists(_WORDS, max_size=9).map(" ".join),
    st.lists(st.one_of(_WORDS, st.text(max_size=5))).map(" ".join),
)
CONTEXTS = st.sampled_from(
    [CONTEXT, replace(CONTEXT, here=7, near=utc(13)), replace(CONTEXT, severities=(), roles=())]
)


@settings(max_examples=500, deadline=None)
@given(LINES, CONTEXTS)
def test_whatever_is_typed_is_answered(text, context):
    answer = parse(text, context)
    assert isinstance(answer, Intent | Refusal)
    if isinstance(answer, Refusal):
        assert answer.what
        assert answer.why
        assert answer.hint


@settings(deadline=None)
@given(st.text(alphabet="abcdefghij klmnop", min_size=30, max_size=60))
def test_a_notes_words_are_kept(text):
    words = " ".join(text.split())
    intent = parse(f"note: zz {words}", CONTEXT)
    assert isinstance(intent, Do)
    assert intent.command.details.text.split() == ["zz", *words.split()]


def test_what_nobody_can_see_and_halves_of_characters_are_left_out():
    assert visible("a\x00b\u200bc\ud83d\nd") == "abc\nd"
