"""What people and the bot's own effects may ask of an incident: the vocabulary of `decide`, by area."""

from bot.domain.commands.actions import *
from bot.domain.commands.curation import *
from bot.domain.commands.document import *
from bot.domain.commands.lifecycle import *
from bot.domain.commands.nudging import *
from bot.domain.commands.review import *
from bot.domain.commands.roles import *
from bot.domain.commands.timeline import *

Command = Declare | Lifecycle | Roles | Nudging | Timeline | Curation | Redact | Actions | Document | Review
