"""What other programs call a sampler, as diffusers calls its scheduler. Pure.

Their noise schedules ("Karras", "sgm_uniform") are a setting of their own there, and are left out.

>>> scheduler_of("Euler a"), scheduler_of("dpmpp_2m_sde"), scheduler_of("DPM++ 2M Karras"), scheduler_of("Restart")
('EulerAncestralDiscreteScheduler', 'DPMSolverMultistepScheduler', 'DPMSolverMultistepScheduler', '')
"""

import re

# AUTOMATIC1111's names without their signs, ComfyUI's, InvokeAI's.
_NAMES = {
    "euler": "EulerDiscrete",
    "eulera": "EulerAncestralDiscrete",
    "eulerancestral": "EulerAncestralDiscrete",
    "heun": "HeunDiscrete",
    "dpm2": "KDPM2Discrete",
    "dpm2a": "KDPM2AncestralDiscrete",
    "dpm2ancestral": "KDPM2AncestralDiscrete",
    "dpm++2m": "DPMSolverMultistep",
    "dpmpp2m": "DPMSolverMultistep",
    "dpm++2msde": "DPMSolverMultistep",
    "dpmpp2msde": "DPMSolverMultistep",
    "dpm++sde": "DPMSolverSinglestep",
    "dpmppsde": "DPMSolverSinglestep",
    "ddim": "DDIM",
    "ddpm": "DDPM",
    "plms": "PNDM",
    "unipc": "UniPCMultistep",
    "lms": "LMSDiscrete",
    "lcm": "LCM",
    # InvokeAI's, with k for Karras.
    "eulerk": "EulerDiscrete",
    "heunk": "HeunDiscrete",
    "kdpm2": "KDPM2Discrete",
    "kdpm2a": "KDPM2AncestralDiscrete",
    "dpmpp2mk": "DPMSolverMultistep",
    "dpmpp2msdek": "DPMSolverMultistep",
}
_SCHEDULES = re.compile(r"(karras|exponential|normal|simple|sgmuniform|automatic|gpu)+$")


def scheduler_of(name: str) -> str:
    """The class of diffusers that computes a step so; "" where none does, or none is known."""
    plain = _SCHEDULES.sub("", re.sub(r"[^a-z0-9+]", "", name.lower()))
    return f"{_NAMES[plain]}Scheduler" if plain in _NAMES else ""
