"""What a kernel of the browser's tests starts with: its cells train one epoch instead of thousands.

These tests look at what a browser shows of a notebook; what training comes to is compared by nbval,
which runs each notebook in full. So the loop of `helpers.training.fit` is cut to its first epoch,
which then stands for all others, in the history and for callbacks. The rest is as ever: each
network is built, each program compiled, each figure drawn, and a claim that is exact has to hold.

The explorers train in full, for their trainings are stopped in the middle, and so does an exercise
whose answer is judged by training.

`running_lab` copies this file into IPython's start-up folder. It loads nothing, so that whatever
the first import of `helpers` or Keras writes still falls into the cell that imports it.
"""

import functools
import importlib.abc
import importlib.machinery
import sys
import threading

NAME = "helpers.training"


class ShortOnceImported(importlib.abc.MetaPathFinder):
    """Finds `helpers.training` as ever, and shortens its `fit` before anybody can have it."""

    def find_spec(self, name, path=None, target=None):
        if name != NAME:
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def load_and_shorten(module):
            load(module)
            module.fit = shortened(module.fit)

        spec.loader.exec_module = load_and_shorten
        return spec


def shortened(fit):
    """`fit` with the history of all its epochs, of which it trains the first, in cells."""

    @functools.wraps(fit)
    def fit_one_epoch(*data, epochs=1, **arguments):
        is_explorer = threading.current_thread() is not threading.main_thread()
        if is_explorer or for_an_exercise():
            return fit(*data, epochs=epochs, **arguments)
        history = fit(*data, epochs=1, **arguments)
        logs = {name: values[-1] for name, values in history.history.items()}
        for callback in arguments.get("callbacks") or []:
            for epoch in range(1, epochs):
                callback.on_epoch_begin(epoch)
                callback.on_epoch_end(epoch, logs)
        history.history = {name: values * epochs for name, values in history.history.items()}
        return history

    return fit_one_epoch


def for_an_exercise():
    """Whether `check` asks for this training."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith("helpers.exercises"):
            return True
        frame = frame.f_back
    return False


sys.meta_path.insert(0, ShortOnceImported())
