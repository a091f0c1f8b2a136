"""What the small random pipelines of tiny_families are made of: tokenizers, readers, autoencoders, schedulers."""

from typing import Any

import tiny_pipelines

Parts = dict[str, Any]
CHAT = "{% for m in messages %}{{ m['content'] }} {% endfor %}"


def house_tokenizer() -> Any:
    from transformers import CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(tiny_pipelines.HOUSE / "tokenizer")
    tokenizer.chat_template = CHAT
    return tokenizer


def clip_text(hidden: int = 32, *, projection: bool = False) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    tokenizer = house_tokenizer()
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


def t5() -> Any:
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(
        T5Config(vocab_size=len(house_tokenizer()), d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=4)
    ).eval()


def clip_vision() -> Parts:
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


def flat_vae(latent: int, **more: Any) -> Any:
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


def vae8() -> Any:
    """One that makes a cell of eight pixels a side: some classes scale the picture up to a megapixel first."""
    vae = tiny_pipelines.parts()["vae"]
    vae.register_to_config(shift_factor=0.0)
    return vae


def flow() -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler

    return FlowMatchEulerDiscreteScheduler()


def loud(controlnet: Any) -> Any:
    """A new ControlNet begins with zeros and changes nothing: these are filled."""
    for weight in controlnet.parameters():
        if not weight.data.any():
            weight.data.normal_(std=0.5)
    return controlnet


def long_tokenizer() -> Any:
    """The prior counts 77 places."""
    tokenizer = house_tokenizer()
    tokenizer.model_max_length = 77
    return tokenizer


def ddim() -> Any:
    from diffusers import DDIMScheduler

    return DDIMScheduler(beta_schedule="linear", clip_sample=False, set_alpha_to_one=False)


def qwen3(layers: int = 2) -> Any:
    from transformers import Qwen3Config

    return Qwen3Config(
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
        vocab_size=len(house_tokenizer()),
        max_position_embeddings=512,
    )
