"""Where a session stands, as agents see it and customers are told it (M9)."""

from tests.unit.assignment.shop import AMY, BO, CAM, QUEUE, SALES, Shop

from inbox_tui.wire.words import UnassignedReason


def full() -> Shop:
    """Amy and bo of sales have no room."""
    shop = Shop(AMY, BO, CAM)
    for agent in (AMY, BO):
        shop.agent(agent, max_open=0)
    shop.team(SALES, AMY, BO)
    return shop


def test_m9_over_all_lines_of_a_queue_in_the_order_in_which_they_are_given() -> None:
    shop = full()
    shop.agent(AMY, max_open=0, languages=("th",))
    shop.agent(BO, max_open=0, languages=("en",))
    shop.comes(1, channel_team_id=SALES)
    shop.comes(2, channel_team_id=SALES, language="th")
    shop.comes(3, channel_team_id=SALES)
    shop.decide()
    assert [shop.engine.position(each) for each in (1, 2, 3)] == [
        (QUEUE, 1),
        (QUEUE, 2),
        (QUEUE, 3),
    ]


def test_m9_who_is_in_no_queue_has_no_position() -> None:
    shop = full()
    shop.comes(1)  # cam's, of the workspace
    shop.comes(2, channel_team_id=SALES, held_reason=UnassignedReason.DECLINED)
    shop.comes(3, channel_team_id=SALES, bound_agent_id=AMY)  # waits for amy alone
    shop.deal()
    assert [shop.engine.position(each) for each in (1, 2, 3, 99)] == [None] * 4


def test_m9_it_is_the_one_that_explanations_tell() -> None:
    shop = full()
    for number in range(1, 4):
        shop.comes(number, channel_team_id=SALES)
    shop.decide()
    for number in range(1, 4):
        stands = shop.engine.position(number)
        assert stands is not None
        assert stands[1] == shop.explain(number).queue_position == number
