"""The description of the API as it answers: errors in our one shape, and 400 where FastAPI would say 422."""

from typing import Any

from fastapi import FastAPI

_OPERATIONS = ("get", "post", "put", "patch", "delete")
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "for programs"},
                "message": {"type": "string", "description": "for people: what was wrong, and what to do"},
            },
        }
    },
}


def describe(app: FastAPI) -> None:
    """Makes ``/openapi.json`` tell the errors as they are."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = made()
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            schemas["Error"] = _ERROR
            for path in schema["paths"].values():
                for operation in (path[name] for name in _OPERATIONS if name in path):
                    operation["responses"].pop("422", None)
                    operation["responses"]["default"] = _refusal()
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def _refusal() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"description": "The request was refused, or something went wrong.", "content": content}
