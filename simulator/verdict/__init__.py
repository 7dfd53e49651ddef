"""From measures and expectations to a verdict."""
