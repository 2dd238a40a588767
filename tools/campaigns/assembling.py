"""From an occasion with its audience to an opportunity that a marketer can check line by line."""

from collections.abc import Mapping
from dataclasses import dataclass

from tools.campaigns.assumptions import Assumptions
from tools.campaigns.choosing import Chosen
from tools.campaigns.kinds import Kind, Reason
from tools.campaigns.occasion import Candidate
from tools.campaigns.opportunity import Audience, Evidence, Excluded, Exclusion, LeftOut, Member, Opportunity
from tools.campaigns.shelf import Shelf
from tools.campaigns.timing import Hours, timing
from tools.campaigns.value import Conversion, Value
from tools.campaigns.wording import title, why


@dataclass(frozen=True)
class Background:
    """What all opportunities of one asking are measured by; ``names`` are people's, by customer id."""

    shelf: Shelf
    names: Mapping[str, str]
    hours: Hours
    rates: Mapping[Kind, Conversion]
    assumptions: Assumptions

    def opportunity(self, chosen: Chosen) -> Opportunity:
        """The opportunity; there must be somebody in its audience."""
        occasion = chosen.occasion
        count = len(chosen.members)
        return Opportunity(
            id=occasion.id,
            kind=occasion.kind,
            title=title(occasion, count),
            why=why(occasion, count),
            product=occasion.product,
            audience=Audience([self._member(member) for member in chosen.members], self._exclusions(chosen)),
            timing=timing(
                occasion.kind, {m.customer_id: m.ends for m in chosen.members}, occasion.stock, self.hours, self.shelf
            ),
            value=Value(
                audience=count,
                conversion=self.rates[occasion.kind],
                prices_minor=sum(member.price_minor for member in chosen.members),
                currency=occasion.currency,
                margin=self.assumptions.margin,
                contact_cost_minor=self.assumptions.contact_cost_minor,
                stock=occasion.stock,
            ),
        )

    def left_out(self, chosen: Chosen) -> LeftOut:
        """The same without an audience."""
        occasion = chosen.occasion
        return LeftOut(occasion.id, occasion.kind, occasion.product, self._exclusions(chosen))

    def _member(self, candidate: Candidate) -> Member:
        who, name = candidate.customer_id, self.names[candidate.customer_id]
        evidence = Evidence(
            who, name, candidate.source_id, candidate.at, quote=candidate.quote, event=candidate.event
        )  # fmt: skip
        return Member(who, name, candidate.because, evidence)

    def _exclusions(self, chosen: Chosen) -> list[Exclusion]:
        found = []
        for reason in Reason:
            people = [
                Excluded(candidate.customer_id, self.names[candidate.customer_id], barrier.source_id)
                for candidate in chosen.occasion.candidates
                if (barrier := chosen.barred.get(candidate.customer_id)) and barrier.reason is reason
            ]
            if people:
                found.append(Exclusion(reason, people))
        return found
