"""ONNX Runtime sessions, set up to be shared by threads."""

import onnxruntime as ort

ERRORS_ONLY = 3  # below that, hundreds of warnings about these networks


def open_session(network: bytes) -> ort.InferenceSession:
    """A CPU session whose ``run`` may be called from several threads at once.

    One thread per call: calls run side by side, and idle workers do not spin on cores others need.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])
