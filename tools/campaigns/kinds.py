"""The kinds of opportunities, and the reasons not to write to somebody who fits one."""

from enum import StrEnum


class Kind(StrEnum):
    """What makes it worth writing now."""

    WISH_MET = "wish_met"
    CART_LEFT = "cart_left"
    BACK_IN_STOCK = "back_in_stock"


class Reason(StrEnum):
    """Why somebody who fits is not written to, in the order in which reasons are looked for; the first counts."""

    COMPLAINT = "open complaint"
    CONSENT = "no e-mail consent"
    ADDRESS = "no way to reach them"
    ORDERED = "ordered it meanwhile"
    MESSAGED = "messaged in the last 3 days"
    BETTER = "gets a better message"
