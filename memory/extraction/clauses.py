"""A message as clauses: who says what, and whether it is said at all or only asked, imagined or reported."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from memory.extraction.amounts import amounts
from memory.extraction.lexicon import Lexicon, Mention
from memory.extraction.patterns import Row
from memory.extraction.sayings import sayings
from memory.extraction.stance import Stance, stance_of
from memory.extraction.tokens import Token, tokenize

_LONGEST = 60  # words; nobody's clause is longer, and reading one stays linear


@dataclass(frozen=True)
class Clause:
    """Words that belong together. ``start`` and ``end`` are places in the message; ``sentence`` counts from 0."""

    row: Row
    start: int
    end: int
    sentence: int
    stance: Stance


@dataclass(frozen=True)
class _Sentence:
    tokens: Sequence[Token]
    asks: bool


def clauses(text: str, lexicon: Lexicon) -> list[Clause]:
    """The clauses of a message in order."""
    found: list[Clause] = []
    for number, sentence in enumerate(_sentences(text)):
        parts = list(_parts(sentence.tokens))
        stances = stance_of([[token.word for token in part] for part in parts], asks=sentence.asks)
        for k, (part, stance) in enumerate(zip(parts, stances, strict=True)):
            resumes = k == 0 or stances[k - 1].of_writer
            part = _without_greeting(part)
            tokens = _with_subject(part) if resumes and not stance.question else part
            row = row_of(tokens, text, lexicon)
            found.append(Clause(row, part[0].start, part[-1].end, number, stance))
    return found


def whole(text: str, lexicon: Lexicon) -> Row:
    """All words of a text as one row, whatever they say."""
    tokens = [token for token in tokenize(text) if not token.filler]
    return row_of(tokens, text, lexicon)


def row_of(tokens: Sequence[Token], text: str, lexicon: Lexicon) -> Row:
    """Tokens with what the lexicon and the numbers say of them."""
    found: dict[int, list[Mention]] = {}
    for mention in (*lexicon.mentions(tokens), *amounts(tokens, text)):
        if mention.kind not in {"city", "brand"} or _is_name(mention, tokens, text, lexicon):
            found.setdefault(mention.first, []).append(mention)
    for mention in _names(tokens, text):
        found.setdefault(mention.first, []).append(mention)
    return Row(tokens, [token.word for token in tokens], found)


def _is_name(mention: Mention, tokens: Sequence[Token], text: str, lexicon: Lexicon) -> bool:
    return lexicon.may_be_name(mention.value, text[tokens[mention.first].start : tokens[mention.after - 1].end])


def _names(tokens: Sequence[Token], text: str) -> Iterator[Mention]:
    """Runs of one to three capitalised words: ``place`` mentions, for towns no list has."""
    at = 0
    while at < len(tokens):
        after = at
        while (
            after < min(at + 3, len(tokens))
            and _capitalised(tokens[after], text)
            and (after == at or tokens[after].gap == " ")
        ):
            after += 1
        if after > at:
            yield Mention("place", text[tokens[at].start : tokens[after - 1].end], at, after)
        at = max(after, at + 1)


def _capitalised(token: Token, text: str) -> bool:
    raw = text[token.start : token.end]
    return len(raw) > 2 and raw[0].isupper() and raw[1:].islower() and raw.isalpha()


def _sentences(text: str) -> Iterator[_Sentence]:
    sentence: list[Token] = []
    gap, last = "", 0
    for token in tokenize(text):
        unspaced = token.gap == "." and text[token.start].isupper()  # "… fur lining.I live in Chicago"
        if sentence and (_ends(token.gap, sentence[-1].word) or (unspaced and len(sentence[-1].word) > 2)):
            yield _Sentence(sentence, "?" in gap + token.gap)
            sentence, gap = [], ""
        last = token.end
        gap += token.gap
        if token.filler:
            gap += token.word + " "
        else:
            sentence.append(replace(token, gap=gap) if gap != token.gap else token)
            gap = ""
    if sentence:
        yield _Sentence(sentence, "?" in gap + text[last:])


def _ends(gap: str, before: str) -> bool:
    if gap in {"", " "}:
        return False
    if any(mark in gap for mark in "!?;\n"):
        return True
    dot = gap.find(".")
    return dot >= 0 and before not in _words("abbreviations") and gap[dot + 1 : dot + 2] in {" ", ".", "\t", ")", '"'}


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    part: list[Token] = []
    for k, token in enumerate(tokens):
        after = tokens[k + 1].word if k + 1 < len(tokens) else ""
        if part and (_begins(token, after, part) or len(part) >= _LONGEST):
            while part and part[-1].word in _words("conjunctions"):
                part.pop()
            if part:
                yield part
            part = []
        if part or token.word not in _words("conjunctions") or k == len(tokens) - 1:
            part.append(token)
    if part:
        yield part


def _begins(token: Token, after: str, part: Sequence[Token]) -> bool:
    """Whether a token begins a new clause after ``part``."""
    before = part[-1].word
    if token.word == "if":
        return before not in _words("no_split_before_if")
    if token.word in _words("auxiliaries") and after in _words("subjects") and token.word != "would":
        return (
            _soft(token) or before in _words("conjunctions") or (after in {"you", "there"} and not _asks_already(part))
        )
    joined = before in _words("conjunctions")
    if token.word in _words("openers") or (token.word, after) == ("do", "not"):
        return _soft(token) or joined
    if token.word == "anything":
        return _soft(token) and after in _words("anything_what")
    if token.word == "any":
        return _soft(token) and after in _words("any_what")
    return joined and token.word in _words("openers_joined")


def _asks_already(part: Sequence[Token]) -> bool:
    return len(part) < 3 or any(token.word in _words("asking") for token in part)


def _soft(token: Token) -> bool:
    """Whether a comma, dash, bracket, smiley or "so" stands before a token."""
    gap = token.gap
    return gap not in {"", " "} and (
        any(mark in gap for mark in ",:()–—|/") or " - " in gap or " so " in f" {gap}" or not gap.isascii()
    )


def _without_greeting(tokens: list[Token]) -> list[Token]:
    """``hey any red coats?`` begins at "any"; ``hello from Lisbon`` says something."""
    start = 0
    while start < len(tokens) - 1 and tokens[start].word in _words("greetings"):
        start += 1
    return tokens if tokens[start].word in {"from", "all", "everyone"} else tokens[start:]


def _with_subject(tokens: list[Token]) -> list[Token]:
    """``want a coat`` says ``i want a coat``: the words get the subject that they leave out."""
    first, second = tokens[0], tokens[1].word if len(tokens) > 1 else ""
    subject = replace(first, word="i", end=first.start)
    if first.word == "been":
        return [subject, replace(subject, word="have", gap=""), *tokens]
    if first.word in _words("resumes_i") and not (first.word == "do" and second != "not"):
        return [subject, *tokens]
    if first.word in _words("resumes_i_am"):
        return [subject, replace(subject, word="am", gap=""), *tokens]
    return tokens


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("clause").words(name)
