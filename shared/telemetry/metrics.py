"""Metrics: to OTLP, our own instruments and those of HTTP, with the listed attributes only.

They are added up in memory and sent by a thread of their own, so whoever counts waits for nobody.
How often they are sent is OTEL_METRIC_EXPORT_INTERVAL, in milliseconds; 60,000 unless it is set.
"""

from dataclasses import replace
from typing import Any, Final

from opentelemetry import metrics
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
from opentelemetry.sdk.metrics.export import (
    Metric,
    MetricExporter,
    MetricExportResult,
    MetricReader,
    MetricsData,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.metrics.view import DropAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.util.types import Attributes

from shared.telemetry.instruments import METER
from shared.telemetry.keys import METRIC_KEYS

_EXPORT_DEADLINE: Final = 5
_MILLIS: Final = 1_000


def start(resource: Resource, endpoint: str) -> None:
    """Export what this process counts and measures to an address of OTLP over HTTP."""
    exporter = OTLPMetricExporter(endpoint=f"{endpoint}/v1/metrics", timeout=_EXPORT_DEADLINE)
    deadline = _EXPORT_DEADLINE * _MILLIS
    reader = PeriodicExportingMetricReader(OnlyListed(exporter), export_timeout_millis=deadline)
    metrics.set_meter_provider(provider(resource, reader))


def provider(resource: Resource, reader: MetricReader) -> MeterProvider:
    """What adds up, by the listed keys, our instruments and those of HTTP; no others."""
    keys = set(METRIC_KEYS)
    return MeterProvider(
        [reader],
        resource,
        # An exemplar repeats the attributes that a view leaves out.
        exemplar_filter=AlwaysOffExemplarFilter(),
        views=[
            View(meter_name=METER, attribute_keys=keys),
            View(instrument_name="http.server.*", attribute_keys=keys),
            View(instrument_name="*", aggregation=DropAggregation()),
        ],
    )


def stop() -> None:
    """Export once more, and then no more."""
    used = metrics.get_meter_provider()
    if isinstance(used, MeterProvider):
        used.shutdown(_EXPORT_DEADLINE * _MILLIS)


def exported() -> bool:
    """Whether this process was told to export its metrics."""
    return isinstance(metrics.get_meter_provider(), MeterProvider)


class OnlyListed(MetricExporter):
    """Hands on what the list allows; a row with a value of another kind is left out as a whole."""

    def __init__(self, exporter: MetricExporter) -> None:
        super().__init__()
        self._exporter = exporter

    def export(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **_: object
    ) -> MetricExportResult:
        """Export the rows that are of the kinds listed."""
        return self._exporter.export(_listed(metrics_data), timeout_millis)

    def shutdown(self, timeout_millis: float = 30_000, **_: object) -> None:
        """Send nothing any more."""
        self._exporter.shutdown(timeout_millis)

    def force_flush(self, timeout_millis: float = _EXPORT_DEADLINE * _MILLIS) -> bool:
        """Send what is waiting."""
        return self._exporter.force_flush(timeout_millis)


def _listed(data: MetricsData) -> MetricsData:
    def rows(metric: Metric) -> Metric:
        data: Any = metric.data  # each of its classes has rows of its own
        kept = [point for point in data.data_points if _is_listed(point.attributes)]
        return replace(metric, data=replace(data, data_points=kept))

    return replace(
        data,
        resource_metrics=[
            replace(
                process,
                scope_metrics=[
                    replace(scope, metrics=[rows(metric) for metric in scope.metrics])
                    for scope in process.scope_metrics
                ],
            )
            for process in data.resource_metrics
        ],
    )


def _is_listed(attributes: Attributes) -> bool:
    return all(
        key in METRIC_KEYS and METRIC_KEYS[key](value) is not None
        for key, value in (attributes or {}).items()
    )
