"""Batches as tensors on the device that learns, sent there while it is busy with the one before."""

import queue
import threading

import numpy as np
import torch

ARRAYS = ("frames", "ids", "positions", "turns", "where", "wanted", "answers", "weights", "kinds", "colors", "centers", "motions",
          "digits", "places", "numbers")
AS_SENT = {"frames", "weights"}    # bytes, and numbers that are f32 already


class TensorBatch:
    """A batch's arrays as tensors on the device; they travel as small as they were drawn."""

    def __init__(self, batch, device):
        on_gpu = torch.device(device).type == "cuda"
        for name in ARRAYS:
            tensor = torch.from_numpy(np.ascontiguousarray(getattr(batch, name)))
            tensor = (tensor.pin_memory() if on_gpu else tensor).to(device, non_blocking=True)
            setattr(self, name, tensor if name in AS_SENT else tensor.float() if name == "digits" else tensor.long())

    def tensors(self):
        return [getattr(self, name) for name in ARRAYS]


class Loader:
    """Takes batches from a feed in a thread of its own and sends them to the device ahead of their use."""

    def __init__(self, feed, device, progress, ahead=4):
        self._feed, self._device, self._progress = feed, device, progress
        self._ready, self._stop = queue.Queue(ahead), threading.Event()
        self._thread = threading.Thread(target=self._load, daemon=True)
        self._thread.start()

    def _load(self):
        stream = torch.cuda.Stream(self._device) if self._device.type == "cuda" else None
        try:
            while not self._stop.is_set():
                drawn = self._feed.next(self._progress())
                if stream is None:
                    batch = TensorBatch(drawn, self._device)
                else:
                    with torch.cuda.stream(stream):
                        batch = TensorBatch(drawn, self._device)
                    stream.synchronize()
                    for tensor in batch.tensors():
                        tensor.record_stream(torch.cuda.default_stream(self._device))
                self._put(batch)
        except BaseException as problem:      # told to whoever waits for a batch
            self._put(problem)

    def _put(self, value):
        while not self._stop.is_set():
            try:
                return self._ready.put(value, timeout=1)
            except queue.Full:
                pass

    def next(self):
        """The next batch, waited for if need be.

        Raises what kept it from being drawn.
        """
        value = self._ready.get()
        if isinstance(value, BaseException):
            raise value
        return value

    def close(self):
        self._stop.set()
        self._thread.join()
