"""How an opportunity is put into words."""

from tools.campaigns.kinds import Kind
from tools.campaigns.occasion import Occasion


def counted(count: int, thing: str) -> str:
    """``1 customer``, ``1,200 customers``."""
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def title(occasion: Occasion, count: int) -> str:
    """A headline with the audience's size."""
    people, name = counted(count, "customer"), _name(occasion)
    match occasion.kind:
        case Kind.WISH_MET:
            return f"What {people} wished for: {name}"
        case Kind.CART_LEFT:
            return f"{people} left {name or 'something'} in the cart"
        case Kind.BACK_IN_STOCK:
            return f"Back in stock for {people} who looked or asked: {name}"


def why(occasion: Occasion, count: int) -> str:
    """Why it is worth writing now, in one sentence."""
    people, name = counted(count, "customer"), _name(occasion)
    have = "has" if count == 1 else "have"
    match occasion.kind:
        case Kind.WISH_MET:
            return (
                f"{people} asked for something that {name} ({occasion.news}) can meet entirely, "
                f"and {have} not bought it since."
            )
        case Kind.CART_LEFT:
            return (
                f"{people} left {name or 'something'} in the cart 2 hours to 14 days ago and {have} not ordered since; "
                f"{occasion.news}."
            )
        case Kind.BACK_IN_STOCK:
            return (
                f"{people} looked at {name} before it came back, or asked to be told, and {have} not bought it since; "
                f"{occasion.news}."
            )


def _name(occasion: Occasion) -> str:
    return occasion.product.name if occasion.product else ""
