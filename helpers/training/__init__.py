"""Keras' own `fit`, with many epochs compiled into one call, and the same training from many seeds.

`Model.fit` goes back to Python after every batch. On the small models of this course that costs
about a hundred times as long as the arithmetic. `fit` keeps what `Model.fit` promises and moves the
loop over batches and epochs into one XLA program round the model's own `train_step`, so that the
loss, the metrics, the optimizer and the layers are Keras' and not ours.

The rooms, each of which knows only those above it:

- `rows`       arrays checked, and split into rows to train on and rows held out
- `watching`   the bar, and an interrupt held back until a call is over
- `program`    the compiled loop of a model
- `calls`      training cut into calls of that program
- `fitting`    `fit`
- `recipe`     what tells whether two models may share a program
- `engine`     a compiled model that trains, and predicts with, the weights of all others like it
- `runs`       `Runs`
- `repeating`  `repeat`

To see what becomes of something when no model learns, put another function in the place of
`helpers.training.fit`: `repeat` looks it up there for every seed. (Whoever imported the name from
here before goes on with the old one.)
"""

from helpers.training.fitting import fit
from helpers.training.repeating import repeat
from helpers.training.runs import Runs

__all__ = ["Runs", "fit", "repeat"]
