"""What is said to answers to the exercises of notebook 06."""

import numpy as np

ERRORS = np.array([0.3, -0.1, 0.8, -0.6, 0.2, -0.4, 0.5, -0.9, 0.1, -0.2,
                   0.7, -0.3, 0.05, 1.1, -0.5, 0.25, -0.7, 0.4, -0.15])  # fmt: skip


def go_on(forecast, window, horizon):
    ahead = []
    for _ in range(horizon):
        ahead.append(forecast(window))
        window = np.append(window[1:], ahead[-1])
    return np.array(ahead)


def grows(forecast, window, horizon):
    for _ in range(horizon):
        window = np.append(window, forecast(window))
    return window[-horizon:]


def shrinks(forecast, window, horizon):
    ahead = []
    for _ in range(horizon):
        ahead.append(forecast(window))
        window = window[1:]
    return ahead


def at_the_front(forecast, window, horizon):
    ahead = []
    for _ in range(horizon):
        ahead.append(forecast(window))
        window = np.append(ahead[-1], window[:-1])
    return ahead


#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "06-recursive": go_on,
    "06-halfwidth": np.sort(np.abs(ERRORS))[17],
    "06-transfer": ("order", "GRU", "places", "linear", "parts", "maximum"),
    "06-quiz": "cbac",
}

#: The same, put in another way.
IN_OTHER_WORDS = [
    ("06-recursive", lambda f, w, h: list(go_on(f, list(w), h))),
    ("06-recursive", lambda f, w, h: go_on(f, w, h)[:, None]),
    ("06-halfwidth", 0.9),
    ("06-transfer", "Order GRU, places linear, parts maximum"),
    ("06-transfer", np.array(["order", "GRU", "places", "Linear", "parts", "maximum"])),
]

#: A typical mistake, and words of the hint that it gets.
MISTAKES = [
    ("06-recursive", lambda f, w, h: [f(w)] * h, "what was forecast must enter it"),
    ("06-recursive", at_the_front, "wrong end"),
    ("06-recursive", grows, "The window grows"),
    ("06-recursive", shrinks, "The window shrinks"),
    (
        "06-recursive",
        lambda f, w, h: np.concatenate([w, go_on(f, w, h)]),
        "return the forecasts alone",
    ),
    ("06-halfwidth", np.sort(ERRORS)[17], "absolute errors"),
    ("06-halfwidth", np.quantile(np.abs(ERRORS), 0.9), "rounded up"),
    ("06-halfwidth", 1.1, "counts from 0"),
    ("06-halfwidth", 1.8, "whole width"),
    ("06-halfwidth", 1.645 * ERRORS.std(), "normally distributed"),
    ("06-transfer", "places GRU places linear parts maximum", "A: what does reordering"),
    ("06-transfer", "order GRU order GRU parts maximum", "B: which model of the table is exact"),
    ("06-transfer", "order GRU places linear order GRU", "C: what does reordering"),
    ("06-transfer", "order GRU places MLP parts maximum", "B: the exit is right"),
    ("06-transfer", "memory GRU places linear parts maximum", "memory is not one of places"),
    ("06-transfer", "order GRU places linear", "asks for 6 words"),
    ("06-quiz", "abac", "touched once"),
    ("06-quiz", "caac", "More units of the same kind"),
    ("06-quiz", "cbbc", "12 plain steps"),
    ("06-quiz", "cbaa", "errors like those it was made from"),
]

#: How the answer would look in a hint that gives it away.
GIVEN_AWAY = {
    "06-halfwidth": r"0\.9\b(?! times)",
}
