"""What follows when identities arrive together: who it is, and who turns out to be the same.

1. A shop's id or another system's says more than an e-mail, that more than a phone, that more than a device.
2. An anonymous customer met together with a known one is theirs: merged. Several anonymous ones are one.
3. Devices are shared. An ``anonymous`` or ``device`` id that belongs to a known customer never joins two people:
   it goes along with whoever signs in, and what was done on it before stays where it is.
4. Two known customers are merged only when whoever tells vouches for all that they are found by, no phone among it
   (families share phones), and none of their verified identities contradict: of each kind that both have verified,
   they share one.
5. Found by the weaker identity while the stronger one is new and theirs is another, it is somebody else: a family's
   phone, an e-mail that went with an order for a friend.
6. Whoever was parted by an undone merge is not merged by rule again.

What 4, 5 and 6 refuse raises ``Contradiction``, and changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kit.errors import Conflict
from memory.identity.normal import is_personal
from memory.tables import Identity

Key = tuple[str, str]


class Contradiction(Conflict):
    """Identities that arrived together lead to different customers; nobody was merged."""

    def __init__(self, message: str, customer_ids: Sequence[str]) -> None:
        super().__init__(message)
        self.customer_ids = tuple(customer_ids)


@dataclass(frozen=True)
class Verdict:
    """Who it is: ``customer_id``, or somebody new; ``joins`` are the same; ``carried`` devices change hands."""

    customer_id: str | None
    joins: Sequence[str] = ()
    carried: Sequence[Key] = ()


@dataclass(frozen=True)
class Meeting:
    """The keys that arrived, whom those known lead to, and the personal identities of everybody they lead to."""

    keys: Sequence[Key]
    owners: Mapping[Key, str]
    personal: Mapping[str, Sequence[Identity]]
    parted: Collection[frozenset[str]]
    vouched: Collection[str]

    def judge(self) -> Verdict:
        """Raises ``Contradiction``."""
        by_person = self._led_to([key for key in self.keys if is_personal(key[0])])
        if not any(is_personal(kind) for kind, _ in self.keys):
            return self._by_device()
        if len(by_person) > 1:
            self._check_that_they_are_one(by_person)
        elif by_person:
            self._check_that_it_is(by_person[0])
        return self._with_devices(by_person)

    def _by_device(self) -> Verdict:
        owners = self._led_to(sorted(self.keys))  # an anonymous id, which is of one session, before a device's
        if not owners:
            return Verdict(None)
        alone = owners[0] in self.personal or self._parted_from(owners[0], owners[1:])
        return Verdict(owners[0], () if alone or any(one in self.personal for one in owners) else owners[1:])

    def _with_devices(self, people: Sequence[str]) -> Verdict:
        devices = {key: owner for key, owner in self.owners.items() if not is_personal(key[0])}
        guests = [one for one in dict.fromkeys(devices.values()) if one not in self.personal]
        joined = list(people)
        for guest in guests:
            if guest not in joined and not self._parted_from(guest, joined):
                joined.append(guest)
        carried = [key for key, owner in devices.items() if owner not in joined]
        return Verdict(joined[0] if joined else None, joined[1:], carried)

    def _check_that_they_are_one(self, people: Sequence[str]) -> None:
        found = [key for key in self.keys if is_personal(key[0]) and key in self.owners]
        told = ", ".join(f"{kind} {value!r} belongs to {self.owners[kind, value]}" for kind, value in found)
        for person in people:
            kind = max((kind for kind, value in found if self.owners[kind, value] == person), key=strength)
            if kind == "phone":
                raise self._apart(told, people, "a phone may be shared")
            if kind not in self.vouched:
                raise self._apart(told, people, f"nobody vouches for the {kind}")
        for one, other in combinations(people, 2):
            if kind := self._contradicted(one, other):
                raise self._apart(told, people, f"each has a verified {kind} of their own")
            if self._parted_from(one, [other]):
                raise self._apart(told, people, "their merge was undone")

    def _check_that_it_is(self, person: str) -> None:
        found = [key for key in self.keys if is_personal(key[0]) and key in self.owners]
        strongest = max(strength(kind) for kind, _ in found)
        for kind, value in self.keys:
            others = [identity.value for identity in self.personal.get(person, ()) if identity.kind == kind]
            if (kind, value) not in self.owners and strength(kind) > strongest and others:
                (by, known), *_ = found
                raise Contradiction(
                    f"{by} {known!r} belongs to customer {person}, who has another {kind} than {value!r}: different "
                    f"customers, as it seems; leave the {by} out, or link the {kind} to {person} if it is theirs too",
                    [person],
                )

    def _apart(self, told: str, people: Sequence[str], why: str) -> Contradiction:
        return Contradiction(
            f"{told}: different customers, not merged because {why}; "
            f"`./rapport customer merge {people[0]} {people[1]}` makes one of them, if they are",
            people,
        )

    def _contradicted(self, one: str, other: str) -> str:
        """The kind in which both have something verified and nothing in common."""
        sides = [_verified(self.personal.get(customer, ())) for customer in (one, other)]
        both = sorted(sides[0].keys() & sides[1].keys() - {"phone"})
        return next((kind for kind in both if not sides[0][kind] & sides[1][kind]), "")

    def _parted_from(self, one: str, others: Sequence[str]) -> bool:
        return any(frozenset((one, other)) in self.parted for other in others)

    def _led_to(self, keys: Sequence[Key]) -> list[str]:
        """Whom these keys lead to, by the strongest first."""
        ordered = sorted(keys, key=lambda key: -strength(key[0]))
        return list(dict.fromkeys(self.owners[key] for key in ordered if key in self.owners))


def strength(kind: str) -> int:
    """How much an identity of this kind says of who it is, from 0."""
    return {"phone": 1, "email": 2}.get(kind, 3) if is_personal(kind) else 0


def _verified(identities: Sequence[Identity]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for identity in identities:
        if identity.verified_at is not None:
            found.setdefault(identity.kind, set()).add(identity.value)
    return found
