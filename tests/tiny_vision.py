"""Random pipelines of classes whose language model looks at the picture (Qwen-VL), as small as those of tiny_families.

Their processors want torchvision, in a build that fits the torch that is installed.
"""

from typing import Any

import tiny_families
import tiny_flux
import tiny_parts
import tiny_transformers
from tokenizers.processors import Sequence

Parts = dict[str, Any]
MARKS = ("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>", "<|im_start|>", "<|im_end|>")
_TURNS = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'][0]['text'] }}<|im_end|>\n{% endfor %}"
_SMALL = {"hidden_size": 16, "intermediate_size": 16}


def processor(kind: str = "Qwen2VLProcessor", patch: int = 14, longest: int = 56 * 56) -> Any:
    """A processor with the embedded model's words and the marks of a picture; `longest` is in pixels."""
    import transformers

    tokenizer = tiny_parts.house_tokenizer()
    tokenizer.add_special_tokens({"additional_special_tokens": list(MARKS)})
    tokenizer.model_max_length = 2048
    small = {"min_pixels": 28 * 28, "max_pixels": longest, "patch_size": patch}
    size = {"size": {"shortest_edge": 28 * 28, "longest_edge": longest}, "patch_size": patch}
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


def qwen3_vl(tokenizer: Any, hidden: int = 16, layers: int = 2, patch: int = 14) -> Any:
    from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration

    rope = {"mrope_section": [1, 1, 2], "rope_type": "default", "type": "default"}
    text = {"hidden_size": hidden, "intermediate_size": 16, "num_hidden_layers": layers}
    text |= {
        "num_attention_heads": 2,
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
    seen |= {"patch_size": patch, "deepstack_visual_indexes": [0]}
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
        "vae": tiny_parts.flat_vae(
            16,  # its own number
            down_block_types=["DownEncoderBlock2D"] * 4,
            up_block_types=["UpDecoderBlock2D"] * 4,
            block_out_channels=[4] * 4,
        ),
        "text_encoder": qwen2_vl(reads.tokenizer),
        "tokenizer": reads.tokenizer,
        "text_processor": reads,
        "transformer": LongCatImageTransformer2DModel(
            patch_size=1,
            in_channels=64,
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


def _without_beginning(tokenizer: Any) -> Any:
    """The same words, with no token before them: Qwen's has none."""
    from transformers import PreTrainedTokenizerFast

    kept = tokenizer.backend_tokenizer
    kept.post_processor = Sequence([])
    return PreTrainedTokenizerFast(
        tokenizer_object=kept, pad_token=tokenizer.pad_token, model_max_length=2048
    )


def _qwen21(_: str) -> Parts:
    from diffusers import AutoencoderKLQwenImage21, QwenImage21Transformer2DModel

    # What it reads of a picture has to lie on the cells of its autoencoder: 32 pixels a side.
    reads = processor("Qwen3VLProcessor", patch=16, longest=1024 * 1024)
    reads.tokenizer = _without_beginning(reads.tokenizer)
    reads.chat_template = _TURNS
    return {
        "vae": AutoencoderKLQwenImage21(
            base_dim=4,
            decoder_base_dim=4,
            z_dim=8,
            dim_mult=[1] * 5,
            num_res_blocks=1,
            attn_scales=[],
            temperal_downsample=[False, True, True, True],
            latents_mean=[0.0] * 8,
            latents_std=[1.0] * 8,
        ),
        "text_encoder": qwen3_vl(reads.tokenizer, patch=16),
        "processor": reads,
        "transformer": QwenImage21Transformer2DModel(
            patch_size=1,
            in_channels=8,
            out_channels=8,
            num_layers=2,
            attention_head_dim=16,
            num_attention_heads=2,
            context_in_dim=16,
            mlp_ratio=2,
            axes_dims_rope=(4, 6, 6),
        ),
        "scheduler": tiny_parts.flow(),
    }


def _fibo2(_: str) -> Parts:
    from diffusers import BriaFibo2Transformer2DModel

    reads = processor("Qwen3VLProcessor", patch=16)
    return {
        "vae": tiny_flux.vae2(),
        # It reads what the layers up to the 35th say.
        "text_encoder": qwen3_vl(reads.tokenizer, layers=36, patch=16),
        "processor": reads,
        "transformer": BriaFibo2Transformer2DModel(
            in_channels=1,
            patch_size=2,
            dim=32,
            n_layers=2,
            n_refiner_layers=1,
            n_heads=2,
            cap_feat_dim=3 * 16,
            injection_layer_ids=(1,),
            perceiver_num_layers=1,
            min_num_gist_tokens=4,
            max_num_gist_tokens=8,
            gist_step=4,
            gist_min_text_len=4,
            gist_max_text_len=16,
            axes_dims=(4, 6, 6),
            axes_lens=(64, 64, 64),
        ),
        "scheduler": tiny_parts.flow(),
    }


def _flux2(_: str) -> Parts:
    import transformers

    tokenizer = tiny_parts.house_tokenizer()
    tokenizer.add_special_tokens({"additional_special_tokens": ["[IMG]", "[IMG_BREAK]", "[IMG_END]"]})
    tokenizer.model_max_length = 512
    text = {"model_type": "mistral", "vocab_size": len(tokenizer), "num_hidden_layers": 31, "head_dim": 8}
    seen = {"model_type": "pixtral", "num_hidden_layers": 1, "image_size": 32, "patch_size": 8}
    heads = {"num_attention_heads": 2, "num_key_value_heads": 2}
    config = transformers.Mistral3Config(
        text_config=text | _SMALL | heads,
        vision_config=seen | _SMALL | {"num_attention_heads": 2},
        image_token_index=tokenizer.convert_tokens_to_ids("[IMG]"),
        vision_feature_layer=-1,
    )
    return tiny_flux.flux2("") | {
        "transformer": tiny_flux.transformer2(guidance=True),
        "text_encoder": transformers.Mistral3ForConditionalGeneration(config).eval(),
        "tokenizer": transformers.PixtralProcessor(
            image_processor=transformers.PixtralImageProcessor(size={"longest_edge": 32}, patch_size=8),
            tokenizer=tokenizer,
            patch_size=8,
            chat_template=tiny_parts.CHAT,
        ),
    }


_FAMILIES: dict[tiny_families.Builder, str] = {
    _qwen_edit: "QwenImage(Edit|EditPlus|EditInpaint)",
    _longcat: "LongCatImage(Edit)",
    _dream: "Dream(Lite|LiteMobile)",
    _qwen21: "QwenImage(21)",
    _fibo2: "Bria(Fibo2)",
    _flux2: "Flux(2)",
}
BUILDERS: dict[str, tiny_families.Builder] = {
    name: builder for builder, short in _FAMILIES.items() for name in tiny_families.spelled(short)
}
