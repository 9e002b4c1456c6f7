"""Which faults were asked for, and whose turn it is. Nothing goes wrong by itself."""

from collections.abc import Collection

from inbox_tui.mock.words import Fault, FaultKind

SENDS = frozenset(
    {
        "push",
        "reply",
        "sendmessage",
        "sendphoto",
        "senddocument",
        "sendsticker",
        "sendlocation",
        "sendvideo",
        "sendaudio",
        "sendvoice",
    }
)
"""The calls that put a message before a customer, in lower case."""


class Faults:
    """The faults still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Ask for a fault."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Let everything go right again."""
        self._waiting.clear()

    def waiting(self) -> list[Fault]:
        """Return the faults still to come."""
        return list(self._waiting)

    def find(
        self,
        kinds: Collection[FaultKind],
        account: str,
        *,
        method: str | None = None,
        user: str | None = None,
    ) -> Fault | None:
        """Return the first fault that fits, without using it up."""
        for fault in self._waiting:
            if (
                fault.kind in kinds
                and fault.account in (None, account)
                and fault.user in (None, user)
                and (method is None or _is_for(fault, method))
            ):
                return fault
        return None

    def use(self, fault: Fault) -> None:
        """Count one time of a fault."""
        fault.count -= 1
        if fault.count <= 0:
            self._waiting.remove(fault)

    def take(self, kind: FaultKind, account: str, user: str | None = None) -> Fault | None:
        """Find a fault and use it at once."""
        fault = self.find((kind,), account, user=user)
        if fault is not None:
            self.use(fault)
        return fault


def _is_for(fault: Fault, method: str) -> bool:
    wanted = fault.method.lower()
    return wanted in ("any", method) or (wanted == "send" and method in SENDS)
