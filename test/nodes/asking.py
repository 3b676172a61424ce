"""Shows a faces node one image at a time."""

from collections.abc import Callable
from typing import Any

from fer_ros.msg import FaceArray

from .bench import Bench

# Any age will do: this machine may be busy. Third-party models need not be here.
PATIENT = {"finder": "haar", "reader": "none", "max_age_s": 0.0}
SEEN_OFTEN_ENOUGH = 4  # haar shows a face once several images in a row held it


class Asker:
    """Publishes images and collects what a faces node answers.

    Attributes:
        heard: every answer.
    """

    def __init__(self, bench: Bench, publisher: Any) -> None:
        self.bench, self.publisher = bench, publisher
        self.heard: list[FaceArray] = bench.listen(FaceArray, "faces")
        bench.until(lambda: bench.probe.count_publishers("faces"), "faces is published")

    def show(self, message: Any) -> FaceArray:
        """The answer to one image."""
        count = len(self.heard)
        self.publisher.publish(message)
        return self.bench.until(lambda: self.heard[count:], f"an answer to {message.header}")[0]

    def show_often(self, make_message: Callable[[float], Any]) -> FaceArray:
        """The answer to the same picture, shown several times in a row."""
        return [self.show(make_message(1.0 + i / 30)) for i in range(SEEN_OFTEN_ENOUGH)][-1]

    def refusal(self, message: Any) -> str:
        """The one warning about an image that gets no answer."""
        self.publisher.publish(message)
        self.bench.until(self.bench.complaints, f"a complaint about {message.header}")
        assert self.heard == []
        (complaint,) = self.bench.complaints()
        return complaint
