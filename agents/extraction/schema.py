"""What a model may answer, as a JSON schema made from the registry; and how the prompt tells of the attributes."""

from collections.abc import Mapping
from typing import Any

from memory.attributes import Kind, Registry

REQUIREMENTS = (
    "color", "material", "feature", "lining", "season", "size", "gender", "fit", "occasion", "max_price", "brand",
    "style", "not_material", "not_color", "not_feature",
)  # fmt: skip
_SHAPES = {
    Kind.WORD: "lower case, singular where a thing",
    Kind.NAME: "as it is spelled",
    Kind.SIZE: "`M`, `43`, `UK 8`, `32x34`",
    Kind.MONEY: "`200 USD`, or `200` without a currency",
    Kind.DATE: "`1990-06-12`, or `06-12` without a year",
    Kind.OCCASION: "`wedding`, or `wedding on 2026-06-12` where the day is certain",
    Kind.LENGTH: "whole centimetres: `180 cm`",
}


def schema(registry: Registry) -> dict[str, Any]:
    """Every field required and nothing else allowed, as strict structured output asks."""
    text = {"type": "string"}
    fact = _object(
        attribute={"type": "string", "enum": [attribute.name for attribute in registry]},
        value=text,
        quote=text,
        retracts={"type": "boolean"},
    )
    requirement = _object(attribute={"type": "string", "enum": list(REQUIREMENTS)}, value=text)
    wish = _object(item=text, requirements=_list(requirement), quote=text, until={"type": ["string", "null"]})
    closing = _object(item=text, met={"type": "boolean"}, quote=text)
    whole = _object(facts=_list(fact), wishes=_list(wish), closings=_list(closing))
    return {"title": "reading", "description": "What a message says of its writer.", **whole}


def told(registry: Registry) -> str:
    """The attributes as the prompt lists them: name, what it is about, and how its values look."""
    lines = []
    for attribute in registry:
        many = "" if attribute.many else "; one value"
        lines.append(f"- {attribute.name}: {attribute.about} [{_SHAPES[attribute.kind]}{many}]")
    return "\n".join(lines)


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(of: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(of)}
