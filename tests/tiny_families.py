"""Random pipelines of many real classes, as diffusers' own tests make them: a few kilobytes each, and they paint noise.

`save(name, folder)` writes one as a hub has it. Tokenizers are the embedded model's, with a chat's marks where a class
wants them: what is read does not matter to noise.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import tiny_pipelines
from tiny_pipelines import UNCHECKED

Parts = dict[str, Any]
_CHAT = "{% for m in messages %}{{ m['content'] }} {% endfor %}"


def save(name: str, folder: Path, builder: "Builder | None" = None) -> Path:
    """A pipeline of the class `name`, in diffusers' layout."""
    import diffusers
    import torch

    torch.manual_seed(0)
    made = (builder or BUILDERS[name])(name)
    getattr(diffusers, name)(**made).save_pretrained(folder)
    return folder


def _tokenizer() -> Any:
    from transformers import CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(tiny_pipelines.HOUSE / "tokenizer")
    tokenizer.chat_template = _CHAT
    return tokenizer


def _clip_text(hidden: int = 32, *, projection: bool = False) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    tokenizer = _tokenizer()
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=hidden,
        intermediate_size=32,
        projection_dim=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=77,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return (CLIPTextModelWithProjection if projection else CLIPTextModel)(config)


def _t5() -> Any:
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(
        T5Config(vocab_size=len(_tokenizer()), d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=4)
    ).eval()


def _clip_vision() -> Parts:
    from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection

    config = CLIPVisionConfig(
        hidden_size=32,
        image_size=32,
        projection_dim=32,
        intermediate_size=37,
        num_attention_heads=4,
        num_hidden_layers=2,
        patch_size=8,
    )
    size = {"shortest_edge": 32}
    processor = CLIPImageProcessor(size=size, crop_size={"height": 32, "width": 32})
    return {"image_encoder": CLIPVisionModelWithProjection(config), "image_processor": processor}


def _flat_vae(latent: int, **more: Any) -> Any:
    """An autoencoder that makes a cell of each pixel."""
    from diffusers import AutoencoderKL

    shape: Parts = {
        "block_out_channels": (4,),
        "norm_num_groups": 1,
        "shift_factor": 0.06,
        "scaling_factor": 1.5,
    }
    return AutoencoderKL(
        sample_size=32,
        layers_per_block=1,
        latent_channels=latent,
        use_quant_conv=False,
        use_post_quant_conv=False,
        **(shape | more),
    )


def _vae8() -> Any:
    """One that makes a cell of eight pixels a side: some classes scale the picture up to a megapixel first."""
    vae = tiny_pipelines.parts()["vae"]
    vae.register_to_config(shift_factor=0.0)
    return vae


def _flow() -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler

    return FlowMatchEulerDiscreteScheduler()


# --- Stable Diffusion --------------------------------------------------------------------------------------


def _sd(name: str, **unet: Any) -> Parts:
    channels = 9 if "Inpaint" in name and "ControlNet" not in name else 4
    if "InstructPix2Pix" in name:
        channels = 8
    if "LatentConsistency" in name:
        unet["time_cond_proj_dim"] = 8
    made = tiny_pipelines.parts(unet_in=channels, **unet)
    if "ControlNet" in name:
        made["controlnet"] = _controlnet(made["unet"], name)
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


def _controlnet(unet: Any, name: str) -> Any:
    from diffusers import ControlNetModel, ControlNetUnionModel

    sizes = {"conditioning_embedding_out_channels": (4, 4, 4, 4)}
    if "Union" not in name:
        return _loud(ControlNetModel.from_unet(unet, **sizes))
    shape = dict(ControlNetUnionModel.from_unet(unet, **sizes).config)
    width = unet.config.block_out_channels[0]
    small = {
        "num_trans_channel": width,
        "num_proj_channel": width,
        "num_trans_head": 2,
        "num_control_type": 8,
    }
    shape.pop("_use_default_values")
    return _loud(ControlNetUnionModel.from_config(shape | small))


def _adapter() -> Any:
    from diffusers import T2IAdapter

    return T2IAdapter(channels=[8, 16], num_res_blocks=1, downscale_factor=8, adapter_type="full_adapter")


