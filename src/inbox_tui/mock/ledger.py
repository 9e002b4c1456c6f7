"""What the platforms accepted, what they told, and what was called: the evidence for tests.

The ledger of accepted sends is complete; the records of deliveries and calls keep the newest.
"""

from collections import deque

from inbox_tui.clock import Clock
from inbox_tui.mock.pulse import Pulse
from inbox_tui.mock.words import Call, Delivery, FaultKind, JsonObject, Platform, Sent

KEPT = 50_000
"""How many deliveries and calls are remembered."""


class Ledger:
    """Three records, each numbered from 1 without gaps."""

    def __init__(self, clock: Clock, pulse: Pulse) -> None:
        self._clock = clock
        self._pulse = pulse
        self.sent: list[Sent] = []
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self.calls: deque[Call] = deque(maxlen=KEPT)
        self._delivered = 0
        self._called = 0

    def clear(self) -> None:
        """Forget everything; numbers start at 1 again."""
        self.sent.clear()
        self.deliveries.clear()
        self.calls.clear()
        self._delivered = self._called = 0

    def accept(
        self,
        *,
        account: str,
        platform: Platform,
        method: str,
        user: str,
        user_id: str,
        kind: str,
        text: str,
        message_id: str,
        message: JsonObject,
        request_id: str | None = None,
        retry_key: str | None = None,
        delivered: bool = True,
    ) -> Sent:
        """Write down a message that was accepted."""
        line = Sent(
            n=len(self.sent) + 1,
            at=self._clock.now(),
            account=account,
            platform=platform,
            method=method,
            user=user,
            user_id=user_id,
            kind=kind,
            text=text,
            message_id=message_id,
            message=message,
            request_id=request_id,
            retry_key=retry_key,
            delivered=delivered,
        )
        self.sent.append(line)
        self._pulse.beat()
        return line

    def tell(
        self,
        *,
        account: str,
        events: list[str],
        attempt: int,
        redelivery: bool,
        status: int | None,
        error: str | None = None,
        body: str = "",
    ) -> Delivery:
        """Write down an attempt to tell the business something."""
        self._delivered += 1
        line = Delivery(
            n=self._delivered,
            at=self._clock.now(),
            account=account,
            events=events,
            attempt=attempt,
            redelivery=redelivery,
            status=status,
            error=error,
            body=body,
        )
        self.deliveries.append(line)
        self._pulse.beat()
        return line

    def called(
        self, account: str | None, method: str, status: int, fault: FaultKind | None = None
    ) -> None:
        """Write down a call of the business."""
        self._called += 1
        self.calls.append(
            Call(
                n=self._called,
                at=self._clock.now(),
                account=account,
                method=method,
                status=status,
                fault=fault,
            )
        )
        self._pulse.beat()
