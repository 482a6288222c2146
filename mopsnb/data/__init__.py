"""The data layer: canonical tables, the engine that reads them, the faults it finds and the metrics on top."""