def _sd15(name: str) -> Parts:
    return _sd(name) | UNCHECKED


def _depth(_: str) -> Parts:
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


def _sdxl(name: str) -> Parts:
    made = _sd(
        name,
        cross=64,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=32 + 8 * (5 if "Img2Img" in name else 6),
        transformer_layers_per_block=(1, 1),
        use_linear_projection=True,
    )
    more: Parts = {"text_encoder_2": _clip_text(projection=True), "tokenizer_2": made["tokenizer"]}
    if "Adapter" not in name and "InstructPix2Pix" not in name and "Img2Img" in name:
        more["requires_aesthetics_score"] = True
    if "Adapter" not in name:
        more["add_watermarker"] = False
    return made | more


# --- Flux --------------------------------------------------------------------------------------------------

_FLUX_CHANNELS = {"FluxFillPipeline": 4 * (4 + 4 + 64), "Control": 32, "": 16}


def _flux(name: str) -> Parts:
    from diffusers import FluxControlNetModel, FluxTransformer2DModel

    control = "Control" in name and "ControlNet" not in name
    channels = _FLUX_CHANNELS.get(name) or _FLUX_CHANNELS["Control" if control else ""]
    shape: Parts = {
        "patch_size": 1,
        "num_layers": 1,
        "num_single_layers": 1,
        "attention_head_dim": 16,
        "num_attention_heads": 2,
        "joint_attention_dim": 32,
        "pooled_projection_dim": 32,
        "axes_dims_rope": [4, 4, 8],
    }
    made: Parts = {
        "transformer": FluxTransformer2DModel(in_channels=channels, out_channels=16, **shape),
        "vae": _vae8(),
        "text_encoder": _clip_text(),
        "text_encoder_2": _t5(),
        "tokenizer": _tokenizer(),
        "tokenizer_2": _tokenizer(),
        "scheduler": _flow(),
    }
    if "ControlNet" in name:
        made["controlnet"] = _loud(FluxControlNetModel(in_channels=16, **shape))
    return made


def _loud(controlnet: Any) -> Any:
    """A new ControlNet begins with zeros and changes nothing: these are filled."""
    for weight in controlnet.parameters():
        if not weight.data.any():
            weight.data.normal_(std=0.5)
    return controlnet


def _chroma(_: str) -> Parts:
    from diffusers import ChromaTransformer2DModel

    return {
        "transformer": ChromaTransformer2DModel(
            patch_size=1,
            in_channels=4,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=32,
            axes_dims_rope=[4, 4, 8],
            approximator_hidden_dim=32,
            approximator_layers=1,
            approximator_num_channels=16,
        ),
        "vae": _flat_vae(1),
        "text_encoder": _t5(),
        "tokenizer": _tokenizer(),
        "scheduler": _flow(),
    }


def _flux2(name: str) -> Parts:
    from diffusers import AutoencoderKLFlux2, Flux2Transformer2DModel
    from transformers import Qwen3ForCausalLM

    return {
        "transformer": Flux2Transformer2DModel(
            patch_size=1,
            in_channels=4,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=3 * 16,
            timestep_guidance_channels=256,
            axes_dims_rope=[4, 4, 4, 4],
            guidance_embeds=False,
        ),
        "vae": AutoencoderKLFlux2(
            sample_size=32,
            down_block_types=("DownEncoderBlock2D",),
            up_block_types=("UpDecoderBlock2D",),
            block_out_channels=(4,),
            layers_per_block=1,
            latent_channels=1,
            norm_num_groups=1,
            use_quant_conv=False,
            use_post_quant_conv=False,
        ),
        "text_encoder": Qwen3ForCausalLM(_qwen3(layers=28)),
        "tokenizer": _tokenizer(),
        "scheduler": _flow(),
        **({"is_distilled": True} if "KV" in name else {}),
    }


def _qwen3(layers: int = 2) -> Any:
    from transformers import Qwen3Config

    return Qwen3Config(
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
        vocab_size=len(_tokenizer()),
        max_position_embeddings=512,
    )


# --- Stable Diffusion 3, Z-Image, Qwen-Image, Sana ---------------------------------------------------------


