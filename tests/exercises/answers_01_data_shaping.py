"""What is said to answers to the exercises of notebook 01."""

from helpers.data import sliding_windows
from helpers.examples import daily_temperature, first_squares, recordings

import keras
import numpy as np

tensor = keras.ops.convert_to_tensor
RECORDED = recordings()
SQUARES = first_squares(20)
X6, Y4 = sliding_windows(SQUARES, 6, horizon=4)
EVERY = np.lib.stride_tricks.sliding_window_view(SQUARES, 6)[:, :, None]
DAY, _ = sliding_windows(daily_temperature(np.arange(48)), 24, horizon=6)

#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "01-axes": (200, 60, 3),
    "01-order": RECORDED.transpose(0, 2, 1),
    "01-input-shape": (60, 3),
    "01-windows": (X6, Y4),
    "01-forecast": DAY[:, -19, 0],
    "01-quiz": "cabc",
}

#: The same, put in another way.
IN_OTHER_WORDS = [
    ("01-axes", np.zeros((200, 60, 3))),
    ("01-axes", np.zeros((200, 60, 3)).shape),
    ("01-axes", tensor(np.zeros((200, 60, 3)))),
    ("01-axes", tensor(np.zeros((200, 60, 3))).shape),
    ("01-windows", (X6, Y4[:, 0])),
    ("01-windows", (X6.tolist(), Y4.tolist())),
    ("01-forecast", DAY[:, -19]),
    ("01-forecast", 30 - DAY[:, -7, 0]),
]

#: A typical mistake, and words of the hint that it gets.
MISTAKES = [
    ("01-axes", (200, 3, 60), "Timesteps and features are exchanged"),
    ("01-axes", (60, 200, 3), "Samples and timesteps are exchanged"),
    ("01-axes", (3, 60, 200), "in another order"),
    ("01-axes", (60, 3, 200), "in another order"),
    ("01-axes", (60, 3), "the shape of one sample"),
    ("01-axes", (200, 60), "features are missing"),
    ("01-axes", (200, 60, 1), "features are missing"),
    ("01-axes", (200, 3), "timesteps are missing"),
    ("01-axes", (200, 180), "run together"),
    ("01-axes", (12000, 3), "strung together"),
    ("01-axes", (None, 60, 3), "None means any number"),
    ("01-axes", np.zeros((200, 3, 60)), "Timesteps and features are exchanged"),
    ("01-axes", keras.Input((200, 60, 3)), "Axes given: 4"),
    ("01-axes", (200, 60, 2), "too few features"),
    ("01-axes", (200.5, 60, 3), "whole numbers"),
    ("01-order", RECORDED, "array as recorded"),
    ("01-order", RECORDED.reshape(4, 5, 2), "1 is the same feature as 0"),
    ("01-order", RECORDED.T, "as by `.T`"),
    ("01-order", RECORDED.transpose(2, 0, 1), "left the front"),
    ("01-order", (4, 5, 2), "You give a shape"),
    ("01-order", RECORDED.transpose(0, 2, 1)[:, ::-1], "run backwards"),
    ("01-order", RECORDED.transpose(0, 2, 1)[:, :, ::-1], "changed places"),
    ("01-order", RECORDED.transpose(0, 2, 1)[[1, 0, 2, 3]], "samples are mixed up"),
    ("01-input-shape", (200, 60, 3), "leave the number of rows out"),
    ("01-input-shape", (None, 60, 3), "adds the None"),
    ("01-input-shape", (3, 60), "exchanged"),
    ("01-input-shape", (60,), "features are missing"),
    ("01-input-shape", 60, "features are missing"),
    ("01-input-shape", (60, 1), "One feature?"),
    ("01-input-shape", (3,), "timesteps are missing"),
    ("01-input-shape", 180, "run together"),
    ("01-windows", sliding_windows(SQUARES[:19], 6, horizon=3), "one step early"),
    ("01-windows", sliding_windows(SQUARES, 6, horizon=3), "one step early"),
    ("01-windows", sliding_windows(SQUARES, 6, horizon=5), "one step late"),
    ("01-windows", sliding_windows(SQUARES, 6), "Horizon 0"),
    ("01-windows", (EVERY, SQUARES[4:19]), "from the window's start"),
    ("01-windows", (X6, SQUARES[3:14]), "from the window's start"),
    ("01-windows", sliding_windows(SQUARES, 6, horizon=6), "6 after the window's last"),
    ("01-windows", (X6[:, :, 0], Y4), "X has two axes"),
    ("01-windows", (X6.swapaxes(1, 2), Y4), "timesteps and features are exchanged"),
    ("01-windows", (SQUARES[:18].reshape(3, 6, 1), SQUARES[[9, 15]]), "end to end"),
    ("01-windows", sliding_windows(SQUARES, 6, horizon=4, stride=6), "end to end"),
    ("01-windows", (EVERY, SQUARES[9:]), "all 15 windows"),
    ("01-windows", (Y4, X6), "X and y are exchanged"),
    ("01-windows", X6, "2 things with commas between them: X, y"),
    ("01-windows", (X6, Y4[:9]), "X has 11 rows, and y 9"),
    ("01-windows", (X6[:, ::-1], Y4), "runs backwards"),
    ("01-windows", sliding_windows(SQUARES, 5, horizon=4), "cover 5 times"),
    ("01-windows", (SQUARES, SQUARES), "X has the shape (20,)"),
    ("01-forecast", DAY[:, -1, 0], "an RMSE of 4.6 degrees"),
    ("01-forecast", DAY[:, -20, 0], "One hour early"),
    ("01-forecast", DAY[:, -18, 0], "One hour late"),
    ("01-forecast", DAY[:, 0, 0], "first value of the window"),
    ("01-forecast", DAY[:, :, 0].mean(axis=1), "mean is the same all day"),
    ("01-forecast", DAY[:, -7, 0], "6 hours back"),
    ("01-forecast", DAY[:, -19:-18], "has the shape (19, 1, 1)"),
    ("01-forecast", DAY, "has the shape (19, 24, 1)"),
    ("01-axes", ("a", "b", "c"), "of type tuple"),
    ("01-axes", np.zeros, "not called"),
    ("01-input-shape", (None, 3), "the length that you know"),
    ("01-input-shape", (None, 60, 3), "itself, so leave it out"),
    ("01-windows", ((11, 6, 1), (11, 1)), "You give shapes"),
    ("01-windows", (X6[:10], Y4[:10]), "Windows are missing at the end"),
    ("01-forecast", 5, "You give a position"),
    ("01-forecast", DAY[:, 18, 0], "Count back from its last value"),
    ("01-quiz", "cab", "Questions: 4. Letters given: 3"),
    ("01-quiz", 7, "of type int"),
    ("01-quiz", "cabz", "4: 'z' is none of a, b, c"),
    ("01-quiz", ("c", "a", "b", "a"), "4: More units cannot find"),
    ("01-quiz", "bbbb", "1: Any array with three axes is taken. That is why this mistake is a "),
]

#: How the answer would look in a hint that gives it away.
GIVEN_AWAY = {
    "01-axes": r"\(?200, 60, 3\)?",
}
