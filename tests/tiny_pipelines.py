"""Random pipelines of the real classes, a few kilobytes each: they paint noise, through real loading code."""

from pathlib import Path
from typing import Any

from ldm_names import text_name, unet_name, vae_name

from generation.model.model import HOUSE


def parts(*, unet_in: int = 4, cross: int = 32, **unet: Any) -> dict[str, Any]:
    """What the Stable Diffusion classes are made of, at 64 pixels and with the embedded model's tokenizer."""
    import torch
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    torch.manual_seed(0)
    tokenizer = CLIPTokenizer.from_pretrained(HOUSE / "tokenizer")
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=32,
        projection_dim=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=tokenizer.model_max_length,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return {
        "unet": UNet2DConditionModel(
            block_out_channels=(8, 16),
            layers_per_block=1,
            sample_size=8,
            in_channels=unet_in,
            out_channels=4,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=cross,
            attention_head_dim=4,
            norm_num_groups=4,
            **unet,
        ),
        "vae": AutoencoderKL(
            block_out_channels=(8, 8, 8, 8),
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            latent_channels=4,
            norm_num_groups=4,
            sample_size=64,
        ),
        "text_encoder": CLIPTextModel(config),
        "tokenizer": tokenizer,
        "scheduler": DDIMScheduler(steps_offset=1, clip_sample=False),
    }


UNCHECKED = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}


def stable_diffusion(folder: Path) -> Path:
    """Stable Diffusion 1.5, saved as hubs have it: the index names the text-to-image class."""
    from diffusers import StableDiffusionPipeline

    StableDiffusionPipeline(**parts(), **UNCHECKED).save_pretrained(folder)
    return folder


def half_precision(folder: Path) -> Path:
    """The same, with nothing but weights of variant fp16."""
    import torch
    from diffusers import StableDiffusionImg2ImgPipeline

    pipe = StableDiffusionImg2ImgPipeline(**parts(), **UNCHECKED).to(dtype=torch.float16)
    pipe.save_pretrained(folder, variant="fp16")
    return folder


def instruct(folder: Path) -> Path:
    """An editor by words alone: no strength, the picture as four more channels of the UNet."""
    from diffusers import StableDiffusionInstructPix2PixPipeline

    StableDiffusionInstructPix2PixPipeline(**parts(unet_in=8), **UNCHECKED).save_pretrained(folder)
    return folder


def controlnet(folder: Path) -> Path:
    """Image-to-image with a ControlNet over the lines."""
    from diffusers import ControlNetModel, StableDiffusionControlNetImg2ImgPipeline

    made = parts()
    lines = ControlNetModel.from_unet(made["unet"], conditioning_embedding_out_channels=(4, 4, 4, 4))
    # A new ControlNet begins with zeros and changes nothing.
    for weight in lines.controlnet_mid_block.parameters():
        weight.data.fill_(0.5)
    StableDiffusionControlNetImg2ImgPipeline(**made, controlnet=lines, **UNCHECKED).save_pretrained(folder)
    return folder


def stable_diffusion_xl(folder: Path) -> Path:
    """SDXL: two text encoders, sizes as conditions, a watermark if left to itself."""
    from diffusers import StableDiffusionXLImg2ImgPipeline
    from transformers import CLIPTextModelWithProjection

    made = parts(
        cross=64,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=32 + 6 * 8,
        transformer_layers_per_block=(1, 1),
        use_linear_projection=True,
    )
    second = CLIPTextModelWithProjection(made["text_encoder"].config)
    pipe = StableDiffusionXLImg2ImgPipeline(
        **made, text_encoder_2=second, tokenizer_2=made["tokenizer"], add_watermarker=False
    )
    pipe.save_pretrained(folder)
    return folder


def single_file(folder: Path) -> Path:
    """One .safetensors file with every weight, and the folder of configurations beside it."""
    from diffusers import StableDiffusionImg2ImgPipeline
    from safetensors.torch import save_file

    made = parts()
    StableDiffusionImg2ImgPipeline(**made, **UNCHECKED).save_pretrained(folder / "anime")
    for weights in (folder / "anime").rglob("*.safetensors"):
        weights.unlink()
    tensors: dict[str, Any] = {}
    for part, name_of in (("unet", unet_name), ("vae", vae_name), ("text_encoder", text_name)):
        for name, value in made[part].state_dict().items():
            written = name_of(name)
            # The autoencoder's attention was made of 1 x 1 convolutions.
            conv = ".attn_1." in written and value.ndim == 2
            tensors[written] = (value[:, :, None, None] if conv else value).contiguous()
    save_file(tensors, folder / "anime.safetensors")
    return folder / "anime.safetensors"


