"""The address of the page, settled before its node starts, so that it can be shown and stays the same."""

from fer_ros.configuration import Values
from fer_ros.params import build
from fer_ros.web.address import free_port, page_address
from fer_ros.web.params import WebParams
from fer_ros.web.security import check_token, new_token


def settle_page(values: Values) -> str:
    """Choose the port and the token where the parameters leave them open.

    Args:
        values: parameters of the node `web`; they are changed.

    Returns:
        the address, the token in it.

    Raises:
        ParameterError: the address cannot be had, or the token could be guessed.
    """
    own = {name: value for name, value in values.items() if name in WebParams.__dataclass_fields__}
    params = build(WebParams, own, "web")
    port, token = free_port(params), check_token(params.token or new_token())
    values |= {"port": port, "token": token}
    return page_address(params, port, token)
