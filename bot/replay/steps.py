"""How each kind of step of a case is played."""

from bot.replay import steps_actions, steps_document, steps_record, steps_running
from bot.replay.driver import Acts

ACTS: Acts = {**steps_running.ACTS, **steps_record.ACTS, **steps_actions.ACTS, **steps_document.ACTS}
