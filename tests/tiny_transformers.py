"""Small random pipelines around a diffusion transformer: SD 3, Z-Image, Qwen-Image, Sana and others."""

import tiny_pipelines
from tiny_parts import (
    Parts,
    clip_text,
    clip_vision,
    ddim,
    flat_vae,
    flow,
    house_tokenizer,
    long_tokenizer,
    loud,
    qwen3,
    t5,
    vae8,
)
from tiny_pipelines import UNCHECKED


def sd3(name: str) -> Parts:
    from diffusers import SD3ControlNetModel, SD3Transformer2DModel

    latent = 16 if name == "StableDiffusion3InpaintPipeline" else 4  # it counts them
    shape: Parts = {
        "sample_size": 32,
        "patch_size": 1,
        "in_channels": latent,
        "num_layers": 2,
        "attention_head_dim": 8,
        "num_attention_heads": 4,
        "joint_attention_dim": 32,
        "caption_projection_dim": 32,
        "pooled_projection_dim": 64,
        "out_channels": latent,
    }
    made: Parts = {
        "transformer": SD3Transformer2DModel(**shape),
        "vae": flat_vae(latent),
        "scheduler": flow(),
        "text_encoder_3": t5(),
    }
    for number in ("", "_2", "_3"):
        made[f"tokenizer{number}"] = house_tokenizer()
    for number in ("", "_2"):
        made[f"text_encoder{number}"] = clip_text(projection=True)
    if "ControlNet" in name:
        extra = {"extra_conditioning_channels": 1} if "Inpainting" in name else {}
        made["controlnet"] = loud(SD3ControlNetModel(**(shape | {"num_layers": 1}), **extra))
    return made


def z_image(name: str) -> Parts:
    from diffusers import ZImageControlNetModel, ZImageTransformer2DModel
    from transformers import Qwen3Model

    shape: Parts = {
        "all_patch_size": (2,),
        "all_f_patch_size": (1,),
        "in_channels": 16,
        "dim": 32,
        "n_refiner_layers": 1,
        "n_heads": 2,
        "n_kv_heads": 2,
        "norm_eps": 1e-5,
        "qk_norm": True,
        "cap_feat_dim": 16,
        "rope_theta": 256.0,
        "t_scale": 1000.0,
        "axes_dims": [8, 4, 4],
        "axes_lens": [256, 32, 32],
    }
    omni = "Omni" in name  # it looks at the picture with a SigLIP too
    if omni:
        shape["axes_lens"] = [1024, 128, 128]
    made: Parts = {
        "transformer": ZImageTransformer2DModel(n_layers=2, siglip_feat_dim=16 if omni else None, **shape),
        "vae": flat_vae(
            16,
            down_block_types=["DownEncoderBlock2D"] * 2,
            up_block_types=["UpDecoderBlock2D"] * 2,
            block_out_channels=[8, 8],
            norm_num_groups=4,
        ),
        "text_encoder": Qwen3Model(qwen3()),
        "tokenizer": house_tokenizer(),
        "scheduler": flow(),
        **(_siglip2() if omni else {}),
    }
    if "ControlNet" in name:
        own = (
            "all_patch_size",
            "all_f_patch_size",
            "dim",
            "n_refiner_layers",
            "n_heads",
            "n_kv_heads",
            "norm_eps",
            "qk_norm",
        )
        extra = {each: shape[each] for each in own}
        channels = 33 if "Inpaint" in name else 16
        made["controlnet"] = loud(
            ZImageControlNetModel(
                control_layers_places=[0, 1],
                control_refiner_layers_places=[0],
                control_in_dim=channels,
                **extra,
            )
        )
    return made


def _siglip2() -> Parts:
    import transformers

    config = transformers.Siglip2VisionConfig(
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        patch_size=16,
        num_patches=16,
    )
    reads = transformers.Siglip2ImageProcessor(patch_size=16, max_num_patches=16)
    return {"siglip": transformers.Siglip2VisionModel(config).eval(), "siglip_processor": reads}


