"""The names that tensors have in a Stable Diffusion 1.5 single file, from the ones that diffusers gives them.

For networks of two UNet levels and four VAE levels, one layer each (tests/tiny_pipelines.py).
"""

import re

RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
UNET = [
    (r"^time_embedding\.linear_1", "time_embed.0"),
    (r"^time_embedding\.linear_2", "time_embed.2"),
    (r"^conv_in", "input_blocks.0.0"),
    (r"^conv_norm_out", "out.0"),
    (r"^conv_out", "out.2"),
    (r"^down_blocks\.0\.resnets\.0", "input_blocks.1.0"),
    (r"^down_blocks\.0\.downsamplers\.0\.conv", "input_blocks.2.0.op"),
    (r"^down_blocks\.1\.resnets\.0", "input_blocks.3.0"),
    (r"^down_blocks\.1\.attentions\.0", "input_blocks.3.1"),
    (r"^mid_block\.resnets\.0", "middle_block.0"),
    (r"^mid_block\.attentions\.0", "middle_block.1"),
    (r"^mid_block\.resnets\.1", "middle_block.2"),
    (r"^up_blocks\.0\.resnets\.(\d)", r"output_blocks.\1.0"),
    (r"^up_blocks\.0\.attentions\.(\d)", r"output_blocks.\1.1"),
    (r"^up_blocks\.0\.upsamplers\.0", "output_blocks.1.2"),
    (r"^up_blocks\.1\.resnets\.0", "output_blocks.2.0"),
    (r"^up_blocks\.1\.resnets\.1", "output_blocks.3.0"),
]
VAE = [
    (r"down_blocks\.(\d)\.resnets\.(\d)", r"down.\1.block.\2"),
    (r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample"),
    (r"up_blocks\.(\d)\.upsamplers\.0", r"up.\1.upsample"),
    (r"up_blocks\.(\d)\.resnets\.(\d)", r"up.\1.block.\2"),
    (r"mid_block\.resnets\.0", "mid.block_1"),
    (r"mid_block\.resnets\.1", "mid.block_2"),
    (r"mid_block\.attentions\.0\.group_norm", "mid.attn_1.norm"),
    (r"mid_block\.attentions\.0\.to_out\.0", "mid.attn_1.proj_out"),
    (r"mid_block\.attentions\.0\.to_([qkv])", r"mid.attn_1.\1"),
    (r"conv_norm_out", "norm_out"),
    (r"conv_shortcut", "nin_shortcut"),
]


def unet_name(name: str) -> str:
    """`model.diffusion_model.…` of a UNet's tensor."""
    in_resnet = ".resnets." in name
    for pattern, written in UNET:
        name = re.sub(pattern, written, name)
    if in_resnet:
        for ours, theirs in RESNET.items():
            name = name.replace(f".{ours}.", f".{theirs}.")
    return f"model.diffusion_model.{name}"


def control_name(name: str) -> str:
    """`control_model.…` of a ControlNet's tensor."""
    eye = {"conv_in": 0, "conv_out": 14} | {f"blocks.{each}": 2 + 2 * each for each in range(6)}
    part, _, kind = name.rpartition(".")
    if part.startswith("controlnet_cond_embedding."):
        return f"control_model.input_hint_block.{eye[part.partition('.')[2]]}.{kind}"
    name = re.sub(r"^controlnet_down_blocks\.(\d)", r"zero_convs.\1.0", name)
    name = name.replace("controlnet_mid_block", "middle_block_out.0")
    return unet_name(name).replace("model.diffusion_model", "control_model")


def vae_name(name: str) -> str:
    """`first_stage_model.…` of an autoencoder's tensor; the decoder counts its levels from the other end."""
    for pattern, written in VAE:
        name = re.sub(pattern, written, name)
    name = re.sub(r"decoder\.up\.(\d)", lambda found: f"decoder.up.{3 - int(found[1])}", name)
    return f"first_stage_model.{name}"


def text_name(name: str) -> str:
    """`cond_stage_model.…` of a CLIP text encoder's tensor."""
    return f"cond_stage_model.transformer.text_model.{name.removeprefix('text_model.')}"
