"""The errors this package raises on purpose: each message names the value and the remedy."""


class FerError(Exception):
    """Base of every error a user can do something about."""


class ParameterError(FerError):
    """A parameter, option or configuration file holds a value that cannot be used."""


class ModelError(FerError):
    """A model or its card is missing, corrupt, or the two do not match."""


class SourceError(FerError):
    """A camera, video, folder or bag cannot be opened or read."""


class ImageError(FerError):
    """An image has a shape, encoding or size that cannot be converted."""


class DatasetError(FerError):
    """A dataset is absent, incomplete or not in its published layout."""


class PayloadError(FerError):
    """A payload of the link cannot be written or read.

    Attributes:
        about: what is wrong, in a word or two that all payloads of its kind share.
        sequence: the payload's own; 0 where it could not be read.
    """

    def __init__(self, about: str, text: str, sequence: int = 0) -> None:
        super().__init__(text)
        self.about = about
        self.sequence = sequence
