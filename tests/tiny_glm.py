"""A small random GLM-Image: a language model writes the picture in tokens, and a transformer paints them."""

from typing import Any

import tiny_pipelines
from tiny_parts import Parts, flow, t5

_CODES = 128  # what it writes the picture in
_END = "<|image_end|>"
_MARKS = {"image_token": "<|image|>", "grid_bos_token": "<sop>", "grid_eos_token": "<eop>"}
_CHAT = (
    "{% for m in messages %}{% for c in m['content'] %}{% if c['type'] == 'image' %}<|startoftext|><|image|>"
    "<|image_end|>{% else %}{{ c['text'] }}{% endif %}{% endfor %}{% endfor %}"
)


def glm_image(_: str) -> Parts:
    import transformers
    from diffusers import AutoencoderKL, GlmImageTransformer2DModel

    tokenizer = transformers.CLIPTokenizer.from_pretrained(
        tiny_pipelines.HOUSE / "tokenizer", extra_special_tokens=_MARKS
    )
    tokenizer.add_tokens([_END], special_tokens=True)
    return {
        "tokenizer": transformers.ByT5Tokenizer(),
        "processor": transformers.GlmImageProcessor(
            image_processor=transformers.GlmImageImageProcessor(
                size={"shortest_edge": 32 * 32, "longest_edge": 256 * 256},
                patch_size=16,
                temporal_patch_size=1,
                merge_size=1,
            ),
            tokenizer=tokenizer,
            chat_template=_CHAT,
        ),
        "text_encoder": t5(),
        "vision_language_encoder": _writer(tokenizer),
        # The cells that it writes are twice as far apart as those that are painted: 32 and 16 pixels.
        "transformer": GlmImageTransformer2DModel(
            patch_size=2,
            in_channels=4,
            out_channels=4,
            num_layers=2,
            attention_head_dim=8,
            num_attention_heads=2,
            text_embed_dim=32,
            time_embed_dim=16,
            condition_dim=8,
            prior_vq_quantizer_codebook_size=_CODES,
        ),
        "vae": AutoencoderKL(
            block_out_channels=(4, 8, 16, 16),
            down_block_types=["DownEncoderBlock2D"] * 4,
            up_block_types=["UpDecoderBlock2D"] * 4,
            latent_channels=4,
            norm_num_groups=4,
            sample_size=128,
            latents_mean=[0.0] * 4,
            latents_std=[1.0] * 4,
        ),
        "scheduler": flow(),
    }


def _writer(tokenizer: Any) -> Any:
    from transformers import GlmImageConfig, GlmImageForConditionalGeneration

    small = {"hidden_size": 32, "intermediate_size": 32}
    end = tokenizer.convert_tokens_to_ids(_END)
    text = {
        "vocab_size": len(tokenizer),
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "vision_vocab_size": _CODES,
        "pad_token_id": tokenizer.pad_token_id,
        "eos_token_id": end,
        "rope_parameters": {"rope_type": "default", "rope_theta": 1e4, "mrope_section": [4, 2, 2]},
    }
    config = GlmImageConfig(
        text_config=small | text,
        vision_config=small | {"depth": 2, "num_heads": 2, "image_size": 64, "patch_size": 16},
        vq_config={"embed_dim": 32, "num_embeddings": _CODES, "latent_channels": 32},
        image_token_id=tokenizer.image_token_id,
        image_start_token_id=tokenizer.bos_token_id,
        image_end_token_id=end,
    )
    return GlmImageForConditionalGeneration(config).eval()
