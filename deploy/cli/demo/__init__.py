"""`sinergi demo`: files to try the ecosystem with."""

from deploy.cli.demo.command import app

__all__ = ["app"]
