"""FER+'s VGG13, here to be compared with: hri_emotion_recognizer runs it.

Barsoum et al. 2016, section 4.1: 64x64 grey in, ten convolutions, two dense layers of 1024;
8,757,704 values for 8 classes.
"""

from torch import Tensor, nn
from torch.nn import functional as F

from fer_ros.train.layers import Heads, unit

STAGES = ((64, 64), (128, 128), (256, 256, 256), (256, 256, 256))
DENSE = 1024


def build(heads: dict[str, int], *, size: int = 64) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
        size: side that faces are enlarged to, px; a multiple of 16. FER+'s 48 px become 64 there.
    """
    return VGG13(heads, size)


class VGG13(nn.Module):
    """Arguments as `build`."""

    def __init__(self, heads: dict[str, int], size: int) -> None:
        super().__init__()
        self.size = size
        layers: list[nn.Module] = []
        inputs = 1
        for widths in STAGES:
            for width in widths:
                layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()]
                inputs = width
            layers += [nn.MaxPool2d(2), nn.Dropout(0.25)]
        places = (size // 2 ** len(STAGES)) ** 2
        self.body = nn.Sequential(*layers, nn.Flatten(), *_dense(inputs * places), *_dense(DENSE))
        self.heads = Heads(DENSE, heads)

    def forward(self, face: Tensor) -> tuple[Tensor, ...]:
        """(B, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        grey = unit(face).unsqueeze(1)
        if face.shape[-1] != self.size:
            grey = F.interpolate(grey, size=(self.size, self.size), mode="bilinear", align_corners=False)
        logits: tuple[Tensor, ...] = self.heads(self.body(grey))
        return logits


def _dense(inputs: int) -> list[nn.Module]:
    return [nn.Linear(inputs, DENSE), nn.ReLU(), nn.Dropout(0.5)]
