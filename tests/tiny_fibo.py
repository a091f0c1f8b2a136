"""A small random Fibo Edit of Bria's, which reads an instruction in JSON."""

from tiny_parts import Parts, flow, house_tokenizer

BLANK = 128000  # the token that it reads in the place of no words


def fibo_edit(_: str) -> Parts:
    from diffusers import AutoencoderKLWan, BriaFiboTransformer2DModel
    from transformers import SmolLM3Config, SmolLM3ForCausalLM

    config = SmolLM3Config(
        vocab_size=BLANK + 256,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
    )
    return {
        "transformer": BriaFiboTransformer2DModel(
            patch_size=1,
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=8,
            num_attention_heads=2,
            joint_attention_dim=32,
            text_encoder_dim=16,
            pooled_projection_dim=None,
            axes_dims_rope=[0, 4, 4],
        ),
        "vae": AutoencoderKLWan(
            base_dim=8,
            decoder_base_dim=8,
            dim_mult=[1, 1, 1, 1],
            in_channels=12,
            out_channels=12,
            latents_mean=[0.0] * 16,
            latents_std=[1.0] * 16,
            is_residual=True,
            num_res_blocks=1,
            patch_size=2,
            scale_factor_spatial=16,
            scale_factor_temporal=4,
            temperal_downsample=[False, True, True],
            z_dim=16,
        ),
        "text_encoder": SmolLM3ForCausalLM(config).eval(),
        "tokenizer": house_tokenizer(),
        "scheduler": flow(),
    }
