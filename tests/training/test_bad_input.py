"""Bad arguments of `fit` are named before anything is trained."""

from helpers.training import fit

import keras
import numpy as np
import pytest
from keras import callbacks, layers
from small_models import POINTS, ROWS, TARGET, WINDOWS, assert_same_weights, mlp

NAN, INF = POINTS.copy(), TARGET.copy()
NAN[3, 1], INF[2, 0] = np.nan, np.inf

BAD = {
    "x empty": ({"x": POINTS[:0], "y": TARGET[:0]}, ValueError, r"x is empty: shape \(0, 3\)"),
    "x one number": ({"x": 3.0}, ValueError, r"x must have a first axis \(samples\)"),
    "x None": ({"x": None}, TypeError, "x must be an array of numbers, got None"),
    "y None": ({"y": None}, TypeError, "y must be an array of numbers, got None"),
    "y text": ({"y": ["a"] * ROWS}, TypeError, "y must be an array of numbers, got .'a'"),
    "x NaN": ({"x": NAN}, ValueError, r"x holds a value that is NaN or infinite.*\[3, 1\]"),
    "y infinite": ({"y": INF}, ValueError, r"y holds a value that is NaN or infinite.*\[2, 0\]"),
    "one of two inputs NaN": (
        {"x": [POINTS, NAN]},
        ValueError,
        r"x\[1\] holds a value that is NaN",
    ),
    "unequal lengths": (
        {"y": TARGET[:9]},
        ValueError,
        r"same number of samples \(the first axis\), got x: 16, y: 9",
    ),
    "unequal inputs": (
        {"x": {"a": POINTS, "b": WINDOWS[:3]}},
        ValueError,
        r"got x\['a'\]: 16, x\['b'\]: 3, y: 16",
    ),
    "ragged": ({"y": [[1], [1, 2]]}, TypeError, "y must be an array of numbers"),
    **{
        f"{name} {value!r}": ({name: value}, error, f"{name} must be {message}")
        for name in ("batch_size", "epochs")
        for value, error, message in (
            (0, ValueError, "at least 1, got 0"),
            (-2, ValueError, "at least 1, got -2"),
            (2.5, TypeError, "a whole number, got 2.5 of type float"),
            (True, TypeError, "a whole number, got True of type bool"),
            ("5", TypeError, "a whole number, got '5' of type str"),
            (None, TypeError, "a whole number, got None"),
        )
    },
    "validation_split 1.0": (
        {"validation_split": 1.0},
        ValueError,
        "validation_split must be at least 0 and below 1, got 1.0",
    ),
    "validation_split negative": ({"validation_split": -0.1}, ValueError, "below 1, got -0.1"),
    "validation_split NaN": (
        {"validation_split": float("nan")},
        ValueError,
        "validation_split must be a finite number, got nan",
    ),
    "validation_split text": ({"validation_split": "0.1"}, TypeError, "must be one number"),
    "validation_split holds nothing out": (
        {"validation_split": 1e-17},
        ValueError,
        "of 16 samples leaves 16 to train on and 0 held out",
    ),
    "validation_split leaves nothing": (
        {"validation_split": 0.99},
        ValueError,
        "of 16 samples leaves 0 to train on and 16 held out",
    ),
    "validation_data of one": ({"validation_data": (POINTS,)}, ValueError, r"must be \(x, y\) or"),
    "validation_data an array": ({"validation_data": POINTS}, ValueError, r"must be \(x, y\) or"),
    "validation_data NaN": (
        {"validation_data": (NAN, TARGET)},
        ValueError,
        "validation_data x holds a value that is NaN",
    ),
    "validation_data unequal": (
        {"validation_data": (POINTS, TARGET[:3])},
        ValueError,
        "got validation_data x: 16, validation_data y: 3",
    ),
    "verbose": ({"verbose": 3}, ValueError, 'verbose must be "auto", 0, 1 or 2, got 3'),
    "verbose text": ({"verbose": "yes"}, ValueError, "got 'yes'"),
    "shuffle": ({"shuffle": "batch"}, TypeError, "shuffle must be True or False, got 'batch'"),
    "negative seed": ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
    "fraction of a seed": ({"seed": 1.5}, TypeError, "seed must be a whole number, got 1.5"),
    "callback": ({"callbacks": [print]}, TypeError, "must be Keras callbacks, got <built-in"),
    "callback class": (
        {"callbacks": [callbacks.EarlyStopping]},
        TypeError,
        "must be Keras callbacks, got <class",
    ),
    "model not compiled": (
        {"model": keras.Sequential([keras.Input((3,)), layers.Dense(1)])},
        ValueError,
        r"model is not compiled: call model.compile\(",
    ),
    "model run eagerly": (
        {"model": mlp(run_eagerly=True)},
        ValueError,
        "compiled with run_eagerly=True",
    ),
    "not a model": ({"model": "mlp"}, TypeError, "model must be a Keras model, got str"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_before_anything_is_trained(model, case):
    wrong, error, message = BAD[case]
    before = model.get_weights()
    with pytest.raises(error, match=message):
        fit(**{"model": model, "x": POINTS, "y": TARGET, **wrong})
    assert_same_weights(model.get_weights(), before)
