"""The colours of the models can be seen on white, and told apart by every kind of colour vision.

How colour blindness is simulated, and in what distances are measured:
G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A Physiologically-based Model for Simulation
of Color Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), 2009,
the matrices for a severity of 1; and the CIE's L*a*b* space of 1976 with its distance, for a white
point of D65.
"""

from __future__ import annotations

from itertools import combinations

from helpers.plots import LOOKS

import numpy as np
import pytest
from matplotlib.colors import to_rgb

WHITE = "#FFFFFF"
VISION = {
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip


def linear(color: str) -> np.ndarray:
    """Red, green and blue as amounts of light, 0 to 1."""
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG 2 defines it: 1 to 21."""
    dark, light = sorted(linear(color) @ TO_XYZ[1] for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(color: str, vision: str = "usual") -> np.ndarray:
    seen = np.clip(VISION[vision] @ linear(color), 0, 1)
    xyz = TO_XYZ @ seen / TO_XYZ.sum(1)  # white is 1 in each
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, other: str, vision: str = "usual") -> float:
    """In CIE L*a*b*; about 2.3 can just be noticed side by side."""
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


# The arithmetic -----------------------------------------------------------------------------------


def test_contrast_and_distance_are_those_of_the_definitions():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.005)
    np.testing.assert_allclose(lab(WHITE), [100, 0, 0], atol=0.01)
    np.testing.assert_allclose(lab("#FF0000"), [53.24, 80.09, 67.20], atol=0.05)


@pytest.mark.parametrize("vision", VISION)
def test_grey_stays_grey_for_everybody(vision):
    np.testing.assert_allclose(np.sum(VISION[vision], axis=1), 1, atol=1e-5)
    assert distance("#808080", "#808080", vision) == 0


def test_red_and_green_come_together_for_those_who_confuse_them():
    red, green = "#C04040", "#707000"
    assert distance(red, green, "deuteranopia") < 0.4 * distance(red, green)
    assert distance(red, green, "tritanopia") > 0.5 * distance(red, green)


# The palette --------------------------------------------------------------------------------------

#: What WCAG 2.1 asks of graphics (1.4.11).
ENOUGH = 3.0
#: Colours further apart than this are told apart without being held side by side.
FAR = 25.0


@pytest.mark.parametrize("name", LOOKS)
def test_a_model_stands_out_from_white(name):
    assert contrast(LOOKS[name].color, WHITE) >= ENOUGH


@pytest.mark.parametrize("vision", VISION)
def test_no_two_models_have_colours_that_look_the_same(vision):
    closest = min(
        (distance(LOOKS[a].color, LOOKS[b].color, vision), a, b) for a, b in combinations(LOOKS, 2)
    )
    found = {"usual": 22, "protanopia": 13, "deuteranopia": 9.5, "tritanopia": 13}
    assert closest[0] >= found[vision], closest


@pytest.mark.parametrize("vision", VISION)
def test_what_colour_alone_does_not_tell_apart_dash_and_marker_do(vision):
    near = [
        (a, b)
        for a, b in combinations(LOOKS, 2)
        if distance(LOOKS[a].color, LOOKS[b].color, vision) < FAR
    ]
    assert near
    for a, b in near:
        assert LOOKS[a].linestyle != LOOKS[b].linestyle, (a, b)
        assert LOOKS[a].marker != LOOKS[b].marker, (a, b)
