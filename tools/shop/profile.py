"""The shop as it presents itself: its name, and its days."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from tools.shop.tables import ShopProfile

UNNAMED = "our shop"


def shop_name(session: Session) -> str:
    """As shoppers know it; ``our shop`` while nothing has been imported."""
    return session.exec(select(ShopProfile.name).order_by(ShopProfile.source)).first() or UNNAMED


def shop_zone(session: Session) -> ZoneInfo:
    """Where the shop is; UTC while nothing has been imported."""
    return ZoneInfo(session.exec(select(ShopProfile.timezone).order_by(ShopProfile.source)).first() or "UTC")


def spoken_day(at: datetime, zone: ZoneInfo) -> str:
    """A date as people read it: ``2 March 2026``."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y}"
