"""Arrivals and services in buckets of five minutes."""

import random

from inbox_tui.estimate.rates import BASIS, BUCKET, KEPT, Rates, since

NOW = 1_000 * BUCKET + 7


def test_v1_each_bucket_counts_its_own_and_the_last_has_just_begun() -> None:
    rates = Rates()
    for at in (NOW, NOW - 7, NOW - 8, NOW - BUCKET, since(NOW), since(NOW) - 1):
        rates.came(1, at)
    rates.served(2, NOW, 60_000)
    assert rates.series([1], NOW) == ([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2], [0] * KEPT)
    assert rates.series([2], NOW)[1] == [*[0] * 11, 1]
    assert rates.series([1, 2, 3], NOW) == (rates.series([1], NOW)[0], rates.series([2], NOW)[1])


def test_v1_what_is_older_than_an_hour_is_neither_told_nor_kept() -> None:
    rates = Rates()
    for bucket in range(1_000):
        rates.came(None, bucket * BUCKET)
    assert rates.series([None], 1_000 * BUCKET)[0] == [*[1] * 11, 0]
    assert len(rates._teams[None]) <= KEPT


def test_m9_a_mean_of_too_few_services_says_nothing() -> None:
    rates = Rates()
    for number in range(BASIS):
        assert rates.service_time(1, NOW) is None
        rates.served(1, NOW - number * BUCKET, 60_000 * (number + 1))
    assert rates.service_time(1, NOW) == 120_000
    assert rates.service_time(2, NOW) is None
    assert rates.service_time(1, NOW + KEPT * BUCKET) is None


def test_v1_the_series_are_those_that_counting_gives() -> None:
    draw = random.Random(7)
    times = sorted(NOW - draw.randrange(2 * KEPT * BUCKET) for _ in range(2_000))
    rates = Rates()
    for at in times:
        rates.came(draw.choice([1, 2, None]), at)
    counted = [0] * KEPT
    for at in times:
        if at >= since(NOW):
            counted[(at - since(NOW)) // BUCKET] += 1
    assert rates.series([1, 2, None], NOW)[0] == counted
