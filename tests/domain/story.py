"""An incident told by commands, without a database, a clock or Slack."""

from datetime import UTC, datetime, timedelta

from bot.domain import events as e
from bot.domain.decide import decide
from bot.domain.details import Severity
from bot.domain.evolve import fold
from bot.domain.people import Person
from bot.domain.refusals import Refusal

AT = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
ANA, BEA, CHEN = (Person(slack_id=f"U0{name}") for name in ("ANA", "BEA", "CHEN"))
SEV1, SEV2, SEV3 = (Severity(level=n, label=f"SEV{n}") for n in (1, 2, 3))


class Story:
    """``ask`` at a number of minutes after the beginning; ``state`` is the incident as it stands."""

    def __init__(self):
        self.record, self.state = [], None

    def ask(self, command, minute=0, by="U0ANA"):
        at = AT + timedelta(minutes=minute)
        answer = decide(self.state, command, at=at)
        if not isinstance(answer, Refusal):
            for event in answer:
                number = len(self.record) + 1
                self.record.append(e.Recorded(incident=1, number=number, at=at, by=by, event=event))
            self.state = fold(self.record)
        return answer
