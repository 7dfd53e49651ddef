"""An experiment with values varied: at all points of a grid, or until a boundary is found."""
