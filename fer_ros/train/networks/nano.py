"""EmotionNet Nano A and B: a ResNet20 in which every layer has a width of its own (Lee 2020, chapter 4).

The text gives what is followed here: residual design, uneven 3x3 convolutions that widen as maps shrink,
two 1x1 convolutions that each read the sum of several 3x3 layers and feed several later ones, average
pool and a dense layer at the end (sections 4.2.1 to 4.2.3), and 232K and 136K parameters (table 4.1).
It does not give the widths, which were found by a machine and are only in figure 4.1, for B. The outer
widths 11, 27 and 64 and B's inner ones follow a public reading of that figure, which comes to 5 % more
than table 4.1 with norms: the widest inner layer has 34 channels here instead of 39. A's widths are B's
times 1.3. Norms, the place of the strides, and the input of 48 px are not given either.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from fer_ros.train.layers import Heads, unit

# Of each stage: the outer width, on which layers are summed, and the inner width of each block.
STAGES: dict[str, tuple[tuple[int, tuple[int, ...]], ...]] = {
    "a": ((14, (12, 10, 9)), (36, (36, 25, 34)), (84, (47, 43, 32))),
    "b": ((11, (9, 8, 7)), (27, (27, 19, 26)), (64, (36, 34, 24))),
}


def build(heads: dict[str, int], *, variant: str = "a") -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
        variant: "a", the more accurate, or "b", the smaller.

    Raises:
        ValueError: another variant.
    """
    if variant not in STAGES:
        raise ValueError(f"variant {variant!r} is unknown; choose one of {', '.join(STAGES)}")
    return Nano(heads, STAGES[variant])


class Nano(nn.Module):
    """A first convolution, three stages, and the mean over places.

    Args:
        heads: label space → number of labels.
        stages: as a value of STAGES.
    """

    def __init__(self, heads: dict[str, int], stages: Sequence[tuple[int, Sequence[int]]]) -> None:
        super().__init__()
        self.stem = _normed(1, stages[0][0])
        inputs, built = stages[0][0], []
        for index, (outer, inner) in enumerate(stages):
            built.append(Stage(inputs, outer, inner, first=index == 0))
            inputs = outer
        self.stages = nn.ModuleList(built)
        self.heads = Heads(inputs, heads)

    def forward(self, face: Tensor) -> tuple[Tensor, ...]:
        """(B, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        x = self.stem(unit(face).unsqueeze(1))
        before = x
        for stage in self.stages:
            x, before = stage(x, before)
        logits: tuple[Tensor, ...] = self.heads(x.mean(dim=(2, 3)))
        return logits


class Stage(nn.Module):
    """Blocks whose outputs are summed, and the 1x1 convolution that carries an earlier sum into that sum.

    Args:
        inputs: channels that come in.
        outer: channels of the sum.
        inner: channels inside each block.
        first: nothing is halved, and nothing is carried over.
    """

    def __init__(self, inputs: int, outer: int, inner: Sequence[int], *, first: bool) -> None:
        super().__init__()
        stride = 1 if first else 2
        self.carry = nn.Identity() if first else nn.Conv2d(inputs, outer, 1, stride, bias=False)
        sources, strides = [inputs] + [outer] * (len(inner) - 1), [stride] + [1] * (len(inner) - 1)
        self.blocks = nn.ModuleList(
            nn.Sequential(_normed(source, width, step), _normed(width, outer))
            for source, width, step in zip(sources, inner, strides, strict=True)
        )

    def forward(self, x: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
        """The sum of all blocks, and that without the last, which the next stage's 1x1 convolution reads.

        Args:
            x: (B, inputs, S, S), the sum of the stage before.
            before: the same shape, without its last block.
        """
        total: Tensor = self.carry(before)
        for index, block in enumerate(self.blocks):
            before = total
            total = total + block(x if index == 0 else total)
        return total, before


def _normed(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())
