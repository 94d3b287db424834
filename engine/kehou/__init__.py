"""kehou: checks after-school-service submissions against policy written as rules."""

__version__ = "0.1.0"
__all__ = ["__version__"]
