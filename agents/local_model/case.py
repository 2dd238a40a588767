"""One matter with everything that a plan for it may look at."""

from dataclasses import dataclass
from datetime import date

from agents.local_model.conversation import Talk
from agents.local_model.dialogue import Matter
from agents.local_model.quoting import Quoting


@dataclass(frozen=True)
class Case:
    """``matter`` is what to act upon; ``talk`` is the conversation it stands in."""

    matter: Matter
    talk: Talk
    quoting: Quoting

    @property
    def today(self) -> date | None:
        return self.talk.today

    @property
    def shown(self) -> str:
        """What the agent said so far, newest first: it names the products that "the second one" can be."""
        return "\n".join(said.text for said in reversed(self.talk.earlier) if said.speaker == "agent")
