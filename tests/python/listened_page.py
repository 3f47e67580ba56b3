"""A page in Chromium that is listened to: what it complains of, what it asks the network for."""

from __future__ import annotations

from typing import Any


class ListenedPage:
    """`complaints` are its console's and its errors; `requests` the addresses that it asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def wait(self, expression: str) -> None:
        """Until it holds; minutes at most, for busy machines. The page's policy forbids playwright's way of waiting."""
        for _ in range(2400):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never so: {expression}")
