"""Small random Flux, Chroma and FLUX.2."""

from typing import Any

from tiny_parts import Parts, clip_text, flat_vae, flow, house_tokenizer, loud, qwen3, t5, vae8

_FLUX_CHANNELS = {"FluxFillPipeline": 4 * (4 + 4 + 64), "Control": 32, "": 16}


def flux(name: str) -> Parts:
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
        "vae": vae8(),
        "text_encoder": clip_text(),
        "text_encoder_2": t5(),
        "tokenizer": house_tokenizer(),
        "tokenizer_2": house_tokenizer(),
        "scheduler": flow(),
    }
    if "ControlNet" in name:
        made["controlnet"] = loud(FluxControlNetModel(in_channels=16, **shape))
    return made


def chroma(_: str) -> Parts:
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
        "vae": flat_vae(1),
        "text_encoder": t5(),
        "tokenizer": house_tokenizer(),
        "scheduler": flow(),
    }


def transformer2(*, guidance: bool) -> Any:
    from diffusers import Flux2Transformer2DModel

    return Flux2Transformer2DModel(
        patch_size=1,
        in_channels=4,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=3 * 16,
        timestep_guidance_channels=256,
        axes_dims_rope=[4, 4, 4, 4],
        guidance_embeds=guidance,
    )


def vae2() -> Any:
    from diffusers import AutoencoderKLFlux2

    return AutoencoderKLFlux2(
        sample_size=32,
        down_block_types=("DownEncoderBlock2D",),
        up_block_types=("UpDecoderBlock2D",),
        block_out_channels=(4,),
        layers_per_block=1,
        latent_channels=1,
        norm_num_groups=1,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )


def flux2(name: str) -> Parts:
    from transformers import Qwen3ForCausalLM

    return {
        "transformer": transformer2(guidance=False),
        "vae": vae2(),
        "text_encoder": Qwen3ForCausalLM(qwen3(layers=28)),
        "tokenizer": house_tokenizer(),
        "scheduler": flow(),
        **({"is_distilled": True} if "KV" in name else {}),
    }
