"""Programs that measure Boardroom; their figures are committed (docs/performance.md)."""
