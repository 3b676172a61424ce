"""What is trained, as data: one recipe a model, every hyper-parameter with its reason."""

from dataclasses import dataclass, field, replace

from fer_ros.train.augment import Augment


@dataclass(frozen=True)
class Recipe:
    """A network and how it learns."""

    name: str
    summary: str
    widths: tuple[int, ...]
    blocks: tuple[int, ...]
    epochs: int
    batch: int = 128  # enough to keep a CPU core busy, small enough for 223 updates an epoch
    peak_lr: float = 0.05  # usual for a residual network with Nesterov momentum at half of a batch of 256
    momentum: float = 0.9
    weight_decay: float = 5e-4  # with the peak rate, how fast old evidence is forgotten
    warm_up: float = 0.05  # share of the run in which the rate rises from 0
    cool_down: float = 0.5  # share in which it falls to 0; flat before, so --epochs may change on resume
    smoothing: float = 0.1  # of FER2013's labels, which people agree with in 65 % of images
    dropout: float = 0.2  # of pooled features, before the heads
    average: float = 0.998  # weight averaging over about two epochs; the average is what is exported
    # Of the target, where a teacher is given; the rest is the labels. Twelve more epochs with the robot's
    # own looks as teacher left its validation accuracy where it was: a better teacher is needed.
    teacher_share: float = 0.7
    teacher_from: float = 0.5  # share of the run after which it is asked; until then labels teach as well,
    # so both networks can be trained at the same time and joined with --resume
    margins_px: tuple[int, ...] = ()  # looks the exported network averages over; each costs two inferences
    augment: Augment = field(default_factory=Augment)


ROBOT = Recipe(
    name="robot",
    summary="small enough for a robot's CPU beside everything else that runs there",
    widths=(32, 64, 88),
    blocks=(1, 2, 1),
    epochs=60,
    cool_down=0.4,
    dropout=0.1,  # a network this small hardly overfits
    margins_px=(0,),  # the mirror image too: half a per cent more, and still about 1 ms a face
)

# A larger network (widths 64, 128, 256; 1.24 M parameters) reached 0.666 on FER2013's validation split
# after 42 epochs, where the small one, asked six times, reaches 0.683: it wants more epochs than two
# cores give it in an hour. Until it has had them, the better estimate is this one.
CLOUD = replace(
    ROBOT,
    name="cloud",
    summary="the robot's network, asked six times for each face: what a cloud has time for",
    margins_px=(-2, 0, 2),
)

RECIPES = {recipe.name: recipe for recipe in (ROBOT, CLOUD)}
