"""What can go wrong in a V2G session; each names what was expected and what came instead."""

from __future__ import annotations


class V2gError(Exception):
    """The session did not go as a charging session should; the charger's doing unless the text says otherwise."""

    blames_dut = True  # what became of it is in the trace, for judges to weigh; not a fault of the bench


class V2gTimeout(V2gError, TimeoutError):
    """Nothing came within the bound."""


class ConnectionLost(V2gError):
    """The charger closed, reset or never opened the connection."""


class TlsRefused(V2gError):
    """TLS did not come about or was ended; `alert` is what the charger sent: {level, code, name}, or None.

    `out_of_date` says what is wrong with the dates of the charger's certificate, where that was why.
    """

    def __init__(self, text: str, alert: dict[str, object] | None = None, out_of_date: str | None = None) -> None:
        super().__init__(text)
        self.alert, self.out_of_date = alert, out_of_date


class UnexpectedMessage(V2gError):
    """A message came, but not the answer to our request; `message` is what came (None when it could not be read)."""

    def __init__(self, text: str, message: dict[str, object] | None) -> None:
        super().__init__(text)
        self.message = message


class NotOffered(V2gError):
    """The charger does not offer what was asked for (protocol, service or parameter set)."""


class Refused(V2gError):
    """The charger answered with a FAILED response code; `code` is that code."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text)
        self.code = code


def alert_in(error: V2gError) -> dict[str, object] | None:
    """The TLS alert by which the charger ended the connection: {level, code, name}; None where it sent none."""
    return error.alert if isinstance(error, TlsRefused) else None
