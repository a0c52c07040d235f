"""What a learner sees of an explorer, and ways to wait for it."""

import asyncio
import threading
import time

import matplotlib.pyplot as plt


def part(box, css_class):
    return next(child for child in box.children if css_class in child._dom_classes)


def status(box):
    return part(box, "course-status").value


def picture(box):
    (figure,) = part(box, "course-figure").children
    return figure.value


def controls(box):
    return [
        child
        for child in box.children
        if hasattr(child, "description") and hasattr(child, "value") and child.description
    ]


def button(box, name):
    rows = (child.children for child in box.children if hasattr(child, "children"))
    return next(w for row in rows for w in row if getattr(w, "description", "") == name)


def told(box):
    """A list that fills up with what the line under the controls says."""
    heard = [status(box)]
    part(box, "course-status").observe(lambda change: heard.append(change.new), names="value")
    return heard


async def until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.005)


def draw(**values):
    figure, ax = plt.subplots(figsize=(1, 1))
    ax.set_title(str(values))
    return figure, f"It shows {values}."


class Work:
    """Work that goes on until it is told to finish, or is ended at its next word."""

    def __init__(self):
        self.begun, self.finished = [], []
        self.finish = threading.Event()
        self.finish.set()

    def __call__(self, a, seed, monitor):
        self.begun.append((a, seed))
        while not self.finish.wait(0.005):
            monitor(0.5)
        if a == 13:
            raise ValueError("13 brings <bad> luck")
        self.finished.append((a, seed))
        return 10 * a
