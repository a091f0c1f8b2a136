"""Small random Kandinsky 2 and 3, and IF."""

from typing import Any

from tiny_parts import Parts, clip_text, clip_vision, ddim, house_tokenizer, long_tokenizer, t5
from tiny_pipelines import UNCHECKED


def _pixel_unet(name: str, **more: Any) -> Any:
    """The UNet of Kandinsky 2 and IF: blocks that mix what they read into each layer."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        layers_per_block=1,
        block_out_channels=(32, 64),
        down_block_types=("ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"),
        mid_block_type="UNetMidBlock2DSimpleCrossAttn",
        up_block_types=("SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"),
        cross_attention_dim=32,
        encoder_hid_dim=32,
        resnet_time_scale_shift="scale_shift",
        **more,
    )


def _kandinsky_prior() -> Parts:
    import torch
    from diffusers import PriorTransformer, UnCLIPScheduler

    prior = PriorTransformer(num_attention_heads=2, attention_head_dim=12, embedding_dim=32, num_layers=1)
    prior.clip_std = torch.nn.Parameter(torch.ones(prior.clip_std.shape))
    made: Parts = {
        "prior": prior,
        "text_encoder": clip_text(projection=True),
        "tokenizer": long_tokenizer(),
        "scheduler": UnCLIPScheduler(
            variance_type="fixed_small_log",
            prediction_type="sample",
            num_train_timesteps=1000,
            clip_sample=True,
            clip_sample_range=10.0,
        ),
        **clip_vision(),
    }
    return {f"prior_{name}": each for name, each in made.items()}


def _movq() -> Any:
    from diffusers import VQModel

    return VQModel(
        block_out_channels=[32, 64],
        down_block_types=["DownEncoderBlock2D", "AttnDownEncoderBlock2D"],
        latent_channels=4,
        norm_num_groups=8,
        norm_type="spatial",
        num_vq_embeddings=12,
        up_block_types=["AttnUpDecoderBlock2D", "UpDecoderBlock2D"],
        vq_embed_dim=4,
    )


def kandinsky22(name: str) -> Parts:
    channels = 9 if "Inpaint" in name else 4
    unet = _pixel_unet(
        name,
        in_channels=channels,
        out_channels=8,
        attention_head_dim=4,
        addition_embed_type="image",
        encoder_hid_dim_type="image_proj",
    )
    return {"unet": unet, "movq": _movq(), "scheduler": ddim()} | _kandinsky_prior()


def kandinsky21(name: str) -> Parts:
    from diffusers.pipelines.kandinsky.text_encoder import MCLIPConfig, MultilingualCLIP

    channels = 9 if "Inpaint" in name else 4
    unet = _pixel_unet(
        name,
        in_channels=channels,
        out_channels=8,
        attention_head_dim=4,
        addition_embed_type="text_image",
        encoder_hid_dim_type="text_image_proj",
    )
    text = MCLIPConfig(
        numDims=32,
        transformerDimensions=32,
        hidden_size=32,
        intermediate_size=37,
        num_attention_heads=4,
        num_hidden_layers=2,
        vocab_size=len(house_tokenizer()),
    )
    made: Parts = {"unet": unet, "movq": _movq(), "scheduler": ddim(), "tokenizer": long_tokenizer()}
    return made | {"text_encoder": MultilingualCLIP(text).eval()} | _kandinsky_prior()


def kandinsky3(_: str) -> Parts:
    from diffusers import DDPMScheduler, Kandinsky3UNet

    return {
        "unet": Kandinsky3UNet(
            in_channels=4,
            time_embedding_dim=4,
            groups=2,
            attention_head_dim=4,
            layers_per_block=3,
            block_out_channels=(32, 64),
            cross_attention_dim=4,
            encoder_hid_dim=32,
        ),
        "movq": _movq(),
        "text_encoder": t5(),
        "tokenizer": house_tokenizer(),
        "scheduler": DDPMScheduler(beta_schedule="squaredcos_cap_v2", clip_sample=True, thresholding=False),
    }


def deepfloyd(name: str) -> Parts:
    from diffusers import DDPMScheduler

    unet = _pixel_unet(
        name,
        sample_size=32,
        in_channels=3,
        out_channels=6,
        attention_head_dim=8,
        addition_embed_type="text",
        addition_embed_type_num_heads=2,
        cross_attention_norm="group_norm",
        act_fn="gelu",
    )
    return {
        "unet": unet,
        "text_encoder": t5(),
        "tokenizer": house_tokenizer(),
        "scheduler": DDPMScheduler(
            beta_schedule="squaredcos_cap_v2",
            thresholding=True,
            dynamic_thresholding_ratio=0.95,
            prediction_type="epsilon",
            variance_type="learned_range",
        ),
        "watermarker": None,
    } | UNCHECKED
