"""Random pipelines of classes whose language model looks at the picture (Qwen-VL), as small as those of tiny_families.

Their processors want torchvision, in a build that fits the torch that is installed.
"""

from typing import Any

import tiny_families
import tiny_parts
import tiny_transformers

Parts = dict[str, Any]
MARKS = ("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>", "<|im_start|>", "<|im_end|>")
_SMALL = {"hidden_size": 16, "intermediate_size": 16}


def processor(kind: str = "Qwen2VLProcessor") -> Any:
    """A processor with the embedded model's words and the marks of a picture."""
    import transformers

    tokenizer = tiny_parts.house_tokenizer()
    tokenizer.add_special_tokens({"additional_special_tokens": list(MARKS)})
    tokenizer.model_max_length = 2048
    small = {"min_pixels": 28 * 28, "max_pixels": 56 * 56, "patch_size": 14}
    size = {"size": {"shortest_edge": 28 * 28, "longest_edge": 56 * 56}, "patch_size": 14}
    video = "Qwen3VLVideoProcessor" if "Qwen3" in kind else "Qwen2VLVideoProcessor"
    return getattr(transformers, kind)(
        image_processor=transformers.Qwen2VLImageProcessor(**(size if "Qwen3" in kind else small)),
        tokenizer=tokenizer,
        video_processor=getattr(transformers, video)(),
        chat_template=tiny_parts.CHAT,
    )


def _ids(tokenizer: Any) -> Parts:
    names = ("vision_start_token_id", "vision_end_token_id", "image_token_id", "video_token_id")
    return {name: tokenizer.convert_tokens_to_ids(mark) for name, mark in zip(names, MARKS, strict=False)}


def qwen2_vl(tokenizer: Any, hidden: int = 16) -> Any:
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    rope = {"mrope_section": [1, 1, 2], "rope_type": "default", "type": "default", "rope_theta": 1e6}
    text = {
        "hidden_size": hidden,
        "intermediate_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": hidden // 8,
    }
    text |= {"num_key_value_heads": hidden // 8, "vocab_size": len(tokenizer), "rope_scaling": rope}
    seen = _SMALL | {"depth": 2, "num_heads": 2, "out_hidden_size": hidden, "fullatt_block_indexes": [1]}
    config = Qwen2_5_VLConfig(text_config=text, vision_config=seen, **_ids(tokenizer))
    return Qwen2_5_VLForConditionalGeneration(config).eval()


def qwen3_vl(tokenizer: Any, hidden: int = 16) -> Any:
    from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration

    rope = {"mrope_section": [1, 1, 2], "rope_type": "default", "type": "default"}
    text = {"hidden_size": hidden, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    text |= {
        "num_key_value_heads": 2,
        "vocab_size": len(tokenizer),
        "rope_scaling": rope,
        "rope_theta": 1e6,
        "head_dim": 8,
    }
    seen = {
        "depth": 2,
        "hidden_size": hidden,
        "intermediate_size": 16,
        "num_heads": 2,
        "out_hidden_size": hidden,
    }
    seen |= {"patch_size": 14, "deepstack_visual_indexes": [0]}
    return Qwen3VLForConditionalGeneration(
        Qwen3VLConfig(text_config=text, vision_config=seen, **_ids(tokenizer))
    ).eval()


def _qwen_edit(name: str) -> Parts:
    reads = processor()
    from diffusers import AutoencoderKLQwenImage

    made = tiny_transformers.qwen_image(name)
    # It scales the picture up to a megapixel first: cells of 64 pixels a side keep that quick.
    made["vae"] = AutoencoderKLQwenImage(
        base_dim=4,
        z_dim=4,
        dim_mult=[1] * 7,
        num_res_blocks=1,
        temperal_downsample=[False] * 5 + [True],
        latents_mean=[0.0] * 4,
        latents_std=[1.0] * 4,
    )
    return made | {
        "tokenizer": reads.tokenizer,
        "processor": reads,
        "text_encoder": qwen2_vl(reads.tokenizer),
    }


def _longcat(_: str) -> Parts:
    from diffusers import LongCatImageTransformer2DModel

    reads = processor()
    return {
        "vae": tiny_parts.vae8(),
        "text_encoder": qwen2_vl(reads.tokenizer),
        "tokenizer": reads.tokenizer,
        "text_processor": reads,
        "transformer": LongCatImageTransformer2DModel(
            patch_size=1,
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=16,
            pooled_projection_dim=16,
            axes_dims_rope=[4, 4, 8],
        ),
        "scheduler": tiny_parts.flow(),
    }


def _dream(name: str) -> Parts:
    from diffusers import AutoencoderTiny, DreamLiteUNetModel

    reads = processor("Qwen3VLProcessor")
    return {
        "unet": DreamLiteUNetModel(
            sample_size=8,
            in_channels=4,
            out_channels=4,
            down_block_types=("DreamLiteCrossAttnNoSelfAttnDownBlock2D", "DreamLiteCrossAttnDownBlock2D"),
            up_block_types=("DreamLiteCrossAttnUpBlock2D", "DreamLiteUpBlock2D"),
            block_out_channels=(32, 64),
            cross_attention_dim=16,
            attention_head_dim=8,
            layers_per_block=1,
            norm_num_groups=8,
            transformer_layers_per_block=1,
        ),
        "vae": AutoencoderTiny(
            encoder_block_out_channels=(32, 32),
            decoder_block_out_channels=(32, 32),
            num_encoder_blocks=(1, 1),
            num_decoder_blocks=(1, 1),
            latent_channels=4,
        ),
        "scheduler": tiny_parts.flow(),
        "text_encoder": qwen3_vl(reads.tokenizer),
        "tokenizer": reads.tokenizer,
        "processor": reads,
    }


_FAMILIES: dict[tiny_families.Builder, str] = {
    _qwen_edit: "QwenImage(Edit|EditPlus|EditInpaint)",
    _longcat: "LongCatImage(Edit)",
    _dream: "Dream(Lite|LiteMobile)",
}
BUILDERS: dict[str, tiny_families.Builder] = {
    name: builder for builder, short in _FAMILIES.items() for name in tiny_families.spelled(short)
}
