"""The web pages in a real browser: what a shopper and a marketer see and do."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn

from api.app import create_app, make_door

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]

pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None, reason="there is no chromium here; install Debian's package chromium"
)

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(stocked: Any) -> Iterator[str]:
    """The demo on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(create_app(stocked, demo_shop=True), log_config=None, access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Open]:
    """Opens a page; afterwards, nothing may have gone wrong in it."""
    troubles: list[str] = []
    contexts = []

    def open_page(path: str, width: int = 1280) -> Any:
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.goto(address + path)
        return page

    open_page.troubles = troubles  # type: ignore[attr-defined]
    yield open_page
    for context in contexts:
        context.close()
    foreseen = ("net::ERR_FAILED", "401 (Unauthorized)")
    assert [] == [trouble for trouble in troubles if not any(one in trouble for one in foreseen)]


def say(page: Any, text: str) -> None:
    page.fill("#chat-text", text)
    page.press("#chat-text", "Enter")


def test_a_guest_sees_the_shop_and_chats(visit: Open) -> None:
    """Products by category, a reply in the chat, and the conversation still there after a reload."""
    page = visit("/")
    page.click("text=Winter coat >> visible=true")
    page.wait_for_selector(".product h2 >> text=Kinnick Coat")
    assert "1 product" == page.inner_text("#count")
    page.click("#launcher")
    assert "chat-text" == page.evaluate("document.activeElement.id")
    say(page, "Is it <b>warm</b>?")
    page.wait_for_selector(".bubble.shop >> text=You said: Is it <b>warm</b>?")
    assert "You said: Is it <b>warm</b>?" == page.text_content("#chat-said")
    page.reload()
    page.wait_for_selector(".bubble.shop >> text=You said: Is it <b>warm</b>?")
    page.press("#chat-text", "Escape")
    assert page.is_hidden("#chat")
    assert "launcher" == page.evaluate("document.activeElement.id")


def test_a_broken_connection_is_tried_again_with_the_same_message(visit: Open, stocked: Any) -> None:
    """The shopper sees one question and one reply; the agent is asked once."""
    page = visit("/")
    seen: list[str] = []

    def break_first(route: Any) -> None:
        seen.append(route.request.post_data_json["message_id"])
        route.abort() if len(seen) == 1 else route.continue_()

    page.route("**/v1/chat", break_first)
    page.click("#launcher")
    say(page, "hello")
    page.wait_for_selector("text=Trying to reach the shop…")
    page.wait_for_selector(".bubble.shop >> text=You said: hello")
    assert (2, 1, 1) == (len(seen), len(set(seen)), len(stocked.turns))
    assert 1 == page.locator(".bubble.you").count()


def test_an_error_can_be_tried_again(visit: Open, stocked: Any) -> None:
    """It says what went wrong, and the message is not lost."""
    stocked.trouble = ZeroDivisionError()
    page = visit("/")
    page.click("#launcher")
    say(page, "hello")
    page.wait_for_selector(".trouble >> text=something went wrong")
    stocked.trouble = None
    page.click(".trouble >> text=Try again")
    page.wait_for_selector(".bubble.shop >> text=You said: hello")
    assert 0 == page.locator(".trouble").count()


def test_the_demo_offers_customers_to_shop_as(visit: Open, stocked: Any) -> None:
    """Choosing one begins a new conversation, signed in."""
    page = visit("/")
    page.wait_for_selector("#shopping-as:not([hidden])")
    page.select_option("#shopper", index=1)
    page.click("#launcher")
    page.wait_for_selector("text=Hello, Ada!")
    page.click(".tries >> text=Where is my order?")
    page.wait_for_selector(".bubble.shop >> text=You said: Where is my order?")
    assert stocked.turns[-1]["shopper"].verified


@pytest.mark.parametrize("path", ["/", "/console"])
def test_the_pages_fit_a_small_screen(visit: Open, path: str) -> None:
    """At 360 pixels nothing sticks out to the side; the chat fills the screen."""
    page = visit(path, width=360)
    page.wait_for_selector(".product" if path == "/" else "#sign-in-form")
    assert 360 == page.evaluate("document.documentElement.scrollWidth")
    if path == "/":
        page.click("#launcher")
        box = page.locator("#chat").bounding_box()
        assert (0, 360) == (box["x"], box["width"])


def test_the_link_signs_in_to_the_console_once(visit: Open, stocked: Any) -> None:
    """It shows the panes and leaves no code in the address; used again elsewhere, it opens nothing."""
    code = make_door(stocked).sign_in_code()
    page = visit(f"/console#sign-in={code}")
    page.wait_for_selector("#panes:not([hidden])")
    assert code not in page.url
    page.fill("#ask-text", "What should we send?")
    page.press("#ask-text", "Enter")
    page.wait_for_selector(".bubble.agent >> text=asked: What should we send?")
    page.click("#tab-customers")
    page.fill("#search", "hara")
    page.click(".found >> text=Ada O'Hara")
    page.wait_for_selector("#customer blockquote >> text=Chicago")
    other = visit(f"/console#sign-in={code}")
    other.wait_for_selector("#sign-in-trouble:not([hidden])")
    assert other.is_hidden("#panes")
