"""From notebooks to a report: parameters, kernels, execution, publishing, history.

The flow of one run, a module a station::

    request ──▶ parameters, values ──▶ runner ──▶ execution (papermill) ──▶ site ──▶ publish
                                         │          └─ kernels               │
                                         └─ history, record, progress ───────┘

Nothing heavy is imported here, so that the command line answers at once.
"""
