"""The names of the formats in which Jupyter stores a widget's output."""

VIEW_MIME = "application/vnd.jupyter.widget-view+json"
