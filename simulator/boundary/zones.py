"""Names of availability zones: a region's name and a letter; zone `a` is number 0."""

LETTERS = "abcdef"
"""As many as the largest region has."""


def zone_name(region: str, number: int) -> str:
    """The name of a zone, such as `eu-south-1a`."""
    return region + LETTERS[number]


def zone_names(region: str, count: int = len(LETTERS)) -> list[str]:
    """The names of the first zones of a region, by default of as many as any region has."""
    return [zone_name(region, number) for number in range(count)]


def place_of(zone: str) -> tuple[str, int]:
    """The region of a zone, and its number there."""
    return zone[:-1], LETTERS.index(zone[-1])
