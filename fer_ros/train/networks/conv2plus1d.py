"""Lee's (2+1)D comparison: ResNet20 over space, then over time, layer by layer (thesis, section 3.3.3).

The thesis gives 523,357 stored values (table 3.2) but not how many channels lie between the two
halves of a convolution; the choice made in backbones/resnet20.py is within 2 % of them.
"""

from torch import nn

from fer_ros.train.networks.conv3d import Volume


def build(heads: dict[str, int]) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
    """
    return Volume(heads, "2plus1d")
