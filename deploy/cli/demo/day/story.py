"""The whole day, in order."""

from typing import Final

from deploy.cli.demo.day import afternoon, evening, midday, morning

STEPS: Final = (*morning.STEPS, *midday.STEPS, *afternoon.STEPS, *evening.STEPS)
