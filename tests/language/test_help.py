"""Help shows what can be typed, and all that it shows can be typed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from inline_snapshot import snapshot

from bot.domain.details import Severity
from bot.domain.fields import FIELDS, LISTS
from bot.domain.refusals import Refusal
from bot.language import help as helping
from bot.language.grammar import TOPICS, VERBS
from bot.language.intents import Context, Rung
from bot.language.parse import parse

CONTEXT = Context(
    now=datetime(2026, 1, 29, 15, tzinfo=UTC),
    zone=ZoneInfo("Europe/Berlin"),
    by="U0ME",
    severities=(Rung(severity=Severity(level=1, label="SEV1"), definition="Critical: nobody can pay"),),
    roles=(),
)


def printed(view):
    return "\n".join(
        line
        for section in view.sections
        for line in (section.title, *(f"  {typed} -- {does}" for typed, does in section.lines))
    )


def test_the_overview():
    assert printed(helping.overview()) == snapshot("""\
Declare and find
  /incident declare what is wrong [--sev 2] [--private] -- Declare an incident: its channel opens and you are in it. The word `declare` may be left out.
  /incident list [all | mine | resolved | SEV1] -- Show the open incidents, or those that you ask for.
  /incident help [topic or command] -- Show what can be typed. Topics: declare, run, timeline, work, postmortem, fields, times.
Run
  /incident status [investigating | identified | monitoring | …] [why] -- Show how the incident stands, or change its status. The status alone will do: `/incident monitoring`.
  /incident update text [--next 30m] [--status monitoring] [--sev 2] -- Tell the channel and the announcement what is going on, and when the next word comes.
  /incident sev 1 [why] -- Change the severity.
  /incident role commander @ana -- Give somebody a role, also one of your own: `role "Engineering Lead" @bea`; outside Slack: `role scribe "Bea Ott"`.
  /incident handoff [scribe] @bea [why] -- Ask somebody to take over your role; it is theirs when they accept, and they get a brief.
  /incident catchup -- Show only you what you missed: headline, last updates, key entries, open items, who holds what.
  /incident unrole scribe [@bea] -- Take a role away; without a name, give up your own.
  /incident roles -- Show who holds what.
  /incident time impact_started 14:05 -- Correct a time: impact_started, detected, declared, acknowledged, identified, mitigated, resolved, closed.
  /incident rename title -- Change the title.
  /incident link URL [what it shows] -- Keep a link: it stands in the banner and in the postmortem.
  /incident private -- Keep it to its members from now on: the announcement is taken back, and lists hide it.
  /incident resolve [how it ended] [--at 14:05] -- The impact is over; a draft of the postmortem is rendered. Alone: a form; `resolve now`: at once.
  /incident close [why] -- The work is over; the final postmortem is rendered. Alone: a form that asks for what is missing; `close now`: at once.
  /incident reopen [why] [--at 14:05] -- It is back: investigate again. `reopen A3` opens an action item again.
  /incident monitoring [why] -- Users are served again; this sets `mitigated`.
  /incident decline [why] -- It was no incident.
Timeline
  /incident note what happened [--at 14:05] [--marker degraded] [--by WHO] -- Put an entry on the timeline, also for earlier. Alone: a form.
  /incident timeline [marker] [kind] [by @who] [key | hidden] [text words] -- Show the timeline with a menu on each entry. `timeline picture` posts it as an image.
  /incident edit T3 [new wording], or A3 [--at 14:05] [--marker degraded] -- Correct an entry, or an action item (`edit A3` opens its form); the earlier wording stays in the audit trail.
  /incident entry T3 [hide | show | at 14:07 | merge T5 | key | unkey | use as mitigated | new words] -- Show an entry with its history, or change it.
  /incident import [log lines] -- Put pasted log lines on the timeline, after a preview.
  /incident hide T3 -- Leave an entry out of the document.
  /incident show T3 -- Take a hidden entry in again.
  /incident redact T3, a message's link, or last -- Remove words from the record and its documents for good; who did it, and when, stays.