def _sd3(name: str) -> Parts:
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
        "vae": _flat_vae(latent),
        "scheduler": _flow(),
        "text_encoder_3": _t5(),
    }
    for number in ("", "_2", "_3"):
        made[f"tokenizer{number}"] = _tokenizer()
    for number in ("", "_2"):
        made[f"text_encoder{number}"] = _clip_text(projection=True)
    if "ControlNet" in name:
        extra = {"extra_conditioning_channels": 1} if "Inpainting" in name else {}
        made["controlnet"] = _loud(SD3ControlNetModel(**(shape | {"num_layers": 1}), **extra))
    return made


def _z_image(name: str) -> Parts:
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
    made: Parts = {
        "transformer": ZImageTransformer2DModel(n_layers=2, **shape),
        "vae": _flat_vae(
            16,
            down_block_types=["DownEncoderBlock2D"] * 2,
            up_block_types=["UpDecoderBlock2D"] * 2,
            block_out_channels=[8, 8],
            norm_num_groups=4,
        ),
        "text_encoder": Qwen3Model(_qwen3()),
        "tokenizer": _tokenizer(),
        "scheduler": _flow(),
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
        made["controlnet"] = _loud(
            ZImageControlNetModel(
                control_layers_places=[0, 1],
                control_refiner_layers_places=[0],
                control_in_dim=channels,
                **extra,
            )
        )
    return made


def _qwen_image(name: str) -> Parts:
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
    text |= {"vocab_size": len(_tokenizer()), "rope_scaling": rope}
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
        "tokenizer": _tokenizer(),
        "scheduler": _flow(),
    }
    if "ControlNet" in name:
        extra = {"extra_condition_channels": 4} if "Inpaint" in name else {}
        made["controlnet"] = _loud(QwenImageControlNetModel(**shape, **extra))
    return made


def _sana(name: str) -> Parts:
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
        vocab_size=len(_tokenizer()),
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
        "tokenizer": _tokenizer(),
        "scheduler": diffusers.SCMScheduler() if "Sprint" in name else _flow(),
    }
    if "ControlNet" in name:
        made["controlnet"] = _loud(diffusers.SanaControlNetModel(**shape))
    return made


# --- Kandinsky, IF -----------------------------------------------------------------------------------------


def _chrono(_: str) -> Parts:
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
        "text_encoder": _t5(),
        "tokenizer": _long_tokenizer(),
        "scheduler": _flow(),
        **_clip_vision(),
    }


def _hunyuan_dit(_: str) -> Parts:
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
        vocab_size=len(_tokenizer()),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    return {
        "transformer": HunyuanDiT2DModel(num_layers=4, **shape),
        "controlnet": _loud(HunyuanDiT2DControlNetModel(transformer_num_layers=4, **shape)),
        "vae": tiny_pipelines.parts()["vae"],
        "text_encoder": BertModel(bert),
        "tokenizer": _long_tokenizer(),
        "text_encoder_2": _t5(),
        "tokenizer_2": _long_tokenizer(),
        "scheduler": _ddim(),
    } | UNCHECKED


def _cogview(_: str) -> Parts:
    from diffusers import CogView4Transformer2DModel
    from transformers import GlmConfig, GlmModel

    text = GlmConfig(
        hidden_size=32,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        head_dim=8,
        vocab_size=len(_tokenizer()),
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
        "vae": _vae8(),
        "text_encoder": GlmModel(text),
        "tokenizer": _tokenizer(),
        "scheduler": _flow(),
    }


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
        "text_encoder": _clip_text(projection=True),
        "tokenizer": _long_tokenizer(),
        "scheduler": UnCLIPScheduler(
            variance_type="fixed_small_log",
            prediction_type="sample",
            num_train_timesteps=1000,
            clip_sample=True,
            clip_sample_range=10.0,
        ),
        **_clip_vision(),
    }
    return {f"prior_{name}": each for name, each in made.items()}


def _long_tokenizer() -> Any:
    """The prior counts 77 places."""
    tokenizer = _tokenizer()
    tokenizer.model_max_length = 77
    return tokenizer


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


def _ddim() -> Any:
    from diffusers import DDIMScheduler

    return DDIMScheduler(beta_schedule="linear", clip_sample=False, set_alpha_to_one=False)


