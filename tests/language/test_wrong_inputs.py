"""Wrong input: what people type by mistake, and word for word what they are answered.

Every answer says what was not done, why, and what to try.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.app.policy import Policy
from bot.domain.refusals import Refusal
from bot.language.grammar import VERBS
from bot.language.intents import Context
from bot.language.parse import parse

CONTEXT = Context(
    now=datetime(2026, 11, 18, 15, tzinfo=UTC),
    zone=ZoneInfo("Europe/Madrid"),
    by="U0ANA",
    severities=Policy().severities,
    roles=Policy().roles,
    here=1,
    near=datetime(2026, 11, 18, 14, tzinfo=UTC),
)

TIMES = "Try `14:05`, `2:05 PM CET`, `yesterday 23:50`, `2026-01-29 14:30 UTC` or `10 min ago`."
DUES = "Try `30m`, `tomorrow 17:00`, `friday`, `next monday 9am`, `2026-12-01` or `end of week`."
LADDER = "Use one of `SEV1` (Critical), `SEV2` (Major), `SEV3` (Minor), `SEV4` (Low)."


def whole(hint, typed):
    """The hint as people read it: what many hints share stands once, above."""
    declare = f"To declare an incident of that name: `/incident declare {typed}`."
    return (
        hint.replace("{times}", TIMES)
        .replace("{dues}", DUES)
        .replace("{ladder}", LADDER)
        .replace("{declare}", declare)
    )


# fmt: off
#: What was typed behind `/incident`, what was not done, why, and what to try.
WRONG = [
    ("stauts identified", "Nothing was changed", "there is no command `stauts`.", "Did you mean `/incident status identified`? {declare}"),
    ("reslove", "Nothing was changed", "there is no command `reslove`.", "Did you mean `/incident resolve`? {declare}"),
    ("udpate rolling back", "Nothing was changed", "there is no command `udpate`.", "Did you mean `/incident update rolling back`? {declare}"),
    ("hlep", "Nothing was changed", "there is no command `hlep`.", "Did you mean `/incident help`? {declare}"),
    ("timelien", "Nothing was changed", "there is no command `timelien`.", "Did you mean `/incident timeline`? {declare}"),
    ("asign commander @ana", "Nothing was changed", "there is no command `asign`.", "Did you mean `/incident assign commander @ana`? {declare}"),
    ("postmortme", "Nothing was changed", "there is no command `postmortme`.", "Did you mean `/incident postmortem`? {declare}"),
    ("decilne", "Nothing was changed", "there is no command `decilne`.", "Did you mean `/incident decline`? {declare}"),
    ("priavte", "Nothing was changed", "there is no command `priavte`.", "Did you mean `/incident private`? {declare}"),
    ("reopne it", "Nothing was changed", "there is no command `reopne`.", "Did you mean `/incident reopen it`? {declare}"),
    ("monitring", "Nothing was changed", "there is no command `monitring`.", "Did you mean `/incident monitoring`? {declare}"),
    ("investigatin", "Nothing was changed", "there is no command `investigatin`.", "Did you mean `/incident investigating`? {declare}"),
    ("followpu write tests", "Nothing was changed", "there is no command `followpu`.", "Did you mean `/incident followup write tests`? {declare}"),
    ("snoze A3", "Nothing was changed", "there is no command `snoze`.", "Did you mean `/incident snooze A3`? {declare}"),
    ("cacel A3", "Nothing was changed", "there is no command `cacel`.", "Did you mean `/incident cancel A3`? {declare}"),
    ("handof @bea", "Nothing was changed", "there is no command `handof`.", "Did you mean `/incident handoff @bea`? {declare}"),
    ("cathcup", "Nothing was changed", "there is no command `cathcup`.", "Did you mean `/incident catchup`? {declare}"),
    ("handle A3", "Nothing was changed", "there is no command `handle`.", "`/incident help` lists them. {declare}"),
    ("frobnicate A3 now", "Nothing was changed", "there is no command `frobnicate`.", "`/incident help` lists them. {declare}"),
    ("status nonsense", "The status was not changed", "there is no status `nonsense`.", "There are `investigating`, `identified`, `monitoring`, `resolved`, `closed`, `declined`. {declare}"),
    ("status fixedd", "The status was not changed", "there is no status `fixedd`.", "Did you mean `resolved`? {declare}"),
    ("status identifed a bad index", "The status was not changed", "there is no status `identifed`.", "Did you mean `identified`? {declare}"),
    ("sev 9", "The severity was not changed", "there is no severity `9`.", "{ladder} {declare}"),
    ("sev 0", "The severity was not changed", "there is no severity `0`.", "{ladder} {declare}"),
    ("sev critcal", "The severity was not changed", "there is no severity `critcal`.", "Did you mean `critical`? {ladder} {declare}"),
    ("sev SEV7", "The severity was not changed", "there is no severity `SEV7`.", "{ladder} {declare}"),
    ("severity high", "The severity was not changed", "there is no severity `high`.", "{ladder} {declare}"),
    ("severity to to", "The severity was not changed", "there is no severity `to`.", "{ladder} {declare}"),
    ("checkout is down --sev 9", "The incident was not declared", "there is no severity `9`.", "{ladder}"),
    ("checkout is down --sev", "The incident was not declared", "`--sev` says nothing.", "Put its value behind it: `--sev 2`."),
    ("checkout --sev=blue", "The incident was not declared", "there is no severity `blue`.", "{ladder}"),
    ("checkout is down --severty 2", "The incident was not declared", "there is no option `--severty` here.", "Did you mean `--sev`?"),
    ("checkout is down --privat", "The incident was not declared", "there is no option `--privat` here.", "Did you mean `--private`?"),
    ("declare --sev banana", "The incident was not declared", "there is no severity `banana`.", "{ladder}"),
    ("sev1 payments too", "Nothing was changed", "this can mean a new incident, or a change of severity.", "Declare it: `/incident payments too --sev SEV1`. Or change it: `/incident sev SEV1 payments too`."),
    ("sev2 the shop is slow", "Nothing was changed", "this can mean a new incident, or a change of severity.", "Declare it: `/incident the shop is slow --sev SEV2`. Or change it: `/incident sev SEV2 the shop is slow`."),
    ("monitoring is broken", "Nothing was changed", "this can mean `monitoring`, or a new incident.", "{declare} For the other: `/incident monitoring: …`, without `is`."),
    ("private is not working", "Nothing was changed", "this can mean `private`, or a new incident.", "{declare} For the other: `/incident private: …`, without `is`."),
    ("time starts 14:05", "No time was changed", "there is no time `starts`.", "Did you mean `impact_started`? There are `impact_started`, `detected`, `declared`, `acknowledged`, `identified`, `mitigated`, `resolved`, `closed`. {declare}"),
    ("time nonsense 14:05", "No time was changed", "there is no time `nonsense`.", "There are `impact_started`, `detected`, `declared`, `acknowledged`, `identified`, `mitigated`, `resolved`, `closed`. {declare}"),
    ("time impact_started 99:99", "No time was changed", "`99:99` is not a time that can be read.", "{times}"),
    ("time impact_started tomorrow", "No time was changed", "`tomorrow` is not a time that can be read.", "{times}"),
    ("time impact_started 25:00", "No time was changed", "`25:00` is not a time that can be read.", "{times}"),
    ("time impact_started 14:05 CETX", "No time was changed", "`14:05 CETX` is not a time that can be read.", "{times}"),
    ("time impact_started 31 Feb", "No time was changed", "`31 Feb` is not a time that exists.", "{times}"),
    ("time impact_started 03/04", "No time was changed", "`03/04` is not a time that can be read.", "{times}"),
    ("time detected soon", "No time was changed", "`soon` is not a time that can be read.", "{times}"),
    ("time resolved in 5 minutes", "No time was changed", "`in 5 minutes` is not a time that can be read.", "{times}"),
    ("time 14:05", "No time was changed", "there is no time `14:05`.", "There are `impact_started`, `detected`, `declared`, `acknowledged`, `identified`, `mitigated`, `resolved`, `closed`. {declare}"),
    ("note --at 99:99 x", "The note was not added", "`99:99` is not a time that can be read.", "{times}"),
    ("note --at tomorrow x", "The note was not added", "`tomorrow` is not a time that can be read.", "{times}"),
    ("note --at 14:05-13:00 x", "The note was not added", "`14:05-13:00` ends in the future (2026-11-19 12:00 UTC).", "If it goes on, say since when: `09:41 onward`."),
    ("note --at", "The note was not added", "`--at` says nothing.", "Put its value behind it: `--at 14:05`."),
    ('note --at "" x', "The note was not added", "`--at` says nothing.", "Put its value behind it: `--at 14:05`."),
    ("note --marker purple x", "The note was not added", "there is no marker `purple`.", "There are `failure`, `degraded`, `detected`, `in_progress`, `restored`, `healthy`, `recovered`."),
    ("note --marker degrad x", "The note was not added", "there is no marker `degrad`.", "Did you mean `degraded`? There are `failure`, `degraded`, `detected`, `in_progress`, `restored`, `healthy`, `recovered`."),
    ("note --kind wrong x", "The note was not added", "there is no kind of entry `wrong`.", "There are `event`, `action`, `decision`, `communication`, `detection`, `change`, `evidence`, `system`."),
    ("note --order two x", "The note was not added", "`two` is no step number.", "Use a whole number, such as 2."),
    ("edit", "The entry was not changed", "it does not say which, such as T3.", "`/incident timeline` shows the numbers."),
    ("edit T3", "The entry was not changed", "it does not say what to change.", "Type a time or new words: `/incident edit T3 --at 14:07 …`."),
    ("edit A3 x --at 14:05", "The entry was not changed", "these options are an entry's.", "Type `/incident action A3 --due friday`, or only `/incident edit A3` for its form."),
    ("edit 3x words", "The entry was not changed", "`3x` is not the number of one, such as T3.", "`/incident timeline` shows the numbers. {declare}"),
    ("edit T3 --at 99:99", "The entry was not changed", "`99:99` is not a time that can be read.", "{times}"),
    ("hide", "No entry was hidden", "it does not say which, such as T3.", "`/incident timeline` shows the numbers."),
    ("hide T", "No entry was hidden", "`T` is not the number of one, such as T3.", "`/incident timeline` shows the numbers. {declare}"),
    ("hide A1", "No entry was hidden", "`A1` is not the number of one, such as T3.", "`/incident timeline` shows the numbers."),
    ("hide T1 T2", "No entry was hidden", "several entries are named.", "Name one at a time."),
    ("show nonsense", "Nothing was shown", "there is nothing called `nonsense` to show.", "Type an entry's number, or `timeline`, `actions`, `roles`. {declare}"),
    ("show A3", "Nothing was shown", "`A3` is not the number of one, such as T3.", "`/incident timeline` shows the numbers."),
    ("role comander @ana", "Nobody was given a role", "there is no role `comander`.", 'Did you mean `commander`? To make a role of that name, put it in quotes: `"comander"`.'),
    ("role commander @ana @bea", "Nobody was given a role", "a role has one holder, and several people are named.", "Name one of them."),
    ("role commander @here", "Nobody was given a role", "`@here` is not one person.", "Mention one: `/incident role commander @ana`."),
    ("unrole @bea @chen", "No role was taken away", "a role has one holder, and several people are named.", "Name one of them."),
    ("unrole comander", "No role was taken away", "there is no role `comander`.", 'Did you mean `commander`? To make a role of that name, put it in quotes: `"comander"`.'),
    ("handoff scribe", "Nothing was handed over", "it does not say to whom.", "Mention them: `/incident handoff @bea`."),
    ("handoff @bea @chen", "Nothing was handed over", "a role has one holder, and several people are named.", "Name one of them."),
    ("handoff comander @bea", "Nothing was handed over", "there is no role `comander`.", 'Did you mean `commander`? To make a role of that name, put it in quotes: `"comander"`.'),
    ("handoff @here", "Nothing was handed over", "it does not say to whom.", "Mention them: `/incident handoff @bea`."),
    ("roles please", "Nobody was given a role", "it does not say who.", "Mention them: `/incident role commander @ana`. {declare}"),
    ("catchup now please", "Nothing was changed", "`now please` is not understood here.", "Type only `/incident catchup`. {declare}"),
    ("list nonsense", "Nothing was changed", "`nonsense` is nothing to list incidents by.", "Type `open`, `all`, `mine`, a status or a severity, such as `/incident list resolved`. {declare}"),
    ("list 42x", "Nothing was changed", "`42x` is nothing to list incidents by.", "Type `open`, `all`, `mine`, a status or a severity, such as `/incident list resolved`. {declare}"),
    ("timeline all of it please", "Nothing was changed", "`all` is not understood here.", "Type a marker, a kind of entry, `by @bea`, `key`, `hidden`, or `text pool` to look for words. {declare}"),
    ("task roll back --due", "The action item was not added", "`--due` says nothing.", "Put its value behind it: `--due friday`."),
    ("task roll back --horizon never", "The action item was not added", "there is no horizon `never`.", "There are `immediate`, `short`, `medium`, `long`."),
    ("task roll back --kind chore", "The action item was not added", "there is no kind of item `chore`.", "There are `task`, `follow_up`, `recommendation`, `preventive_measure`."),
    ("task roll back --state maybe", "The action item was not added", "there is no state `maybe`.", "There are `open`, `in_progress`, `blocked`, `done`, `cancelled`."),
    ("task --owner", "The action item was not added", "`--owner` says nothing.", "Put its value behind it: `--owner WHO`."),
    ("action A3 done --priority P1", "No action item was changed", "an item's state, its words and its other marks are changed one at a time.", "Type `/incident action A3 done`, `/incident edit A3 new words` or `/incident action A3 --due friday`."),
    ("action A3 doen", "No action item was changed", "there is no state `doen`.", "Did you mean `open`? Type `/incident action A3 done`, or in_progress, blocked, open, cancelled and why."),
    ("action A3 finshed", "No action item was changed", "there is no state `finshed`.", "Did you mean `done`? Type `/incident action A3 done`, or in_progress, blocked, open, cancelled and why."),
    ("done", "No action item was changed", "it does not say which, such as A3.", "`/incident actions` shows the numbers."),
    ("done T3", "No action item was changed", "`T3` is not the number of one, such as A3.", "`/incident actions` shows the numbers."),
    ("done A3 A4", "No action item was changed", "several items are named.", "Name one at a time."),
    ("start everything", "No action item was changed", "`everything` is not the number of one, such as A3.", "`/incident actions` shows the numbers. {declare}"),
    ("block", "No action item was changed", "it does not say which, such as A3.", "`/incident actions` shows the numbers."),
    ("cancel", "No action item was changed", "it does not say which, such as A3.", "`/incident actions` shows the numbers."),
    ("snooze A3 yesterday", "Nothing was snoozed", "`yesterday` is past.", "Give a date ahead."),
    ("snooze A3 banana", "Nothing was snoozed", "`banana` is not a date or time that can be read.", "{dues}"),
    ("snooze yesterday", "Nothing was snoozed", "`yesterday` is past.", "Give a date ahead."),
    ("snooze banana", "Nothing was snoozed", "`banana` is not a date or time that can be read.", "{dues}"),
    ("snooze until lunch", "Nothing was snoozed", "`lunch` is not a date or time that can be read.", "{dues}"),
    ("actions nonsense", "Nothing was changed", "`nonsense` is not understood here.", "Type `mine`, `open`, `overdue`, `unowned` or `all`. {declare}"),
    ("actions ovredue", "Nothing was changed", "`ovredue` is not understood here.", "Type `mine`, `open`, `overdue`, `unowned` or `all`. {declare}"),
    ("reassign A3", "The item was not reassigned", "it does not say who takes A3.", "Type `/incident reassign A3 @bea`."),
    ("reschedule A3", "The due date was not changed", "it does not say when A3 is due.", "Type `/incident reschedule A3 friday`."),
    ("duplicate of something", "The status was not changed", "it does not say of which incident.", "Name it: `/incident duplicate INC-7`. {declare}"),
    ("duplicate INC-", "The status was not changed", "it does not say of which incident.", "Name it: `/incident duplicate INC-7`. {declare}"),
    ("link nonsense", "The link was not kept", "`nonsense` is no link.", "Type it: `/incident link https://… what it shows`. {declare}"),
    ("link ftp://x", "The link was not kept", "`ftp://x` is no link.", "Type it: `/incident link https://… what it shows`. {declare}"),
    ("rename", "The title was not changed", "the new title is missing.", "Type it: `/incident rename checkout is slow`."),
    ("update --next yesterday x", "The update was not posted", "`yesterday` is past.", "Give a date ahead."),
    ("update --next banana x", "The update was not posted", "`banana` is not a date or time that can be read.", "{dues}"),
    ("update --status nonsense x", "The update was not posted", "there is no status `nonsense`.", "There are `triage`, `investigating`, `identified`, `monitoring`, `resolved`, `closed`, `declined`, `merged`."),
    ("update --sev 9 x", "The update was not posted", "there is no severity `9`.", "{ladder}"),
    ("update --nxt 30m x", "The update was not posted", "there is no option `--nxt` here.", "Did you mean `--next`?"),
    ("update --next", "The update was not posted", "`--next` says nothing.", "Put its value behind it: `--next 30m`."),
    ("set nonsense x", "The field was not set", "the postmortem has no field `nonsense`.", "`/incident help fields` lists them. {declare}"),
    ("set root caus x", "The field was not set", "the postmortem has no field `root`.", "Did you mean `root cause`? `/incident help fields` lists them. {declare}"),
    ("set impact.users.count many", "The field was not set", "Users affected (number): `many` is not a number.", "Type digits, such as 15000, 15k or 99.9."),
    ("set doc.review_on 31 Feb", "The field was not set", "the postmortem has no field `doc.review_on`.", "Did you mean `doc.reviewers`? `/incident help fields` lists them. {declare}"),
    ("add nonsense x", "Nothing was added", "the postmortem has no field `nonsense`.", "`/incident help fields` lists them. {declare}"),
    ("postmortem docx", "The postmortem was not rendered", "`docx` is neither a format nor a status of the postmortem.", "Formats are `markdown`, `html`, `pdf`, `canvas` and `json`; statuses `draft`, `in review` and `published`. {declare}"),
    ("postmortem in reviw", "The postmortem was not rendered", "`in` is neither a format nor a status of the postmortem.", "Formats are `markdown`, `html`, `pdf`, `canvas` and `json`; statuses `draft`, `in review` and `published`. {declare}"),
    ("INC-7 something odd here", "Nothing was changed", "it does not say what about INC-7.", "Put a command behind it, such as `/incident INC-7 note …`. To declare an incident of that name: `/incident declare something odd here`."),
    ("INC-0 status", "Nothing was changed", "there is no incident `INC-0`.", "Incidents are called INC-7. `/incident list` shows the open ones."),
    ("INC-99999999999 status", "Nothing was changed", "there is no incident `INC-99999999999`.", "Incidents are called INC-7. `/incident list` shows the open ones."),
    ("INC-x status", "Nothing was changed", "there is no incident `INC-x`.", "Incidents are called INC-7. `/incident list` shows the open ones."),
    ("-- --", "Nothing was changed", "there is no word in this.", "To declare an incident, say what is wrong: `/incident checkout is down`. `/incident help` shows the rest."),
    ("`", "Nothing was changed", "there is no word in this.", "To declare an incident, say what is wrong: `/incident checkout is down`. `/incident help` shows the rest."),
    ('"', "Nothing was changed", "there is no word in this.", "To declare an incident, say what is wrong: `/incident checkout is down`. `/incident help` shows the rest."),
    ("🙂", "Nothing was changed", "there is no word in this.", "To declare an incident, say what is wrong: `/incident checkout is down`. `/incident help` shows the rest."),
    ("resolve --at tomorrow", "The incident was not resolved", "`tomorrow` is not a time that can be read.", "{times}"),
    ("resolve --at", "The incident was not resolved", "`--at` says nothing.", "Put its value behind it: `--at 14:05`."),
    ("close --at 31 Feb x", "The incident was not closed", "`31` is not a time that can be read.", "{times}"),
    ("reopen T3", "Nothing was opened again", "`T3` is not the number of one, such as A3.", "`/incident actions` shows the numbers."),
    ("decline --at 99:99 x", "The status was not changed", "`99:99` is not a time that can be read.", "{times}"),
    ("handoff @everyone", "Nothing was handed over", "it does not say to whom.", "Mention them: `/incident handoff @bea`."),
    ("role scribe @channel", "Nobody was given a role", "`@channel` is not one person.", "Mention one: `/incident role commander @ana`."),
    ("INC-", "Nothing was changed", "there is no incident `INC-`.", "Incidents are called INC-7. `/incident list` shows the open ones."),
    ("inc-abc", "Nothing was changed", "there is no incident `inc-abc`.", "Incidents are called INC-7. `/incident list` shows the open ones."),
    ("...", "Nothing was changed", "there is no word in this.", "To declare an incident, say what is wrong: `/incident checkout is down`. `/incident help` shows the rest."),
    ("list ressolved", "Nothing was changed", "`ressolved` is nothing to list incidents by.", "Type `open`, `all`, `mine`, a status or a severity, such as `/incident list resolved`. {declare}"),
    ("INC-7 INC-8 status", "Nothing was changed", "it does not say what about INC-7.", "Put a command behind it, such as `/incident INC-7 note …`. To declare an incident of that name: `/incident declare INC-8 status`."),
    ("note --marker", "The note was not added", "`--marker` says nothing.", "Put its value behind it: `--marker degraded`."),
    ("note --evidence", "The note was not added", "`--evidence` says nothing.", "Put its value behind it: `--evidence LINK`."),
    ("update --status", "The update was not posted", "`--status` says nothing.", "Put its value behind it: `--status monitoring`."),
    ("update --sev", "The update was not posted", "`--sev` says nothing.", "Put its value behind it: `--sev 2`."),
    ("declare --here --sev", "The incident was not declared", "`--sev` says nothing.", "Put its value behind it: `--sev 2`."),
    ("time detected 2026-02-30 10:00", "No time was changed", "`2026-02-30 10:00` is not a time that exists.", "{times}"),
    ("time detected 2026-13-01", "No time was changed", "`2026-13-01` is not a time that exists.", "{times}"),
    ('note --at "the other day" x', "The note was not added", "`the other day` is not a time that can be read.", "{times}"),
    ("note --at 2099-01-01 x", "The note was not added", "`2099-01-01` is in the future (2099-01-01 Europe/Madrid).", "Give the time when it happened, with its date."),
    ("edit T0x", "The entry was not changed", "`T0x` is not the number of one, such as T3.", "`/incident timeline` shows the numbers. {declare}"),
    ("cancel T1 because", "No action item was changed", "`T1` is not the number of one, such as A3.", "`/incident actions` shows the numbers."),
    ("block everything", "No action item was changed", "`everything` is not the number of one, such as A3.", "`/incident actions` shows the numbers. {declare}"),
    ("done everything", "No action item was changed", "`everything` is not the number of one, such as A3.", "`/incident actions` shows the numbers. {declare}"),
    ('unrole "nobody" @bea @chen', "No role was taken away", "a role has one holder, and several people are named.", "Name one of them."),
    ("role scribe @ana and @bea", "Nobody was given a role", "a role has one holder, and several people are named.", "Name one of them."),
    ("handoff scribe @ana @bea", "Nothing was handed over", "a role has one holder, and several people are named.", "Name one of them."),
    ("set impact.users.percent lots", "The field was not set", "Users affected (percent): `lots` is not a number.", "Type digits, such as 15000, 15k or 99.9."),
    ("severity --help me", "The severity was not changed", "there is no severity `--help`.", "{ladder} {declare}"),
    ("decline --at banana", "The status was not changed", "`banana` is not a time that can be read.", "{times}"),
    ("investigating --at banana", "The status was not changed", "`banana` is not a time that can be read.", "{times}"),
    ("identified --at 31 Feb", "The status was not changed", "`31` is not a time that can be read.", "{times}"),
    ("triage --at never", "The status was not changed", "`never` is not a time that can be read.", "{times}"),
    ("merged nothing", "The status was not changed", "it does not say of which incident.", "Name it: `/incident duplicate INC-7`. {declare}"),
    ("dup of nothing", "The status was not changed", "it does not say of which incident.", "Name it: `/incident duplicate INC-7`. {declare}"),
    ("postmortem published md", "The postmortem was not rendered", "`published` is neither a format nor a status of the postmortem.", "Formats are `markdown`, `html`, `pdf`, `canvas` and `json`; statuses `draft`, `in review` and `published`. {declare}"),
    ("postmortem --pack", "The postmortem was not rendered", "`pack` is neither a format nor a status of the postmortem.", "Formats are `markdown`, `html`, `pdf`, `canvas` and `json`; statuses `draft`, `in review` and `published`. {declare}"),
    ("status --at banana identified", "The status was not changed", "`banana` is not a time that can be read.", "{times}"),
    ("reopen --at never", "Nothing was opened again", "`never` is not a time that can be read.", "{times}"),
    ("resolve --at never", "The incident was not resolved", "`never` is not a time that can be read.", "{times}"),
    ("close --at never", "The incident was not closed", "`never` is not a time that can be read.", "{times}"),
    ("closed --at never", "The incident was not closed", "`never` is not a time that can be read.", "{times}"),
    ("fixed --at never", "The incident was not resolved", "`never` is not a time that can be read.", "{times}"),
    ("start T1", "No action item was changed", "`T1` is not the number of one, such as A3.", "`/incident actions` shows the numbers."),
    ("start", "No action item was changed", "it does not say which, such as A3.", "`/incident actions` shows the numbers."),
    ("drop", "No action item was changed", "it does not say which, such as A3.", "`/incident actions` shows the numbers."),
    ("actions everybody", "Nothing was changed", "`everybody` is not understood here.", "Type `mine`, `open`, `overdue`, `unowned` or `all`. {declare}"),
    ("items nonsense", "Nothing was changed", "`nonsense` is not understood here.", "Type `mine`, `open`, `overdue`, `unowned` or `all`. {declare}"),
    ("roles comander", "Nobody was given a role", "there is no role `comander`.", 'Did you mean `commander`? To make a role of that name, put it in quotes: `"comander"`.'),
    ("timeline T3 please", "Nothing was changed", "`T3` is not understood here.", "Type a marker, a kind of entry, `by @bea`, `key`, `hidden`, or `text pool` to look for words. {declare}"),
    ("tl now", "Nothing was changed", "`now` is not understood here.", "Type a marker, a kind of entry, `by @bea`, `key`, `hidden`, or `text pool` to look for words. {declare}"),
    ("catch up please", "Nothing was changed", "`please` is not understood here.", "Type only `/incident catchup`. {declare}"),
    ("?!", "Nothing was changed", "there is no word in this.", "To declare an incident, say what is wrong: `/incident checkout is down`. `/incident help` shows the rest."),
    ("snooze A3 --for 2h", "Nothing was snoozed", "`--for 2h` is not a date or time that can be read.", "{dues}"),
    ("snooze A", "Nothing was snoozed", "`A` is not a date or time that can be read.", "{dues}"),
]
# fmt: on


def test_there_are_enough_of_them():
    assert len({typed for typed, *_ in WRONG}) >= 120


@pytest.mark.parametrize(("typed", "what", "why", "hint"), WRONG, ids=[typed for typed, *_ in WRONG])
def test_wrong_input_is_answered_with_what_was_not_done_why_and_what_to_try(typed, what, why, hint):
    answer = parse(typed, CONTEXT)
    assert isinstance(answer, Refusal)
    assert (answer.what, answer.why, answer.hint) == (what, why, whole(hint, typed))


@pytest.mark.parametrize("typed", [typed for typed, *_ in WRONG], ids=[typed for typed, *_ in WRONG])
def test_every_refusal_is_three_whole_sentences(typed):
    answer = parse(typed, CONTEXT)
    assert answer.what
    assert not answer.what.endswith((".", ":"))
    assert answer.why.endswith(".")
    assert answer.hint
    assert "invalid" not in str(answer).lower()


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
@pytest.mark.parametrize("behind", ["", " --at 99:99", " --nonsense", " x y z", " INC-0", " @here", ' "'])
def test_no_verb_is_silent_or_raises_whatever_is_behind_it(verb, behind):
    answer = parse(f"{verb.name}{behind}", CONTEXT)
    assert answer is not None
    if isinstance(answer, Refusal):
        assert answer.what
        assert answer.why
        assert answer.hint
