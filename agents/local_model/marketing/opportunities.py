"""What is worth sending: all of it, one kind, one suggestion in full, and who is left out."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.local_model.case import Case
from agents.local_model.patterns import phrases
from agents.local_model.plans import Outcome, Plan, call
from agents.local_model.wording import campaigns as say
from agents.local_model.wording.phrases import blocks, lines, paragraph, quoted, sentence
from kit.lexical import terms

Opportunity = Mapping[str, Any]

CANNOT = "I can't look at the opportunities at the moment."
_MOST = 5
_KINDS = {
    "cart_left": phrases(r"carts?|cart_left|baskets?|check(?:ed)? ?outs?|abandon\w*"),
    "back_in_stock": phrases(
        r"back.in.stock|back_in_stock|restock\w*|available again|waiting|waited|sold out|came back|returned"
    ),
    "wish_met": phrases(r"wish\w*|wish_met|wanted|hoping|fulfil\w*|arrivals?|match\w*"),
}
_GENERAL = """
    campaign campaigns opportunity opportunities suggestion suggestions one first second third why tell me more
    about customers customer send should value expected explain details is what wished for left back waited in it
"""


def suggest(case: Case) -> Plan:
    """Every suggestion as a short paragraph, the most valuable first."""
    return (yield from _listing(None, case))


def of_kind(case: Case) -> Plan:
    """The suggestions of the kind that is asked for."""
    return (yield from _listing(_kind(case.matter.words), case))


def _listing(kind: str | None, case: Case) -> Plan:
    found = yield call("list_opportunities", kind=kind)
    if not found.ok:
        return CANNOT
    rows = found.rows("opportunities")
    if not rows:
        return say.nothing(kind, found.rows("left_out"))
    told = [say.brief(one, number, case.today) for number, one in enumerate(rows[:_MOST], 1)]
    more = f"There are {len(rows) - _MOST} more of less value." if len(rows) > _MOST else ""
    return blocks(*told, paragraph(more, say.APPROVAL))


def explain(case: Case) -> Plan:
    """The suggestion meant, with everything behind it; without a hint the first."""
    found = yield call("list_opportunities")
    if not found.ok:
        return CANNOT
    rows = found.rows("opportunities")
    if not rows:
        return say.nothing(None, found.rows("left_out"))
    return lines(say.full(meant(case, rows), case.today), say.APPROVAL)


def meant(case: Case, rows: Sequence[Opportunity]) -> Opportunity:
    """By its place in the list, its title's words, its kind; else the first."""
    ordinal = case.matter.slots.ordinal
    if ordinal is not None and -len(rows) <= ordinal < len(rows):
        return rows[ordinal]
    said = set(terms(case.matter.words)) - set(terms(_GENERAL))
    shared = [len(said & set(terms(str(row.get("title", ""))))) for row in rows]
    if max(shared, default=0):
        return rows[shared.index(max(shared))]
    kind = _kind(case.matter.words)
    return next((row for row in rows if row.get("kind") == kind), rows[0])


def _kind(words: str) -> str | None:
    return next((kind for kind, said in _KINDS.items() if said.search(words)), None)


def exclusions(case: Case) -> Plan:
    """Who is left out of which suggestion, and why; of one person, where they stand."""
    found = yield call("list_opportunities")
    if not found.ok:
        return CANNOT
    rows, barred = found.rows("opportunities"), found.rows("left_out")
    person = named_in(case.matter.words, found)
    if person:
        return _of_person(person, rows, barred)
    told = [f"{sentence(str(row.get('title', '')))} {say.left_out(row)}" for row in rows[:_MOST]]
    told += [say.cannot_go(one) for one in barred[:_MOST]]
    return lines(*told) if told else "There is no suggestion right now, so nobody is left out of one."


def _of_person(name: str, rows: Sequence[Opportunity], barred: Sequence[Opportunity]) -> str:
    told = []
    for row in rows:
        title = quoted(str(row.get("title", "")))
        audience = row.get("audience") or {}
        told += [
            f"{name} gets {title}: {one.get('because', '')}."
            for one in audience.get("sample") or []
            if one.get("name") == name
        ]
        told += [f"{name} is left out of {title} for {quoted(reason)}." for reason in _reasons(name, audience)]
    for one in barred:
        title = str((one.get("product") or {}).get("name") or one.get("kind", ""))
        told += [f"{name} is left out of {quoted(title)} for {quoted(reason)}." for reason in _reasons(name, one)]
    return lines(*dict.fromkeys(told))


def _reasons(name: str, holding: Mapping[str, Any]) -> list[str]:
    return [
        str(excluded.get("reason", ""))
        for excluded in holding.get("exclusions") or []
        if any(one.get("name") == name for one in excluded.get("customers") or [])
    ]


def people_in(found: Outcome) -> dict[str, str]:
    """Everybody whom the opportunities name: name → customer id."""
    people: dict[str, str] = {}
    for row in (*found.rows("opportunities"), *found.rows("left_out")):
        audience = row.get("audience") or row
        rows = [*(audience.get("sample") or []), *(row.get("evidence") or [])]
        rows += [one for excluded in audience.get("exclusions") or [] for one in excluded.get("customers") or []]
        for one in rows:
            if one.get("name") and one.get("customer_id"):
                people.setdefault(str(one["name"]), str(one["customer_id"]))
    return people


def named_in(text: str, found: Outcome) -> str:
    """The name, among those the opportunities name, that a text says; empty where it says none."""
    return name_said(text, list(people_in(found)))


def name_said(text: str, names: Sequence[str]) -> str:
    """The one of ``names`` that ``text`` says, whole or by one of its parts."""
    words = set(re.findall(r"[\w'-]+", text.casefold()))
    words |= {word.removesuffix("'s") for word in words}
    shared = [sum(part in words for part in name.casefold().split()) for name in names]
    best = max(shared, default=0)
    return names[shared.index(best)] if best else ""
