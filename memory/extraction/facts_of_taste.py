"""What a person likes, will not wear or cannot bear: colours, materials, fits."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from memory.extraction.lexicon import Mention
from memory.extraction.patterns import Match
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, rules_of
from memory.extraction.sayings import sayings
from memory.extraction.unlisted import singular


def _liked(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for mention in _meant(said, match):
        yield said.fact(f"{mention.kind}.liked", mention.value)


def _disliked(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    over = said.row.words[-2:] == ["any", "more"] and said.has("like", "love") and said.has("not")
    for mention in _meant(said, match):
        if over:  # once liked
            yield said.fact(f"{mention.kind}.liked", mention.value, retracts=True)
        else:
            yield said.fact(f"{mention.kind}.disliked", mention.value)


def _refused(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``no leather``; not the answer "no, leather", nor "there is nothing red"."""
    row, first = said.row, match.slots[0].first
    begins = match.first == 0 or "," in row.tokens[match.first].gap or "so" in row.tokens[match.first].gap
    begins = begins or row.word(match.first) != "no"
    if begins and "," not in row.tokens[first].gap and row.word(match.first - 1) not in _words("asserts_nothing"):
        yield from _disliked(said, match)


def _irritates(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``wool makes me itch``: a sensitivity."""
    yield from _borne_ill(said, match, "sensitivity")


def _allergic(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I'm allergic to nickel``: an allergy."""
    yield from _borne_ill(said, match, "allergy")


def _borne_ill(said: Said, match: Match[Rule], attribute: str) -> Iterator[FoundFact]:
    """A fabric that the skin cannot bear is not wanted either."""
    if said.has("gone", "outgrown", "outgrew", "hope", "worried"):
        return
    for first in match.slots:
        for mention in said.listed(first, "substance", "material"):
            yield said.fact(attribute, mention.value, 0.9)
            if mention.kind == "material" and not said.row.at(mention.first, "substance"):
                yield said.fact("material.disliked", mention.value, 0.9)


def _allergic_to_anything(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I'm allergic to bee stings``: by the word itself, where it is one or two words that end the clause."""
    row, at = said.row, match.after
    if row.at(at, "substance", "material") or row.word(at) in _words("no_substance"):
        return
    named: list[str] = []
    while (
        at < len(row.tokens)
        and len(named) < 2
        and row.word(at).isalpha()
        and (not named or row.tokens[at].gap in {" ", "-"})
    ):
        if row.word(at) in _words("ends_substance"):
            break
        named.append(row.word(at))
        at += 1
    if named and said.closes(at):
        yield said.fact("allergy", " ".join([*named[:-1], singular(named[-1])]), 0.8)


def _reaction(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``every time I wear nickel I come out in a rash``: a substance, the writer and a reaction in one clause."""
    words = set(said.row.words)
    allergic = "i" in said.words and said.words & {"allergic", "allergy"}  # "no latex, I'm allergic"
    if len(_stuffs(said)) == 1 and said.speaks_of_self(_words("reactions"), _words("no_reaction")):
        yield from _borne_ill(said, match, "allergy" if words & {"allergic", "allergy"} else "sensitivity")
    elif allergic and words & _words("refusals"):
        yield from _allergic(said, match)


def _stuffs(said: Said) -> set[str]:
    row = said.row
    found = (row.at(at, "substance", "material") for at in row.mentions)
    return {mention.value for mention in found if mention}


def _attitude(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``burgundy looks amazing on me``: a colour, the writer and a feeling in one clause that is about no product."""
    row = said.row
    signs = _words("loves") | _words("loathes") | _words("offered")
    if said.clause.stance.about_order or not said.speaks_of_self(signs, _words("about_a_thing")):
        return
    if any(row.at(at, "item", "person", "other_person") for at in row.mentions):
        return
    words = set(row.words)
    refused, loves, loathes = (bool(words & _words(name)) for name in ("refusing", "loves", "loathes"))
    loathes = loathes or bool(words & _words("reactions"))
    if words & {"enough", "without"}:  # "can't get enough of velvet"
        refused = False
    if loves and loathes:
        return
    if (loathes and not refused) or (refused and (loves or words & _words("offered"))):
        yield from (replace(fact, confidence=0.7) for fact in _disliked(said, match))
    elif loves and not (refused or loathes):
        yield from (replace(fact, confidence=0.7) for fact in _liked(said, match))


def _no_more_trouble(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    attribute = "allergy" if said.has("allergic", "allergy") else "sensitivity"
    for mention in match.slots:
        yield said.fact(attribute, mention.value, retracts=True)


def _came_round(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I used to hate pink, but now I love it``."""
    if {"love", "like", "into"} & said.words and "it" in said.words:
        yield from (said.fact(f"{mention.kind}.liked", mention.value, 0.7) for mention in match.slots)


def _it_liked(said: Said, _: Match[Rule]) -> Iterator[FoundFact]:
    """``Anything in lavender? It's my signature colour.``"""
    before = said.before
    found = [before.at(at, "color", "material") for at in before.mentions] if before else []
    named = [mention for mention in found if mention]
    if len(named) == 1:
        yield said.fact(f"{named[0].kind}.liked", named[0].value, 0.8)


def _fitting(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """A fit, the writer and a feeling in one clause that is about no product."""
    against = _words("about_a_thing") | _words("refusing")
    if not said.clause.stance.about_order and said.speaks_of_self(_words("fit_signs"), against):
        yield from _fit(said, match)


def _does_not_mind(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I don't mind wool any more``."""
    if said.has("more") or "now" in said.quote.lower():
        for mention in match.slots:
            yield said.fact(f"{mention.kind}.disliked", mention.value, 0.8, retracts=True)


def _fit(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    fit = next(mention for mention in match.slots if mention.kind == "fit")
    item = said.row.at(fit.after, "item")
    follows = said.row.word(fit.after)
    worn = item is None or said.lexicon.size_attribute(item.value) is not None
    if worn and (
        said.closes(fit.after)
        or follows in {"fit", "fits", "side", "cut", "cuts", "style", "styles", "fitting", "look", "suits", "suit"}
    ):
        yield said.fact("fit", fit.value)


def _meant(said: Said, match: Match[Rule]) -> Iterator[Mention]:
    """The colours and materials of a match that are surely meant as such."""
    firsts = [mention for mention in match.slots if mention.kind in {"color", "material"}]
    for first in firsts:
        listed = [*_before(said, match, first), *said.listed(first, "color", "material")]
        if not (said.closes(listed[-1].after) or said.row.word(listed[-1].after) in _words("lovers")):
            continue
        if said.row.word(listed[0].first - 1) == "the":  # "love the red": this thing's red
            continue
        sure = any(_is_sure(said, mention) for mention in listed)
        if sure or _shown(said, listed[-1]):
            yield from listed


def _is_sure(said: Said, mention: Mention) -> bool:
    """ "Sage green" is a colour; "sage" may not be."""
    several = mention.kind == "color" and mention.after - mention.first > 1
    return several or not said.lexicon.unsure(mention.kind, mention.value)


def _before(said: Said, match: Match[Rule], first: Mention) -> Iterator[Mention]:
    """In "navy and grey are my colours" the pattern begins at grey; navy belongs to it."""
    place = first.first - 1
    if match.first == first.first and said.row.word(place) in {"and", "or"}:
        for at in range(max(0, place - 2), place):
            mention = said.row.at(at, first.kind)
            if mention and mention.after == place:
                yield mention


def _shown(said: Said, mention: Mention) -> bool:
    """Whether the words around show that ``olive`` is the colour, ``down`` the filling."""
    if mention.kind == "material" and said.row.word(mention.first - 1) in {"with", "no", "any", "of"}:
        return True
    return (mention.kind == "color" and bool(_words("names_color") & said.words)) or bool(
        said.row.at(mention.after, "item")
    )


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "liked": Rule(_liked),
        "disliked": Rule(_disliked),
        "refused": Rule(_refused),
        "irritates": Rule(_irritates),
        "allergic": Rule(_allergic),
        "allergic_to": Rule(_allergic_to_anything),
        "attitude": Rule(_attitude),
        "reaction": Rule(_reaction),
        "no_more_trouble": Rule(_no_more_trouble),
        "came_round": Rule(_came_round),
        "does_not_mind": Rule(_does_not_mind),
        "it_liked": Rule(_it_liked),
        "fitting": Rule(_fitting),
        "fit": Rule(_fit),
    }
    return rules_of("taste", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("taste").words(name)