def flux(folder: Path, kind: str = "FluxImg2ImgPipeline") -> Path:
    """A flow transformer: packed latents, two text encoders of which one reads far more, no UNet."""
    import diffusers
    import torch
    from transformers import T5Config, T5EncoderModel

    made = parts()
    torch.manual_seed(0)
    pipe = getattr(diffusers, kind)(
        transformer=diffusers.FluxTransformer2DModel(
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=32,
            pooled_projection_dim=32,
            axes_dims_rope=(4, 4, 8),
        ),
        vae=made["vae"],
        text_encoder=made["text_encoder"],
        text_encoder_2=T5EncoderModel(
            T5Config(
                vocab_size=len(made["tokenizer"]), d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=4
            )
        ),
        tokenizer=made["tokenizer"],
        tokenizer_2=made["tokenizer"],  # T5's has no small vocabulary
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
    )
    pipe.vae.register_to_config(shift_factor=0.0)
    pipe.save_pretrained(folder)
    return folder


# -- works beside a model ------------------------------------------------------------------------------------------


def control_net(folder: Path, base: Path) -> Path:
    """A ControlNet made for the model in `base`, with differences large enough to see."""
    import torch
    from diffusers import ControlNetModel, UNet2DConditionModel

    torch.manual_seed(3)
    unet = UNet2DConditionModel.from_pretrained(base / "unet")
    net = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(4, 4, 4, 4))
    # A new one begins with zeros, and changes nothing whatever it is shown.
    for weight in (*net.controlnet_mid_block.parameters(), *net.controlnet_down_blocks.parameters()):
        weight.data.fill_(0.5)
    torch.nn.init.normal_(net.controlnet_cond_embedding.conv_out.weight)
    net.save_pretrained(folder)
    return folder


def embedding(file: Path, vectors: int = 2, width: int = 32) -> Path:
    """A textual inversion as A1111 and diffusers save them: one tensor of so many vectors."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(4)
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({"emb_params": torch.randn(vectors, width)}, file)
    return file


def ip_adapter(folder: Path, base: Path) -> Path:
    """An IP-Adapter made for the model in `base`, with its image encoder beside it."""
    import torch
    from diffusers import UNet2DConditionModel
    from safetensors.torch import save_file
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(5)
    unet = UNet2DConditionModel.from_pretrained(base / "unet")
    cross, seen = unet.config.cross_attention_dim, 16
    tensors = {
        "image_proj.proj.weight": torch.randn(4 * cross, seen),
        "image_proj.proj.bias": torch.randn(4 * cross),
        "image_proj.norm.weight": torch.ones(cross),
        "image_proj.norm.bias": torch.zeros(cross),
    }
    layers = [name for name in unet.attn_processors if name.endswith("attn2.processor")]
    for number, name in enumerate(layers):
        keys = unet.get_submodule(name.removesuffix(".processor")).to_k.weight
        for part in ("to_k_ip", "to_v_ip"):
            tensors[f"ip_adapter.{2 * number + 1}.{part}.weight"] = torch.randn(*keys.shape)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "ip-adapter.safetensors")
    config = CLIPVisionConfig(
        hidden_size=16, intermediate_size=16, projection_dim=seen, num_hidden_layers=1,
        num_attention_heads=2, image_size=32, patch_size=16,
    )  # fmt: skip
    CLIPVisionModelWithProjection(config).save_pretrained(folder / "image_encoder")
    return folder / "ip-adapter.safetensors"


def lora(file: Path, base: Path, seed: int = 1) -> Path:
    """Random differences for the attention of a tiny UNet, as training saves them."""
    import torch
    from diffusers import StableDiffusionImg2ImgPipeline
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    pipe = StableDiffusionImg2ImgPipeline.from_pretrained(base)
    torch.manual_seed(seed)
    pipe.unet.add_adapter(LoraConfig(r=2, init_lora_weights=False, target_modules=["to_q", "to_k", "to_v"]))
    layers = get_peft_model_state_dict(pipe.unet)
    StableDiffusionImg2ImgPipeline.save_lora_weights(file.parent, layers, weight_name=file.name)
    return file


def depth_estimator(folder: Path, kind: str = "relative") -> Path:
    """A Depth Anything that estimates noise: "relative" tells how near a pixel is, "metric" how far away."""
    import torch
    from transformers import (
        DepthAnythingConfig,
        DepthAnythingForDepthEstimation,
        Dinov2Config,
        DPTImageProcessorPil,
    )

    torch.manual_seed(6)
    backbone = Dinov2Config(
        hidden_size=16, num_hidden_layers=4, num_attention_heads=2, intermediate_size=16, image_size=56,
        patch_size=14, out_indices=[1, 2, 3, 4], reshape_hidden_states=False,
    )  # fmt: skip
    config = DepthAnythingConfig(
        backbone_config=backbone, reassemble_hidden_size=16, neck_hidden_sizes=[8, 8, 8, 8],
        fusion_hidden_size=8, head_hidden_size=4, depth_estimation_type=kind, max_depth=20,
    )  # fmt: skip
    network = DepthAnythingForDepthEstimation(config)
    network.head.conv3.weight.data.abs_().mul_(1e6)  # a new one sees the same depth everywhere
    network.save_pretrained(folder)
    size = {"height": 56, "width": 56}
    DPTImageProcessorPil(size=size, keep_aspect_ratio=True, ensure_multiple_of=14).save_pretrained(folder)
    return folder
