"""Who wants something, and what is known of one customer."""

import re

from agents.local_model.case import Case
from agents.local_model.marketing.opportunities import name_said, people_in
from agents.local_model.patterns import phrases
from agents.local_model.plans import Part, Plan, call
from agents.local_model.reading import EMAIL
from agents.local_model.wording import customers as say
from kit.lexical import terms

_CANNOT = "I can't look at customers at the moment."
_LONGEST = 300
_WHO = "Please give me the customer's e-mail address or customer id."
_ID = re.compile(r"\bcus_\w+")
# What stands before the thing that is asked about: "Which of our customers are looking for …".
_ASKING = phrases(
    r"""
    please|can you|could you|find|list|show|get|give|search|me|do we have|is there|are there|does|did|any|all|the|our|of
    who(?:m|se)?(?:'s|'d)?|which|what|how many|that|anybody|anyone|somebody|someone|everybody|everyone|those
    customers?|people|ppl|folks|shoppers?|users?
    is|are|was|were|has|have|had|been|would|might|could|can|do|i|we|be|also|ever
    (?:look|search|ask|wait)(?:s|ing|ed|es)? (?:for|about)|(?:talk|talked|speak|spoke|spoken) (?:about|of)
    wants?|wanted|needs?|needed|wish(?:es|ed)? for|likes?|liked|loves?|loved|prefers?|preferred|interested in
    mention(?:s|ed)?|brought up|buy|after|said|offer|demand for|with|for
    """
)


def who_wants(case: Case) -> Plan:
    """Who spoke of it, in their own words."""
    about = spoken_of(case.matter.words)
    found = yield call("find_customers", about=about)
    return say.found(about, found.rows("found"), case.today) if found.ok else _CANNOT


def spoken_of(question: str) -> str:
    """What a question asks about, without the asking: ``Who wants a tent?`` → ``a tent``."""
    about = question.strip()
    while found := _ASKING.match(about):
        about = about[found.end() :].lstrip(" ,:/")
    about = about.strip(" ?!.'\"“”")
    return (about if terms(about) else question.strip())[:_LONGEST]


def about(case: Case) -> Plan:
    """One customer's page."""
    who = yield from _who(case)
    if not who:
        return _WHO
    found = yield call("show_customer", customer=who)
    if found.code == "not_found":
        return f"I don't find {who} among the customers. {_WHO}"
    return say.page(found.data, case.today) if found.ok else _CANNOT


def _who(case: Case) -> Part[str]:
    """By address or id in the question; by a name among the suggestions or those found before; else the last."""
    slots = case.matter.slots
    if slots.customers or slots.emails:
        return (*slots.customers, *slots.emails)[0]
    seen = yield call("list_opportunities")
    people = people_in(seen) if seen.ok else {}
    name = name_said(case.matter.words, list(people))
    if name:
        return people[name]
    asked = [said.text for said in case.talk.earlier if said.speaker == "person"]
    if any(word[:1].isupper() for word in case.matter.words.split()[1:]) and asked:
        found = yield call("find_customers", about=spoken_of(asked[-1]))
        spoke = {str(one.get("name")): str(one.get("customer_id")) for one in found.rows("found")}
        name = name_said(case.matter.words, list(spoke))
        if name:
            return spoke[name]
    mentioned = [who for said in case.talk.earlier for who in (*EMAIL.findall(said.text), *_ID.findall(said.text))]
    return mentioned[-1] if mentioned else ""
