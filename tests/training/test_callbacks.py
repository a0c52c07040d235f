"""Callbacks by epoch see and do what they do in `keras.Model.fit`; those by batch are refused."""

from helpers.training import fit

import keras
import pytest
import tensorflow as tf
from keras import callbacks
from small_models import POINTS, TARGET, Diary, assert_same_history, assert_same_weights


class HalveEverything(callbacks.Callback):
    """Changes the weights and the rate between epochs, and stops when it has seen enough."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.set_weights([weight / 2 for weight in self.model.get_weights()])

    def on_epoch_end(self, epoch, logs=None):
        self.model.optimizer.learning_rate = self.model.optimizer.learning_rate / 2
        self.model.stop_training = epoch == 3


BY_EPOCH = {
    "none but a diary": lambda: [],
    "EarlyStopping with the best weights restored": lambda: [
        callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    ],
    "LearningRateScheduler": lambda: [
        callbacks.LearningRateScheduler(lambda epoch, rate: rate * (0.5 if epoch % 2 else 0.9))
    ],
    "ReduceLROnPlateau": lambda: [callbacks.ReduceLROnPlateau(patience=1, factor=0.5)],
    "LambdaCallback by epoch": lambda: [
        callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(extra=epoch))
    ],
    "a user's own": lambda: [HalveEverything()],
}


@pytest.mark.parametrize("case", BY_EPOCH)
def test_callbacks_by_epoch_see_and_do_what_they_do_in_model_fit(shared_start, case):
    def run(train):
        model, diary = shared_start.start.again(), Diary()
        history = train(
            model,
            POINTS,
            TARGET,
            batch_size=5,
            epochs=8,
            validation_split=0.25,
            shuffle=False,
            callbacks=[*BY_EPOCH[case](), diary],
            verbose=0,
        )
        return model.get_weights(), history.history, diary.pages

    (weights, history, pages), (their_weights, their_history, their_pages) = (
        run(fit),
        run(keras.Model.fit),
    )
    assert_same_history(history, their_history)
    assert_same_weights(weights, their_weights)
    assert len(pages) == len(their_pages)
    for page, their_page in zip(pages, their_pages, strict=True):
        tf.nest.map_structure(alike, page, their_page)


def alike(mine, other):
    assert type(mine) is type(other)
    assert mine == (pytest.approx(other, rel=1e-4, abs=1e-5) if type(other) is float else other)


def test_early_stopping_stops(model):
    """So that the comparison above is about a run that was stopped."""
    stop = callbacks.EarlyStopping(monitor="loss", min_delta=10, patience=2)
    history = fit(model, POINTS, TARGET, batch_size=5, epochs=12, callbacks=stop)
    assert len(history.history["loss"]) == 3


def test_model_checkpoint_by_epoch_writes_the_files_model_fit_writes(shared_start, tmp_path):
    def run(train, folder):
        model = shared_start.start.again()
        path = folder / "{epoch:02d} {val_loss:.4f}.weights.h5"
        (folder).mkdir()
        saver = callbacks.ModelCheckpoint(path, save_weights_only=True, save_best_only=True)
        arguments = {"batch_size": 5, "epochs": 4, "shuffle": False, "verbose": 0}
        train(model, POINTS, TARGET, validation_split=0.25, callbacks=[saver], **arguments)
        files = sorted(folder.iterdir())
        model.load_weights(files[-1])
        return [file.name for file in files], model.get_weights()

    names, weights = run(fit, tmp_path / "ours")
    their_names, their_weights = run(keras.Model.fit, tmp_path / "theirs")
    assert names == their_names
    assert_same_weights(weights, their_weights)


class EveryBatch(callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        pass


class EveryTestBatch(callbacks.Callback):
    def on_test_batch_begin(self, batch, logs=None):
        pass


class OldName(callbacks.Callback):
    def on_batch_begin(self, batch, logs=None):
        pass


class BusyCheckpoint(callbacks.ModelCheckpoint):
    def on_train_batch_begin(self, batch, logs=None):
        pass


@pytest.mark.parametrize(
    ("callback", "message"),
    [
        (EveryBatch, r"EveryBatch needs a Python call every batch \(on_train_batch_end\)"),
        (EveryTestBatch, r"\(on_test_batch_begin\)"),
        (OldName, r"\(on_batch_begin\)"),
        (
            lambda: callbacks.ModelCheckpoint("m.keras", save_freq=10),
            r"ModelCheckpoint needs .* \(on_train_batch_end\)",
        ),
        (lambda: BusyCheckpoint("m.keras"), r"\(on_train_batch_begin\)"),
        (callbacks.TerminateOnNaN, r"\(on_batch_end\).*a loss that becomes NaN stops this fit"),
        (
            lambda: callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: None),
            r"LambdaCallback needs .* \(on_train_batch_end\)",
        ),
        (lambda: callbacks.BackupAndRestore("backup"), r"\(on_train_batch_end\)"),
    ],
)
def test_callbacks_by_batch_are_refused_by_the_name_of_the_hook(model, callback, message):
    before = model.get_weights()
    with pytest.raises(ValueError, match=message):
        fit(model, POINTS, TARGET, callbacks=[callback()])
    assert_same_weights(model.get_weights(), before)
