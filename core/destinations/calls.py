"""What is known of a request when it fails, so that the sentence can name it."""

from typing import Protocol

from core.destinations.windows import Rate


class Call(Protocol):
    """One request to a destination, whichever it is."""

    @property
    def title(self) -> str:
        """The destination's name for people."""
        ...

    @property
    def rate(self) -> Rate:
        """The limits that its endpoint shares."""
        ...

    @property
    def host(self) -> str:
        """Host and port of the server."""
        ...

    @property
    def proxy(self) -> str:
        """Host and port of what is in between, empty if nothing is."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether it is harmless to send it again without looking first."""
        ...

    @property
    def advice(self) -> str:
        """What to do where the answer has another shape than is known, a sentence."""
        ...
