"""Model cards, ONNX sessions, calibration and streaming estimates."""
