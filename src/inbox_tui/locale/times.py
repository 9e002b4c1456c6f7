"""Times and spans as people read them.

Every function is handed the moments it speaks of, as aware datetimes, and the time zone of the
reader. Spans are seconds.
"""

from datetime import datetime, tzinfo

from inbox_tui.locale.catalogue import Catalogue

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WEEK_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def span(seconds: float, catalogue: Catalogue) -> str:
    """Return a span in its largest unit: ``now`` (below a minute), ``3m``, ``2h``, ``5d``.

    Rounded down, so that a wait never looks longer than it is; a negative span is ``now``.
    """
    whole = int(seconds)
    if whole < MINUTE:
        return catalogue.t("time.now")
    if whole < HOUR:
        return catalogue.t("time.minutes", count=whole // MINUTE)
    if whole < DAY:
        return catalogue.t("time.hours", count=whole // HOUR)
    return catalogue.t("time.days", count=whole // DAY)


def span_long(seconds: float, catalogue: Catalogue) -> str:
    """Return how long something took in its two largest units: ``2h 05m``, ``3d 4h``, ``40s``."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return catalogue.t("time.seconds", count=whole)
    if whole < HOUR:
        return span(whole, catalogue)
    if whole < DAY:
        first = catalogue.t("time.hours", count=whole // HOUR)
        rest = catalogue.t("time.minutes", count=f"{whole % HOUR // MINUTE:02}")
        return f"{first} {rest}"
    first = catalogue.t("time.days", count=whole // DAY)
    return f"{first} {catalogue.t('time.hours', count=whole % DAY // HOUR)}"


def countdown(seconds: float) -> str:
    """Return what is left as ``1:20``, or ``1:02:03`` from an hour on; never below ``0:00``."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, HOUR)
    minutes, left = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def ago(at: datetime, now: datetime, catalogue: Catalogue) -> str:
    """Return how long ago ``at`` was, in its largest unit."""
    return span((now - at).total_seconds(), catalogue)


def clock_time(at: datetime, zone: tzinfo) -> str:
    """Return the time of day, ``14:05``, on the reader's wall."""
    return f"{at.astimezone(zone):%H:%M}"


def day(at: datetime, now: datetime, zone: tzinfo, catalogue: Catalogue) -> str:
    """Return the day as a person would call it: today, yesterday, ``Mon 12 May``.

    The year follows when it is another one.
    """
    there, here = at.astimezone(zone), now.astimezone(zone)
    days = (here.date() - there.date()).days
    if days == 0:
        return catalogue.t("time.today")
    if days == 1:
        return catalogue.t("time.yesterday")
    named = catalogue.t(
        "time.date",
        weekday=catalogue.t(f"weekday.{WEEK_DAYS[there.weekday()]}"),
        day=there.day,
        month=catalogue.t(f"month.{there.month}"),
    )
    return named if there.year == here.year else f"{named} {there.year}"


def moment(at: datetime, now: datetime, zone: tzinfo, catalogue: Catalogue) -> str:
    """Return day and time of day; today only the time of day."""
    if at.astimezone(zone).date() == now.astimezone(zone).date():
        return clock_time(at, zone)
    return f"{day(at, now, zone, catalogue)} {clock_time(at, zone)}"
