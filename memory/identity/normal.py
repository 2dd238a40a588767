"""One form for each identity, however people and systems write it.

- ``email``: NFKC, case folded, the domain as IDNA 2008 A-labels (UTS 46 mapping); ``mailto:`` and
  ``Ana <ana@example.com>`` are read. Dots and ``+tags`` stay: with them it may be somebody else's mailbox.
- ``phone``: E.164, with RFC 3966's ``;ext=`` where there is an extension; a number without a country code is read as
  one of the shop's region.
- ``anonymous``, ``device``, ``shop``, ``external:NAME``: ids of programs, kept as they are but for blanks around them.
"""

import re
import unicodedata

from kit.errors import InvalidInput
from memory.timeline import whole

DEVICES = ("anonymous", "device")
KINDS = ("email", "phone", *DEVICES, "shop")
LONGEST = 512  # characters of an id: an index of PostgreSQL takes 2,704 bytes
_LONGEST_EMAIL = 320  # RFC 3696, erratum 1690

_EXTERNAL = re.compile(r"external:[a-z0-9][a-z0-9_.-]{0,31}")
_NAMED = re.compile(r"[^<>]*<([^<>]*)>")
_LOCAL = re.compile(r"""[^\s"(),:;<>@\[\]\\]{1,64}""")
_LABELS = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")


def normalised(kind: str, value: str, region: str | None = None) -> str:
    """An identity's value as stored; ``region`` is the shop's, such as ``US``. Raises ``InvalidInput``."""
    if kind not in KINDS and not _EXTERNAL.fullmatch(kind):
        raise InvalidInput(f"unknown kind of identity {kind!r}; there are {', '.join(KINDS)} and external:NAME")
    value = whole(value).strip()
    if not value:
        raise InvalidInput(f"an identity of kind {kind!r} is empty")
    if len(value) > LONGEST:
        raise InvalidInput(
            f"an identity of kind {kind!r} has {len(value):,} characters, beginning {value[:20]!r}; "
            f"at most {LONGEST} are taken"
        )
    if kind == "email":
        return _email(value)
    return _phone(value, region) if kind == "phone" else value


def is_personal(kind: str) -> bool:
    """Whether identities of this kind belong to a person rather than to a device that people may share."""
    return kind not in DEVICES


def _email(written: str) -> str:
    address = unicodedata.normalize("NFKC", written).casefold()
    if named := _NAMED.fullmatch(address):
        address = named[1]
    address = unicodedata.normalize("NFKC", address.strip().removeprefix("mailto:").partition("?")[0].strip())
    local, at, written_domain = address.partition("@")
    domain = _domain(written_domain)
    invisible = any(unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn") for character in address)
    if not at or invisible or not _LOCAL.fullmatch(local) or not domain or len(address) > _LONGEST_EMAIL:
        raise InvalidInput(f"{written!r} is not an e-mail address; write it as in ana@example.com")
    return f"{local}@{domain}"


def _domain(domain: str) -> str | None:
    """The domain in ASCII, or ``None`` where it is none."""
    import idna

    domain = domain.removesuffix(".")
    if not domain.isascii() or "xn--" in domain:
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    return domain if _LABELS.fullmatch(domain) and len(domain) <= 253 else None


def _phone(written: str, region: str | None) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and region is None:
            raise InvalidInput(
                f"{written!r} has no valid country code; write it as in +1 312 555 0123, or set RAPPORT_REGION to the "
                "country whose numbers come without one"
            ) from None
        raise _no_phone(written) from None
    if not phonenumbers.is_possible_number(number):
        raise _no_phone(written)
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else str(plain)


def _no_phone(written: str) -> InvalidInput:
    return InvalidInput(f"{written!r} is not a phone number; write it as in +1 312 555 0123")
