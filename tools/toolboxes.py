"""The tools that each agent has."""

from tools.campaigns.tools import CAMPAIGN_TOOLS
from tools.customer_memory import recall_memory, show_memory
from tools.knowledge import search_knowledge
from tools.registry import Toolbox
from tools.service_desk import hand_to_person
from tools.shop.catalog import get_product
from tools.shop.orders import find_orders, get_order
from tools.shop.recommend import recommend_products
from tools.shop.search import search_products
from tools.shop.wishes import find_for_wishes


def support_toolbox() -> Toolbox:
    """What the support agent can do for the shopper who is chatting."""
    return Toolbox(
        (
            find_orders, get_order, search_products, get_product, recommend_products, find_for_wishes,
            search_knowledge, show_memory, recall_memory, hand_to_person,
        )
    )  # fmt: skip


def marketing_toolbox() -> Toolbox:
    """What the marketing agent can look into; it speaks for no customer."""
    return Toolbox((*CAMPAIGN_TOOLS, search_products, search_knowledge))
