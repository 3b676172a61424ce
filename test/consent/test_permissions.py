"""What people allow: explicit words count, required consent is waited for, and a wrong id is refused."""

import pytest

from fer_ros.consent.params import CONTEXTS, ConsentParams, DeploymentParams, exception_in_force
from fer_ros.consent.permissions import MOST_OPT_OUTS, Permissions
from fer_ros.errors import ParameterError


def asked():
    return Permissions(ConsentParams(consent_required=True))


def test_where_nothing_is_required_inference_is_allowed():
    assert Permissions(ConsentParams()).now.why_not == ""


def test_required_consent_is_waited_for():
    permissions = asked()
    assert "was not given" in permissions.now.why_not
    permissions.consent(given=True)
    assert permissions.now.why_not == ""


@pytest.mark.parametrize("required", [True, False])
def test_withdrawn_consent_stops_everything_required_or_not(required):
    permissions = Permissions(ConsentParams(consent_required=required))
    permissions.consent(given=True)
    permissions.consent(given=False)
    assert "withdrawn" in permissions.now.why_not


def test_consent_does_not_switch_on_what_is_switched_off():
    permissions = asked()
    permissions.enable(on=False)
    permissions.consent(given=True)
    assert "switched off" in permissions.now.why_not


def test_explicit_uses_of_the_switch_are_counted():
    permissions = Permissions(ConsentParams(enabled=False))
    assert (permissions.now.enabled, permissions.now.commands) == (False, 0)
    permissions.enable(on=True)
    permissions.enable(on=True)
    assert (permissions.now.enabled, permissions.now.commands) == (True, 2)


def test_a_face_opts_out_and_in_again():
    permissions = Permissions(ConsentParams())
    permissions.opt_out("face_1", out=True)
    permissions.opt_out("face_2", out=True)
    permissions.opt_out("face_1", out=False)
    assert permissions.now.opted_out == {"face_2"}
    assert permissions.now.opted_in == {"face_1"}


@pytest.mark.parametrize("face_id", ["", "1", " face_1"])
def test_what_is_no_id_of_a_face_is_refused(face_id):
    with pytest.raises(ParameterError, match="give the id of a face"):
        Permissions(ConsentParams()).opt_out(face_id, out=True)


def test_no_number_of_requests_fills_the_memory():
    permissions = Permissions(ConsentParams())
    for number in range(MOST_OPT_OUTS):
        permissions.opt_out(f"face_{number}", out=True)
    with pytest.raises(ParameterError, match="switch off with `enable`"):
        permissions.opt_out("one_more", out=True)
    permissions.opt_out("face_0", out=False)
    assert len(permissions.now.opted_out) == MOST_OPT_OUTS - 1


@pytest.mark.parametrize("context", ["workplace", "education"])
@pytest.mark.parametrize("exception", ["", "  \n"])
def test_at_work_and_in_education_nothing_goes_without_an_exception(context, exception):
    with pytest.raises(ParameterError, match=f"deployment_context is '{context}'.*document yours"):
        exception_in_force(DeploymentParams(context, exception))
    assert exception_in_force(DeploymentParams(context, "drivers' fatigue")) == "drivers' fatigue"


@pytest.mark.parametrize("context", [c for c in CONTEXTS if c not in ("workplace", "education")])
def test_elsewhere_no_exception_is_needed(context):
    assert exception_in_force(DeploymentParams(context)) == ""
