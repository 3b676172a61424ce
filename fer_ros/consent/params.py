"""Parameters of what is lawful and allowed."""

from dataclasses import dataclass

from fer_ros.errors import ParameterError
from fer_ros.params import param

CONTEXTS = ("care", "home", "museum", "research", "medical", "safety", "workplace", "education")
FORBIDDEN = ("workplace", "education")  # Art. 5(1)(f) of the EU's AI Act


@dataclass(frozen=True)
class DeploymentParams:
    """Where the robot is, as every node that infers has to know."""

    deployment_context: str = param(
        "research",
        "where the robot is; workplace and education need an exception",
        choices=CONTEXTS,
    )
    exception: str = param(
        "", "the documented reason why expressions may be estimated at work or in education"
    )


@dataclass(frozen=True)
class ConsentParams:
    """What people are told, and what is asked of them before anything is inferred."""

    consent_required: bool = param(False, "infer nothing before the service `consent` was told yes")
    enabled: bool = param(True, "whether the off switch is on at start; the service `enable` changes it")
    notice_file: str = param("", "path of a file of notices; empty: the one that is installed")
    audit_log: str = param("", "path of a file to which what was decided is appended; empty: none is kept")


def exception_in_force(params: DeploymentParams) -> str:
    """The exception that inference rests on; empty where it needs none.

    Raises:
        ParameterError: what the context forbids, and no exception is documented.
    """
    if params.deployment_context not in FORBIDDEN:
        return ""
    if not params.exception.strip():
        raise ParameterError(
            f"deployment_context is {params.deployment_context!r}: expressions must not be estimated there "
            "but for medical or safety reasons (EU AI Act, Art. 5(1)(f)); document yours in `exception`, or "
            f"name another context: {', '.join(c for c in CONTEXTS if c not in FORBIDDEN)}"
        )
    return params.exception.strip()
