"""Small random Stable Diffusion 1.5 and XL, with their ControlNets, adapters, depth."""

from typing import Any

import tiny_pipelines
from tiny_parts import Parts, clip_text, loud
from tiny_pipelines import UNCHECKED


def _sd(name: str, **unet: Any) -> Parts:
    channels = 9 if "Inpaint" in name and "ControlNet" not in name else 4
    if "InstructPix2Pix" in name:
        channels = 8
    if "LatentConsistency" in name:
        unet["time_cond_proj_dim"] = 8
    made = tiny_pipelines.parts(unet_in=channels, **unet)
    if "ControlNet" in name:
        made["controlnet"] = controlnet(made["unet"], name)
    if "Adapter" in name:
        made["adapter"] = _adapter()
        # An adapter adds to the blocks before they are made smaller, and a plain block has no place for that.
        made["unet"] = type(made["unet"]).from_config(
            dict(made["unet"].config)
            | {
                "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
                "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
            }
        )
    if "LatentConsistency" in name:
        made["scheduler"] = _lcm()
    return made


def _lcm() -> Any:
    from diffusers import LCMScheduler

    return LCMScheduler()


def controlnet(unet: Any, name: str) -> Any:
    from diffusers import ControlNetModel, ControlNetUnionModel

    sizes = {"conditioning_embedding_out_channels": (4, 4, 4, 4)}
    if "Union" not in name:
        return loud(ControlNetModel.from_unet(unet, **sizes))
    shape = dict(ControlNetUnionModel.from_unet(unet, **sizes).config)
    width = unet.config.block_out_channels[0]
    small = {
        "num_trans_channel": width,
        "num_proj_channel": width,
        "num_trans_head": 2,
        "num_control_type": 8,
    }
    shape.pop("_use_default_values")
    return loud(ControlNetUnionModel.from_config(shape | small))


def _adapter() -> Any:
    from diffusers import T2IAdapter

    return T2IAdapter(channels=[8, 16], num_res_blocks=1, downscale_factor=8, adapter_type="full_adapter")


def sd15(name: str) -> Parts:
    return _sd(name) | UNCHECKED


def depth(_: str) -> Parts:
    from transformers import DPTConfig, DPTForDepthEstimation, DPTImageProcessor

    config = DPTConfig(
        image_size=32,
        patch_size=16,
        hidden_size=16,
        num_hidden_layers=4,
        backbone_out_indices=(0, 1, 2, 3),
        num_attention_heads=2,
        intermediate_size=16,
        is_hybrid=False,
        neck_hidden_sizes=[4, 4, 4, 4],
        fusion_hidden_size=4,
        reassemble_factors=[4, 2, 1, 0.5],
    )
    processor = DPTImageProcessor(size={"height": 32, "width": 32})
    made = tiny_pipelines.parts(unet_in=5)
    return made | {"depth_estimator": DPTForDepthEstimation(config).eval(), "feature_extractor": processor}


def sdxl(name: str) -> Parts:
    made = _sd(
        name,
        cross=64,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=32 + 8 * (5 if "Img2Img" in name else 6),
        transformer_layers_per_block=(1, 1),
        use_linear_projection=True,
    )
    more: Parts = {"text_encoder_2": clip_text(projection=True), "tokenizer_2": made["tokenizer"]}
    if "Adapter" not in name and "InstructPix2Pix" not in name and "Img2Img" in name:
        more["requires_aesthetics_score"] = True
    if "Adapter" not in name:
        more["add_watermarker"] = False
    return made | more


def upscaler(_: str) -> Parts:
    """Four times as large: the small picture beside the noise, and an autoencoder of four pixels a cell."""
    from diffusers import AutoencoderKL, DDIMScheduler, DDPMScheduler

    made = tiny_pipelines.parts(unet_in=7, num_class_embeds=1000)
    made["vae"] = AutoencoderKL(
        block_out_channels=(8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=64,
    )
    return made | {"low_res_scheduler": DDPMScheduler(), "scheduler": DDIMScheduler(), "max_noise_level": 350}


def latent_upscaler(_: str) -> Parts:
    """Twice as large, among the autoencoder's cells."""
    from diffusers import EulerDiscreteScheduler, UNet2DConditionModel

    made = tiny_pipelines.parts()
    made["unet"] = UNet2DConditionModel(
        act_fn="gelu",
        attention_head_dim=8,
        norm_num_groups=None,
        block_out_channels=[32, 32, 64, 64],
        time_cond_proj_dim=32 + 128,
        conv_in_kernel=1,
        conv_out_kernel=1,
        cross_attention_dim=32,
        down_block_types=("KDownBlock2D", *("KCrossAttnDownBlock2D",) * 3),
        in_channels=8,
        mid_block_type=None,
        only_cross_attention=False,
        out_channels=5,
        resnet_time_scale_shift="scale_shift",
        time_embedding_type="fourier",
        timestep_post_act="gelu",
        up_block_types=(*("KCrossAttnUpBlock2D",) * 3, "KUpBlock2D"),
    )
    return made | {"scheduler": EulerDiscreteScheduler(prediction_type="sample")}
