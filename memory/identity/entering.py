"""Finding and making customers by their identities. What identities that arrive together mean is ``rules``' to say."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import tuple_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from kit.errors import InvalidInput, Unavailable
from kit.ids import CustomerId, new_id
from memory.identity.merging import Settle, merge, parted
from memory.identity.normal import DEVICES, is_personal, normalised
from memory.identity.rows import current, customer
from memory.identity.rules import Contradiction, Key, Meeting, strength
from memory.tables import Customer, Identity, MergeSuggestion

Identities = Mapping[str, str | Sequence[str]]
"""Kind → value, or values."""

_TRIES = 5


@dataclass(frozen=True)
class Told:
    """Who tells of these identities and when; ``vouched`` are the kinds that the source answers for."""

    at: datetime
    source: str = ""
    vouched: Collection[str] = ()
    first_name: str = ""
    last_name: str = ""
    timezone: str = "UTC"


class Entrance:
    """Enters customers in one unit of work. ``region`` is that of phones without a country code."""

    def __init__(self, session: Session, settle: Settle, region: str | None) -> None:
        self._session = session
        self._settle = settle
        self._region = region

    def find(self, kind: str, value: str) -> CustomerId | None:
        """The customer an identity leads to."""
        held = self._held([(kind, normalised(kind, value, self._region))])
        return CustomerId(next(iter(held.values())).customer_id) if held else None

    def recognise(self, identities: Identities) -> CustomerId | None:
        """The customer, if there is nothing to change: all of these lead to one, and the personal ones are verified."""
        keys = self._keys(identities)
        held = self._held(keys)
        owners = {row.customer_id for row in held.values()}
        verified = all(row.verified_at is not None for row in held.values() if is_personal(row.kind))
        return CustomerId(owners.pop()) if len(held) == len(keys) and len(owners) == 1 and verified else None

    def enter(self, identities: Identities, told: Told) -> CustomerId:
        """The customer of these identities, found or made; what follows from their meeting is done.

        Two that enter the same at once make one customer. Raises ``InvalidInput`` and ``Contradiction``.
        """
        keys = self._keys(identities)
        if not keys:
            raise InvalidInput(
                "a customer needs at least one identity: an e-mail, a phone, an anonymous or a shop's id"
            )
        return self._resolved(lambda: self._enter(keys, told))

    def sign_in(self, identities: Identities, told: Told) -> CustomerId:
        """As ``enter``, for somebody who must come in: contradicted, the strongest identity decides who it is.

        The others stay where they are, and the two customers are suggested to be looked at.
        """
        try:
            return self.enter(identities, told)
        except Contradiction as contradiction:
            keys = self._keys(identities)
            decisive = max(keys, key=lambda key: strength(key[0]))
            left = [key for key in keys if is_personal(key[0]) and key != decisive]
            apart = [key for key in keys if key not in left]
            found = self._resolved(lambda: self._enter(apart, told))
            for other in contradiction.customer_ids:
                self._suggest(found, other, told.at, sorted(kind for kind, _ in left))
            return found

    def bring(self, customer_id: str, devices: Identities, told: Told) -> CustomerId:
        """Takes what an anonymous customer did on these devices along to a known one, by the rules of a sign-in."""
        keys = [key for key in self._keys(devices) if not is_personal(key[0])]
        return self._resolved(lambda: self._bring(customer_id, keys, told))

    def link(self, customer_id: str, kind: str, value: str, told: Told) -> None:
        """Adds an identity to a customer. Raises ``Contradiction`` where it is somebody else's."""
        key = (kind, normalised(kind, value, self._region))
        mine = customer(self._session, customer_id).id
        row = self._held([key]).get(key)
        if row is not None and row.customer_id != mine:
            raise Contradiction(
                f"{kind} {row.value!r} belongs to {row.customer_id}, not to {mine}: different customers; "
                f"`./rapport customer merge {row.customer_id} {mine}` makes one of them, if they are",
                [row.customer_id, mine],
            )
        self._write([key], {key: row} if row else {}, mine, told)

    def _resolved(self, attempt: Callable[[], str]) -> CustomerId:
        for _ in range(_TRIES):
            try:
                with self._session.begin_nested():
                    return CustomerId(attempt())
            except IntegrityError:  # somebody entered one of these at the same moment: look again
                continue
        raise Unavailable("these identities are being entered by others again and again; try once more")

    def _bring(self, customer_id: str, keys: Sequence[Key], told: Told) -> str:
        mine = current(self._session, customer_id).id
        held = self._held(keys)
        asked = ("customer", mine)  # stands for the customer's own identities, whichever they are
        owners = {asked: mine, **{key: row.customer_id for key, row in held.items()}}
        return self._follow(self._meeting([asked, *keys], owners, told), held, told)

    def _enter(self, keys: Sequence[Key], told: Told) -> str:
        held = self._held(keys)
        meeting = self._meeting(keys, {key: row.customer_id for key, row in held.items()}, told)
        return self._follow(meeting, held, told)

    def _meeting(self, keys: Sequence[Key], owners: Mapping[Key, str], told: Told) -> Meeting:
        ids = sorted(set(owners.values()))
        wanted = select(Identity).where(col(Identity.customer_id).in_(ids), col(Identity.kind).not_in(DEVICES))
        personal: dict[str, list[Identity]] = {}
        for row in self._session.exec(wanted).all():
            personal.setdefault(row.customer_id, []).append(row)
        undone = parted(self._session, ids) if len(ids) > 1 else set()
        return Meeting(keys, owners, personal, undone, told.vouched)

    def _follow(self, meeting: Meeting, held: Mapping[Key, Identity], told: Told) -> str:
        """Does what the rules say."""
        verdict = meeting.judge()
        found = verdict.customer_id or self._make(told)
        evidence = [key for key in meeting.keys if key in held]
        for other in verdict.joins:
            done = merge(
                self._session, self._settle, found, other,
                at=told.at, reason=told.source or "identities that arrived together", evidence=evidence,
            )  # fmt: skip
            found = done.survivor_id
        row = customer(self._session, found)
        if not (row.first_name or row.last_name):
            row.first_name, row.last_name = told.first_name, told.last_name
        for key in verdict.carried:
            held[key].customer_id = row.id
        self._write([key for key in meeting.keys if key[0] != "customer"], held, row.id, told)
        return row.id

    def _make(self, told: Told) -> str:
        made = Customer(
            id=new_id("cus", told.at), created_at=told.at, first_name=told.first_name, last_name=told.last_name,
            timezone=told.timezone,
        )  # fmt: skip
        self._session.add(made)
        self._session.flush()
        return made.id

    def _write(self, keys: Sequence[Key], held: Mapping[Key, Identity], customer_id: str, told: Told) -> None:
        for kind, value in keys:
            row = held.get((kind, value))
            if row is None:
                row = Identity(kind=kind, value=value, customer_id=customer_id, at=told.at, source=told.source)
                self._session.add(row)
            if kind in told.vouched and row.verified_at is None:
                row.verified_at, row.source = told.at, told.source
        self._session.flush()

    def _suggest(self, one: str, other: str, at: datetime, kinds: Sequence[str]) -> None:
        first, second = sorted((one, other))
        if first != second and self._session.get(MergeSuggestion, (first, second)) is None:
            reason = f"signed in as one with the other's {' and '.join(kinds)}"
            self._session.add(MergeSuggestion(customer_id=first, other_id=second, at=at, reason=reason))
            self._session.flush()

    def _keys(self, identities: Identities) -> list[Key]:
        """In one order, so that two who enter the same at once wait for each other and not in a ring."""
        pairs = [
            (kind, value)
            for kind, values in identities.items()
            for value in ([values] if isinstance(values, str) else values)
        ]
        return sorted({(kind, normalised(kind, value, self._region)) for kind, value in pairs})

    def _held(self, keys: Sequence[Key]) -> dict[Key, Identity]:
        wanted = select(Identity).where(tuple_(col(Identity.kind), col(Identity.value)).in_(keys))
        rows = self._session.exec(wanted.execution_options(populate_existing=True)).all()
        return {(row.kind, row.value): row for row in rows}