def _kandinsky22(name: str) -> Parts:
    channels = 9 if "Inpaint" in name else 4
    unet = _pixel_unet(
        name,
        in_channels=channels,
        out_channels=8,
        attention_head_dim=4,
        addition_embed_type="image",
        encoder_hid_dim_type="image_proj",
    )
    return {"unet": unet, "movq": _movq(), "scheduler": _ddim()} | _kandinsky_prior()


def _kandinsky21(name: str) -> Parts:
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
        vocab_size=len(_tokenizer()),
    )
    made: Parts = {"unet": unet, "movq": _movq(), "scheduler": _ddim(), "tokenizer": _long_tokenizer()}
    return made | {"text_encoder": MultilingualCLIP(text).eval()} | _kandinsky_prior()


def _kandinsky3(_: str) -> Parts:
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
        "text_encoder": _t5(),
        "tokenizer": _tokenizer(),
        "scheduler": DDPMScheduler(beta_schedule="squaredcos_cap_v2", clip_sample=True, thresholding=False),
    }


def _deepfloyd(name: str) -> Parts:
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
        "text_encoder": _t5(),
        "tokenizer": _tokenizer(),
        "scheduler": DDPMScheduler(
            beta_schedule="squaredcos_cap_v2",
            thresholding=True,
            dynamic_thresholding_ratio=0.95,
            prediction_type="epsilon",
            variance_type="learned_range",
        ),
        "watermarker": None,
    } | UNCHECKED


Builder = Callable[[str], Parts]
_FAMILIES: dict[Builder, str] = {
    _sd15: """StableDiffusion(Img2Img|Inpaint|InstructPix2Pix|PAGImg2Img|PAGInpaint|ControlNet|ControlNetImg2Img)
        StableDiffusion(ControlNetInpaint|ControlNetPAG|ControlNetPAGInpaint|Adapter)
        LatentConsistencyModel(Img2Img)""",
    _depth: "StableDiffusion(Depth2Img)",
    _sdxl: """StableDiffusionXL(Img2Img|Inpaint|InstructPix2Pix|PAGImg2Img|PAGInpaint|ControlNet|ControlNetImg2Img)
        StableDiffusionXL(ControlNetInpaint|ControlNetPAG|ControlNetPAGImg2Img|Adapter)
        StableDiffusionXL(ControlNetUnion|ControlNetUnionImg2Img|ControlNetUnionInpaint)""",
    _flux: """Flux(Img2Img|Inpaint|Fill|Kontext|KontextInpaint|Control|ControlImg2Img|ControlInpaint)
        Flux(ControlNet|ControlNetImg2Img|ControlNetInpaint)""",
    _chroma: "Chroma(Img2Img|Inpaint)",
    _flux2: "Flux2(Klein|KleinKV|KleinInpaint)",
    _sd3: "StableDiffusion3(Img2Img|Inpaint|PAGImg2Img|ControlNet|ControlNetInpainting)",
    _z_image: "ZImage(Img2Img|Inpaint|ControlNet|ControlNetInpaint)",
    _qwen_image: "QwenImage(Img2Img|Inpaint|ControlNet|ControlNetInpaint)",
    _sana: "Sana(SprintImg2Img|ControlNet)",
    _kandinsky22: "KandinskyV22(Img2ImgCombined|InpaintCombined)",
    _kandinsky21: "Kandinsky(Img2ImgCombined|InpaintCombined)",
    _kandinsky3: "Kandinsky3(Img2Img)",
    _deepfloyd: "IF(Img2Img|Inpainting)",
    _chrono: "Chrono(Edit)",
    _hunyuan_dit: "HunyuanDiT(ControlNet)",
    _cogview: "CogView4(Control)",
}


def _spelled(short: str) -> list[str]:
    """The class names that `Stem(One|Another)` stands for."""
    return [
        f"{stem}{kind}Pipeline"
        for word in short.split()
        for stem, _, kinds in [word.rstrip(")").partition("(")]
        for kind in kinds.split("|")
    ]


BUILDERS: dict[str, Builder] = {
    name: builder for builder, short in _FAMILIES.items() for name in _spelled(short)
}
