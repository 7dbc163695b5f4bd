"""Pictures of incidents as SVG, one a file, found by listing: `draw` from dossiers to a picture."""
