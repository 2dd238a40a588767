"""What is remembered: shown on request; what is told is kept by the system, not by us; deleting is a person's."""

from agents.local_model.case import Case
from agents.local_model.plans import Outcome, Plan, call
from agents.local_model.questions import OFFER_PERSON
from agents.local_model.wording import memory as say
from agents.local_model.wording.phrases import joined, paragraph
from kit.lexical import terms

_CLOSED = "What I remember of you I only show once you're signed in."


def show(case: Case) -> Plan:
    """Everything that is remembered, in their own words."""
    kept = yield call("show_memory")
    return say.everything(kept.rows("facts"), kept.rows("wishes"), case.today) if kept.ok else _refusal(kept)


def told(case: Case) -> str:
    """Something about themselves: said back as noted only where the memory quotes it from this very message."""
    return _noted(case) or "Thanks for telling me. Is there something I can look for with that in mind?"


def correct(case: Case) -> Plan:
    """What is remembered now, and how to put it right: what they say of themselves counts from then on."""
    noted = _noted(case)
    if noted:
        return noted
    kept = yield call("show_memory")
    if not kept.ok:
        return _refusal(kept)
    return paragraph(
        say.everything(kept.rows("facts"), kept.rows("wishes"), case.today),
        "\nTell me in a sentence what is right, such as \u201cI wear shoe size 43\u201d, and that counts from then on.",
    )


def forget(case: Case) -> Plan:
    """Deleting is no tool of ours; the wish to be forgotten must not get lost."""
    kept = yield call("show_memory")
    if kept.code == "verify_first":
        return _refusal(kept)
    facts, wishes = kept.rows("facts"), kept.rows("wishes")
    if kept.ok and not facts and not wishes:
        return "I don't remember anything about you, so there is nothing to delete on my side."
    said = set(terms(case.matter.words))
    named = [str(fact.get("sentence", "")) for fact in facts if said & set(terms(str(fact.get("sentence", ""))))]
    told = f"I have noted that {joined(say.to_you(one) for one in named)}." if named else ""
    return paragraph(told, f"That's yours to decide. I can't delete it myself, but a colleague can. {OFFER_PERSON}")


def _noted(case: Case) -> str:
    facts = [one.text for one in case.talk.remembered if not one.is_wish and one.quote and one.quote in case.talk.now]
    return say.noted(facts)


def _refusal(kept: Outcome) -> str:
    return _CLOSED if kept.code == "verify_first" else f"I can't look that up at the moment. {OFFER_PERSON}"
