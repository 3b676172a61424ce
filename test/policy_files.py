"""SROS 2 policy files, read by the rules of their format; what breaks one fails the test."""

from xml.etree import ElementTree

from fer_ros.security import Uses

# List of a profile → its elements' name, and which field of Uses each attribute fills.
RULES = {
    "topics": ("topic", {"publish": "publishes", "subscribe": "subscribes"}),
    "services": ("service", {"reply": "serves", "request": "calls"}),
}


def read_policy(text):
    """(enclave, {(namespace, node): what it may use}) of a policy of one enclave."""
    root = ElementTree.fromstring(text)
    assert (root.tag, root.attrib) == ("policy", {"version": "0.2.0"})
    (enclaves,) = root
    (enclave,) = enclaves
    (profiles,) = enclave
    assert [e.tag for e in (enclaves, enclave, profiles)] == ["enclaves", "enclave", "profiles"]
    assert list(enclave.attrib) == ["path"]
    assert not enclaves.attrib
    assert not profiles.attrib
    allowed = dict(map(_read_profile, profiles))
    assert len(allowed) == len(profiles) > 0
    return enclave.get("path"), allowed


def _read_profile(profile):
    assert profile.tag == "profile"
    assert sorted(profile.attrib) == ["node", "ns"]
    namespace, node = profile.get("ns"), profile.get("node")
    assert namespace.startswith("/")
    fields = [_read_list(part) for part in profile]
    assert len(dict(fields)) == len(fields), "each list once"
    path = "/".join(part for part in (namespace.strip("/"), node) if part)
    return (namespace, node), Uses(path, **dict(fields))


def _read_list(part):
    element, attributes = RULES[part.tag]
    ((attribute, verdict),) = part.attrib.items()
    names = tuple(e.text for e in part)
    assert verdict == "ALLOW"
    assert {e.tag for e in part} == {element}
    assert len(set(names)) == len(names)
    assert all(name and name == name.strip() and "//" not in name for name in names)
    return attributes[attribute], names
