"""ResNet50 for grey faces, started from published weights (Maclean 2021, section 3.2)."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fer_ros.train.backbones.resnet import ResNet50
from fer_ros.train.layers import unit
from fer_ros.train.weights import load_into

# Mean and deviation of the images that the published weights have seen, per channel of 0..1.
SEEN = {
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),  # RGB
    "vggface2": ((91.4953 / 255, 103.8827 / 255, 131.0912 / 255), (1 / 255, 1 / 255, 1 / 255)),  # BGR
}


class GreyResNet50(nn.Module):
    """Grey faces to features of ResNet50; (N, 1, S, S) float32, grey 0..255, to (N, features).

    Args:
        start: "imagenet" or "vggface2", what the weights come from: it sets the scale of the input
            and where the strides are.
        weights: file of starting weights; "" for random ones.
        side: px that faces are enlarged to; 0 to leave them.
        width: see ResNet50.
        blocks: see ResNet50.

    Raises:
        ValueError: `start` is neither.
        ModelError: the weights do not fit.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(
        self, start: str, weights: str, side: int, width: int = 64, blocks: Sequence[int] = (3, 4, 6, 3)
    ) -> None:
        super().__init__()
        if start not in SEEN:
            raise ValueError(f"start {start!r} is unknown; choose one of {', '.join(SEEN)}")
        self.side = side
        self.network = ResNet50(start == "vggface2", width, blocks)
        self.features = self.network.features
        for name, values in zip(("mean", "deviation"), SEEN[start], strict=True):
            self.register_buffer(name, torch.tensor(values).view(1, 3, 1, 1), persistent=False)
        self.loaded = bool(weights)
        if weights:
            self._load(Path(weights).expanduser())

    def forward(self, grey: Tensor) -> Tensor:
        """See the class."""
        if self.side:
            grey = F.interpolate(grey, size=(self.side, self.side), mode="bilinear", align_corners=False)
        return self.network((unit(grey) - self.mean) / self.deviation)  # type: ignore[no-any-return]

    def _load(self, path: Path) -> None:
        """Published weights, or the checkpoint of a network here that has this one as its `body`."""
        load_into(self.network, path, part="body.network.")
