"""Sums of a network that come out the same with less work. Each is found by a network's parts, not by its name.

    guidance    the network is asked about a picture twice, with the words and without them. Until the words come in
                both are the same, and that much is worked out once
    enlarging   values are repeated to twice the width and height, then convolved 3 x 3: of the nine products that make
                a value, several have the same factor. A transposed convolution 4 x 4 has their weights summed
                beforehand, and makes four products
    in one go   a tiny autoencoder's convolution, what is added to it and its cut at zero, without the way to memory
                and back in between

Values move in their last bits, since sums are taken in another order or rounded less often.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Forward = Callable[..., Any]
# What may be said to a network besides: nothing of it comes in before the words.
_PLAIN = {"return_dict"}
_FORM = ([1, 1], [1, 1], [1, 1], 1)  # padding, stride, dilation and groups of a convolution 3 x 3


class Shared:
    """What both halves of guidance share in one UNet. Between `begin` and `end` it is called with half as many pictures
    as there are rows of words; otherwise it works as it always does.
    """

    def __init__(self, network: Any) -> None:
        self._rows: Any = None  # for each row of the words, which picture it is about
        self._pictures: Any = 0  # how many there are
        self._few: list[Any] = []  # values that are there once for each picture
        early, first = _parted(network)
        network.conv_in.register_forward_hook(self._noted)
        network.time_embedding.register_forward_hook(self._repeat_time)
        for block in early:
            block.register_forward_pre_hook(self._cut_time, with_kwargs=True)
            block.register_forward_hook(self._noted)
        first.resnets[0].register_forward_pre_hook(self._cut_time, with_kwargs=True)
        first.attentions[0].register_forward_pre_hook(self._repeat_first)
        for block in network.up_blocks:
            block.register_forward_pre_hook(self._repeat_skipped, with_kwargs=True)

    def begin(self, pictures: Any, words: Any) -> None:
        """The next call is about `pictures`, a row each; `words` has several rows for each of them."""
        import torch

        self._pictures = pictures.shape[0]
        self._rows = torch.arange(words.shape[0]) % self._pictures
        self._few.clear()

    def end(self) -> None:
        """Calls are as they always were."""
        self._rows = None
        self._few.clear()

    def _repeated(self, values: Any) -> Any:
        import torch

        if torch.jit.is_tracing():  # how often is seen when the graph runs
            return values.index_select(0, self._rows)
        return torch.cat([values] * (len(self._rows) // self._pictures))  # keeps their order in memory

    def _noted(self, _: Any, __: Any, result: Any) -> None:
        if self._rows is not None:
            first, skipped = result if isinstance(result, tuple) else (result, ())
            self._few += [first, *skipped]

    def _repeat_time(self, _: Any, __: Any, result: Any) -> Any:
        return result if self._rows is None else self._repeated(result)

    def _cut_time(self, _: Any, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
        if self._rows is None:
            return None
        if "temb" in named:
            return tuple(given), {**named, "temb": named["temb"][: self._pictures]}
        values, time, *more = given
        return (values, time[: self._pictures], *more), dict(named)

    def _repeat_first(self, _: Any, given: Sequence[Any]) -> Any:
        if self._rows is None:
            return None
        values, *more = given
        return (self._repeated(values), *more)

    def _repeat_skipped(self, _: Any, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
        if self._rows is None:
            return None
        few = {id(each) for each in self._few}
        skipped = named["res_hidden_states_tuple"]
        whole = tuple(self._repeated(each) if id(each) in few else each for each in skipped)
        return tuple(given), {**named, "res_hidden_states_tuple": whole}


def shares(network: Any) -> bool:
    """Whether something comes before the words in this UNet."""
    return _parted(network)[1] is not None


def in_halves(forward: Forward, shared: Shared | None = None) -> Forward:
    """A UNet's call that gives half of the pictures to `forward` where both halves are the same.

    `shared` is told of it; None where `forward` sees by itself that there are more words than pictures.
    """

    def call(sample: Any, timestep: Any, encoder_hidden_states: Any, **more: Any) -> Any:
        half = _half(sample, timestep, encoder_hidden_states, more)
        if half is None:
            return forward(sample, timestep, encoder_hidden_states, **more)
        if shared is None:
            return forward(half, timestep, encoder_hidden_states, **more)
        shared.begin(half, encoder_hidden_states)
        try:
            return forward(half, timestep, encoder_hidden_states, **more)
        finally:
            shared.end()

    return call


def _half(sample: Any, timestep: Any, words: Any, more: Mapping[str, Any]) -> Any:
    """Half of the pictures where the others are the same ones; None where nothing can be shared."""
    import torch

    beyond = any(more[name] is not None and more[name] != {} for name in set(more) - _PLAIN)
    rows = len(sample)
    if beyond or rows % 2 or not isinstance(words, torch.Tensor) or len(words) != rows:
        return None
    if isinstance(timestep, torch.Tensor) and timestep.numel() > 1:
        return None
    first, second = sample.chunk(2)
    return first if torch.equal(first, second) else None


def _parted(network: Any) -> tuple[list[Any], Any]:
    """The blocks that see no words, and the first that does; None where no block of the known form does."""
    blocks = list(network.down_blocks)
    early = list(itertools.takewhile(lambda each: not getattr(each, "has_cross_attention", False), blocks))
    first = blocks[len(early)] if len(early) < len(blocks) else None
    known = type(first).__name__ == "CrossAttnDownBlock2D"
    return early, first if known else None


def enlarge_at_once(part: Any) -> None:
    """Every enlarging followed by a convolution 3 x 3 becomes one transposed convolution."""
    import torch

    for module in list(part.modules()):
        if type(module).__name__ == "Upsample2D":
            _enlarge_block(module)
        elif isinstance(module, torch.nn.Sequential):
            _enlarge_in_turn(module)


def in_one_go(part: Any) -> None:
    """The blocks of a tiny autoencoder by oneDNN's operators that torch's own compiler uses, where they are there."""
    import torch

    if not torch.backends.mkldnn.is_available() or not hasattr(torch.ops.mkldnn, "_convolution_pointwise"):
        return
    for module in part.modules():
        if type(module).__name__ == "AutoencoderTinyBlock":
            _join(module)


def _join(block: Any) -> None:
    """Three convolutions, each cut at zero, the last after what went in was added to it."""
    import torch

    layers = list(block.conv)
    convs, cuts = layers[::2], [*layers[1::2], block.fuse]
    plain = all(map(_three_by_three, convs)) and all(type(each) is torch.nn.ReLU for each in cuts)
    if not plain or type(block.skip) is not torch.nn.Identity:
        return
    first, second, third = convs
    joined = torch.ops.mkldnn._convolution_pointwise

    def cut(conv: Any, values: Any) -> Any:
        return joined(values, conv.weight, conv.bias, *_FORM, "relu", [], "")

    def forward(values: Any) -> Any:
        last = cut(second, cut(first, values))
        added = (last, values, third.weight, third.bias, *_FORM)
        return joined.binary(*added, "add", 1.0, "relu", [], "")

    block.forward = forward


def _enlarge_block(module: Any) -> None:
    """One block of diffusers; a size that is not twice its own is made as before."""
    conv = getattr(module, "conv", None)
    plainly = module.interpolate and module.norm is None and not module.use_conv_transpose
    if not plainly or not _three_by_three(conv):
        return
    transposed, plain = _transposed(conv), module.forward

    def forward(values: Any, output_size: Any = None, **more: Any) -> Any:
        twice = tuple(2 * each for each in values.shape[-2:])
        if output_size is not None and tuple(output_size) != twice:
            return plain(values, output_size, **more)
        return module.transposed(values)

    module.transposed, module.forward = transposed, forward


def _enlarge_in_turn(layers: Any) -> None:
    """In a tiny autoencoder, where both are layers one after the other."""
    import torch

    for at in range(len(layers) - 1):
        enlarged, conv = layers[at], layers[at + 1]
        if not isinstance(enlarged, torch.nn.Upsample) or not _three_by_three(conv):
            continue
        if (enlarged.scale_factor, enlarged.mode) == (2.0, "nearest"):
            layers[at], layers[at + 1] = torch.nn.Identity(), _transposed(conv)


def _three_by_three(conv: Any) -> bool:
    import torch

    if type(conv) is not torch.nn.Conv2d:  # a LoRA lies over it
        return False
    form = (conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups, conv.padding_mode)
    return form == ((3, 3), (1, 1), (1, 1), (1, 1), 1, "zeros")


def _transposed(conv: Any) -> Any:
    """The transposed convolution that gives what `conv` gives of values repeated to twice their width and height.

    Along one side a value reaches four: of weights a b c the outer two by c and a, the inner two by b + c and a + b.
    """
    import torch

    reach = torch.tensor([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]], dtype=torch.float64)
    weight = torch.einsum("ya,xb,oiab->ioyx", reach, reach, conv.weight.detach().double())
    made = torch.nn.ConvTranspose2d(
        conv.in_channels, conv.out_channels, 4, stride=2, padding=1, bias=conv.bias is not None
    )
    made = made.to(conv.weight.dtype)
    made.weight.data = weight.to(conv.weight.dtype).contiguous()
    if conv.bias is not None:
        made.bias.data = conv.bias.detach().clone()
    return made.requires_grad_(requires_grad=False)
