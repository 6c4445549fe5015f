"""Draws, teaches and exports the small Qwen3-VL that comes with illava."""
