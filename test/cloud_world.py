"""A cloud that answers, or does not, for tests of the switch."""

from fer_ros.mode import ModeParams, ModeSwitch


class World:
    """A cloud that answers `rate_hz` times a second with results `delay_s` old, and a robot that ticks."""

    def __init__(self, **params):
        self.switch = ModeSwitch(ModeParams(**params))
        self.now = 1_700_000_000.0
        self.start = self.now
        self.changes = []

    def run(self, seconds, rate_hz=15.0, delay_s=0.15):
        """Let time pass in steps of 10 ms; rate_hz 0 is a silent cloud."""
        until, next_result = self.now + seconds, self.now
        while self.now < until:
            self.now += 0.01
            self._note(self.switch.tick(self.now))
            if rate_hz and self.now >= next_result:
                next_result += 1 / rate_hz
                self._note(self.switch.on_cloud(self.now - delay_s, self.now))
        return self

    def _note(self, change):
        if change is not None:
            self.changes.append(change)

    @property
    def modes(self):
        return [change.mode for change in self.changes]
