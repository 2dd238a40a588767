"""Writes conversations turn by turn, and the tickets that come of some."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tools.demo_shop.lines import Diary, Line, instant, turn_line
from tools.demo_shop.tables import table
from tools.demo_shop.talks import Talk
from tools.demo_shop.words import about_order, about_product, about_shopper, typed

_Said = tuple[str, str]
"""Who speaks, and a template of what is said."""

_GREETINGS = ("hi", "hello", "hey", "good ", "quick", "greetings")

# Seconds that a customer and an agent take to answer.
_PAUSES = {"web": ((12, 140), (2, 18)), "sms": ((40, 900), (2, 18)), "email": ((600, 14000), (60, 1500))}


class Scribe:
    """Turns planned conversations into lines, numbering conversations and tickets in the order they are given."""

    def __init__(self, rng: Random, diary: Diary, until: datetime) -> None:
        """Write into a diary."""
        self._rng = rng
        self._diary = diary
        self._until = until
        self._conversations = 0
        self._tickets = 0

    def write(self, talk: Talk) -> None:
        """Write one conversation, its ticket, or both."""
        slots = self._slots(talk)
        conversation = ""
        handed_over_at = resolved_at = talk.at
        if not talk.silent:
            self._conversations += 1
            conversation = f"V{self._conversations:05d}"
            times = self._converse(talk, conversation, slots)
            handed_over_at, resolved_at = times[1], times[-1]
        elif talk.ticket:
            resolved_at = talk.at + timedelta(hours=self._rng.randint(3, 90))
        if talk.ticket:
            self._ticket(talk, conversation, slots, handed_over_at, resolved_at)

    def _converse(self, talk: Talk, conversation: str, slots: Mapping[str, str]) -> list[datetime]:
        """Write the turns and give their times."""
        channel = self._channel(talk)
        at, times = talk.at, []
        for place, (speaker, template) in enumerate(self._exchange(talk)):
            text = template.format_map(slots)
            if speaker == "customer" and talk.kind != "wish":
                text = typed(self._rng, talk.shopper, text)
            if place:
                at += self._pause(channel, speaker)
            self._diary.write(at, turn_line(talk.shopper.id, conversation, channel, speaker, at, text))
            times.append(at)
        return times

    def _exchange(self, talk: Talk) -> list[_Said]:
        if talk.kind == "complaint":
            return self._complaint(talk)
        said = self._wish(talk) if talk.wish else self._scripted(talk.script)
        courtesy = table("chat/courtesy")
        luck = self._rng.random()
        if luck < 0.22 and not said[0][1].lower().startswith(_GREETINGS):
            return [*self._pair(courtesy["greetings"], courtesy["greeting_replies"]), *said]
        if luck > 0.5 and len(said) == 2 and not talk.wish:
            said += self._pair(courtesy["thanks"], courtesy["farewells"])[: self._rng.randint(1, 2)]
        return said

    def _scripted(self, script: Mapping[str, Any]) -> list[_Said]:
        said = self._pair(script["openings"], script["replies"])
        if "always" in script or self._rng.random() < 0.55:
            said += self._pair(script["followups"], script["answers"])
        return said

    def _wish(self, talk: Talk) -> list[_Said]:
        assert talk.wish is not None
        follow = table("chat/wishes")["follow"]
        if talk.kind == "taken back":
            return self._pair([talk.wish.later], follow["taken_back_reply"])
        said = self._pair([talk.wish.text], talk.wish.replies)
        if self._rng.random() < 0.65:
            if not talk.wish.missing:
                said += self._pair(follow["found"], follow["bye"])
            elif talk.shopper.allows_email:
                said += self._pair(follow["with_email"], follow["noted"])
            else:
                said += self._pair(follow["without_email"], follow["understood"])
        return said

    def _complaint(self, talk: Talk) -> list[_Said]:
        tables, script = table("chat/complaints"), talk.script
        said = self._pair(script["openings"], tables["handover"]["replies"])
        if self._rng.random() < 0.7:
            said += self._pair(script["followups"], tables["handover"]["answers"])
        if talk.ticket == "resolved":
            said.append(("desk", self._rng.choice(script["resolution"])))
            if self._rng.random() < 0.5:
                said.append(("customer", self._rng.choice(tables["handover"]["thanks"])))
        return said

    def _pair(self, questions: Sequence[str], answers: Sequence[str]) -> list[_Said]:
        return [("customer", self._rng.choice(questions)), ("agent", self._rng.choice(answers))]

    def _channel(self, talk: Talk) -> str:
        if self._until - talk.at < timedelta(days=2):
            return "web"
        drawn = self._rng.choices(("web", "email", "sms"), (74, 17, 9))[0]
        return "web" if drawn == "sms" and not talk.shopper.phone else drawn

    def _pause(self, channel: str, speaker: str) -> timedelta:
        if speaker == "desk":
            return timedelta(minutes=self._rng.randint(60, 3000))
        customer, agent = _PAUSES[channel]
        return timedelta(seconds=self._rng.randint(*(customer if speaker == "customer" else agent)))

    def _slots(self, talk: Talk) -> dict[str, str]:
        slots = about_shopper(self._rng, talk.shopper, talk.at)
        if talk.product:
            slots |= about_product(talk.product)
        if talk.order:
            slots |= about_order(self._rng, talk.order, talk.at)
        if talk.ticket:
            self._tickets += 1
            slots["ticket"] = f"T-{7000 + self._tickets}"
            slots["desk"] = self._rng.choice(table("chat/complaints")["handover"]["desk"])
        return slots

    def _ticket(
        self, talk: Talk, conversation: str, slots: Mapping[str, str], at: datetime, resolved_at: datetime
    ) -> None:
        chat: Line = {"conversation": conversation} if conversation else {}
        resolved: Line = {"resolved_at": instant(resolved_at)} if talk.ticket == "resolved" else {}
        line: Line = {"type": "ticket", "id": slots["ticket"], "customer": talk.shopper.id, **chat}
        line |= {"reason": talk.script["reason"], "status": talk.ticket, "at": instant(at), **resolved}
        self._diary.write(at, line | {"summary": talk.script["summary"].format_map(slots)})
