"""A further wish about what was sought: "in blue instead", "something cheaper", "and with a hood"."""

from agents.local_model.patterns import phrases
from kit.lexical import terms
from memory.extraction.lexicon import Mention, lexicon
from memory.extraction.tokens import Token, tokenize

_REFINES = phrases(
    """
    cheaper|less expensive|instead|similar|more like|another|others?|anything|something|same|rather|but|and|else
    bigger|smaller|lighter|warmer|longer|shorter|without|with|in|under|below|what about|how about|size
    """
)
_SHORT = 8
_NO_WISH = "what about how instead rather else something anything one ones please same but others another"


def refines(text: str) -> bool:
    """Whether a message only adds to a search: it is short, has words that do, and names no thing of its own."""
    return len(text.split()) <= _SHORT and bool(_REFINES.search(text)) and lexicon().item_in(text) is None


def refined(before: str, now: str) -> str:
    """The earlier description with the further wish: a colour named now stands where one stood, or before the thing."""
    colors = [now[start:end] for _, start, end in _found(now, "color")]
    with_color = _colored(before, colors[-1]) if colors else None
    if with_color is None:
        return f"{before.rstrip(' .!?')}, {now}"
    more = set(terms(now)) - set(terms(f"{colors[-1]} {_NO_WISH}"))
    return f"{with_color}, {now}" if more else with_color


def _colored(text: str, color: str) -> str | None:
    places, things = _found(text, "color"), _found(text, "item")
    if places:
        _, start, end = places[-1]
        return f"{text[:start]}{color}{text[end:]}".rstrip(" .!?")
    if things:
        _, start, _ = things[-1]
        return f"{text[:start]}{color} {text[start:]}".rstrip(" .!?")
    return None


def _found(text: str, kind: str) -> list[tuple[Mention, int, int]]:
    """The mentions of a kind, with where they stand in the text."""
    tokens: list[Token] = tokenize(text)
    mentions = [mention for mention in lexicon().mentions(tokens) if mention.kind == kind]
    return [(mention, tokens[mention.first].start, tokens[mention.after - 1].end) for mention in mentions]
