"""mini-Xception on one face: what `face_classification` runs, here to be compared with.

Arriaga et al. 2017, section 3. Stores 58,423 values for 7 classes. Its own input is 64 px; any size
will do, because the class maps are averaged over places.
"""

from torch import Tensor, nn

from fer_ros.train.backbones.mini_xception import MiniXception
from fer_ros.train.layers import ClassMaps, unit


def build(heads: dict[str, int]) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
    """
    return FaceXception(heads)


class FaceXception(nn.Module):
    """mini-Xception with a map per class."""

    def __init__(self, heads: dict[str, int]) -> None:
        super().__init__()
        self.body = MiniXception()
        self.heads = ClassMaps(self.body.features, heads)

    def forward(self, face: Tensor) -> tuple[Tensor, ...]:
        """(B, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        # -1..1, as the authors' own preprocessing gives it.
        maps: tuple[Tensor, ...] = self.heads(self.body(2 * unit(face).unsqueeze(1) - 1))
        return maps
