"""Plans are begun anew at each step and given what stands there already: no call twice, and an end."""

from agents.local_model.plans import MOST_CALLS, Call, Outcome, Plan, Step, advance, call


def looking_up(numbers: int) -> Plan:
    """A plan that asks for so many orders and says which came."""
    came = []
    for number in range(numbers):
        found = yield call("get_order", order_id=str(number), note=None)
        came.append("yes" if found.ok else found.code)
    return " ".join(came)


def test_the_first_call_without_an_outcome_comes_next() -> None:
    """Arguments that are none are left out."""
    assert Call("get_order", {"order_id": "0"}) == advance(looking_up(2), [], ["get_order"])
    done = [Step(Call("get_order", {"order_id": "0"}), Outcome({"status": "shipped"}))]
    assert Call("get_order", {"order_id": "1"}) == advance(looking_up(2), done, ["get_order"])
    done.append(Step(Call("get_order", {"order_id": "1"}), Outcome({"error": "no", "code": "not_found"})))
    assert "yes not_found" == advance(looking_up(2), done, ["get_order"])


def test_a_tool_that_is_not_bound_is_not_called() -> None:
    """The plan goes on without it."""
    assert "not_bound not_bound" == advance(looking_up(2), [], [])


def test_there_is_an_end() -> None:
    """After the most calls of a turn, a plan gets no more."""
    steps = [Step(Call("get_order", {"order_id": str(n)}), Outcome({})) for n in range(MOST_CALLS)]
    assert "yes " * MOST_CALLS + "too_many" == advance(looking_up(MOST_CALLS + 1), steps, ["get_order"])


def test_texts_are_no_longer_than_tools_take() -> None:
    """A message of many pages is cut, not refused."""
    assert len(call("search_products", query="coat " * 4_000).arguments["query"]) < 2_000


def test_results_of_another_shape_hold_nothing() -> None:
    """A tool that gives something else than it should breaks nothing."""
    assert [] == Outcome({"orders": "none"}).rows("orders")
    assert [{"a": 1}] == Outcome({"orders": [1, {"a": 1}, None]}).rows("orders")
