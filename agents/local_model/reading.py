"""A message as the understanding reads it: shorthand spelled out, slips of the pen mended, courtesies set aside."""

import re
from functools import cache

SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")

ORDER_NUMBER = re.compile(
    r"#\s?[a-z]{0,4}-?\d[\w-]*"  # #W1, #1001, #A-10023
    r"|\b[a-z]{1,3}-?\d{5,}\b"  # w2378156, A-10023
    r"|(?<=\border )\d{3,}\b|(?<=\border number )\d{3,}\b|(?<=\border no )\d{3,}\b|(?<=\border no\. )\d{3,}\b",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_SHORTHAND = {
    "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please", "thx": "thanks", "ty": "thanks",
    "tysm": "thank you so much", "wheres": "where is", "whats": "what is", "hows": "how is", "im": "i am",
    "ive": "i have", "cant": "can't", "dont": "don't", "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't",
    "wont": "won't", "havent": "haven't", "hasnt": "hasn't", "wanna": "want to", "gonna": "going to",
    "gimme": "give me", "lemme": "let me", "smth": "something", "sth": "something", "abt": "about", "bc": "because",
    "b4": "before", "pkg": "package", "acct": "account", "pw": "password", "nvm": "never mind", "msg": "message",
    "btw": "by the way", "asap": "as soon as possible", "tmrw": "tomorrow", "xchange": "exchange", "idk": "not sure",
    "thats": "that is", "cya": "see you", "yup": "yes", "nah": "no", "oder": "order", "w/o": "without",
}  # fmt: skip

# Words of the trade that are mended when a letter is missing, doubled or exchanged with its neighbour.
_TRADE = """
order orders ordered parcel parcels package packages delivery deliver delivered delivering shipping shipped shipment
tracking tracked return returns returned returning refund refunds refunded exchange exchanged cancel cancelled
cancellation address addresses payment payments invoice invoices receipt receipts account password newsletter
unsubscribe discount discounts coupon voucher balance review reviews complaint damaged broken arrive arrived arrives
warranty recommend recommendation available waterproof jacket vacuum color colour credit received receive please
thanks question different another status changed product products
""".split()
_REAL_WORDS = {"revere", "adres"}

_OPENING = re.compile(
    r"^(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings|dear \w+|excuse me|sup|yo|ok(?:ay)?|oh)"
    r"(?:\s+(?:there|all|team|everyone|guys|folks|again))?[\s,.!:;-]+"
    r"|(?:yes|yeah|sure|ok(?:ay)?|alright|all right|great|perfect|certainly|of course|hmm|ah|well|so|sorry|thanks"
    r"|thank you(?: so much| very much)?)[,.!;:-]+\s+)+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:[\s,.!;-]+(?:please|thanks(?: a lot| so much| in advance)?|thank you(?: so much| very much| in advance)?"
    r"|cheers|kind regards|best regards))+[\s.!]*$",
    re.IGNORECASE,
)
_LEAST_WORDS = 3


def sentences(text: str) -> list[str]:
    """The sentences (and lines) of ``text``, trimmed, none empty."""
    return [part.strip() for part in SENTENCE_END.split(text) if part.strip()]


def core(text: str) -> str:
    """The message without salutation and thanks; as it is, if little else is in it."""
    stripped = _CLOSING.sub("", _OPENING.sub("", text.strip()))
    return stripped if len(stripped.split()) >= _LEAST_WORDS else text.strip()


def plain(text: str) -> str:
    """Lower case, shorthand spelled out, slips mended; order numbers and e-mail addresses replaced by stand-ins."""
    text = text.replace("’", "'").replace("‘", "'").casefold()
    text = EMAIL.sub("my e-mail address", text)
    text = ORDER_NUMBER.sub("order 1001", text)
    text = re.sub(r"\border(?: number| no\.?| id)?:? order 1001", "order 1001", text)
    return re.sub(r"w/o|[a-z0-9]+(?:'[a-z]+)?", lambda match: _word(match[0]), text)


def _word(word: str) -> str:
    return _SHORTHAND.get(word) or _slips().get(word, word)


@cache
def _slips() -> dict[str, str]:
    """A slip of the pen → the word that was meant."""
    slips: dict[str, str] = {}
    for word in _TRADE:
        for i in range(1, len(word) - 1):
            missing, doubled = word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:]
            exchanged = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
            slips.update((slip, word) for slip in (missing, doubled, exchanged) if slip not in slips)
    real = {*_TRADE, *_REAL_WORDS}
    return {slip: word for slip, word in slips.items() if slip not in real and len(slip) > len("order") - 1}
