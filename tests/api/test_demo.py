"""The demo shop: loaded once, gone on with after an interruption, never into another shop."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import func, select

import tools.demo_shop
import tools.knowledge
from api import demo
from api.demo_shoppers import demo_shoppers
from api.tables import Milestone
from kit.clock import SetClock
from kit.errors import Conflict
from memory.tables import Customer
from tools.shop.tables import Passage, Product


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo shop of forty customers loads in a moment."""
    monkeypatch.setattr(tools.demo_shop, "generate", partial(tools.demo_shop.generate, customers=40))


def count(runtime: Any, table: Any) -> int:
    with runtime.database.read() as session:
        return int(session.exec(select(func.count()).select_from(table)).one())


def finished(runtime: Any) -> dict[str, bool]:
    with runtime.database.read() as session:
        return {one.name: one.finished_at is not None for one in session.exec(select(Milestone)).all()}


def test_the_shop_is_loaded_once(runtime: Any, clock: SetClock) -> None:
    """Catalog, customers and policies; a second start, days later, changes nothing."""
    demo.load(runtime)
    assert (150, 40) == (count(runtime, Product), count(runtime, Customer))
    assert count(runtime, Passage) > 10
    clock.advance(timedelta(days=3))
    demo.load(runtime)
    assert (150, 40) == (count(runtime, Product), count(runtime, Customer))
    assert {"demo shop": True} == finished(runtime)


def test_an_interrupted_load_goes_on(runtime: Any, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the data of the first try, not with those of another moment beside them."""

    def interrupted(*_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tools.knowledge, "load_knowledge", interrupted)
        with pytest.raises(KeyboardInterrupt):
            demo.load(runtime)
    assert {"demo shop": False} == finished(runtime)
    clock.advance(timedelta(hours=5))
    demo.load(runtime)
    assert {"demo shop": True} == finished(runtime)
    assert (150, 40) == (count(runtime, Product), count(runtime, Customer))


def test_another_shop_stays_beside_it(stocked: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """It is mentioned, and nothing of it changes."""
    before = count(stocked, Customer)
    demo.load(stocked)
    assert "holds the shop 'Fell & Harbour' already" in capsys.readouterr().err
    assert count(stocked, Customer) >= before


def test_the_delivery_comes_once_and_after_the_shop(runtime: Any) -> None:
    """Six products more."""
    with pytest.raises(Conflict, match=r"run \./rapport demo first"):
        demo.deliver(runtime)
    demo.load(runtime)
    demo.deliver(runtime)
    demo.deliver(runtime)
    assert 156 == count(runtime, Product)


def test_the_customers_to_shop_as_each_have_something_going_on(runtime: Any) -> None:
    """Nobody twice, everybody with a name."""
    demo.load(runtime)
    with runtime.database.read() as session:
        shoppers = demo_shoppers(session)
    assert len(shoppers) >= 4
    assert len(shoppers) == len({shopper.customer_id for shopper in shoppers})
    assert all(shopper.name and shopper.about for shopper in shoppers)


def test_the_welcome_names_what_to_open() -> None:
    """The shop page, and the console with a link that carries its code behind the #."""
    said = demo.welcome("http://127.0.0.1:8080", "CODE")
    assert "http://127.0.0.1:8080/\n" in said
    assert "http://127.0.0.1:8080/console#sign-in=CODE" in said
