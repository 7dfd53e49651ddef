"""Things outside of the model that a service cannot work without, and that each region has or has not."""

from pydantic import Field

from simulator.language.models.quantities import Model

KINDS = {"secrets": "secret", "images": "image", "certificates": "certificate"}
"""What there is of them, and what one is called."""


class Things(Model):
    """Secrets, images and certificates, by names of your own."""

    secrets: list[str] = Field(default=[])
    """Passwords, keys, parameters."""
    images: list[str] = Field(default=[])
    """Machine images, container images, packages of functions."""
    certificates: list[str] = Field(default=[])
    """Certificates of the names that the service answers to."""
