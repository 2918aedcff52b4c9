from __future__ import annotations

import sys
import time

BAR_CELLS = 24
LINE_EVERY_SECONDS = 60.0
BAR_EVERY_SECONDS = 0.2


class Progress:
    """A bar with an estimate on a terminal, a line now and then elsewhere, on standard error."""

    def __init__(self, total: int, done: int) -> None:
        self.total, self.first, self.done = total, done, done
        self.started = self.shown = time.monotonic()
        self.is_terminal = sys.stderr.isatty()

    def advance(self, text: str) -> None:
        self.done += 1
        now = time.monotonic()
        if now - self.shown < (BAR_EVERY_SECONDS if self.is_terminal else LINE_EVERY_SECONDS):
            return
        self.shown = now
        share = self.done / self.total
        left = (now - self.started) / (self.done - self.first) * (self.total - self.done)
        line = f"{share:4.0%}  {text}  {duration(left)} left"
        if not self.is_terminal:
            return print(line, file=sys.stderr, flush=True)
        bar = "█" * round(BAR_CELLS * share)
        print(f"\r\x1b[K{bar:░<{BAR_CELLS}} {line}", end="", file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """A line that stays above the bar."""
        print(("\r\x1b[K" if self.is_terminal else "") + text, file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
