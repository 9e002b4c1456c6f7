"""How long somebody in a queue will wait (M9). Pure."""


def estimated_wait(
    position: int, *, free: int, slots: int, service_time: float | None
) -> float | None:
    """Return the expected wait at a position (from 1), in the unit of ``service_time``.

    ``slots`` are all slots in service, ``free`` those of them that nobody has; ``service_time`` is
    the recent mean time for which a session keeps one. 0 means soon: there is a slot for this
    position. None means that there is no basis: no slot in service, or no recent service.

    Once the free slots are given, all ``slots`` are at work, and with memoryless services of mean
    ``s`` one of them comes free every ``s / slots``. Who stands at position ``p`` has the slot that
    comes free as number ``p - free``. As everything of the kind it takes things to go on as they
    do: whoever comes with a higher priority, or goes home, makes it wrong.

    Raises ValueError for a position below 1 and for numbers below 0.
    """
    if position < 1 or free < 0 or slots < free or (service_time or 0) < 0:
        raise ValueError(f"no place in a queue: {position=}, {free=}, {slots=}, {service_time=}")
    if position <= free:
        return 0.0
    if slots == 0 or service_time is None:
        return None
    return (position - free) * service_time / slots