Action items
  /incident task what is to be done [@who] [due when] [P1] -- An action item for now.
  /incident followup what is to be done [@who] [due when] [P1] -- An action item for after. Owners outside Slack: `owner "Naxa team"`.
  /incident action A3 [done | in_progress | blocked | open | cancelled [why]] -- Change an item's state; with options its due date, priority, tracker …; alone, its form. With other words, a new follow-up.
  /incident actions [mine | open | overdue | unowned | all] -- Show the action items, with their numbers and buttons.
  /incident calendar [@group | team | all] [new] -- A secret address by which your calendar follows your due dates; `new` renews it.
  /incident done A3 -- The item is done.
  /incident start A3 -- Somebody works on it.
  /incident block A3 [why] -- It cannot go on.
  /incident cancel A3 why -- It is not needed any more.
  /incident reassign A3 @who -- Somebody else takes the item; `nobody` leaves it without an owner.
  /incident reschedule A3 when -- Another due date, on the owner's clock.
  /incident snooze [A3] [2h | until morning | off] -- No reminder of the item for a while; without a number, none of what the incident lacks.
Postmortem
  /incident set field [value] -- Fill a field of the postmortem; without a value, its form. `help fields` lists them.
  /incident add list [text] -- Add a line to a list, such as went well, factor, why, link. `went well: text` will do.
  /incident postmortem [section | markdown | html | pdf | canvas | json] -- What the postmortem still lacks, and forms to fill it; with a format, render it. `postmortem in review` changes its status: draft, in review, published.\
""")


def test_the_overview_shows_the_severities_of_the_workspace():
    assert "--sev SEV1 -- Critical: nobody can pay" in printed(helping.overview(CONTEXT))


def test_a_command_shows_its_options_and_an_example():
    assert printed(helping.topic("note")) == snapshot("""\
note
  /incident note what happened [--at 14:05] [--marker degraded] [--by WHO] -- Put an entry on the timeline, also for earlier. Alone: a form.
  [--at 14:05] [--marker degraded] [--by WHO] [--action TEXT] [--label L] [--order N] [--kind decision] [--evidence LINK] [--key] [--phase before] -- options, anywhere; quote values of several words
  timeline add -- mean the same
  /incident note --at 14:05 --marker degraded users report errors -- for example\
""")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_command_has_help_with_its_example(verb):
    assert f"/incident {verb.example} -- for example" in printed(helping.topic(verb.name))


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_shows_all_its_commands(topic):
    shown = printed(helping.topic(topic))
    assert all(f"/incident {verb.short} --" in shown for verb in VERBS if verb.topic == topic)


def test_fields_and_lists_are_shown_by_their_paths():
    shown = printed(helping.topic("fields"))
    assert all(f"  {path} -- " in shown for path in (*FIELDS, *LISTS))


def test_times_are_shown_as_people_type_them():
    assert "yesterday 23:50" in printed(helping.topic("times"))


@pytest.mark.parametrize("typed", [typed for typed, _ in helping.TIMES if typed != "30m"])
def test_every_time_that_is_shown_can_be_typed(typed):
    assert not isinstance(parse(f'note --at "{typed}" x', CONTEXT), Refusal)


@pytest.mark.parametrize("word", ["", "nonsense", "🙂", "  "])
def test_an_unknown_topic_shows_the_overview(word):
    assert helping.topic(word) == helping.overview()


def test_a_topic_is_known_by_other_words_of_its_command():
    assert helping.topic("retro") == helping.topic("generate")
    assert helping.topic("Severity.") == helping.topic("sev")


def test_the_manifests_hint():
    assert helping.usage_hint() == snapshot(
        "checkout is down --sev 2 | note | update | role | task | resolve | close | help"
    )


def test_every_word_of_the_hint_can_be_typed():
    for words in helping.usage_hint().split(" | "):
        assert not isinstance(parse(words, CONTEXT), Refusal) or "--sev" in words


def test_the_readme_table_has_a_row_for_each_listed_command():
    rows = helping.readme_table().splitlines()
    assert rows[:2] == ["| Type | What it does |", "|---|---|"]
    assert len(rows) == 2 + sum(verb.listed for verb in VERBS)
    assert all(row.replace("\\|", "").count("|") == 3 for row in rows)
