"""Every error Rapport raises on purpose: a code for programs, an HTTP status for the edge, a sentence for people.

The message says what was wrong, with the value, and what to do. The class docstring is the default message.
Errors are rendered in one place per edge: the API's handler, the command line's ``main``, the tool runner.
"""

from typing import ClassVar


class RapportError(Exception):
    """Something went wrong in Rapport."""

    code: ClassVar[str] = "internal"
    http_status: ClassVar[int] = 500

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())

    @property
    def message(self) -> str:
        return str(self.args[0])


class SettingsError(RapportError):
    """A setting in the environment is not valid."""

    code = "bad_setting"


class InvalidInput(RapportError):
    """The request holds something that is not valid."""

    code = "invalid_input"
    http_status = 400


class Unauthenticated(RapportError):
    """No valid sign-in came with the request; sign in and try again."""

    code = "unauthenticated"
    http_status = 401


class Forbidden(RapportError):
    """This key or session may not do that."""

    code = "forbidden"
    http_status = 403


class NotFound(RapportError):
    """There is no such thing here."""

    code = "not_found"
    http_status = 404


class Conflict(RapportError):
    """What is stored already contradicts the request."""

    code = "conflict"
    http_status = 409


class TooLarge(RapportError):
    """The request is larger than what is taken."""

    code = "too_large"
    http_status = 413


class RateLimited(RapportError):
    """Too many requests; wait a little and try again."""

    code = "rate_limited"
    http_status = 429


class Unavailable(RapportError):
    """A part this needs cannot be reached now; try again soon."""

    code = "unavailable"
    http_status = 503


class BrokenData(RapportError):
    """A file of the data directory is damaged."""

    code = "broken_data"
