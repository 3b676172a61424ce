"""A report.json as text for people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

ABSENT = "-"
FIGURES = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "ece": "expected calibration error",
    "coverage": "prediction sets that hold the true label",
    "mean_set_size": "labels in a prediction set",
    "accuracy_at_80": "accuracy of the surest 80 %",
    "risk_area": "area under risk-coverage",
}
CLASS_COLUMNS = ("n", "recall", "precision", "f1", "coverage", "mean_set_size")
CONDITION_COLUMNS = ("accuracy", "macro_f1", "ece", "coverage", "mean_set_size", "accuracy_at_80")
PLOTS = {
    "confusion.png": "Confusion matrix: shares of each true label, and counts",
    "reliability.png": "Reliability: accuracy over confidence",
    "risk_coverage.png": "Risk and coverage: accuracy of what is answered",
    "face_size.png": "Accuracy by face size",
    "frame_rate.png": "Accuracy by frame rate",
}


CLIPS = (
    " A clip's answer is the mean of the estimates of its images, or of a clip network's windows, at "
    "{rate:g} images a second where no other rate is named."
)


def report_text(content: Mapping[str, Any]) -> str:
    """Markdown of one evaluation; `content` is what report.json holds."""
    cases = content["cases"]
    rates = [condition["frame_rate_hz"] for condition in content["by_frame_rate"]]
    parts = [
        f"# {content['model']}: {content['labels']}, {content['split']} split",
        f"{content['data']}. n = {content['n']} {cases}, a face was found in {content['detected']}. "
        f"Over all {cases}, one without a face counts as an error, an abstention and an empty prediction "
        "set; calibration and set sizes are of the answers given."
        + (CLIPS.format(rate=max(rates)) if cases == "clips" and rates else ""),
        _figures(content),
        f"## By class (all {cases})",
        table(("label", *CLASS_COLUMNS), _class_rows(content["per_class"])),
        *_conditions("By face size", "face size, px", "face_size_px", content["by_face_size"], cases),
        *_conditions("By frame rate", "frames/s", "frame_rate_hz", content["by_frame_rate"], cases),
        *(f"![{PLOTS[name]}]({name})" for name in PLOTS if name in content["plots"]),
        f"By `{content['command']}` on {content['machine']}.",
    ]
    return "\n\n".join(parts) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; figures get four digits, and None a dash."""
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines)


def cell(value: object) -> str:
    """A value as it stands in a table."""
    if value is None:
        return ABSENT
    return f"{value:.4f}" if isinstance(value, float) else str(value).replace("|", "\\|")


def _figures(content: Mapping[str, Any]) -> str:
    everything, detected = content["all_images"], content["detected_only"] or {}
    names = {"n": content["cases"], **FIGURES}
    rows = [(words, everything[key], detected.get(key)) for key, words in names.items()]
    return table(("", f"all {content['cases']}", "detected only"), rows)


def _class_rows(per_class: Mapping[str, Mapping[str, Any]]) -> list[list[object]]:
    return [[label, *(found[column] for column in CLASS_COLUMNS)] for label, found in per_class.items()]


def _conditions(
    title: str, across: str, key: str, conditions: Sequence[Mapping[str, Any]], cases: str
) -> list[str]:
    if not conditions:
        return []
    rows = [
        [f"{condition[key]:g}", scope, found["n"], *(found[column] for column in CONDITION_COLUMNS)]
        for condition in conditions
        for scope, found in _scopes(condition)
    ]
    return [f"## {title}", table((across, cases, "n", *CONDITION_COLUMNS), rows)]


def _scopes(condition: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Figures of all cases, and of the detected ones where they are others."""
    everything, detected = condition["all_images"], condition["detected_only"]
    same = detected is None or detected["n"] == everything["n"]
    return [("all", everything)] if same else [("all", everything), ("detected", detected)]
