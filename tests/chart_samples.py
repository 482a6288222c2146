"""What a chart draws, read from its specification."""


def records(figure, style, kind):
    """The data behind the marks of one style and kind."""
    found = []
    for part in figure.spec["layer"]:
        if part["mark"]["style"] == style and part["mark"]["type"] == kind:
            found += figure.spec["datasets"][part["data"]["name"]]
    return found


def texts(figure):
    return [row["text"] for style in ("mops-label", "mops-note", "mops-name") for row in records(figure, style, "text")]