def qwen_image(name: str) -> Parts:
    from diffusers import AutoencoderKLQwenImage, QwenImageControlNetModel, QwenImageTransformer2DModel
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    shape: Parts = {
        "patch_size": 2,
        "in_channels": 16,
        "out_channels": 4,
        "num_layers": 2,
        "attention_head_dim": 16,
        "num_attention_heads": 3,
        "joint_attention_dim": 16,
        "axes_dims_rope": (8, 4, 4),
    }
    small = {"hidden_size": 16, "intermediate_size": 16}
    rope = {"mrope_section": [1, 1, 2], "rope_type": "default", "type": "default", "rope_theta": 1e6}
    text = small | {"num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2}
    text |= {"vocab_size": len(house_tokenizer()), "rope_scaling": rope}
    config = Qwen2_5_VLConfig(
        text_config=text, vision_config=small | {"depth": 2, "num_heads": 2, "out_hidden_size": 16}
    )
    made: Parts = {
        "transformer": QwenImageTransformer2DModel(guidance_embeds=False, **shape),
        "vae": AutoencoderKLQwenImage(
            base_dim=24,
            z_dim=4,
            dim_mult=[1, 2, 4],
            num_res_blocks=1,
            temperal_downsample=[False, True],
            latents_mean=[0.0] * 4,
            latents_std=[1.0] * 4,
        ),
        "text_encoder": Qwen2_5_VLForConditionalGeneration(config),
        "tokenizer": house_tokenizer(),
        "scheduler": flow(),
    }
    if "ControlNet" in name:
        extra = {"extra_condition_channels": 4} if "Inpaint" in name else {}
        made["controlnet"] = loud(QwenImageControlNetModel(**shape, **extra))
    return made


def sana(name: str) -> Parts:
    import diffusers
    from transformers import Gemma2Config, Gemma2Model

    shape: Parts = {
        "patch_size": 1,
        "in_channels": 4,
        "out_channels": 4,
        "num_layers": 2,
        "num_attention_heads": 2,
        "attention_head_dim": 4,
        "num_cross_attention_heads": 2,
        "cross_attention_head_dim": 4,
        "cross_attention_dim": 8,
        "caption_channels": 8,
        "sample_size": 32,
    }
    sprint = {"qk_norm": "rms_norm_across_heads", "guidance_embeds": True} if "Sprint" in name else {}
    blocks = ("ResBlock", "EfficientViTBlock")
    text = Gemma2Config(
        head_dim=16,
        hidden_size=8,
        intermediate_size=16,
        num_attention_heads=2,
        num_hidden_layers=1,
        num_key_value_heads=2,
        vocab_size=len(house_tokenizer()),
        attn_implementation="eager",
    )
    made: Parts = {
        "transformer": diffusers.SanaTransformer2DModel(**shape, **sprint),
        "vae": diffusers.AutoencoderDC(
            latent_channels=4,
            attention_head_dim=2,
            encoder_block_types=blocks,
            decoder_block_types=blocks,
            encoder_block_out_channels=(8, 8),
            decoder_block_out_channels=(8, 8),
            encoder_qkv_multiscales=((), (5,)),
            decoder_qkv_multiscales=((), (5,)),
            encoder_layers_per_block=(1, 1),
            decoder_layers_per_block=[1, 1],
            downsample_block_type="conv",
            upsample_block_type="interpolate",
            decoder_norm_types="rms_norm",
            decoder_act_fns="silu",
            scaling_factor=0.41407,
        ),
        "text_encoder": Gemma2Model(text),
        "tokenizer": house_tokenizer(),
        "scheduler": diffusers.SCMScheduler() if "Sprint" in name else flow(),
    }
    if "ControlNet" in name:
        made["controlnet"] = loud(diffusers.SanaControlNetModel(**shape))
    return made


def chrono(_: str) -> Parts:
    from diffusers import AutoencoderKLWan, ChronoEditTransformer3DModel

    return {
        "transformer": ChronoEditTransformer3DModel(
            patch_size=(1, 2, 2),
            num_attention_heads=2,
            attention_head_dim=12,
            in_channels=36,
            out_channels=16,
            text_dim=32,
            freq_dim=256,
            ffn_dim=32,
            num_layers=2,
            cross_attn_norm=True,
            qk_norm="rms_norm_across_heads",
            rope_max_seq_len=32,
            image_dim=32,
        ),
        "vae": AutoencoderKLWan(
            base_dim=3,
            z_dim=16,
            dim_mult=[1, 1, 1, 1],
            num_res_blocks=1,
            temperal_downsample=[False, True, True],
        ),
        "text_encoder": t5(),
        "tokenizer": long_tokenizer(),
        "scheduler": flow(),
        **clip_vision(),
    }


def hunyuan_dit(_: str) -> Parts:
    from diffusers import HunyuanDiT2DControlNetModel, HunyuanDiT2DModel
    from transformers import BertConfig, BertModel

    shape: Parts = {
        "sample_size": 16,
        "patch_size": 2,
        "attention_head_dim": 8,
        "num_attention_heads": 3,
        "in_channels": 4,
        "cross_attention_dim": 32,
        "cross_attention_dim_t5": 32,
        "pooled_projection_dim": 16,
        "hidden_size": 24,
        "activation_fn": "gelu-approximate",
    }
    bert = BertConfig(
        vocab_size=len(house_tokenizer()),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    return {
        "transformer": HunyuanDiT2DModel(num_layers=4, **shape),
        "controlnet": loud(HunyuanDiT2DControlNetModel(transformer_num_layers=4, **shape)),
        "vae": tiny_pipelines.parts()["vae"],
        "text_encoder": BertModel(bert),
        "tokenizer": long_tokenizer(),
        "text_encoder_2": t5(),
        "tokenizer_2": long_tokenizer(),
        "scheduler": ddim(),
    } | UNCHECKED


def cogview(_: str) -> Parts:
    from diffusers import CogView4Transformer2DModel
    from transformers import GlmConfig, GlmModel

    text = GlmConfig(
        hidden_size=32,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        head_dim=8,
        vocab_size=len(house_tokenizer()),
        pad_token_id=0,
    )
    return {
        "transformer": CogView4Transformer2DModel(
            patch_size=2,
            in_channels=8,
            num_layers=2,
            attention_head_dim=4,
            num_attention_heads=4,
            out_channels=4,
            text_embed_dim=32,
            time_embed_dim=8,
            condition_dim=4,
        ),
        "vae": vae8(),
        "text_encoder": GlmModel(text),
        "tokenizer": house_tokenizer(),
        "scheduler": flow(),
    }
