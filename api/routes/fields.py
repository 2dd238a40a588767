"""What several requests' fields have to look like."""

from typing import Annotated

from pydantic import Field

from kit.errors import InvalidInput, TooLarge
from memory.timeline import whole

NO_NUL = r"^[^\x00]*$"  # no database keeps NUL in a text

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,128}$")]
"""An id: ours, or one that a client made."""


def message_text(text: str, longest: int) -> str:
    """A message that can be taken. Raises ``InvalidInput`` or ``TooLarge``."""
    if not text.strip():
        raise InvalidInput("text is empty; write something")
    if len(text) > longest:
        raise TooLarge(f"text has {len(text):,} characters; at most {longest:,} are taken, so send it in parts")
    return whole(text)
