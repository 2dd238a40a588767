"""What privacy needs of the memory that it clears."""

from typing import Protocol

from sqlmodel import Session

from kit.clock import Clock
from kit.database import Database
from kit.vectors.index import SemanticIndex


class Kept(Protocol):
    """A memory, as privacy sees it."""

    @property
    def database(self) -> Database: ...
    @property
    def index(self) -> SemanticIndex: ...
    @property
    def clock(self) -> Clock: ...

    def forget_source(self, session: Session, customer_id: str, source_id: str) -> None:
        """Takes what a turn or event said out of a customer's facts and wishes."""
