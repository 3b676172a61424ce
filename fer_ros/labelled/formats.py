"""The kinds of video file that are written, and whether the library that writes them is here."""

from fer_ros.errors import FerError

FORMATS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}  # suffix → FFmpeg's name


def require_pyav() -> None:
    """Raise FerError, with the remedy, unless videos can be taken apart and written."""
    try:
        import av  # noqa: F401
    except ImportError as error:
        raise FerError(
            f"--out and --srt need PyAV ({error}); pip install 'av<19', or leave them out"
        ) from error
