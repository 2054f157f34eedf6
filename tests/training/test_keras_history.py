"""A Keras run keeps the records of this course, and is not changed by that."""

from importlib import import_module

import numpy as np
import pytest

from coursekit.datasets import load
from coursekit.training import History, keras_history

keras = pytest.importorskip("keras")


@pytest.fixture(scope="module")
def strokes():
    (x, y), (x_test, y_test) = load("strokes")
    scaled = [a[..., None].astype("float32") / 255 for a in (x, x_test)]
    return (scaled[0][:200], y[:200]), (scaled[1][:70], y_test[:70])


def small(
    classes, shape, *, accuracy="accuracy", rate=0.01, loss="sparse_categorical_crossentropy"
):
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input(shape),
            keras.layers.AveragePooling2D(4),
            keras.layers.Flatten(),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=[accuracy])
    return model


def run(strokes, record, *, epochs=3, callbacks=(), **arguments):
    (x, y), _ = strokes
    model = small(int(y.max()) + 1, x.shape[1:], **arguments)
    by_keras = model.fit(
        x, y, batch_size=32, epochs=epochs, verbose=0, validation_split=0.2,
        callbacks=[*([record] if record else []), *callbacks],
    )  # fmt: skip
    return model, by_keras.history


def test_records_are_what_keras_itself_reports(strokes):
    record = keras_history(test=strokes[1], batch_size=32)
    model, by_keras = run(strokes, record)
    history = record.history
    assert isinstance(history, History)
    assert history.keys == [
        "epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "test_loss",
        "test_accuracy", "lr", "seconds", "images_per_second",
    ]  # fmt: skip
    assert history["epoch"] == [1, 2, 3]
    assert history["loss"] == by_keras["loss"]
    assert history["accuracy"] == by_keras["accuracy"]
    assert history["validation_loss"] == by_keras["val_loss"]
    assert history["validation_accuracy"] == by_keras["val_accuracy"]
    loss, accuracy = model.evaluate(*strokes[1], verbose=0)
    assert history.final["test_loss"] == pytest.approx(loss, abs=1e-6)
    assert history.final["test_accuracy"] == pytest.approx(accuracy, abs=1e-6)
    right = model.predict(strokes[1][0], verbose=0).argmax(1) == strokes[1][1]
    assert history.final["test_accuracy"] == pytest.approx(right.mean(), abs=1e-6)
    assert history["lr"] == pytest.approx([0.01] * 3)
    assert history.config["parameters"] == model.count_params()
    assert history.config["examples"] == 160  # 200 less a fifth for validation
    assert history.config["test_examples"] == 70
    assert history.config["batch_size"] == 32
    assert history.stopped == ""
    for one in history.records:
        assert one["images_per_second"] == pytest.approx(160 / one["seconds"])


def test_the_run_is_the_same_with_and_without_the_callback(strokes):
    alone, _ = run(strokes, None)
    watched, _ = run(strokes, keras_history(test=strokes[1]))
    for a, b in zip(alone.get_weights(), watched.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_plot_report_and_export_work_alike(strokes, capsys, tmp_path):
    record = keras_history(test=strokes[1], batch_size=32)
    run(strokes, record)
    record.history.plot()
    record.history.report()
    record.history.report(min_accuracy=0.0, max_loss=1000)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("The loss and the accuracy over 3 epochs, side by side. The ")
    assert printed[1:] == [
        "epochs: 3",
        f"parameters: {record.history.config['parameters']:,}",
        "training images: 160",
        "test images: 70",
        "batch: 32",
        "test accuracy at least 0.00: yes",
        "test loss at most 1000.00: yes",
    ]
    record.history.to_json(tmp_path / "run.json")
    assert History.from_json(tmp_path / "run.json").records == record.history.records


@pytest.mark.parametrize("name", ["acc", "sparse_categorical_accuracy"])
def test_accuracy_under_its_other_names(strokes, name):
    record = keras_history()
    _, by_keras = run(strokes, record, epochs=1, accuracy=name)
    assert record.history["accuracy"] == by_keras[name]
    assert record.history["validation_accuracy"] == by_keras[f"val_{name}"]
    assert record.history["test_accuracy"] == [None]
    assert name not in record.history.keys


def test_other_metrics_keep_their_names_and_the_schedule_is_read(strokes):
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=0.5)
    record = keras_history(test=strokes[1])
    top = keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="sparse_top_k_accuracy")
    _, by_keras = run(strokes, record, epochs=2, accuracy=top, rate=rate)
    history = record.history
    assert history["accuracy"] == [None, None]
    assert history["sparse_top_k_accuracy"] == by_keras["sparse_top_k_accuracy"]
    assert history["validation_sparse_top_k_accuracy"] == by_keras["val_sparse_top_k_accuracy"]
    assert history.has("test_sparse_top_k_accuracy")
    # 160 images in batches of 32 are five steps, and each halves the rate.
    assert history["lr"] == pytest.approx([0.1 * 0.5**5, 0.1 * 0.5**10])


def test_the_clock_leaves_evaluation_out(strokes, monkeypatch):
    now = [100.0]
    module = import_module("coursekit.training.record.keras_history")
    monkeypatch.setattr(module, "perf_counter", lambda: now[0])

    class Slow(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            now[0] += 0.25

        def on_test_begin(self, logs=None):
            now[0] += 50

    record = keras_history()
    run(strokes, record, epochs=2, callbacks=[Slow()])
    # 160 images in batches of 32.
    assert record.history["seconds"] == [1.25, 1.25]
    assert record.history["images_per_second"] == [128, 128]


def test_stopped_early_and_begun_anew(strokes):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    record = keras_history()
    run(strokes, record, epochs=5, callbacks=[Stop()])
    assert len(record.history) == 2
    assert record.history.stopped == "Keras stopped after epoch 2 of 5."
    run(strokes, record, epochs=1)
    assert record.history["epoch"] == [1]
