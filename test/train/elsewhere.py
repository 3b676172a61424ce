"""A second device for machines without one: numbers are kept on the CPU, and none may meet the CPU's own.

Torch calls its "meta" device the one that these tensors are on, as it is the only one besides the CPU that
every build knows. A GPU refuses the same mixtures, but for an index and for single numbers.
"""

from contextlib import contextmanager, nullcontext

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map_only

NAME = "meta"
aten = torch.ops.aten
COPIES = (aten._to_copy.default,)
INDEXED = (aten.index.Tensor, aten._index_put_impl_.default)


class Elsewhere(torch.Tensor):
    """A tensor that is not on the CPU; `inner` holds its numbers."""

    @staticmethod
    def __new__(cls, inner):
        how = {"strides": inner.stride(), "dtype": inner.dtype, "device": NAME}
        found = torch.Tensor._make_wrapper_subclass(cls, inner.shape, **how)
        found.inner = inner
        return found

    @classmethod
    def __torch_dispatch__(cls, call, types, args=(), kwargs=None):
        return done(call, args, kwargs or {})

    def __deepcopy__(self, memo):
        copy = Elsewhere(self.inner.detach().clone())
        return torch.nn.Parameter(copy, self.requires_grad) if isinstance(self, torch.nn.Parameter) else copy


class _Mode(TorchDispatchMode):
    def __torch_dispatch__(self, call, types, args=(), kwargs=None):
        return done(call, args, kwargs or {})


@contextmanager
def a_second_device(monkeypatch):
    """Tensors may be moved to NAME and back; autocast, which does not know it, is left out."""
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: nullcontext())
    with _Mode():
        yield NAME


def done(call, args, kwargs):
    """Run an operator where its tensors are."""
    away = [t for t in tree_leaves((args, kwargs)) if isinstance(t, Elsewhere)]
    to = str(kwargs.pop("device", None) or (NAME if away else "cpu"))
    if call is aten.copy_.default:  # the one that may cross, besides the moves
        inside(args[0]).copy_(inside(args[1]))
        return args[0]
    if away and call not in COPIES:
        checked(call, args, kwargs)
    result = call(*tree_map_only(Elsewhere, inside, args), **tree_map_only(Elsewhere, inside, kwargs))
    if call._schema.is_mutable:
        return args[0] if call._schema.returns else None
    if to != NAME or call is aten._local_scalar_dense.default:
        return result
    return tree_map_only(torch.Tensor, lambda t: Elsewhere(t.clone() if t is inside(args[0]) else t), result)


def checked(call, args, kwargs):
    """RuntimeError where tensors of two devices meet."""
    looked_at = (args[0], *args[2:]) if call in INDEXED else (args, kwargs)
    near = [t for t in tree_leaves(looked_at) if isinstance(t, torch.Tensor) and not isinstance(t, Elsewhere)]
    if any(t.ndim > 0 for t in near):
        raise RuntimeError(f"{call}: tensors are on two devices, {[tuple(t.shape) for t in near]} on the CPU")


def inside(tensor):
    """The numbers, wherever the tensor is."""
    return tensor.inner if isinstance(tensor, Elsewhere) else tensor
