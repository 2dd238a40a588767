"""What stands: on an earlier line of the file, or in the shop already."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from sqlmodel import Session, col, select

from memory.tables import Conversation, Identity
from tools.shop.importing.ids import conversation_id
from tools.shop.importing.records import CustomerRecord, OrderRecord, ProductRecord, Record
from tools.shop.tables import Order, PaymentMethod, Product, Variant

_PIECE = 500


class Standing:
    """Looks things up for the checks, in bulk for all the records of a file; what passes its check is added."""

    def __init__(self, session: Session, source: str, records: Iterable[Record]) -> None:
        self._session = session
        self._source = source
        self._entered: set[str] = set()
        self._keys: dict[tuple[str, str], str] = {}
        self._methods: dict[str, set[str]] = {}
        self._conversations: dict[str, str] = {}
        self._holders: dict[tuple[str, str], str] = {}
        self._orders: dict[str, str] = {}
        self._read(records)

    def _read(self, records: Iterable[Record]) -> None:
        wanted: dict[str, set[str]] = {"shop": set(), "email": set(), "phone": set()}
        numbers: set[str] = set()
        for record in records:
            if isinstance(record, CustomerRecord):
                wanted["shop"].add(record.key)
                wanted["email"].update(filter(None, [record.email]))
                wanted["phone"].update(filter(None, [record.phone]))
            elif isinstance(owner := getattr(record, "customer", None), str):
                wanted["shop"].add(owner)
            if isinstance(record, OrderRecord):
                numbers.add(record.key)
        for kind, values in wanted.items():
            for piece in _pieces(values):
                held = select(Identity.value, Identity.customer_id).where(
                    Identity.kind == kind, col(Identity.value).in_(piece)
                )
                self._holders.update({(kind, value): holder for value, holder in self._session.exec(held).all()})
        for piece in _pieces(numbers):
            owned = select(Order.number, Order.customer_id).where(
                Order.source == self._source, col(Order.number).in_(piece)
            )
            self._orders.update(self._session.exec(owned).all())

    @cached_property
    def products(self) -> set[str]:
        """The ids of products."""
        return set(self._session.exec(select(Product.source_id).where(Product.source == self._source)).all())

    @cached_property
    def skus(self) -> dict[str, str]:
        """SKUs, and the product each belongs to."""
        wanted = select(Variant.sku, Product.source_id).join(Product).where(Product.source == self._source)
        return dict(self._session.exec(wanted).all())

    def add_product(self, product: ProductRecord) -> None:
        self.products.add(product.key)
        self.skus.update({variant.sku: product.key for variant in product.variants})

    def has_customer(self, key: str) -> bool:
        """Whether there is a customer with this id of the shop."""
        return key in self._entered or ("shop", key) in self._holders

    def holder(self, kind: str, value: str) -> str | None:
        """The id of the customer in the shop that an identity leads to."""
        return self._holders.get((kind, value))

    def owner_in_file(self, kind: str, value: str) -> str | None:
        """The customer of the file that has this e-mail or phone."""
        return self._keys.get((kind, value))

    def shop_ids(self, customer_id: str) -> list[str]:
        """The shop's ids of a customer in the shop."""
        wanted = select(Identity.value).where(Identity.customer_id == customer_id, Identity.kind == "shop")
        return list(self._session.exec(wanted).all())

    def add_customer(self, customer: CustomerRecord, identities: Mapping[str, str]) -> None:
        self._entered.add(customer.key)
        self._keys.update(dict.fromkeys(identities.items(), customer.key))
        if customer.methods is not None:
            self._methods[customer.key] = {method.key for method in customer.methods}

    def methods(self, key: str) -> set[str]:
        """The ids of a customer's payment methods."""
        if key not in self._methods:
            wanted = select(PaymentMethod.source_id).where(PaymentMethod.customer_id == self.holder("shop", key))
            self._methods[key] = set(self._session.exec(wanted).all())
        return self._methods[key]

    def is_others_order(self, number: str, customer: str) -> bool:
        """Whether an order of this number belongs to somebody else."""
        return self._orders.get(number, customer) not in (customer, self.holder("shop", customer))

    def add_order(self, order: OrderRecord) -> None:
        self._orders[order.key] = order.customer

    def has_conversation(self, conversation: str, customer: str) -> bool | None:
        """Whether the conversation is this customer's; ``None`` where there is no such conversation."""
        if conversation in self._conversations:
            return self._conversations[conversation] == customer
        there = self._session.get(Conversation, conversation_id(self._source, conversation))
        return None if there is None else there.customer_id == self.holder("shop", customer)

    def add_conversation(self, conversation: str, customer: str) -> None:
        self._conversations[conversation] = customer


def _pieces(values: Iterable[str]) -> list[list[str]]:
    listed = sorted(values)
    return [listed[start : start + _PIECE] for start in range(0, len(listed), _PIECE)]
