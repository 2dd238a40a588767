"""What a shop calls the things it sells: the nouns of its categories, for reading customers' words."""

from sqlmodel import col, select

from kit.database import Database
from memory.extraction.lexicon import lexicon
from memory.extraction.tokens import words
from tools.shop.tables import Product

_MOST = 500
_LONGEST = 3  # words


def catalog_items(database: Database) -> list[str]:
    """The categories of the catalog that no lexicon has, as nouns in the singular; none of a shop without products."""
    with database.read() as session:
        categories = session.exec(
            select(Product.category).distinct().order_by(col(Product.category)).limit(_MOST)
        ).all()
    found = []
    for category in categories:
        name = " ".join(words(category))
        if name and len(name.split()) <= _LONGEST and lexicon().item_in(name) is None:
            found.append(name)
    return found
